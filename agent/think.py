"""One turn, thought through: the same for the desk, the eval suite and voice. Changes nothing."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from time import perf_counter

from agent.answer.answerer import Answerer
from agent.answering import Answering, utter
from agent.confidence import Head
from agent.decide import before_looking, decide
from agent.trace import trace_of
from agent.turn import Reply, Thought, Turn, Voice
from agent.understand import understand
from knowledge.index import Filters
from retrieval.library import Library
from retrieval.search import search

ARTICLES = 10


def think(
    turn: Turn,
    library: Library,
    *,
    answerer: Answerer | None = None,
    voice: Voice | None = None,
    head: Head | None = None,
) -> Thought:
    """What to do about a turn, and why.

    Without an `answerer` the documents are quoted; that is also what others fall back on. With a
    `voice` the sentences of a reply are spoken, each once it is verified.
    """
    timings: dict[str, float] = {}
    with _timed(timings, "think"):
        with _timed(timings, "understand"):
            understood = understand(turn)
        early = before_looking(turn, understood)
        if early:
            return Thought(early, 0.0, None, trace_of(understood, decision=early), timings)
        found = search(
            library,
            understood.question,
            context=understood.context,
            language=understood.language.code,
            filters=Filters(),
            k=ARTICLES,
        )
        timings.update(found.timings)
        with _timed(timings, "answer"):
            answering = Answering(turn, understood, found, library.models, head)
            answered = answering.answer(answerer, voice)
        decision = answered.broke_off or decide(turn, understood, found, answered.best)
        if voice and isinstance(decision, Reply) and not answered.spoken:
            utter(decision.answer, decision.confidence, voice)
    best = answered.best
    trace = trace_of(understood, found, answered, decision)
    return Thought(decision, best.confidence, best.answer, trace, timings)


@contextmanager
def _timed(timings: MutableMapping[str, float], stage: str) -> Iterator[None]:
    started = perf_counter()
    try:
        yield
    finally:
        timings[stage] = (perf_counter() - started) * 1000
