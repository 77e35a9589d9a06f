"""Benchmarks as ratios within one run: ingestion and thinking against bare models and peers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
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
from eval.peers import BareModel, Peer
from eval.store import Ingested, ingest
from eval.suites import Document
from knowledge.embed import Embedder, Models, Vectors, open_models
from knowledge.index import open_index
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
        self.name, self.dimension, self.language = model.name, model.dimension, model.language
        self.texts: list[str] = []

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._model.encode_query(texts)

    def likeness(self, cosine: float) -> float:
        return self._model.likeness(cosine)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._model.encode_document(texts)


@dataclass
class Times:
    """Milliseconds of each question, by what was done with it."""

    think: list[float] = field(default_factory=list)
    search: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    peers: dict[str, list[float]] = field(default_factory=dict)


def knowledge_lines(
    documents: Sequence[Document],
    questions: Sequence[str],
    bare: BareModel,
    peers: Sequence[Peer],
) -> list[Line]:
    """Ingest the documents into a throw-away store, then think about each question."""
    models = open_models()
    for one in models.every:
        one.encode_document(["warm up"])
    bare.encode(["warm up"])
    recording = Recording(models.every[0])
    with _throw_away_library(Models((recording, *models.every[1:]))) as library:
        ingested = ingest(library, documents)
        lines = _ingestion_lines(ingested, recording.texts, models, bare)
        for peer in peers:
            lines += _peers_ingestion(peer, ingested, documents, bare)
        return lines + _thinking_lines(_ask_all(library, bare, peers, questions))


@contextmanager
def _throw_away_library(models: Models) -> Iterator[Library]:
    with (
        TemporaryDirectory(prefix="onethread-bench-") as folder,
        installation(Settings.model_construct(data=Path(folder))),
    ):
        Base.metadata.create_all(engine())
        with Library(models, open_index(models.dimensions)) as library:
            yield library


def _ingestion_lines(
    ingested: Ingested, texts: Sequence[str], models: Models, bare: BareModel
) -> list[Line]:
    def encode(texts: Sequence[str]) -> None:
        for model in models.every:
            model.encode_document(texts)

    ours, unit = ingested.passages_per_s, "passages/s"
    return [
        Line("ingestion", ours, "bare int8 passes, same texts", _rate(encode, texts), unit),
        Line("ingestion", ours, "bare fp32 encode, same texts", _rate(bare.encode, texts), unit),
    ]


def _peers_ingestion(
    peer: Peer, ours: Ingested, documents: Sequence[Document], bare: BareModel
) -> list[Line]:
    began = perf_counter()
    texts = peer.ingest(documents)
    took = perf_counter() - began
    rate = len(documents) / took
    return [
        Line("ingestion", ours.documents_per_s, f"{peer.name} on the same", rate, "docs/s"),
        Line(
            f"{peer.name} ingestion",
            len(texts) / took,
            "bare fp32 encode, its texts",
            _rate(bare.encode, texts),
            "passages/s",
        ),
    ]


def _rate(encode: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    return len(texts) / seconds(partial(encode, texts))


def _ask_all(
    library: Library, bare: BareModel, peers: Sequence[Peer], questions: Sequence[str]
) -> Times:
    """Everybody takes each question in turn, so that a noisy moment hits them alike."""
    times = Times(peers={peer.name: [] for peer in peers})
    for question in questions:
        timings = think(Turn(said=(Said("customer", question),)), library).timings
        if "search" not in timings:
            continue
        times.think.append(timings["think"])
        times.search.append(timings["embed"] + timings["search"])
        times.bare.append(1000 * seconds(partial(bare.encode, [question])))
        for peer in peers:
            times.peers[peer.name].append(1000 * seconds(partial(peer.search, question)))
    return times


def _thinking_lines(times: Times) -> list[Line]:
    against = {"its embedding and search": times.search, "bare fp32 encode": times.bare}
    against |= {f"{name}'s search": took for name, took in times.peers.items()}
    pairs = [("think, no model", times.think, base, took) for base, took in against.items()]
    pairs += [
        (f"{name}'s search", took, "bare fp32 encode", times.bare)
        for name, took in times.peers.items()
    ]
    return [
        Line(f"{what}, {name}", point(took), base, point(base_took), "ms")
        for what, took, base, base_took in pairs
        for name, point in (("p50", median), ("p95", p95))
    ]


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def p99(values: Sequence[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[-1] if len(values) > 1 else values[0]


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
