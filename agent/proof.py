"""Holds what an answerer proposed against the passages, and makes an answer of what is left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit

from agent.answer.answerer import Proposal
from agent.layout import pieces
from agent.outgoing import check_outgoing
from agent.turn import Answer, Claim
from agent.verify import Checked, check
from core.say import say, spoken
from desk.envelope import Source
from retrieval.found import ArticleHit, Found


@dataclass(frozen=True)
class Proof:
    """A proposal beside what was found. Articles that the answerer found itself count too."""

    proposal: Proposal
    found: Found

    def checked(self) -> Iterator[Checked]:
        """Each claim as it comes, with what is wrong with it."""
        return (self._check(claim) for claim in self.proposal.claims)

    def answer(self, checked: Sequence[Checked], language: str) -> Answer | None:
        """What holds, as one text. None when nothing does, or not its first sentence: an answer
        without its core misleads."""
        if not checked or not checked[0].holds:
            return None
        held = [one.claim for one in checked if one.holds]
        articles = self._cited(held)
        claims = held if self.proposal.mode == "llm" else _quoted(held, articles[0], language)
        return Answer(
            text="".join(pieces(claims)),
            claims=tuple(claims),
            sources=tuple(Source(article.title, article.url) for article in articles),
            cited=tuple(article.article_id for article in articles),
            mode=self.proposal.mode,
        )

    def _check(self, claim: Claim) -> Checked:
        evidence = self._evidence(claim.passage_id)
        checked = check(claim, evidence)
        if not checked.holds:
            return checked
        verdict = check_outgoing(
            claim.text,
            self._domains,
            sources=evidence,
            canaries=self.proposal.secrets,
        )
        return checked if verdict.allowed else Checked(claim, "; ".join(verdict.reasons), 0.0)

    def _evidence(self, passage_id: str | None) -> str:
        """The text a claim may rest on: its passage, in its section where that is known."""
        texts: list[str] = []
        for article in self._articles:
            for hit in article.hits:
                if hit.passage.id == passage_id:
                    texts += [hit.passage.title, hit.passage.question, hit.passage.text]
            texts += [part.text for part in article.sections if part.passage_id == passage_id]
        return "\n".join(texts)

    @cached_property
    def _domains(self) -> list[str]:
        hosts = (urlsplit(article.url).hostname for article in self.found.articles)
        return [host for host in hosts if host]

    @property
    def _articles(self) -> tuple[ArticleHit, ...]:
        return (*self.found.articles, *self.proposal.more)

    def _cited(self, claims: Sequence[Claim]) -> list[ArticleHit]:
        """Each article once, opening where it is first cited."""
        cited: dict[str, ArticleHit] = {}
        for claim in claims:
            for article in self._articles:
                url = article.places.get(claim.passage_id or "")
                if url is not None:
                    cited.setdefault(article.article_id, replace(article, url=url))
        return list(cited.values())


def is_foreign(article: ArticleHit, language: str) -> bool:
    """Whether an article is in another language than its reader's."""
    written = article.best.passage.language
    return bool(written) and written in spoken() and written != language


def _quoted(held: Sequence[Claim], article: ArticleHit, language: str) -> list[Claim]:
    """A quotation under the title it comes from; in a foreign language, only what it is about."""
    if is_foreign(article, language):
        name = say(f"language_{article.best.passage.language}", language)
        return [Claim(say("other_language", language, language=name, title=article.title), None)]
    if not article.title.strip():
        return list(held)
    return [Claim(_heading(article, language), None), *held]


def _heading(article: ArticleHit, language: str) -> str:
    updated = article.best.passage.updated_at
    if updated is None:
        return say("found", language, title=article.title)
    date = updated.date().isoformat()
    return say("found_dated", language, title=article.title, date=date)
