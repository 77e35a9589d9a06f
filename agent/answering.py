"""From what was found to a verified answer and how sure it is; spoken along the way if need be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from agent.answer.answerer import Answerer, AnswererFailed, Proposal, Question
from agent.answer.extractive import Extractive
from agent.confidence import Head, shipped
from agent.decide import Best, hand_off, may_speak_early
from agent.features import Features, features_of
from agent.layout import piece, pieces
from agent.outgoing import check_outgoing
from agent.say import say, spoken
from agent.turn import Answer, Claim, HandOff, Turn, Voice
from agent.understand import Understood
from agent.verify import Checked, check
from core.log import log
from desk.envelope import Source
from retrieval.found import ArticleHit, Found, Passage


@dataclass(frozen=True)
class Answered:
    """The best answer with everything that was weighed for it."""

    best: Best
    checked: tuple[Checked, ...] = ()
    features: Features = field(default_factory=dict)
    head: str = ""
    account: dict[str, object] = field(default_factory=dict)
    spoken: bool = False
    broke_off: HandOff | None = None
    """Set when an answer had to end while it was being spoken."""


def answer(
    turn: Turn,
    understood: Understood,
    found: Found,
    answerer: Answerer | None,
    voice: Voice | None,
    head: Head | None,
) -> Answered:
    """The built-in answer is always made: it tells how sure one may be, and stands in for others."""
    task = Task(turn, understood, found, head)
    built_in = task.settle(task.collect(Extractive()))
    if answerer is None or not found.articles:
        return built_in
    try:
        if voice and may_speak_early(turn, understood, built_in.best):
            return task.speak(answerer, voice, built_in)
        made = task.settle(task.collect(answerer))
        return made if made.best.answer else task.repaired(answerer, made)
    except AnswererFailed as failed:
        log.warning("answerer_failed", code=failed.code)
        return replace(built_in, account={**built_in.account, "failed": failed.code})


@dataclass(frozen=True)
class Draught:
    """What an answerer proposed, each claim held against its passage."""

    proposal: Proposal
    checked: tuple[Checked, ...]


@dataclass(frozen=True)
class Task:
    """One turn's question with what may prove an answer."""

    turn: Turn
    understood: Understood
    found: Found
    own_head: Head | None

    @property
    def question(self) -> Question:
        return Question(
            self.understood.asked,
            self.understood.context,
            self.understood.language.code,
            self.turn.company,
        )

    def collect(self, answerer: Answerer) -> Draught:
        proposal = answerer.propose(self.question, self.found)
        return self._checked(proposal)

    def repaired(self, answerer: Answerer, made: Answered) -> Answered:
        """One more try, told what did not hold."""
        problems = [f"“{one.claim.text}”: {one.problem}" for one in made.checked if one.problem]
        if not problems:
            return made
        proposal = answerer.repair(self.question, self.found, problems)
        return self.settle(self._checked(proposal)) if proposal else made

    def _checked(self, proposal: Proposal) -> Draught:
        checked = tuple(self.check(claim, proposal.secrets) for claim in proposal.claims)
        return Draught(proposal, checked)

    def check(self, claim: Claim, secrets: Sequence[str] = ()) -> Checked:
        evidence = evidence_for(claim.passage_id, self.found)
        checked = check(claim, evidence)
        if checked.holds:
            domains = [urlsplit(article.url).hostname or "" for article in self.found.articles]
            verdict = check_outgoing(
                claim.text, list(filter(None, domains)), sources=evidence or "", canaries=secrets
            )
            if not verdict.allowed:
                return Checked(claim, "; ".join(verdict.reasons), checked.cover)
        return checked

    def settle(self, draught: Draught) -> Answered:
        """What is left of a proposal once the unsupported claims are dropped."""
        held = [one.claim for one in draught.checked if one.holds]
        core_lost = bool(draught.checked) and not draught.checked[0].holds
        features = features_of(self.understood, self.found, draught.checked)
        head = self.own_head or shipped(draught.proposal.mode)
        if not held or core_lost:
            problem = "unsupported" if draught.checked else ""
            best = Best(None, 0.0, problem=problem)
        else:
            best = Best(
                self._dressed(held, draught.proposal),
                head.probability(features),
                head.reasons(features),
                certified=head.certified,
            )
        return Answered(
            best, draught.checked, features, head.version, draught.proposal.account
        )

    def speak(self, answerer: Answerer, voice: Voice, built_in: Answered) -> Answered:
        """Say each sentence once it is verified. What is out is out: doubt ends with a person."""
        proposal = answerer.propose(self.question, self.found)
        checked: list[Checked] = []
        try:
            for claim in proposal.claims:
                one = self.check(claim, proposal.secrets)
                if not one.holds and not checked:
                    break
                if not checked and not voice.open(built_in.best.confidence):
                    return built_in
                checked.append(one)
                if not one.holds:
                    break
                if not voice.say(piece(claim, [before.claim for before in checked[:-1]])):
                    break
        except AnswererFailed:
            if not checked:
                raise
            return self._broken_off(proposal, checked, "error")
        if not checked:
            return built_in
        if not checked[-1].holds:
            return self._broken_off(proposal, checked, "unsupported")
        return replace(self.settle(Draught(proposal, tuple(checked))), spoken=True)

    def _broken_off(self, proposal: Proposal, checked: list[Checked], reason: str) -> Answered:
        settled = self.settle(Draught(proposal, tuple(checked)))
        ending = hand_off(self.turn, self.understood, reason, settled.best)
        return replace(settled, spoken=True, broke_off=ending)

    def _dressed(self, held: list[Claim], proposal: Proposal) -> Answer:
        articles = _cited(held, self.found)
        claims = held
        if proposal.mode != "llm":
            foreign = _in_another_language(self.understood.language.code, articles[0])
            claims = [_intro(articles[0], self.understood.language.code), *held]
            claims = [_foreign_intro(articles[0], self.understood.language.code)] if foreign else claims
        return Answer(
            text="".join(pieces(claims)),
            claims=tuple(claims),
            sources=tuple(Source(article.title, article.url) for article in articles),
            cited=tuple(article.article_id for article in articles),
            mode=proposal.mode,
        )


def utter(answer: Answer, confidence: float, voice: Voice) -> bool:
    """Speak a finished answer; False when the conversation had moved on before the first word."""
    if not voice.open(confidence):
        return False
    return all(voice.say(text) for text in pieces(answer.claims)) or True


def evidence_for(passage_id: str | None, found: Found) -> str | None:
    """The text a claim may rest on: its passage, in its section where that is known."""
    for article in found.articles:
        for hit in article.hits:
            if hit.passage.id == passage_id:
                text = f"{hit.passage.title}\n{hit.passage.question}\n{hit.passage.text}"
                return f"{text}\n{article.section}" if hit is article.best else text
    return None


def _cited(claims: Sequence[Claim], found: Found) -> list[ArticleHit]:
    owners = {hit.passage.id: article for article in found.articles for hit in article.hits}
    ids = (claim.passage_id for claim in claims if claim.passage_id)
    return list({owners[id].article_id: owners[id] for id in ids if id in owners}.values())


def _intro(article: ArticleHit, language: str) -> Claim:
    passage = article.best.passage
    if passage.updated_at is None:
        return Claim(say("found", language, title=article.title), None)
    date = passage.updated_at.date().isoformat()
    return Claim(say("found_dated", language, title=article.title, date=date), None)


def _foreign_intro(article: ArticleHit, language: str) -> Claim:
    name = say(f"language_{article.best.passage.language}", language)
    return Claim(say("other_language", language, language=name, title=article.title), None)


def _in_another_language(customers: str, article: ArticleHit) -> bool:
    articles = article.best.passage.language
    return bool(articles) and articles in spoken() and articles != customers


def passages(found: Found) -> Iterator[Passage]:
    return (hit.passage for article in found.articles for hit in article.hits)
