"""Articles, uploads and the public help pages."""

from collections.abc import Callable
from typing import Any

import pytest

from core import files
from core.audit import AuditEntry
from core.db import reading, transaction
from desk.company import Company, keep_company
from ingestion import faq_file, uploads
from ingestion.parse import FaqRow
from ingestion.uploads import State
from knowledge.articles import Article
from tests.api.conftest import Browser

RETURNS = {
    "title": "Returns",
    "text": "# Returns\n\nYou have 30 days.\n\n## Sale items\n\nSale items stay yours.",
}


def add(client: Browser, **fields: Any) -> Any:
    answer = client.post("/api/articles", json={**RETURNS, **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(client: Browser, **query: Any) -> Any:
    return client.get("/api/articles", params=query).json()["items"]


def test_a_lead_writes_an_article_and_sees_its_passages(lea: Browser, ben: Browser) -> None:
    article = add(lea)
    assert article["version"] == 1
    assert article["status"] == "published"
    assert any("30 days" in passage["text"] for passage in article["passages"])
    row = listed(ben)[0]
    assert row["title"] == "Returns"
    assert row["passages"] == len(article["passages"])
    assert row["indexed"] is False
    assert row["url"].endswith(f"/help/{article['id']}")
    assert article["versions"][0]["by"] == "Lea"


def test_a_change_is_a_new_version_and_the_old_one_can_come_back(lea: Browser) -> None:
    article = add(lea)
    place = f"/api/articles/{article['id']}"
    changed = lea.put(place, json={**RETURNS, "text": "You have 14 days."}).json()
    assert changed["version"] == 2
    assert [v["number"] for v in changed["versions"]] == [2, 1]
    back = lea.post(f"{place}/versions/1/restore").json()
    assert back["version"] == 3
    assert "30 days" in back["text"]
    assert [p["text"] for p in back["passages"]] == [p["text"] for p in article["passages"]]
    assert lea.post(f"{place}/versions/9/restore").status_code == 404


def test_a_change_written_on_an_older_version_is_refused(lea: Browser, ada: Browser) -> None:
    article = add(lea)
    place = f"/api/articles/{article['id']}"
    lea.put(place, json={**RETURNS, "text": "You have 14 days.", "version": 1})
    refused = ada.put(place, json={**RETURNS, "text": "You have 60 days.", "version": 1})
    assert refused.status_code == 409
    assert "14 days" in lea.get(place).json()["text"]


def test_archiving_and_deleting_are_undone(lea: Browser) -> None:
    article = add(lea)
    place = f"/api/articles/{article['id']}"
    assert lea.post(f"{place}/archive").json()["status"] == "archived"
    assert lea.post(f"{place}/restore").json()["status"] == "published"
    assert lea.delete(place).status_code == 200
    assert listed(lea) == []
    assert [row["id"] for row in listed(lea, status="deleted")] == [article["id"]]
    assert lea.post(f"{place}/restore").json()["passages"] == article["passages"]


def test_articles_are_found_by_title_and_by_what_they_say_now(lea: Browser) -> None:
    article = add(lea)
    add(lea, title="Shipping", text="Parcels take two days.")
    assert [row["title"] for row in listed(lea, q="RETURN")] == ["Returns"]
    assert [row["title"] for row in listed(lea, q="two days")] == ["Shipping"]
    lea.put(f"/api/articles/{article['id']}", json={**RETURNS, "text": "Ask us."})
    assert listed(lea, q="30 days") == []


def test_articles_come_in_pages(lea: Browser) -> None:
    for number in range(5):
        add(lea, title=f"Page {number}")
    first = lea.get("/api/articles", params={"limit": 3}).json()
    rest = lea.get("/api/articles", params={"limit": 3, "cursor": first["next"]}).json()
    titles = [row["title"] for row in first["items"] + rest["items"]]
    assert titles == [f"Page {number}" for number in reversed(range(5))]
    assert rest["next"] is None


def test_agents_read_articles_but_do_not_publish(lea: Browser, ben: Browser) -> None:
    article = add(lea)
    place = f"/api/articles/{article['id']}"
    assert ben.get(place).json()["title"] == "Returns"
    assert ben.post("/api/articles", json=RETURNS).status_code == 403
    assert ben.put(place, json=RETURNS).status_code == 403
    assert ben.delete(place).status_code == 403
    assert ben.post("/api/uploads", files={"file": ("a.md", b"# A")}).status_code == 403
    assert lea.get(place).json()["version"] == 1


ENTRIES = [FaqRow("Do you ship abroad?", "Yes."), FaqRow("Are you open on Sundays?", "No.")]


def read_entries(rows: list[FaqRow] = ENTRIES) -> str:
    """The articles of a FAQ file, without an index; returns what its articles have as file."""
    with transaction() as session:
        upload = uploads.add(session, "faq.csv", files.store(b"question,answer"), 15, by="lea")
        for step in faq_file.plan(session, upload, rows):
            faq_file.take(session, upload, step)
        uploads.move(session, upload, State.DONE)
        return upload.origin


def test_the_list_tells_which_file_an_entry_came_from_and_filters_by_it(lea: Browser) -> None:
    file = read_entries()
    article = add(lea)
    rows = listed(lea, file=file)
    assert {(row["title"], row["kind"], row["file"]) for row in rows} == {
        (row.question, "faq", file) for row in ENTRIES
    }
    assert [row["id"] for row in listed(lea, entries=False)] == [article["id"]]
    assert len(listed(lea)) == 3
    assert lea.get("/api/articles/files").json() == [
        {"file": file, "name": "faq.csv", "entries": 2}
    ]


def test_the_entries_of_a_file_are_deleted_at_once_and_brought_back(
    lea: Browser, ben: Browser
) -> None:
    file = read_entries()
    assert ben.delete("/api/articles/files", params={"file": file}).status_code == 403
    kept = add(lea)
    deleted = lea.delete("/api/articles/files", params={"file": file}).json()
    assert len(deleted["ids"]) == 2
    assert [row["id"] for row in listed(lea)] == [kept["id"]]
    assert lea.get("/api/articles/files").json() == []
    assert ben.post("/api/articles/restore", json=deleted).status_code == 403
    assert lea.post("/api/articles/restore", json=deleted).status_code == 200
    assert len(listed(lea, file=file)) == 2


def test_the_entries_of_a_file_that_is_being_read_are_not_deleted(lea: Browser) -> None:
    file = read_entries()
    lea.post("/api/uploads", files={"file": ("faq.csv", b"question,answer\nOpen?,Yes.")})
    assert lea.delete("/api/articles/files", params={"file": file}).status_code == 409


def test_a_faq_entry_is_written_and_stays_one_when_it_is_changed(lea: Browser) -> None:
    entry = add(lea, title="Is it open?", text="Yes, daily.", kind="faq")
    assert [(p["kind"], p["text"]) for p in entry["passages"]] == [("faq", "Yes, daily.")]
    place = f"/api/articles/{entry['id']}"
    changed = lea.put(place, json={"title": "Is it open?", "text": "No."}).json()
    assert (changed["kind"], changed["text"]) == ("faq", "No.")
    assert [(p["kind"], p["text"]) for p in changed["passages"]] == [("faq", "No.")]
    page = lea.put(place, json={"title": "Is it open?", "text": "No.", "kind": "text"}).json()
    assert [p["kind"] for p in page["passages"]] == ["text"]
    assert lea.post(f"{place}/versions/1/restore").json()["kind"] == "faq"


def test_the_help_index_lists_questions_below_the_pages(
    lea: Browser, browser: Callable[..., Browser]
) -> None:
    read_entries()
    add(lea)
    index = browser().get("/help").text
    assert index.index("Returns") < index.index("Questions and answers") < index.index("Sundays")


def test_publishing_is_audited(lea: Browser) -> None:
    article = add(lea)
    me = lea.get("/api/me").json()["id"]
    with reading() as session:
        entry = session.query(AuditEntry).filter_by(subject=article["id"]).one()
        assert (entry.actor, entry.action) == (me, "article.published")


def test_uploads_wait_to_be_read_each_on_its_own(lea: Browser, ben: Browser) -> None:
    files = [("file", ("returns.md", b"# Returns")), ("file", ("prices.csv", b"a,b\n1,2"))]
    sent = lea.post("/api/uploads", files=files)
    assert sent.status_code == 201
    assert [u["name"] for u in sent.json()] == ["returns.md", "prices.csv"]
    shown = ben.get("/api/uploads").json()
    assert {u["state"] for u in shown} == {"waiting"}
    assert {u["progress"] for u in shown} == {0.0}


def test_only_a_failed_upload_is_tried_again(lea: Browser) -> None:
    upload = lea.post("/api/uploads", files={"file": ("broken.pdf", b"%PDF-")}).json()[0]
    place = f"/api/uploads/{upload['id']}"
    assert lea.post(f"{place}/retry").status_code == 409
    assert lea.delete(place).status_code == 409
    with transaction() as session:
        row = uploads.find(session, upload["id"])
        uploads.move(session, row, State.FAILED, "This PDF is broken. Export it again.")
    shown = lea.get("/api/uploads").json()[0]
    assert (shown["state"], shown["message"]) == (
        "failed", "This PDF is broken. Export it again.",
    )  # fmt: skip
    assert lea.post(f"{place}/retry").json()["state"] == "waiting"
    with transaction() as session:
        uploads.move(session, uploads.find(session, upload["id"]), State.FAILED, "broken")
    assert lea.delete(place).status_code == 200
    assert lea.get("/api/uploads").json() == []


def test_customers_read_an_article_without_signing_in(
    lea: Browser, browser: Callable[..., Browser]
) -> None:
    with transaction() as session:
        keep_company(session, Company(name="Mill & Co"))
    article = add(lea)
    page = browser().get(f"/help/{article['id']}")
    assert page.status_code == 200
    assert page.text.count("Returns</h") == 1
    assert '<h2 id="sale-items">Sale items</h2>' in page.text
    assert "<title>Returns · Mill &amp; Co</title>" in page.text
    assert "<time" in page.text
    assert browser().get(f"/help/returns-{article['id']}").status_code == 200


@pytest.mark.parametrize("hide", ["archive", "delete", "internal", "expired"])
def test_what_is_not_for_customers_is_not_there_for_them(
    lea: Browser, browser: Callable[..., Browser], hide: Any
) -> None:
    article = add(lea, audience="internal" if hide == "internal" else "public")
    if hide == "archive":
        lea.post(f"/api/articles/{article['id']}/archive")
    if hide == "delete":
        lea.delete(f"/api/articles/{article['id']}")
    if hide == "expired":
        with transaction() as session:
            row = session.get_one(Article, article["id"])
            row.valid_until = row.created_at
    page = browser().get(f"/help/{article['id']}")
    assert page.status_code == 404
    assert "30 days" not in page.text
    assert "Returns" not in browser().get("/help").text
    assert "Returns" not in browser().get("/help", params={"q": "30 days"}).text


def test_the_help_index_lists_and_searches(lea: Browser, browser: Callable[..., Browser]) -> None:
    add(lea)
    add(lea, title="Shipping & <Customs>", text="Parcels take two days.")
    index = browser().get("/help").text
    assert "Returns" in index
    assert "Shipping &amp; &lt;Customs&gt;" in index
    found = browser().get("/help", params={"q": "parcels"}).text
    assert "Shipping" in found
    assert ">Returns<" not in found
    nothing = browser().get("/help", params={"q": '"><script>alert(1)</script>'}).text
    assert "Nothing was found" in nothing
    assert "<script" not in nothing


def test_nothing_active_in_an_article_reaches_customers(
    lea: Browser, browser: Callable[..., Browser]
) -> None:
    text = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](javascript:alert(2))"
    article = add(lea, text=text)
    page = browser().get(f"/help/{article['id']}")
    assert "<script" not in page.text
    assert 'href="javascript' not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_help_pages_style_is_served(browser: Callable[..., Browser]) -> None:
    styles = browser().get("/help/assets/help.css")
    assert styles.status_code == 200
    assert styles.headers["content-type"].startswith("text/css")


def test_asking_where_no_index_is_says_where_to_ask(ben: Browser) -> None:
    answer = ben.post("/api/ask", json={"question": "Do you ship to Malta?"})
    assert answer.status_code == 503
    assert "onethread serve" in answer.json()["message"]
