"""Benchmarks as ratios within one run: ingestion and thinking against the bare model."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from agent.think import think
from agent.turn import Said, Turn
from core.db import Base, engine
from core.installation import installation
from core.settings import Settings
from eval.store import ingest
from eval.suites import Document
from knowledge.embed import Embedder, OnnxEmbedder, Vectors
from knowledge.index import open_index
from knowledge.model.export import model_folder
from retrieval.library import Library


@dataclass(frozen=True)
class Line:
    """`value` divided by `by` is the ratio; both are of one unit and one run."""

    name: str
    value: float
    divided_by: str
    by: float
    unit: str

    @property
    def ratio(self) -> float:
        return self.value / self.by if self.by else 0.0

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio}


class Recording:
    """An embedder that keeps the texts it was given, so that the bare model gets the same."""

    def __init__(self, model: Embedder) -> None:
        self._model = model
        self.name, self.dimension = model.name, model.dimension
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._model.encode(texts)


def knowledge_lines(documents: Sequence[Document], questions: Sequence[str]) -> list[Line]:
    """Ingest the documents into a throw-away store, then think about each question."""
    model = OnnxEmbedder(model_folder().absolute())
    model.encode(["warm up"])
    with TemporaryDirectory(prefix="onethread-bench-") as folder:
        recording = Recording(model)
        with installation(Settings.model_construct(data=Path(folder))):
            Base.metadata.create_all(engine())
            with Library(model, recording, open_index(model.dimension)) as library:
                ingested = ingest(library, documents)
                bare = seconds(lambda: model.encode(recording.texts))
                return [
                    Line(
                        "ingestion",
                        ingested.passages_per_s,
                        "bare forward pass on the same texts",
                        len(recording.texts) / bare,
                        "passages/s",
                    ),
                    *_thinking(library, model, questions),
                ]


def _thinking(library: Library, model: Embedder, questions: Sequence[str]) -> list[Line]:
    whole, looking, encoding = [], [], []
    for question in questions:
        thought = think(Turn(said=(Said("customer", question),)), library)
        timings = thought.timings
        if "search" not in timings:
            continue
        whole.append(timings["think"])
        looking.append(timings["embed"] + timings["search"])
        encoding.append(1000 * seconds(partial(model.encode, [question])))
    return [
        Line(f"think without a model, {name}", point(whole), f"{base}, {name}", point(times), "ms")
        for base, times in (("its embedding and search", looking), ("a bare encode", encoding))
        for name, point in (("p50", median), ("p95", p95))
    ]


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
