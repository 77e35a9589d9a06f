"""Searching: by meaning and by words, in the light of the conversation, safely."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import transaction
from core.settings import Settings
from ingestion.pipeline import publish_text
from knowledge.articles import Article
from retrieval.library import Library
from retrieval.search import search
from tests.library import a_library, stock

SHOP = {
    "returns": (
        "Returns and refunds",
        "# Sending something back\nUnused items come back to us within 30 days of delivery. Put "
        "them in the box they came in, stick the label on it that lies in the parcel, and hand it "
        "in at any post office. Keep the receipt of the post office until we have written to you "
        "that the items are here and that nothing is missing.\n\n"
        "# Getting your money\nWe pay refunds to the card you paid with, within five days. Paid "
        "by gift card, you get a new gift card by email, which is valid for three years from that "
        "day. Paid by invoice, you need not pay what you sent back, and we send a new invoice for "
        "what you keep, with fourteen days to pay.",
    ),
    "shipping": ("Shipping", "Parcels take two working days. Express costs 12.90 EUR."),
    "lockers": ("Parcel lockers", "Choose a locker at the till. Parcels wait there for a week."),
    "descaling": (
        "Descaling the Ferro espresso machine",
        "1. Fill the tank with the descaler.\n2. Press both buttons for three seconds.\n"
        "3. Rinse twice with clear water.",
    ),
    "error": ("Error E-417 on the display", "E-417 means that the water tank is empty. Fill it."),
    "grinder": ("Cleaning the grinder", "Brush the burrs every month. Never use water on them."),
    "untitled": ("", "The gift wrap is made of recycled paper and costs two euros."),
    "copy": ("Parcel lockers", "Choose a locker at the till. Parcels wait there for a week."),
}


@pytest.fixture(scope="module")
def shop(
    sqlite_template: Path, exported_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    import shutil

    from core.installation import installation as at

    folder = tmp_path_factory.mktemp("shop")
    shutil.copy(sqlite_template, folder / "onethread.db")
    with at(Settings(data=folder)), a_library(exported_model) as library:
        stock(library, SHOP)
        yield library


def found(shop: Library, text: str, *context: str) -> list[str]:
    return [article.article_id for article in search(shop, text, context=context).articles]


def test_other_words_for_the_same_thing_find_the_article(shop: Library) -> None:
    assert found(shop, "I want my money back, how do I do that?")[0] == "returns"
    assert found(shop, "what does delivery by tomorrow cost")[0] == "shipping"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Ich will mein Geld zurück, wie geht das?"),
        ("es", "¿Cómo recupero mi dinero si devuelvo el artículo?"),
        ("hi", "मुझे अपना पैसा वापस चाहिए, कैसे मिलेगा?"),
        ("id", "Saya mau uang saya kembali, bagaimana caranya?"),
        ("ar", "أريد استرجاع نقودي، كيف أفعل ذلك؟"),
    ],
)
def test_what_is_asked_in_another_language_finds_the_article(
    shop: Library, language: str, text: str
) -> None:
    assert search(shop, text, language=language).articles[0].article_id == "returns"


def test_a_code_finds_its_article(shop: Library) -> None:
    assert found(shop, "E-417")[0] == "error"
    assert found(shop, "what is 417")[0] == "error"


def test_a_follow_up_is_read_with_what_was_said_before(shop: Library) -> None:
    before = "How do I clean my grinder?"
    assert found(shop, "Is water allowed?")[0] != "grinder"
    assert found(shop, "Is water allowed?", before)[0] == "grinder"


def test_a_change_of_subject_is_not_held_back_by_it(shop: Library) -> None:
    before = "How do I clean my grinder?"
    assert found(shop, "What does express shipping cost?", before)[0] == "shipping"


def test_an_article_without_a_title_is_found(shop: Library) -> None:
    assert found(shop, "is the gift wrap recycled paper?")[0] == "untitled"


def test_the_same_text_under_two_ids_is_found_as_both_the_older_first(shop: Library) -> None:
    assert found(shop, "parcel lockers")[:2] == ["lockers", "copy"]


def test_an_article_comes_with_the_section_around_its_best_passage(shop: Library) -> None:
    best = search(shop, "when are refunds paid?").articles[0]
    assert best.article_id == "returns"
    assert best.sections[0].text.strip().startswith("We pay refunds")
    assert best.best.passage.breadcrumb == "Getting your money"
    assert best.score == best.best.score == max(hit.score for hit in best.hits)


def test_hits_tell_how_they_were_found(shop: Library) -> None:
    best = search(shop, "descaling the Ferro espresso machine").articles[0].best
    assert best.dense_rank == best.lexical_rank == 0
    assert 0.5 < best.dense <= 1
    assert best.lexical > 0


def test_no_more_articles_than_asked_for(shop: Library) -> None:
    assert len(search(shop, "parcel", k=2).articles) == 2


@pytest.mark.parametrize("nothing", ["", "   ", "\n"])
def test_an_empty_message_finds_nothing(shop: Library, nothing: str) -> None:
    assert search(shop, nothing).articles == ()


@pytest.mark.parametrize("odd", ["???", "🙂", "的", "a" * 50_000, "\x00", "the of and"])
def test_odd_messages_are_searched_without_an_error(shop: Library, odd: str) -> None:
    for article in search(shop, odd).articles:
        assert article.article_id in SHOP


def test_every_search_is_timed_and_told_by_signals(shop: Library) -> None:
    clear = search(shop, "descaling the Ferro espresso machine")
    vague = search(shop, "my dog is hungry")
    assert {"embed", "search", "fuse"} <= set(clear.timings)
    assert clear.signals.keys() == vague.signals.keys()
    for name in ("margin", "cosine", "title_cover", "passage_cover", "words_of_possible"):
        assert clear.signals[name] > vague.signals[name], name
    assert clear.signals["unknown_words"] < vague.signals["unknown_words"]
    assert clear.signals["cosine_entropy"] < vague.signals["cosine_entropy"]


def test_many_ask_at_once_and_get_what_they_would_alone(shop: Library) -> None:
    questions = ["money back", "E-417", "express", "descale", "grinder", "lockers"] * 5
    alone = [found(shop, question) for question in questions]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda question: found(shop, question), questions))
    assert together == alone


@pytest.fixture(scope="module")
def faq(shop: Library) -> Library:
    with transaction() as session:
        for question, answer in {
            "Can I cancel my order?": "Yes, until it is packed.",
            "What does error E5 mean?": "Descaling is overdue.",
            "Do you deliver to Denmark?": "No. We deliver to Norway only.",
        }.items():
            publish_text(
                session, title=question, text=answer, kind="faq", by="l", article_id=question
            )
        ids = list(session.scalars(select(Article.id)))
    shop.index_articles(ids)
    return shop


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ("can i cancel my order", "Can I cancel my order?"),
        ("How do I cancel my order?", "Can I cancel my order?"),
        ("What does error E7 mean?", None),
        ("Do you deliver to Spain?", None),
        ("Can I cancel my subscription?", None),
    ],
)
def test_a_faq_entry_is_taken_for_its_own_question_only(
    faq: Library, asked: str, entry: str | None
) -> None:
    best = search(faq, asked).articles[0]
    assert (best.article_id if best.curated else None) == entry
