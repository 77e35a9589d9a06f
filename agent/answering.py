"""From what was found to a verified answer and how sure it is, spoken as it grows where it can."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property

from agent.answer.account import Account, together
from agent.answer.answerer import Answerer, AnswererFailed, Proposal, Question
from agent.answer.extractive import Extractive
from agent.answer.translate import fault_in
from agent.confidence import FOREIGN, Head, shipped
from agent.decide import Best, hand_off, may_speak_early
from agent.features import Features, features_of
from agent.layout import piece, pieces
from agent.proof import Proof, is_foreign
from agent.turn import Answer, HandOff, Turn, Voice
from agent.understand import Understood
from agent.verify import Checked
from core.log import log
from knowledge.embed import Models
from retrieval.found import Found

CURATED = 0.9
"""How sure a person's own answer to the very question is at least."""
ASKED_BEFORE = "a FAQ entry answers this very question"
INSTEAD = "The documents are quoted instead."
POINTED = "The customer is pointed to the article instead."


@dataclass(frozen=True)
class Answered:
    """The best answer with everything that was weighed for it."""

    best: Best
    checked: tuple[Checked, ...] = ()
    features: Features = field(default_factory=dict)
    head: str = ""
    account: Account = field(default_factory=Account)
    spoken: bool = False
    broke_off: HandOff | None = None
    """Set when an answer had to end while it was being spoken."""


@dataclass(frozen=True)
class Answering:
    """One turn's question, what was found for it, and the head that weighs answers to it."""

    turn: Turn
    understood: Understood
    found: Found
    models: Models
    head: Head | None = None
    accounts: list[Account] = field(default_factory=list)
    """One per try of an answerer that may fail."""

    def answer(self, answerer: Answerer | None, voice: Voice | None) -> Answered:
        """The built-in answer is always made: it tells how sure one may be of what was found, and
        stands in where another answerer fails."""
        built_in = self._made(Extractive().propose(self._question, self.found))
        if answerer is None or not self.found.articles:
            return built_in
        if self._is_foreign:
            answered = self._translated(answerer, built_in)
        else:
            answered = self._asked(answerer, voice, built_in)
        return replace(answered, account=together(self.accounts))

    def _translated(self, answerer: Answerer, pointer: Answered) -> Answered:
        """The model's answer, verified in the documents' language, in the customer's. Where that
        fails, the customer is pointed to the article."""
        made = self._asked(answerer, None, pointer)
        answer = made.best.answer
        if answer is None or answer.mode != "llm":
            return made
        account = Account(notes=[f"It was answered in the documents' words: {answer.text}"])
        self.accounts.append(account)
        said = [claim.text for claim in answer.claims]
        try:
            texts = answerer.translate(self._question, said, account)
        except AnswererFailed as failed:
            account.failed = failed.code
            account.notes.append(f"{failed.message} {POINTED}")
            return pointer
        reader = self.models.for_language("")
        language = self.understood.language.code
        if fault := fault_in(said, texts, language, reader.encode_query, reader.likeness):
            account.notes.append(f"Its translation was refused: {fault}. {POINTED}")
            return pointer
        claims = tuple(
            replace(claim, text=text) for claim, text in zip(answer.claims, texts, strict=True)
        )
        translated = replace(answer, text="".join(pieces(claims)), claims=claims)
        return replace(made, best=replace(made.best, answer=translated))

    def _asked(self, answerer: Answerer, voice: Voice | None, built_in: Answered) -> Answered:
        try:
            if voice and may_speak_early(self.turn, self.understood, built_in.best):
                return self._spoken(answerer, voice, built_in.best.confidence)
            made = self._made(self._proposed(answerer))
            return made if made.best.answer else self._repaired(answerer, made)
        except AnswererFailed as failed:
            log.warning("answerer_failed", code=failed.code)
            self.accounts.append(Account(notes=[INSTEAD], failed=failed.code))
            return built_in

    def _proposed(self, answerer: Answerer) -> Proposal:
        proposal = answerer.propose(self._question, self.found)
        self.accounts.append(proposal.account)
        return proposal

    def _made(self, proposal: Proposal) -> Answered:
        with closing(proposal):
            return self._weighed(proposal, tuple(Proof(proposal, self.found).checked()))

    def _repaired(self, answerer: Answerer, made: Answered) -> Answered:
        """One more try, told what did not hold."""
        problems = [f"“{one.claim.text}”: {one.problem}" for one in made.checked if one.problem]
        if not problems:
            return made
        proposal = answerer.repair(self._question, self.found, problems)
        if proposal is None:
            return made
        self.accounts.append(Account(notes=[f"Refused: {one}" for one in problems]))
        self.accounts.append(proposal.account)
        return self._made(proposal)

    def _spoken(self, answerer: Answerer, voice: Voice, confidence: float) -> Answered:
        """Say each sentence once it is verified. What is out is out: doubt then ends with a
        person."""
        proposal = self._proposed(answerer)
        checked: list[Checked] = []
        problem = ""
        try:
            for one in Proof(proposal, self.found).checked():
                if not checked and not one.holds:
                    proposal.close()
                    return self._repaired(answerer, self._weighed(proposal, (one,)))
                if not checked and not voice.open(confidence):
                    return self._weighed(proposal, (one,))
                said = [before.claim for before in checked]
                checked.append(one)
                if not one.holds:
                    problem = "unsupported"
                    break
                if not voice.say(piece(one.claim, said)):
                    break
        except AnswererFailed:
            if not checked:
                raise
            problem = "error"
        finally:
            proposal.close()
        made = replace(self._weighed(proposal, tuple(checked)), spoken=bool(checked))
        if problem:
            ending = hand_off(self.turn, self.understood, problem, made.best)
            return replace(made, broke_off=ending)
        return made

    def _weighed(self, proposal: Proposal, checked: Sequence[Checked]) -> Answered:
        features = features_of(self.understood, self.found, checked)
        answer = Proof(proposal, self.found).answer(checked, self.understood.language.code)
        head = self._head(proposal.mode)
        best = Best(None, 0.0, problem="unsupported" if checked else "")
        if answer:
            probability, reasons = head.probability(features), head.reasons(features)
            if proposal.mode == "faq":
                probability, reasons = max(probability, CURATED), (ASKED_BEFORE,)
            best = Best(answer, probability, reasons, certified=head.certified)
        return Answered(best, tuple(checked), features, head.version)

    def _head(self, mode: str) -> Head:
        """One's own, if it was fitted on answers of this kind; across languages numbers differ."""
        own = self.head
        if own and (own.mode == FOREIGN) == self._is_foreign:
            return own
        return shipped(FOREIGN if self._is_foreign else mode)

    @cached_property
    def _question(self) -> Question:
        return Question(
            self.understood.question,
            self.understood.context,
            self.understood.language.code,
            self.turn.company,
        )

    @property
    def _is_foreign(self) -> bool:
        return bool(self.found.articles) and is_foreign(
            self.found.articles[0], self.understood.language.code
        )


def utter(answer: Answer, confidence: float, voice: Voice) -> None:
    """Speak a finished answer, as far as the conversation lets us."""
    if voice.open(confidence):
        all(voice.say(text) for text in pieces(answer.claims))
