"""Files as people upload them, read by the code that runs inside the child process."""

import json
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document as new_docx
from openpyxl import Workbook
from pptx import Presentation

from ingestion.parse import Document, FaqRow, Unreadable
from ingestion.parse.child import read
from tests.ingestion.made_pdf import Rule, Text, pdf

Save = Callable[[str, bytes | str], Document]


@pytest.fixture
def saved(tmp_path: Path) -> Save:
    def save(name: str, content: bytes | str) -> Document:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path, name)

    return save


def texts(document: Document, kind: str) -> list[str]:
    return [block.text for block in document.blocks if block.kind == kind]


PAGE = """<!doctype html><html lang="de-AT"><head><title>Rückgabe | Laden</title>
<script>track()</script></head><body>
<header>Laden: Startseite</header><nav><a href="/">Start</a></nav>
<div class="cookie-banner">Wir verwenden Cookies</div>
<main><h1>Rückgabe</h1><p>Senden Sie alles <b>binnen 30 Tagen</b> zurück.</p>
<table><tr><th>Land</th><th>Porto</th></tr>
<tr><td rowspan="2">Europa</td><td>4 €</td></tr><tr><td>9 € als Paket</td></tr></table>
<ol><li>Anmelden</li><li>Absenden</li></ol></main>
<div id="related-articles">Lesen Sie auch</div><footer>Impressum</footer></body></html>"""


def test_a_web_page_loses_what_surrounds_the_article(saved: Save) -> None:
    document = saved("seite.html", PAGE)
    assert document.title == "Rückgabe"
    assert document.language == "de"
    assert [block.text for block in document.blocks] == [
        "Rückgabe",
        "Senden Sie alles binnen 30 Tagen zurück.",
        "| Land | Porto |\n| --- | --- |\n| Europa | 4 € |\n| Europa | 9 € als Paket |",
        "1. Anmelden\n2. Absenden",
    ]


def test_a_page_whose_only_wrapper_is_called_menu_is_not_emptied(saved: Save) -> None:
    document = saved("menu.html", "<html><body><div class='menu'><p>Soup, 4 €</p></div></body>")
    assert texts(document, "paragraph") == ["Soup, 4 €"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_an_faq_csv_is_read_in_any_encoding(saved: Save, encoding: str) -> None:
    rows = "Frage;Antwort;Thema\nWie lange läuft die Rückgabe?;30 Tage, 4 Euro.;Rücksendung\n"
    document = saved("faq.csv", rows.encode(encoding))
    assert document.faq == (FaqRow("Wie lange läuft die Rückgabe?", "30 Tage, 4 Euro."),)
    assert document.warnings == ("Columns that are not used: Thema.",)


def test_what_other_faq_columns_tell_is_kept_beside_the_question(saved: Save) -> None:
    document = saved(
        "faq.csv",
        "question,answer,details\nWhen?,Soon.,This holds for parcels within the country only\n",
    )
    notes = "details: This holds for parcels within the country only"
    assert document.faq == (FaqRow("When?", "Soon.", notes),)


def test_a_csv_of_prices_is_a_table(saved: Save) -> None:
    document = saved("prices.csv", 'item\tprice\n"Mug, blue"\t7.50\nPlate\t9\textra\n')
    assert texts(document, "table") == [
        "| item | price |  |\n| --- | --- | --- |\n| Mug, blue | 7.50 |  |\n| Plate | 9 | extra |"
    ]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([{"question": "Open?", "answer": "Daily."}]),
        json.dumps({"faqs": [{"q": "Open?", "a": "Daily.", "id": 4}]}),
        json.dumps({"Open?": "Daily."}),
        '{"question": "Open?", "answer": "Daily."}\n{"question": "x", "answer": ""}\n',
    ],
)
def test_faq_json_comes_in_several_shapes(saved: Save, content: str) -> None:
    assert saved("faq.json", content).faq == (FaqRow("Open?", "Daily."),)


def test_json_that_is_no_faq_says_what_shape_is_wanted(saved: Save) -> None:
    with pytest.raises(Unreadable, match=r'"question"'):
        saved("data.json", '{"rows": [1, 2]}')


def test_an_email_is_its_subject_and_body(saved: Save) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@shop.example", "b@shop.example", "Neue Preise"
    mail.set_content("Ab Mai kostet der Versand 5 €.")
    mail.add_alternative("<p>Ab Mai kostet der Versand <b>5 €</b>.</p>", subtype="html")
    mail.add_attachment(b"x", maintype="application", subtype="pdf", filename="liste.pdf")
    document = saved("mail.eml", mail.as_bytes())
    assert document.title == "Neue Preise"
    assert texts(document, "paragraph") == ["Ab Mai kostet der Versand 5 €."]
    assert "liste.pdf" in document.warnings[0]


def test_a_workbook_has_tables_below_sheet_names_and_faq_rows(tmp_path: Path) -> None:
    book = Workbook()
    prices = book.active
    prices.title = "Prices"
    for row in [("Item", "Euro"), ("Mug", 7.0), (), ("Lamp", "Watt"), ("Small", 4.5)]:
        prices.append(row)
    faq = book.create_sheet("FAQ")
    faq.append(("Pregunta", "Respuesta"))
    faq.append(("¿Cuánto tarda?", "Dos días."))
    book.create_sheet("Hidden").sheet_state = "hidden"
    path = tmp_path / "shop.xlsx"
    book.save(path)
    document = read(path, path.name)
    assert texts(document, "heading") == ["Prices"]
    assert texts(document, "table") == [
        "| Item | Euro |\n| --- | --- |\n| Mug | 7 |",
        "| Lamp | Watt |\n| --- | --- |\n| Small | 4.5 |",
    ]
    assert document.faq == (FaqRow("¿Cuánto tarda?", "Dos días."),)


def test_a_word_file_keeps_headings_steps_and_merged_cells(tmp_path: Path) -> None:
    word = new_docx()
    word.add_heading("Returns", 1)
    word.add_paragraph("We take everything back within thirty days of delivery.")
    word.add_heading("Costs", 2)
    for step in ("Print the label.", "Drop the parcel."):
        word.add_paragraph(step, style="List Bullet")
    table = word.add_table(rows=3, cols=2)
    for row, cells in zip(table.rows, [("Land", "Euro"), ("Spain", "4"), ("", "9")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    path = tmp_path / "returns.docx"
    word.save(str(path))
    document = read(path, path.name)
    assert [(b.text, b.level) for b in document.blocks if b.kind == "heading"] == [
        ("Returns", 1),
        ("Costs", 2),
    ]
    assert texts(document, "list") == ["- Print the label.\n- Drop the parcel."]
    assert texts(document, "table")[0].endswith("| Spain | 4 |\n| Spain | 9 |")


def test_text_boxes_that_one_word_reader_loses_come_from_the_other(tmp_path: Path) -> None:
    word = new_docx()
    word.add_paragraph("Visible.")
    hidden = word.add_paragraph()
    hidden._p.append(
        hidden._p.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}r")
    )
    box = (
        '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>The warranty lasts three years and covers the battery.</w:t>"
        "</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    from lxml import etree

    hidden._p[-1].append(etree.fromstring(box))
    path = tmp_path / "box.docx"
    word.save(str(path))
    text = "\n".join(block.text for block in read(path, path.name).blocks)
    assert "warranty lasts three years" in text


def test_a_deck_has_slide_titles_and_slide_numbers(tmp_path: Path) -> None:
    deck = Presentation()
    for title, body in (("Opening hours", "Daily from nine."), ("Prices", "A mug is 7 euros.")):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    path = tmp_path / "deck.pptx"
    deck.save(str(path))
    document = read(path, path.name)
    assert texts(document, "heading") == ["Opening hours", "Prices"]
    assert [block.page for block in document.blocks] == [1, 1, 2, 2]


def grid(left: float, bottom: float, widths: list[float], heights: int) -> list[Rule]:
    right, top = left + sum(widths), bottom + 20 * heights
    rules = [Rule(left, bottom + 20 * i, right, bottom + 20 * i) for i in range(heights + 1)]
    x = left
    for width in [0, *widths]:
        x += width
        rules.append(Rule(x, bottom, x, top))
    return rules


def test_a_pdf_has_headings_paragraphs_steps_tables_and_pages(saved: Save) -> None:
    first: list[Text | Rule] = [
        Text("Return policy", 60, 780, size=20),
        Text("We take back everything within thirty days after it has", 60, 740),
        Text("reached you, as long as it is unused.", 60, 726),
        Text("How to send it", 60, 690, bold=True),
        Text("1. Print the label.", 60, 670),
        Text("2. Drop the parcel.", 60, 655),
        *grid(60, 560, [120, 120], 3),
        *(
            Text(words, 65 + 120 * column, 606 - 20 * row)
            for row, cells in enumerate([("Country", "Price"), ("Spain", "4"), ("Chile", "9")])
            for column, words in enumerate(cells)
        ),
        Text("The price is taken off the", 60, 530),
    ]
    second = [
        Text("refund.", 60, 780),
        Text("Exceptions", 60, 740, bold=True),
        Text("None.", 60, 720),
    ]
    document = saved("policy.pdf", pdf(first, second))
    assert document.title == "Return policy"
    assert [(block.kind, block.text, block.page) for block in document.blocks] == [
        ("heading", "Return policy", 1),
        (
            "paragraph",
            "We take back everything within thirty days after it has reached you, "
            "as long as it is unused.",
            1,
        ),
        ("heading", "How to send it", 1),
        ("steps", "1. Print the label.\n2. Drop the parcel.", 1),
        ("table", "| Country | Price |\n| --- | --- |\n| Spain | 4 |\n| Chile | 9 |", 1),
        ("paragraph", "The price is taken off the refund.", 1),
        ("heading", "Exceptions", 2),
        ("paragraph", "None.", 2),
    ]


def test_a_pdf_table_without_lines_is_found_by_its_columns(saved: Save) -> None:
    rows = [("Country", "Days", "Price"), ("Spain", "2", "4 euros"), ("Chile", "9", "12 euros")]
    cells = [
        Text(words, 60 + 150 * column, 700 - 16 * row)
        for row, line in enumerate(rows)
        for column, words in enumerate(line)
    ]
    wrapped = Text("by air", 360, 700 - 16 * 3)
    after = Text("All prices include taxes and are charged when the parcel leaves us.", 60, 600)
    document = saved("prices.pdf", pdf([Text("What we charge:", 60, 730), *cells, wrapped, after]))
    assert [block.text for block in document.blocks] == [
        "What we charge:",
        "| Country | Days | Price |\n| --- | --- | --- |\n| Spain | 2 | 4 euros |\n"
        "| Chile | 9 | 12 euros by air |",
        after.words,
    ]


def test_two_columns_of_prose_are_no_table(saved: Save) -> None:
    sentence = "The parcel is brought back to us by the carrier"
    columns = [
        Text(f"{sentence} {i}", x, 700 - 14 * i, size=9) for x in (50, 310) for i in range(8)
    ]
    document = saved("columns.pdf", pdf(columns))
    assert document.tables == 0


def test_running_heads_and_page_numbers_of_a_pdf_are_left_out(saved: Save) -> None:
    pages = [
        [
            Text("Sample Shop, terms of sale", 60, 810, size=9),
            Text(f"Rule number {i} says that parcels are sent on the day {i}.", 60, 700),
            Text("And it has a second line that ends the paragraph.", 60, 660),
            Text("Then a third paragraph follows here.", 60, 620),
            Text(f"Page {i} of 4", 280, 30, size=9),
        ]
        for i in range(1, 5)
    ]
    text = "\n".join(block.text for block in saved("terms.pdf", pdf(*pages)).blocks)
    assert "Sample Shop" not in text
    assert "of 4" not in text
    assert text.count("Rule number") == 4


def test_a_rich_text_file_is_read(saved: Save) -> None:
    document = saved("note.rtf", r"{\rtf1\ansi{\b Opening hours}\par We open at nine.\par}")
    assert "We open at nine." in "\n".join(block.text for block in document.blocks)


@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_office_files_are_read_without_loading_a_language_model(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"page.{kind}"
    if kind == "docx":
        page = new_docx()
        page.add_paragraph("Returns are free.")
        page.save(str(file))
    else:
        deck = Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[0])
        slide.shapes.title.text = "Returns are free."
        deck.save(str(file))
    script = (
        "import sys; from pathlib import Path; from ingestion.parse.child import read;"
        f"print(read(Path({str(file)!r}), {file.name!r}).blocks[0].text);"
        "print(*{'spacy', 'torch'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n") == ["Returns are free.", "", ""]


MAIL = """<table><tr><td><table><tr><td colspan="2">Dear customer,</td></tr>
<tr><td>your parcel is on its way.</td><td><table><tr><td>Track it</td></tr></table></td></tr>
</table></td></tr></table>"""


def test_tables_that_only_lay_out_a_page_are_text(saved: Save) -> None:
    laid_out = saved("mail.html", f"<html><body>{MAIL}</body></html>")
    assert laid_out.tables == 0
    assert texts(laid_out, "list") == []
    said = " ".join(texts(laid_out, "paragraph")).split()
    assert " ".join(said) == "Dear customer, your parcel is on its way. Track it"
    prices = saved("prices.html", "<table><tr><td>Mug</td><td>7 €</td></tr></table>")
    assert prices.tables == 1


def test_english_in_unmarked_utf_16_is_no_utf_8_with_gaps(saved: Save) -> None:
    mail = "Subject: Returns\nFrom: a@b.example\nTo: c@d.example\n\nReturns are free.\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        document = saved("returns.eml", mail.encode(encoding))
        assert (document.title, texts(document, "paragraph")) == ("Returns", ["Returns are free."])


def test_a_title_row_above_a_faq_or_a_table_is_not_its_header(saved: Save, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    for row in (("Our most frequent questions",), (), ("Question", "Answer"), ("Open?", "Daily.")):
        sheet.append(row)
    sheet["A2"] = "As of May"
    book.save(tmp_path / "faq.xlsx")
    assert read(tmp_path / "faq.xlsx", "faq.xlsx").faq == (FaqRow("Open?", "Daily."),)
    prices = saved("prices.csv", "Prices in euros,\nItem,Price\nMug,7\n")
    assert texts(prices, "paragraph") == ["Prices in euros"]
    assert texts(prices, "table") == ["| Item | Price |\n| --- | --- |\n| Mug | 7 |"]


def test_narrow_empty_columns_between_figures_do_not_tear_a_table_apart(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet
    for row in (("", None, "2025", None, "2026"), ("Sales", None, 7, None, 9)):
        sheet.append(row)
    book.save(tmp_path / "accounts.xlsx")
    (table,) = texts(read(tmp_path / "accounts.xlsx", "accounts.xlsx"), "table")
    assert "| Sales |  | 7 |  | 9 |" in table


def test_a_word_file_without_styles_has_its_short_lines_as_headings(tmp_path: Path) -> None:
    page = new_docx()
    for text in ("Returns", "You have 30 days to send it back.", "Exchanges", "We swap sizes."):
        page.add_paragraph(text)
    page.add_table(1, 1).cell(0, 0).paragraphs[0].add_run("First line\nsecond line")
    page.save(str(tmp_path / "returns.docx"))
    document = read(tmp_path / "returns.docx", "returns.docx")
    assert texts(document, "heading") == ["Returns", "Exchanges"]
    assert "First line second line" in texts(document, "table")[0]


@pytest.mark.parametrize(
    ("heading", "title"), [("Untitled document", "lamp care"), ("Presentation 4 you", None)]
)
def test_a_title_that_says_nothing_gives_way_to_the_files_name(
    saved: Save, heading: str, title: str | None
) -> None:
    page = f"<html><head><title>{heading}</title></head><body><p>Dust it weekly.</p></body></html>"
    assert saved("lamp_care.html", page).title == (title or heading)
