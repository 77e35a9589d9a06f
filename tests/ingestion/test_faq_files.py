"""A FAQ file in the knowledge base: each of its rows is an article, and stays the same one."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import files
from core.db import reading, transaction
from core.settings import Settings
from ingestion import faq_file, pipeline, uploads
from ingestion.parse import parse
from ingestion.uploads import State, Upload
from knowledge import articles, faq_entries, listing
from knowledge.articles import Article, Kind, Status
from knowledge.passages import PassageRow
from knowledge.versions import find_version, versions_of
from retrieval.library import Library
from retrieval.search import search
from tests.library import a_library

FILE = "upload:faq.csv"
SHIP = ("Do you ship to Norway?", "Yes, within 3 to 5 working days.")
OPEN = ("When are you open?", "From 9 to 18, Monday to Friday.")
CARD = ("Can I pay by card?", "Yes, by Visa and Mastercard.")

Rows = Sequence[tuple[str, ...]]
Upload_ = Callable[..., Upload]


@pytest.fixture
def library(small_installation: Settings, exported_model: Path) -> Iterator[Library]:
    with a_library(exported_model) as library:
        yield library


@pytest.fixture
def upload(library: Library) -> Upload_:
    """Upload rows as `faq.csv`, or some bytes under a name, and read them."""

    def send(rows: Rows | bytes, name: str = "faq.csv") -> Upload:
        content = rows if isinstance(rows, bytes) else as_csv(rows)
        with transaction() as session:
            upload_id = uploads.add(session, name, files.store(content), len(content), by="lead").id
        pipeline.ingest(upload_id, library.index, library.models)
        with reading() as session:
            return uploads.find(session, upload_id)

    return send


def _add(session: Session, content: bytes) -> Upload:
    return uploads.add(session, "faq.csv", files.store(content), len(content), by="lead")


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([("question", "answer"), *rows])
    return text.getvalue().encode()


def entries(file: str = FILE) -> dict[str, Article]:
    """The published articles of a file by title."""
    with reading() as session:
        page = listing.articles_page(session, file=file, status=Status.PUBLISHED, limit=1000)
        return {row.article.title: row.article for row in page}


def text_of(article: Article) -> str:
    with reading() as session:
        return find_version(session, article.id, article.current_version).text


def assert_no_orphan(library: Library) -> None:
    """The index holds the published passages and nothing else."""
    with reading() as session:
        live = select(PassageRow.id).join(Article, Article.id == PassageRow.article_id)
        live = live.where(
            Article.status == Status.PUBLISHED, PassageRow.version == Article.current_version
        )
        assert set(library.index.ids()) == set(session.scalars(live))


def test_each_row_becomes_an_article_with_the_question_as_its_title(
    library: Library, upload: Upload_
) -> None:
    done = upload([SHIP, OPEN])
    assert (done.state, done.message) == (State.DONE, "2 FAQ entries: 2 new.")
    assert (done.entries, done.entries_done, done.article_id) == (2, 2, None)
    assert {title: text_of(article) for title, article in entries().items()} == dict([SHIP, OPEN])
    assert {article.kind for article in entries().values()} == {Kind.FAQ}
    hit = search(library, "do you deliver to norway").articles[0]
    assert (hit.title, hit.best.passage.kind, hit.best.passage.text) == (SHIP[0], "faq", SHIP[1])
    assert hit.url.endswith(f"/help/{entries()[SHIP[0]].id}"), "the source opens the entry itself"
    assert_no_orphan(library)


def test_reading_the_file_again_in_another_order_touches_nothing(upload: Upload_) -> None:
    upload([SHIP, OPEN, CARD])
    before = {title: (a.id, a.current_version, a.updated_at) for title, a in entries().items()}
    again = upload([CARD, SHIP, OPEN])
    assert again.message == "3 FAQ entries: nothing changed."
    after = {title: (a.id, a.current_version, a.updated_at) for title, a in entries().items()}
    assert after == before


def test_only_what_changed_is_published_and_what_vanished_is_withdrawn(
    library: Library, upload: Upload_
) -> None:
    upload([SHIP, OPEN, CARD])
    before = entries()
    done = upload([("Do you repair lamps?", "Yes."), (SHIP[0], "Yes, within 2 days."), CARD])
    assert done.message == "3 FAQ entries: 1 new, 1 changed, 1 withdrawn."
    now = entries()
    assert set(now) == {"Do you repair lamps?", SHIP[0], CARD[0]}
    assert (now[SHIP[0]].id, now[SHIP[0]].current_version) == (before[SHIP[0]].id, 2)
    assert now[CARD[0]].updated_at == before[CARD[0]].updated_at
    assert "2 days" in search(library, SHIP[0]).articles[0].best.passage.text
    with reading() as session:
        assert articles.find(session, before[OPEN[0]].id).status == Status.ARCHIVED
    assert_no_orphan(library)


def test_a_row_that_comes_back_is_the_article_it_was(upload: Upload_) -> None:
    upload([SHIP, OPEN])
    before = entries()[OPEN[0]]
    upload([SHIP])
    assert upload([SHIP, OPEN]).message == "2 FAQ entries: 1 back."
    assert (entries()[OPEN[0]].id, entries()[OPEN[0]].current_version) == (before.id, 1)


def test_a_reworded_question_stays_the_same_article(upload: Upload_) -> None:
    upload([SHIP, OPEN])
    before = entries()[OPEN[0]]
    upload([SHIP, ("What are your opening hours?", OPEN[1])])
    after = entries()["What are your opening hours?"]
    assert (after.id, after.current_version) == (before.id, 2)
    with reading() as session:
        assert [version.title for version in versions_of(session, after.id)] == [
            "What are your opening hours?",
            OPEN[0],
        ]


def test_the_same_question_with_two_answers_is_two_articles_and_said_so(upload: Upload_) -> None:
    other = (OPEN[0], "In December also on Saturdays.")
    done = upload([OPEN, other, OPEN])
    assert "2 FAQ entries: 2 new." in done.message
    assert "1 row repeats another" in done.message
    assert "answered in several ways" in done.message
    with reading() as session:
        page = listing.articles_page(session, file=FILE)
    assert {text_of(row.article) for row in page} == {OPEN[1], other[1]}
    swapped = upload([other, OPEN])
    assert swapped.message.startswith("2 FAQ entries: nothing changed.")


def test_what_a_teammate_made_of_an_entry_stays_until_its_row_changes(upload: Upload_) -> None:
    upload([SHIP, OPEN])
    shipping, hours = entries()[SHIP[0]].id, entries()[OPEN[0]].id
    with transaction() as session:
        pipeline.publish_text(
            session, title=SHIP[0], text="Yes, by post.", kind=Kind.FAQ, by="lead",
            article_id=shipping,
        )  # fmt: skip
        articles.change(session, shipping, by="lead", audience="internal")
        articles.archive(session, hours, by="lead")
    assert upload([SHIP, OPEN, CARD]).message == "3 FAQ entries: 1 new."
    assert text_of(entries()[SHIP[0]]) == "Yes, by post."
    assert OPEN[0] not in entries(), "what was taken out of use by hand stays out"
    upload([(SHIP[0], "No longer."), (OPEN[0], "Always."), CARD])
    assert text_of(entries()[SHIP[0]]) == "No longer."
    assert entries()[SHIP[0]].audience == "internal", "a new answer is no wider known"
    assert text_of(entries()[OPEN[0]]) == "Always."


def test_deleting_a_files_entries_is_undone_exactly_and_by_reading_it_again(
    library: Library, upload: Upload_
) -> None:
    upload([SHIP, OPEN, CARD])
    with transaction() as session:
        articles.delete(session, entries()[CARD[0]].id, by="lead")
        deleted = faq_entries.delete_entries(session, FILE, by="lead")
        assert faq_entries.faq_files(session) == []
    library.reconcile()
    assert (len(deleted), entries(), list(library.index.ids())) == (2, {}, [])
    with transaction() as session:
        for article_id in deleted:
            articles.bring_back(session, article_id, by="lead")
    assert set(entries()) == {SHIP[0], OPEN[0]}
    upload([SHIP, OPEN, CARD])
    assert set(entries()) == {SHIP[0], OPEN[0], CARD[0]}
    assert {article.current_version for article in entries().values()} == {1}
    assert_no_orphan(library)


def test_a_reading_that_was_interrupted_goes_on_where_it_was(
    library: Library, upload: Upload_
) -> None:
    rows = [(f"What is number {n}?", f"It is the {n}th.") for n in range(120)]
    with transaction() as session:
        half = _add(session, as_csv(rows[:70]))
        uploads.claim(session, half.id)
    with files.on_disk(half.file_key) as path:
        document = parse(path, name="faq.csv")
    faq_file.publish(half, document.faq, library.index, library.models)
    with transaction() as session:
        # Killed before the last of them had come into the index, and long ago.
        lost = session.scalars(select(PassageRow).limit(30)).all()
        library.index.delete([passage.id for passage in lost])
        for passage in lost:
            passage.indexed = None
        half.file_key = files.store(as_csv(rows))
        session.merge(half).claimed_until = None
    pipeline.ingest(half.id, library.index, library.models)
    with reading() as session:
        done = uploads.find(session, half.id)
    assert (done.state, done.message) == (State.DONE, "120 FAQ entries: 50 new.")
    assert {article.current_version for article in entries().values()} == {1}
    assert len(entries()) == 120
    assert_no_orphan(library)


def test_progress_counts_the_entries(upload: Upload_) -> None:
    half = Upload(name="faq.csv", source="upload", state=State.INDEXING, entries=500)
    half.entries_done = 250
    assert half.progress == pytest.approx(0.6)
    with transaction() as session:
        row = _add(session, as_csv([SHIP]))
        uploads.claim(session, row.id)
        uploads.note_entries(session, row, 1, 3)
        assert row.claimed_until is not None, "who reports progress is still at work"


def test_two_uploads_of_one_file_are_read_one_after_the_other_and_the_newer_stays(
    library: Library, upload: Upload_
) -> None:
    with transaction() as session:
        older = _add(session, as_csv([SHIP]))
        newer = _add(session, as_csv([OPEN]))
    with transaction() as session:
        assert uploads.claim(session, newer.id)
    with transaction() as session:
        assert uploads.claim(session, older.id) is None, "the file is being read"
        uploads.move(session, uploads.find(session, newer.id), State.DONE)
        assert session.info["jobs"] == [("knowledge.ingest", (older.id,))]
    pipeline.ingest(older.id, library.index, library.models)
    with reading() as session:
        assert uploads.find(session, older.id).message == uploads.SUPERSEDED
    assert entries() == {}


def test_a_workbook_with_prices_and_a_faq_sheet_is_one_article_and_its_entries(
    upload: Upload_,
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    sheet.title = "Prices"
    sheet.append(("Item", "Price"))
    sheet.append(("Mug", 7.5))
    faq = book.create_sheet("FAQ")
    faq.append(("Question", "Answer", "Details"))
    faq.append((*SHIP, "Parcels above 30 kg go by freight."))
    saved = io.BytesIO()
    book.save(saved)
    done = upload(saved.getvalue(), "shop.xlsx")
    found = entries("upload:shop.xlsx")
    assert set(found) == {"shop", SHIP[0]}
    assert done.article_id == found["shop"].id
    assert text_of(found[SHIP[0]]) == f"{SHIP[1]}\n\nDetails: Parcels above 30 kg go by freight."


def test_a_file_that_is_no_faq_any_more_withdraws_its_entries(
    library: Library, upload: Upload_
) -> None:
    faq = json.dumps([{"question": SHIP[0], "answer": SHIP[1]}]).encode()
    upload(faq, "help.json")
    page = json.dumps([{"title": "Norway", "text": "We ship to Norway in 5 days."}]).encode()
    assert upload(page, "help.json").message == "0 FAQ entries: 1 withdrawn."
    assert set(entries("upload:help.json")) == {"Norway"}
    upload(faq, "help.json")
    assert set(entries("upload:help.json")) == {SHIP[0]}
    assert_no_orphan(library)


def test_a_vowel_sign_makes_another_question(upload: Upload_) -> None:
    upload([("दिन?", "सोमवार"), ("दान?", "नहीं")])
    upload([("दिन?", "मंगलवार"), ("दान?", "हाँ")])
    assert {title: article.current_version for title, article in entries().items()} == {
        "दिन?": 2,
        "दान?": 2,
    }
