"""What a search found. Scores are comparable within one search only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True)
class Passage:
    """A retrievable piece of an article version."""

    id: str
    article_id: str
    version: int
    title: str
    breadcrumb: str
    text: str
    kind: str = "text"
    """text, list, steps, table or faq"""
    question: str = ""
    """The question a FAQ passage answers; its text is then the curated answer, verbatim."""
    section: int = 0
    position: int = 0
    url: str = ""
    language: str = ""
    audience: str = "public"
    updated_at: datetime | None = None


@dataclass(frozen=True)
class Hit:
    """One passage with how it was found; ranks count from 0, None: not in that list."""

    passage: Passage
    score: float
    dense: float
    """Cosine to the query."""
    lexical: float
    """BM25 score as the engine gives it, 0 when not found by words."""
    dense_rank: int | None
    lexical_rank: int | None


@dataclass(frozen=True)
class Section:
    """What stands below one heading of an article, whole."""

    passage_id: str
    """Its first passage, by which it is cited."""
    breadcrumb: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class ArticleHit:
    """One article, scored as its best passage."""

    article_id: str
    title: str
    url: str
    score: float
    hits: tuple[Hit, ...]
    """Its passages that were found, best first."""
    sections: tuple[Section, ...]
    """The section around the best passage, cited by that passage, and those that follow it."""
    curated: bool = False
    """It is the FAQ entry that answers the very question."""

    def as_curated(self) -> "ArticleHit":
        return replace(self, curated=True)

    @property
    def best(self) -> Hit:
        return self.hits[0]

    @property
    def places(self) -> dict[str, str]:
        """Where each passage by which it can be cited opens: ids to addresses."""
        sections = {section.passage_id: section.url for section in self.sections}
        return sections | {hit.passage.id: hit.passage.url for hit in self.hits}


@dataclass(frozen=True)
class Found:
    """The ranked articles of one search, with what the confidence model looks at."""

    query: str
    articles: tuple[ArticleHit, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)
    """Margins, entropies and agreements of the two lists, by name."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by stage: embed, search, fuse..."""
