"""Runs a suite through the code that answers customers, on a throw-away store."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from agent.answer.answerer import Answerer
from agent.answer.llm import LlmAnswerer
from agent.confidence import Head, Row, fit, recalibrated
from agent.think import think
from agent.tools.search_knowledge import search_knowledge
from agent.turn import Said, Turn
from core.errors import Invalid
from core.llm import Llm, LlmEndpoint
from eval.outcome import Outcome, outcome_of
from eval.report import Report
from eval.store import (
    Ingested,
    ingest,
    ingest_files,
    names_of_articles,
    throw_away_library,
)
from eval.suites import Case, Suite, distractors, read_suite
from eval.track import Track, quietly
from knowledge.language import language_of
from retrieval.library import Library
from retrieval.search import search

FOLDS = 5


def run_eval(
    suite_dir: Path,
    *,
    cases: Path | None = None,
    kbs: Sequence[Path] = (),
    head: Path | None = None,
    fit_to: Path | None = None,
    mode: str = "",
    llm: str = "",
    seed: int = 0,
    track: Track = quietly,
) -> Report:
    """Measure a suite. Without `head` confidence is cross-fitted, so that nothing is reported on
    what it was fitted on; `fit_to` writes a head fitted on all of its cases, or `head` with its
    odds fitted anew."""
    suite = read_suite(suite_dir, cases)
    own = Head.load(head) if head else None
    with opened(suite, kbs, llm=llm, track=track) as (exam, ingested):
        if own:
            outcomes = exam.sit(suite.cases, lambda case: own)
        else:
            outcomes = _cross_fitted(exam, suite.cases, seed)
    if fit_to and own:
        recalibrated(own, rows_of(outcomes), mode=mode or own.mode).save(fit_to)
    elif fit_to:
        fit(rows_of(outcomes), mode=mode or ("llm" if llm else "extractive")).save(fit_to)
    return Report(suite.name, tuple(outcomes), ingested, seed)


def fit_head(suite_dirs: Sequence[Path], *, kbs: Sequence[Path] = (), track: Track) -> Head:
    """A head fitted on all cases of several suites: each among its own documents and, where
    there are `kbs`, among theirs too."""
    seen: list[Outcome] = []
    for folder in suite_dirs:
        suite = read_suite(folder)
        for others in ((), kbs) if kbs else ((),):
            with opened(suite, others, track=track) as (exam, _):
                seen += exam.sit(suite.cases, lambda case: None)
    head = fit(rows_of(seen))
    suites = sorted(folder.resolve().name for folder in suite_dirs)
    return replace(head, fitted_on={**head.fitted_on, "suites": suites})


@contextmanager
def opened(
    suite: Suite, kbs: Sequence[Path] = (), *, llm: str = "", track: Track
) -> Iterator[tuple["Exam", Ingested]]:
    """A suite's documents, with those of other knowledge bases, in a throw-away library."""
    documents = [*suite.documents, *distractors(suite, kbs)]
    with throw_away_library() as library:
        if suite.files:
            ingested = ingest_files(library, suite.files, track)
            ingest(library, documents, track)
        else:
            ingested = ingest(library, documents, track)
        yield Exam(library, _answerer(llm, library), track, names_of_articles()), ingested


@dataclass(frozen=True)
class Exam:
    """One way to answer, on one library."""

    library: Library
    answerer: Answerer | None
    track: Track
    names: Mapping[str, str]
    """What the cases call an article, by its id, where that is something else."""

    def sit(self, cases: Sequence[Case], head_for: Callable[[Case], Head | None]) -> list[Outcome]:
        return [self._one(case, head_for(case)) for case in self.track(cases, "cases")]

    def _one(self, case: Case, head: Head | None) -> Outcome:
        turn = Turn(said=tuple(Said(_role(role), text) for role, text in case.turns))
        thought = think(turn, self.library, answerer=self.answerer, head=head)
        retrieved = _retrieved(thought.trace) or self._looked_up(case)
        return outcome_of(case, thought, retrieved, self.names)

    def _looked_up(self, case: Case) -> tuple[str, ...]:
        """Where the assistant decided without a look, ranking is measured all the same."""
        language = language_of(case.asked).code
        found = search(self.library, case.asked, context=case.earlier, language=language)
        return tuple(article.article_id for article in found.articles)


def _cross_fitted(exam: Exam, cases: Sequence[Case], seed: int) -> list[Outcome]:
    """First without a head of one's own, to see the features; then each case with the head that
    was fitted on the folds it is not in."""
    seen = exam.sit(cases, lambda case: None)
    folds = _folds(cases, seed)
    heads = {fold: _head_without(fold, folds, seen) for fold in set(folds.values())}
    if not all(heads.values()):
        return seen
    return exam.sit(cases, lambda case: heads[folds[case.id]])


def _head_without(fold: int, folds: Mapping[str, int], seen: Sequence[Outcome]) -> Head | None:
    """None where too few other cases tell right from wrong."""
    try:
        return fit(rows_of([one for one in seen if folds[one.case.id] != fold]))
    except Invalid:
        return None


def rows_of(outcomes: Sequence[Outcome]) -> list[Row]:
    """What a head is fitted on: the best answers with their features, right or wrong."""
    return [
        Row(one.features, one.best_is_right, group="|".join(sorted(one.case.gold)))
        for one in outcomes
        if one.features
    ]


def _folds(cases: Sequence[Case], seed: int) -> dict[str, int]:
    """A fold for each case; cases that share a gold article share it too, as long as that makes
    no group larger than a fold should be: where each case has many, all would end up in one."""
    group: dict[str, str] = {}
    size: dict[str, int] = {}
    for case in cases:
        root = _root(group, f"case {case.id}")
        size[root] = 1
        for article in sorted(case.gold):
            other = _root(group, f"article {article}")
            joined = size[root] + size.get(other, 0)
            if other != root and joined <= max(1, len(cases) // FOLDS):
                group[other] = root
                size[root] = joined
    return {case.id: _fold(_root(group, f"case {case.id}"), seed) for case in cases}


def _root(group: dict[str, str], member: str) -> str:
    while group.setdefault(member, member) != member:
        member = group[member]
    return member


def _fold(group: str, seed: int) -> int:
    return hashlib.sha256(f"{seed} {group}".encode()).digest()[0] % FOLDS


def _answerer(llm: str, library: Library) -> Answerer | None:
    """From an address such as http://localhost:11434/v1#model."""
    if not llm:
        return None
    url, _, model = llm.partition("#")
    endpoint = LlmEndpoint(url, model or "default")
    return LlmAnswerer(Llm(endpoint), (search_knowledge(library),))


def _role(role: str) -> Literal["customer", "assistant"]:
    return "customer" if role == "customer" else "assistant"


def _retrieved(trace: Mapping[str, object]) -> tuple[str, ...]:
    found = trace.get("retrieved")
    return tuple(str(one["article_id"]) for one in found) if isinstance(found, list) else ()
