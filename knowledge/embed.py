"""Texts to vectors, with sentence-transformers' interface."""

import hashlib
import os
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.settings import settings
from knowledge.model import e5, minilm
from knowledge.model.export import exported, model_folder

Vectors = NDArray[np.float32]

MAX_TOKENS = 256
BATCH = 8


class Embedder(Protocol):
    name: str
    """Names the vectors: those of two names are never compared."""
    dimension: int
    language: str
    """The only one it reads; "" for one that reads them all."""

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        """One normalised row per text: (n, dimension)."""

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """The same for what is asked, to be compared with documents and with each other."""

    def likeness(self, cosine: float) -> float:
        """What a cosine of this model says, on one scale for all models: about 0 for texts that
        have nothing in common, 1 for the same text."""


@dataclass(frozen=True)
class Models:
    """The models in use. A passage gets a vector of each, a question of the one that reads it."""

    every: tuple[Embedder, ...]

    @property
    def name(self) -> str:
        return "+".join(model.name for model in self.every)

    @property
    def dimensions(self) -> dict[str, int]:
        return {model.name: model.dimension for model in self.every}

    def for_language(self, language: str) -> Embedder:
        """The one made for it, else one that reads every language."""
        fitting = (model for model in self.every if model.language == language)
        return next(fitting, self.every[-1])

    def remembering(self, path: Path) -> "Models":
        """The same, with a file of what they have embedded of documents."""
        return Models(tuple(CachedEmbedder(model, path) for model in self.every))


def open_models() -> Models:
    """Those of the settings."""
    chosen = settings().embedding_model
    return Models((FolderEmbedder(Path(chosen)),) if chosen else (MiniLm(), E5()))


Inputs = dict[str, NDArray[Any]]
Reader = Callable[[Sequence[str]], Inputs]
Run = Callable[[Sequence[str]], Vectors]
_opened: dict[tuple[Path, int], Run] = {}
_loading = threading.Lock()


def _open(folder: Path, threads: int, read: Reader) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )

    def run(texts: Sequence[str]) -> Vectors:
        inputs = read(texts)
        (tokens,) = session.run(None, inputs)
        return normalised((tokens * inputs["attention_mask"][..., None]).sum(1))

    return run


class BundledEmbedder(ABC):
    """A model that comes with us. Loads on first use; encodes from several threads at once."""

    name: str
    dimension = 384
    language: str
    _of_document = _of_query = ""
    """What the model wants in front of a text."""
    _unlike = 0.0
    """The cosine of texts that have nothing in common."""

    def __init__(self, folder: Path | None = None, threads: int | None = None) -> None:
        self._folder = folder or model_folder(self.name).absolute()
        self._threads = threads or min(4, os.cpu_count() or 1)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._of_document + text for text in texts])

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._of_query + text for text in texts])

    def likeness(self, cosine: float) -> float:
        return (cosine - self._unlike) / (1 - self._unlike)

    @abstractmethod
    def _reader(self, folder: Path) -> Reader:
        """What makes texts the inputs of the model in this folder."""

    def _run(self) -> Run:
        """The model in memory, once for everybody in this process."""
        folder = exported(self._folder).resolve()
        if (folder, self._threads) not in _opened:
            _opened[folder, self._threads] = _open(folder, self._threads, self._reader(folder))
        return _opened[folder, self._threads]

    def _encode(self, texts: Sequence[str]) -> Vectors:
        with _loading:
            run = self._run()
        found = np.zeros((len(texts), self.dimension), np.float32)
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            found[batch] = run([texts[i] for i in batch])
        return found


class MiniLm(BundledEmbedder):
    name = minilm.NAME
    language = "en"

    def _reader(self, folder: Path) -> Reader:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.enable_padding()

        def read(texts: Sequence[str]) -> Inputs:
            encoded = tokenizer.encode_batch(list(texts))
            return {
                "input_ids": np.array([text.ids for text in encoded], np.int64),
                "attention_mask": np.array([text.attention_mask for text in encoded], np.int64),
            }

        return read


class E5(BundledEmbedder):
    name = e5.NAME
    language = ""
    _of_document, _of_query = "passage: ", "query: "
    _unlike = 0.75

    def _reader(self, folder: Path) -> Reader:
        from sentencepiece import SentencePieceProcessor

        pieces = SentencePieceProcessor(model_file=str(folder / "pieces.model"))
        packed = np.load(folder / "pieces.npy", mmap_mode="r")

        def read(texts: Sequence[str]) -> Inputs:
            found = [e5.framed(pieces.encode(e5.cleaned(text)), MAX_TOKENS) for text in texts]
            shape = len(found), max(map(len, found))
            ids, mask = np.full(shape, e5.PAD, np.int64), np.zeros(shape, np.int64)
            for row, some in enumerate(found):
                ids[row, : len(some)], mask[row, : len(some)] = some, 1
            return {"inputs_embeds": _rows(packed, ids), "attention_mask": mask}

        return read


def _rows(packed: NDArray[np.uint8], ids: NDArray[np.int64]) -> Vectors:
    """The embeddings of pieces, each unpacked once."""
    which, places = np.unique(ids, return_inverse=True)
    return e5.unpacked(packed[which])[places.reshape(ids.shape)]


class FolderEmbedder:
    """Any model that sentence-transformers can load from a folder."""

    language = ""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(folder), local_files_only=True)
        self.name = f"{folder.name}-{_fingerprint(folder)}"
        self.dimension = int(self._model.get_sentence_embedding_dimension() or 0)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._rows(self._model.encode_document, texts)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._rows(self._model.encode_query, texts)

    def likeness(self, cosine: float) -> float:
        return cosine

    def _rows(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        found = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32).reshape(len(texts), self.dimension)


class CachedEmbedder:
    """Embeds each document once, ever: vectors by model and content in one SQLite file.

    What customers ask is never kept in it.
    """

    def __init__(self, model: Embedder, path: Path) -> None:
        self._model = model
        self._path = path
        self._lock = threading.Lock()
        self.name, self.dimension, self.language = model.name, model.dimension, model.language
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as store:
            store.execute("PRAGMA journal_mode=WAL")
            store.execute("CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB)")

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._model.encode_query(texts)

    def likeness(self, cosine: float) -> float:
        return self._model.likeness(cosine)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        keys = [self._key(text) for text in texts]
        known = self._known(keys)
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if fresh:
            vectors = self._model.encode_document(list(fresh.values()))
            self._keep(dict(zip(fresh, vectors, strict=True)))
            known.update(zip(fresh, vectors, strict=True))
        if not keys:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([known[key] for key in keys])

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self.name}\n{text}".encode(), digest_size=20).digest()

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        known: dict[bytes, Vectors] = {}
        with self._lock, closing(self._connect()) as store:
            for start in range(0, len(keys), 500):
                some = keys[start : start + 500]
                marks = ",".join("?" * len(some))
                rows = store.execute(f"SELECT key, value FROM vector WHERE key IN ({marks})", some)
                known.update((key, np.frombuffer(value, np.float32)) for key, value in rows)
        return known

    def _keep(self, vectors: dict[bytes, Vectors]) -> None:
        rows = [(key, vector.tobytes()) for key, vector in vectors.items()]
        with self._lock, closing(self._connect()) as store, store:
            store.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?)", rows)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)


def normalised(vectors: NDArray[Any]) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def _fingerprint(folder: Path) -> str:
    """Of the weights, so that a model tuned in place counts as another."""
    digest = hashlib.sha256()
    for weights in sorted([*folder.rglob("*.safetensors"), *folder.rglob("*.bin")]):
        with weights.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
