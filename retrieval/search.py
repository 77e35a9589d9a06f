"""Finds the articles that may answer a question: by meaning and by words, in one order."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from knowledge.embed import Embedder, Vectors
from knowledge.index import Filters, Match
from knowledge.index.base import Words
from knowledge.words import query_weights
from retrieval.faq import curated_first
from retrieval.found import ArticleHit, Found, Hit, Section
from retrieval.fuse import Candidate, Ranking, ranked
from retrieval.library import Library, Place
from retrieval.query import Query, query_of
from retrieval.signals import signals_of

__all__ = ["Filters", "search"]

CANDIDATES = 50
"""Passages taken from each list; measured: more changes nothing."""


def search(
    library: Library,
    text: str,
    *,
    context: Sequence[str] = (),
    language: str = "en",
    filters: Filters | None = None,
    k: int = 10,
) -> Found:
    """The k best articles for a customer's message in this language, whatever theirs is.
    `context` is what they said before it in this conversation, oldest first. Finds nothing for
    an empty message."""
    query = query_of(text, context, language)
    if not query.text:
        return Found(query.text)
    clock = Clock()
    filters = filters or Filters()
    with clock.stage("embed"):
        model = library.models.for_language(language)
        vectors = model.encode_query([query.text, *([query.whole] * query.is_follow_up)])
    with clock.stage("search"):
        candidates = _candidates(library, query, model, vectors, filters)
    with clock.stage("fuse"):
        ranking = _ranking(library, query, candidates)
        signals = signals_of(ranking)
        articles = _articles(library, ranking, k)
    with clock.stage("faq"):
        articles = curated_first(library, query, model, vectors[0], articles)
    return Found(query.text, articles, signals, clock.timings)


class Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = perf_counter()
        yield
        self.timings[name] = (perf_counter() - began) * 1000


def _candidates(
    library: Library, query: Query, model: Embedder, vectors: Vectors, filters: Filters
) -> list[Candidate]:
    """The union of the lists, each passage with its score in all of them."""
    index, asked = library.index, query_weights(query.words)

    def search_dense(
        vector: Vectors, k: int = CANDIDATES, among: Sequence[str] | None = None
    ) -> list[Match]:
        matches = index.search_dense(model.name, vector, k, filters, among)
        return [Match(match.id, model.likeness(match.score)) for match in matches]

    by_meaning = search_dense(vectors[0])
    by_words = index.search_lexical(asked, CANDIDATES, filters)
    by_whole = search_dense(vectors[-1]) if query.is_follow_up else []
    ids = list(dict.fromkeys(match.id for match in (*by_meaning, *by_whole, *by_words)))
    entries = library.live_entries(ids, filters)
    ids = [id for id in ids if id in entries]

    def by_vector(vector: Vectors, known: Sequence[Match]) -> dict[str, float]:
        return _all(ids, known, lambda k, rest: search_dense(vector, k, rest))

    def by_word(weights: Words, known: Sequence[Match]) -> dict[str, float]:
        return _all(ids, known, lambda k, rest: index.search_lexical(weights, k, filters, rest))

    meaning, words = by_vector(vectors[0], by_meaning), by_word(asked, by_words)
    whole, whole_words = meaning, words
    if query.is_follow_up:
        whole = by_vector(vectors[-1], by_whole)
        whole_words = by_word(query_weights(query.whole_words), ())
    meaning_ranks, words_ranks = _ranks(by_meaning), _ranks(by_words)
    return [
        Candidate(
            entries[id],
            meaning.get(id, 0.0),
            whole.get(id, 0.0),
            words.get(id, 0.0),
            whole_words.get(id, 0.0),
            meaning_ranks.get(id),
            words_ranks.get(id),
        )
        for id in ids
    ]


def _ranking(library: Library, query: Query, candidates: Sequence[Candidate]) -> Ranking:
    title_words = {word for candidate in candidates for word in candidate.entry.title_words}
    return ranked(query, candidates, library.rarities(title_words.union(query.words)))


def _articles(library: Library, ranking: Ranking, k: int) -> tuple[ArticleHit, ...]:
    """Each article scored as its best passage, in the section it stands in."""
    found: dict[str, list[Hit]] = {}
    for score, candidate in ranking.scored:
        found.setdefault(candidate.article_id, []).append(_hit(score, candidate))
    best = list(found.values())[:k]
    sections = library.sections(_place(hits[0]) for hits in best)
    return tuple(
        ArticleHit(
            article_id=hits[0].passage.article_id,
            title=hits[0].passage.title,
            url=hits[0].passage.url,
            score=hits[0].score,
            hits=tuple(hits),
            sections=_sections(hits[0], sections.get(_place(hits[0]), ())),
        )
        for hits in best
    )


def _sections(best: Hit, stored: Sequence[Section]) -> tuple[Section, ...]:
    """The first one cited by the passage that was found."""
    passage = best.passage
    text = stored[0].text if stored else passage.text
    following = (section for section in stored[1:] if section.passage_id)
    return (Section(passage.id, passage.breadcrumb, text, passage.url), *following)


def _hit(score: float, found: Candidate) -> Hit:
    return Hit(
        passage=found.entry.passage,
        score=score,
        dense=found.meaning,
        lexical=found.words,
        dense_rank=found.meaning_rank,
        lexical_rank=found.words_rank,
    )


def _place(hit: Hit) -> Place:
    passage = hit.passage
    return passage.article_id, (passage.version, passage.updated_at), passage.section


def _all(
    ids: Sequence[str],
    known: Sequence[Match],
    search: Callable[[int, Sequence[str]], Sequence[Match]],
) -> dict[str, float]:
    """The scores of all these passages: those known and, searched for, the rest."""
    scores = {match.id: match.score for match in known}
    rest = [id for id in ids if id not in scores]
    if rest:
        scores.update((match.id, match.score) for match in search(len(rest), rest))
    return scores


def _ranks(matches: Sequence[Match]) -> dict[str, int]:
    return {match.id: rank for rank, match in enumerate(matches)}
