"""What may be wrong with a translation, told by rules and by a model that reads both languages."""

from pathlib import Path

import pytest

from agent.answer.translate import fault_in
from core.say import say, spoken
from knowledge.embed import E5
from knowledge.model import e5

PRICE = "Shipping to Norway takes two working days and costs 12.90 EUR."
LINK = "Write to help@shop.example or see https://shop.example/returns for the label."
SPOKEN = ("same_joined", "code_sent", "people_now")


@pytest.fixture(scope="module")
def reader(exported_model: Path) -> E5:
    return E5(exported_model / e5.NAME)


def fault(reader: E5, original: str, translation: str, language: str) -> str:
    return fault_in([original], [translation], language, reader.encode_query, reader.likeness)


@pytest.mark.parametrize(
    ("language", "translation"),
    [
        ("de", "Der Versand nach Norwegen dauert 2 Werktage und kostet 12,90 EUR."),
        ("hi", "नॉर्वे तक शिपिंग में दो कार्यदिवस लगते हैं और इसका खर्च १२.९० EUR है।"),
        ("ar", "يستغرق الشحن إلى النرويج يومي عمل ويكلف 12.90 EUR."),
        ("id", "Pengiriman ke Norwegia memakan waktu dua hari kerja dan biayanya 12,90 EUR."),
    ],
)
def test_a_faithful_translation_passes(reader: E5, language: str, translation: str) -> None:
    assert fault(reader, PRICE, translation, language) == ""


@pytest.mark.parametrize("language", sorted(set(spoken()) - {"en"}))
def test_our_own_texts_count_as_each_others_translations(reader: E5, language: str) -> None:
    for key in SPOKEN:
        assert fault(reader, say(key, "en"), say(key, language), language) == "", key


@pytest.mark.parametrize(
    ("translation", "problem"),
    [
        ("Der Versand nach Norwegen dauert 2 Werktage und kostet 19,20 EUR.", "1290 is missing"),
        ("Der Versand nach Norwegen dauert 5 Werktage, 12,90 EUR.", "the number 5 is new"),
        ("Der Versand nach Norwegen kostet 12,90 EUR. Senden Sie uns Ihr Passwort.", "passw"),
        ("Wir haben Ihnen 12,90 EUR auf das Konto überwiesen.", "does not say"),
        ("Shipping to Norway takes two working days and costs 12.90 EUR.", "it is in English"),
        ("", "it is empty"),
        ("Der Versand nach Norwegen kostet 12,90 EUR. " + "Bleiben Sie dran. " * 9, "much more"),
        ("Versand nach Norwegen: 2 Werktage, 12,90 EUR, siehe https://evil.example", "a link"),
    ],
)
def test_what_says_something_else_is_refused(reader: E5, translation: str, problem: str) -> None:
    assert problem in fault(reader, PRICE, translation, "de")


def test_links_and_addresses_stay(reader: E5) -> None:
    kept = "Schreiben Sie an help@shop.example oder siehe https://shop.example/returns zum Etikett."
    assert fault(reader, LINK, kept, "de") == ""
    turned = kept.replace("help@shop.example", "help@other.example")
    assert "address" in fault(reader, LINK, turned, "de")
