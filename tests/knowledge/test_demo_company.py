"""The demo shop must not contradict itself: its documents, customers and cases agree."""

import csv
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import phonenumbers
import pytest
from docx import Document
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from ingestion.inspect import inspect_document

DEMO = Path(__file__).parents[2] / "knowledge" / "demo"
ARTICLES = sorted((DEMO / "articles").iterdir())
PAGES = [path for path in ARTICLES if path.suffix == ".md"]
HEAVY = {"ESP-FERRO", "GRD-LAWINE64"}
EXPRESS = Decimal("12.90")


def read_json(name: str) -> Any:
    return json.loads((DEMO / name).read_text("utf-8"))


def cases() -> list[dict[str, Any]]:
    lines = (DEMO / "cases.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def orders() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    customers = read_json("customers.json")
    return [(customer, order) for customer in customers for order in customer["orders"]]


def sheet(name: str) -> list[tuple[Any, ...]]:
    book = load_workbook(DEMO / "articles" / "prices-and-shipping.xlsx", read_only=True)
    rows = list(book[name].iter_rows(min_row=2, values_only=True))
    book.close()
    return rows


def price_list() -> dict[str, tuple[str, Decimal]]:
    return {str(row[0]): (str(row[1]), euros(row[3])) for row in sheet("Price list")}


def euros(value: object) -> Decimal:
    return Decimal(str(value).removeprefix("€")).quantize(Decimal("0.01"))


def table_rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below `## heading` of an article, without its head."""
    section = (DEMO / "articles" / page).read_text("utf-8").split(f"## {heading}\n", 1)[1]
    rows = [line for line in section.split("\n## ", 1)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_page_has_a_title_a_section_and_a_readable_length(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(r"# \S.+\n", text)
    assert re.search(r"^## \S", text, re.MULTILINE)
    assert 100 <= len(text.split()) <= 450


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).is_file(), target


def test_pages_have_titles_of_their_own() -> None:
    titles = [path.read_text("utf-8").splitlines()[0] for path in PAGES]
    assert len(titles) >= 40
    assert [title for title, count in Counter(titles).items() if count > 1] == []


def test_the_manual_is_a_pdf_of_several_pages_with_text() -> None:
    path = DEMO / "articles" / "ferro-one-manual.pdf"
    with PdfDocument(path) as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert path.stat().st_size < 200_000
    assert len(texts) >= 3
    assert "8. Error codes" in "".join(texts)


def test_the_guarantee_conditions_are_structured_with_styles() -> None:
    document = Document(str(DEMO / "articles" / "guarantee-conditions.docx"))
    styles = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "List Number"} <= styles
    assert len(document.tables) == 1


def test_guarantee_terms_agree_in_the_summary_and_the_conditions() -> None:
    document = Document(str(DEMO / "articles" / "guarantee-conditions.docx"))
    terms = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    summary = dict(table_rows("warranty.md", "How long the guarantee lasts"))
    assert terms["Lawine 64"] == summary["Lawine 64 grinder"]
    assert terms["Kiesel"] == summary["Kiesel hand grinder"]
    assert terms["Schwan kettle"] == summary["Schwan kettle"]
    assert terms["Lot scale"] == summary["Lot scale"]
    assert summary["Ferro One espresso machine"] == (
        f"{terms['Ferro One, not registered']}, or "
        f"{terms['Ferro One, registered within 60 days']} if registered within 60 days"
    )


def test_the_html_page_keeps_its_content_between_navigation_and_footer() -> None:
    text = (DEMO / "articles" / "courses-and-showroom.html").read_text("utf-8")
    marks = [text.index(mark) for mark in ("<nav", "<main>", "<h1>", "</main>", "<footer>")]
    assert marks == sorted(marks)


def faq_entries() -> dict[str, str]:
    """Answers by the name of their article: `faq.csv#question`."""
    with (DEMO / "articles" / "faq.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["question"] for row in rows}) == len(rows), "each is asked once"
    assert all(set(row) == {"question", "answer"} and all(row.values()) for row in rows)
    return {f"faq.csv#{row['question']}": row["answer"] for row in rows}


def test_the_faq_asks_each_question_once_and_answers_it() -> None:
    assert len(faq_entries()) >= 25


def test_the_shipping_page_and_the_shipping_sheet_say_the_same() -> None:
    in_sheet = {
        str(row[0]): (euros(row[1]), "never" if row[2] == "never" else euros(row[2]))
        for row in sheet("Shipping by country")
    }
    on_page = {
        country: (euros(price), "never" if limit == "never free" else euros(limit))
        for country, price, limit in table_rows("shipping-costs.md", "Standard shipping")
    }
    assert on_page == in_sheet


def test_delivery_times_agree_with_the_shipping_sheet() -> None:
    on_page = {
        country: days
        for countries, days in table_rows("delivery-times.md", "How long the parcel travels")
        for country in countries.split(", ")
        if "express" not in countries
    }
    assert on_page == {str(row[0]): row[3] for row in sheet("Shipping by country")}


def test_spare_parts_and_subscriptions_cost_what_the_price_list_says() -> None:
    prices = {price for _, price in price_list().values()}
    parts = table_rows("spare-parts.md", "Parts you can change yourself")
    assert {euros(row[2]) for row in parts} <= prices
    for row in table_rows("bean-subscription.md", "Prices"):
        single, cheaper, large, large_cheaper = (euros(cell) for cell in row[1:])
        assert {single, large} <= prices
        assert cheaper == euros(single * 9 / 10)
        assert large_cheaper == euros(large * 9 / 10)


def test_the_shop_page_shows_eight_products_at_list_price_with_a_picture() -> None:
    company = read_json("company.json")
    prices = price_list()
    assert len(company["products"]) == 8
    for product in company["products"]:
        assert euros(product["price"]) == prices[product["sku"]][1]
    pictures = [product["picture"] for product in company["products"]]
    for name in [company["logo"], *pictures]:
        assert ElementTree.parse(DEMO / name).getroot().tag.endswith("svg")


def test_customers_have_numbers_that_could_exist_and_example_addresses() -> None:
    customers = read_json("customers.json")
    assert len({customer["merchant_id"] for customer in customers}) == len(customers) == 8
    for customer in customers:
        assert customer["email"].endswith(".example")
        for field in {"phone", "whatsapp"} & set(customer):
            number = phonenumbers.parse(customer[field])
            assert phonenumbers.is_valid_number(number), customer[field]
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            assert written == customer[field]


@pytest.mark.parametrize(
    ("customer", "order"), orders(), ids=[order["number"] for _, order in orders()]
)
def test_an_order_adds_up(customer: dict[str, Any], order: dict[str, Any]) -> None:
    goods = sum(Decimal(item["price"]) * item["quantity"] for item in order["items"])
    reduced = goods - Decimal(order["discount"])
    assert Decimal(order["subtotal"]) == goods
    assert Decimal(order["shipping"]) == shipping_price(customer["country"], order, reduced)
    assert Decimal(order["total"]) == reduced + Decimal(order["shipping"])
    for item in order["items"]:
        assert (item["name"], euros(item["price"])) == price_list()[item["sku"]]


def shipping_price(country: str, order: dict[str, Any], goods: Decimal) -> Decimal:
    row = next(row for row in sheet("Shipping by country") if row[0] == country)
    surcharge = euros(row[4]) if HEAVY & {item["sku"] for item in order["items"]} else Decimal(0)
    if order["service"] == "express":
        return EXPRESS
    free = row[2] != "never" and goods >= euros(row[2])
    return (Decimal(0) if free else euros(row[1])) + surcharge


def test_orders_are_numbered_in_the_order_they_came_and_never_go_back_in_time() -> None:
    newest_last = sorted((order for _, order in orders()), key=lambda order: order["number"])
    assert all(re.fullmatch(r"MB-\d{5}", order["number"]) for order in newest_last)
    ages = [order["days_ago"] for order in newest_last]
    assert ages == sorted(ages, reverse=True)
    for order in newest_last:
        steps = ("days_ago", "shipped_days_ago", "delivered_days_ago", "returned_days_ago")
        reached = [order[step] for step in steps if step in order]
        assert reached == sorted(reached, reverse=True), order["number"]


def test_the_orders_show_every_state_a_customer_may_ask_about() -> None:
    states = {order["status"] for _, order in orders()}
    assert states == {
        "processing", "shipped", "partly_shipped", "late",
        "delivered", "returned", "refunded", "cancelled",
    }  # fmt: skip


def test_past_conversations_belong_to_customers_and_run_forward() -> None:
    channels = {
        customer["merchant_id"]: customer["channels"] for customer in read_json("customers.json")
    }
    teammates = {person["email"] for person in read_json("company.json")["teammates"]}
    conversations = read_json("conversations.json")
    assert len(conversations) == 6
    for conversation in conversations:
        ages = [message["minutes_ago"] for message in conversation["messages"]]
        assert ages == sorted(ages, reverse=True)
        for message in conversation["messages"]:
            assert message["channel"] in channels[conversation["customer"]]
            assert message["direction"] in {"in", "out", "note"}
            assert (message["author"] == "customer") == (message["direction"] == "in")
            assert (message.get("teammate") in teammates) == (message["author"] == "teammate")


def test_orders_named_in_conversations_belong_to_that_customer() -> None:
    own = {(customer["merchant_id"], order["number"]) for customer, order in orders()}
    for conversation in read_json("conversations.json"):
        for message in conversation["messages"]:
            for number in re.findall(r"MB-\d{5}", message["text"]):
                assert (conversation["customer"], number) in own


def test_cases_point_to_articles_that_exist() -> None:
    names = {path.name for path in ARTICLES} - {"faq.csv"} | set(faq_entries())
    for case in cases():
        assert set(case["gold"]) <= names, case["id"]
        answerable = case["label"] in {"answer", "partial"}
        assert bool(case["gold"]) == bool(case["answer"]) == answerable, case["id"]


def article_texts() -> dict[str, str]:
    """What each article says, read as the ingestion does; FAQ entries by their names."""
    pages = {path.name: path.read_text("utf-8") for path in PAGES}
    for path in ARTICLES:
        if path not in PAGES and path.name != "faq.csv":
            passages = inspect_document(path)["passages"]
            pages[path.name] = "\n".join(
                f"{part['breadcrumb']} {part['text']}" for part in passages
            )
    return pages | {name: f"{name} {answer}" for name, answer in faq_entries().items()}


def numbers(text: str) -> set[str]:
    """The numbers of a text; 34 and 34.00 are the same, and so are 2,000 and 2000."""
    written = re.findall(r"\d+(?:[.,:]\d+)*", text)
    plain = [number.replace(",", "") for number in written]
    return {re.sub(r"(\.\d*?)0+$", r"\1", number).removesuffix(".") for number in plain}


def test_the_numbers_of_an_answer_stand_in_its_articles() -> None:
    texts = article_texts()
    computed = {"demo-025": {"600", "18"}}
    for case in cases():
        source = " ".join(texts[name] for name in case["gold"])
        unknown = numbers(case["answer"] or "") - numbers(source)
        assert unknown <= computed.get(case["id"], set()), (case["id"], unknown)


def test_cases_ask_about_every_page_twice_and_every_faq_entry_once() -> None:
    asked = Counter(name for case in cases() for name in case["gold"])
    pages = {path.name for path in ARTICLES} - {"faq.csv"}
    assert [name for name in sorted(pages) if asked[name] < 2] == []
    assert [name for name in faq_entries() if not asked[name]] == []


def test_no_case_is_asked_twice_and_all_end_with_the_customer() -> None:
    asked = [json.dumps(case["turns"]).lower() for case in cases()]
    assert len(set(asked)) == len(asked)
    for number, case in enumerate(cases(), 1):
        assert case["id"] == f"demo-{number:03d}"
        roles = [turn["role"] for turn in case["turns"]]
        assert roles == ["customer", *["assistant", "customer"] * (len(roles) // 2)], case["id"]


def test_cases_hold_a_fair_mix() -> None:
    labels = Counter(case["label"] for case in cases())
    count = len(cases())
    assert count >= 240
    assert set(labels) == {"answer", "partial", "clarify", "escalate"}
    assert 0.55 <= labels["answer"] / count <= 0.65
    assert 0.25 <= labels["escalate"] / count <= 0.30
    assert min(labels["partial"], labels["clarify"]) / count >= 0.04
    assert 0.08 <= sum(len(case["turns"]) > 1 for case in cases()) / count <= 0.15
