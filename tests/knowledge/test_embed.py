"""Vectors: the exported model says the same as the original, and nothing is embedded twice."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.embed import CachedEmbedder, OnnxEmbedder, Vectors
from knowledge.model.export import NAME, packaged_model

TEXTS = [
    "How do I send a parcel back?",
    "Returns are free within 30 days of delivery, in the box they came in.",
    "Our workshop descales espresso machines. " * 30,
    "",
]


@pytest.fixture(scope="module")
def bundled(exported_model: Path) -> OnnxEmbedder:
    return OnnxEmbedder(exported_model / NAME)


@pytest.mark.slow
def test_the_exported_model_stays_close_to_the_original(bundled: OnnxEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    original = SentenceTransformer(str(packaged_model()), device="cpu", local_files_only=True)
    wanted = original.encode(TEXTS[:3], normalize_embeddings=True)
    made = bundled.encode(TEXTS[:3])
    assert ((wanted * made).sum(axis=1) > 0.98).all()


def test_every_text_gets_its_own_row_of_length_one(bundled: OnnxEmbedder) -> None:
    vectors = bundled.encode(TEXTS * 5)
    assert vectors.shape == (20, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.argmax(vectors[1:] @ vectors[0]) == 4 - 1, "the same text again is the nearest"
    assert bundled.encode([]).shape == (0, 384)


def test_a_question_is_nearest_to_the_text_that_answers_it(bundled: OnnxEmbedder) -> None:
    question, answer, other, _ = bundled.encode(TEXTS)
    assert question @ answer > question @ other


class Counting:
    """The bundled model, counting what it is asked to embed."""

    name, dimension = "counted", 384

    def __init__(self, model: OnnxEmbedder) -> None:
        self.model, self.asked = model, 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return self.model.encode(texts)


def test_what_was_embedded_once_is_remembered_across_restarts(
    bundled: OnnxEmbedder, tmp_path: Path
) -> None:
    model = Counting(bundled)
    first = CachedEmbedder(model, tmp_path / "cache" / "vectors.db").encode(TEXTS[:2])
    again = CachedEmbedder(model, tmp_path / "cache" / "vectors.db").encode([TEXTS[1], TEXTS[0]])
    assert model.asked == 2
    assert np.array_equal(first[::-1], again)


def test_another_model_has_its_own_memory(bundled: OnnxEmbedder, tmp_path: Path) -> None:
    one, other = Counting(bundled), Counting(bundled)
    other.name = "tuned"
    CachedEmbedder(one, tmp_path / "vectors.db").encode(TEXTS[:1])
    CachedEmbedder(other, tmp_path / "vectors.db").encode(TEXTS[:1])
    assert other.asked == 1
