"""Articles: published, corrected, taken out of use and brought back, without an orphan."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import reading, transaction
from core.errors import Invalid, NotFound
from core.settings import Settings
from knowledge import articles
from knowledge.articles import Article, Status
from knowledge.index import Filters
from knowledge.passages import PassageRow, passages_of
from knowledge.terms import rarities
from knowledge.versions import versions_of
from retrieval.library import Library
from retrieval.search import search
from tests.library import a_library, stock, write

RETURNS = "You may return any item within 30 days of delivery. Returns are free."
SHIPPING = "Parcels take two working days. Express parcels arrive the next morning."


@pytest.fixture
def library(installation: Settings, exported_model: Path) -> Iterator[Library]:
    with a_library(exported_model) as library:
        stock(library, {"returns": ("Returns", RETURNS), "shipping": ("Shipping", SHIPPING)})
        yield library


def found(library: Library, text: str, **filters: object) -> list[str]:
    hits = search(library, text, filters=Filters(**filters))  # type: ignore[arg-type]
    return [article.article_id for article in hits.articles]


def said(library: Library, text: str) -> str:
    return search(library, text).articles[0].best.passage.text


def indexed(library: Library) -> set[str]:
    return set(library.index.ids())


def live_passages(article_id: str) -> set[str]:
    with reading() as session:
        version = articles.find(session, article_id).current_version
        return {passage.id for passage in passages_of(session, article_id, version)}


def test_a_published_article_is_found(library: Library) -> None:
    assert found(library, "how long do I have to send something back?")[0] == "returns"


def test_the_language_of_an_article_is_noted_where_its_author_said_none(library: Library) -> None:
    german = "Rücksendungen sind innerhalb von 30 Tagen möglich. Das Porto zahlen wir für Sie."
    stock(library, {"de": ("Rückgabe", german), "code": ("E5", "E5: 12 V")})
    write("fr", "Returns", RETURNS, language="fr")
    library.index_articles(["fr"])
    with reading() as session:
        noted = {id: articles.find(session, id).language for id in ("returns", "de", "code", "fr")}
    assert noted == {"returns": "en", "de": "de", "code": "", "fr": "fr"}


def test_a_correction_replaces_what_was_said_at_once(library: Library) -> None:
    write("returns", "Returns", RETURNS.replace("30 days", "60 days"))
    assert "returns" not in found(library, "return within days"), "the old version is out of force"
    library.index_articles(["returns"])
    assert "60 days" in said(library, "return within days")
    assert indexed(library) == live_passages("returns") | live_passages("shipping")


def test_each_version_is_kept_and_can_be_brought_back(library: Library) -> None:
    write("returns", "Returns", RETURNS.replace("30 days", "60 days"))
    with transaction() as session:
        articles.restore_version(session, "returns", 1, by="lead")
    library.index_articles(["returns"])
    with reading() as session:
        versions = versions_of(session, "returns")
    assert [version.number for version in versions] == [3, 2, 1]
    assert versions[0].text == versions[2].text == RETURNS
    assert "30 days" in said(library, "return within days")


def test_the_same_content_again_makes_no_version(library: Library) -> None:
    for _ in range(2):
        write("faq", "FAQ", "We are open on Sundays.", content_hash="abc")
    with reading() as session:
        assert articles.find(session, "faq").current_version == 1


def test_reading_a_file_again_makes_a_version_of_the_same_article(library: Library) -> None:
    write("a", "Opening hours", "We open at nine.", origin="/docs/hours.md")
    with transaction() as session:
        again = articles.publish(
            session, title="Opening hours", text="We open at ten.", sections=(), pieces=(),
            origin="/docs/hours.md", by="cli",
        )  # fmt: skip
        assert (again.id, again.current_version) == ("a", 2)


@pytest.mark.parametrize("verb", [articles.archive, articles.delete])
def test_what_is_taken_out_of_use_is_gone_at_once_and_can_come_back(
    library: Library, verb: object
) -> None:
    with transaction() as session:
        verb(session, "returns", by="lead")  # type: ignore[operator]
    assert "returns" not in found(library, "return an item")
    library.index_articles(["returns"])
    assert indexed(library) == live_passages("shipping")
    with transaction() as session:
        articles.bring_back(session, "returns", by="lead")
    library.index_articles(["returns"])
    assert found(library, "return an item")[0] == "returns"


def test_drafts_are_not_found_until_they_are_published(library: Library) -> None:
    write("draft", "Gift cards", "Gift cards are valid for three years.", status=Status.DRAFT)
    library.index_articles(["draft"])
    assert "draft" not in found(library, "gift cards")
    with transaction() as session:
        articles.bring_back(session, "draft", by="lead")
    library.index_articles(["draft"])
    assert found(library, "gift cards")[0] == "draft"


def test_making_an_article_internal_hides_it_from_customers_at_once(library: Library) -> None:
    with transaction() as session:
        articles.change(session, "returns", by="lead", audience="internal")
    assert "returns" not in found(library, "return an item")
    library.index_articles(["returns"])
    assert "returns" not in found(library, "return an item")
    assert found(library, "return an item", audience="internal")[0] == "returns"
    with transaction() as session, pytest.raises(Invalid, match="public or internal"):
        articles.change(session, "returns", by="lead", audience="everyone")


def test_an_offer_is_found_only_while_it_lasts(library: Library) -> None:
    over = datetime.now(UTC) + timedelta(days=3)
    write("offer", "Winter sale", "Snow shoes cost half this week.", valid_until=over)
    library.index_articles(["offer"])
    assert found(library, "winter sale")[0] == "offer"
    assert "offer" not in found(library, "winter sale", at=over + timedelta(seconds=1))


def test_the_index_is_repaired_from_the_database(library: Library) -> None:
    lost = live_passages("returns")
    library.index.delete(sorted(lost))
    write("fresh", "Repairs", "Our workshop repairs tents.")
    repair = library.reconcile()
    assert (repair.articles, repair.missing, repair.orphans) == (2, len(lost), 0)
    assert found(library, "return an item")[0] == "returns"
    assert found(library, "mend my tent")[0] == "fresh"
    assert library.reconcile().articles == 0


def test_passages_nobody_knows_leave_the_index(library: Library) -> None:
    with transaction() as session:
        for row in session.scalars(select(PassageRow).where(PassageRow.article_id == "returns")):
            row.indexed = None
        articles.archive(session, "returns", by="lead")
    assert library.reconcile().orphans == 1
    assert indexed(library) == live_passages("shipping")


def test_word_counts_follow_what_is_in_the_index(library: Library) -> None:
    def rarity_of_parcel() -> float:
        with reading() as session:
            return rarities(session, ["parcel"])["parcel"]

    before = rarity_of_parcel()
    stock(library, {"more": ("Parcel lockers", "Collect your parcel at a locker.")})
    assert rarity_of_parcel() < before
    with transaction() as session:
        articles.delete(session, "more", by="lead")
    library.index_articles(["more"])
    assert rarity_of_parcel() == pytest.approx(before)


def test_who_published_what_is_on_record(library: Library) -> None:
    with transaction() as session:
        articles.archive(session, "returns", by="maria")
    with reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == "returns")).all()
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("article.published", "lead"),
        ("article.archived", "maria"),
    ]


def test_an_unknown_article_or_version_is_said_so(library: Library) -> None:
    with transaction() as session:
        with pytest.raises(NotFound, match="no such article"):
            articles.archive(session, "nowhere", by="lead")
        with pytest.raises(NotFound, match="no such version"):
            articles.restore_version(session, "returns", 9, by="lead")
        assert session.get(Article, "nowhere") is None
