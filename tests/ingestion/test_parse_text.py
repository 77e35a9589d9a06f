"""Markdown and plain text at hand: what a reader sees as heading, list and table is one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.parse import parse_text

ARTICLE = """---
title: Returns
---
# Returns

Send it **back** within [30 days](https://shop.example/returns),
[write to us](mailto:help@shop.example) or use `--return <order>`.

1. Open *Orders*.
2. Choose **Return**.
   - Keep the box.

> [!NOTE]
> Sale items are final.

| Country | Price |
|---------|------:|
| Spain \\| Portugal | 4 € |

```
tool --flag
```
"""


def test_markdown_becomes_blocks_without_its_marks() -> None:
    document = parse_text(ARTICLE)
    assert document.title == "Returns"
    assert document.tables == 1
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("heading", "Returns"),
        (
            "paragraph",
            "Send it back within 30 days (https://shop.example/returns), "
            "write to us (help@shop.example) or use --return <order>.",
        ),
        ("steps", "1. Open Orders.\n2. Choose Return.\n   - Keep the box."),
        ("paragraph", "Note: Sale items are final."),
        ("table", "| Country | Price |\n| --- | --- |\n| Spain \\| Portugal | 4 € |"),
        ("code", "tool --flag"),
    ]


def test_html_inside_markdown_is_read_and_angle_brackets_in_text_stay() -> None:
    table = "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>"
    text = f"Use <b>this</b>: run <name>.<br>Then\n\n{table}"
    document = parse_text(text)
    assert [block.text for block in document.blocks] == [
        "Use this: run <name>.\nThen",
        "| a |\n| --- |\n| 1 |",
    ]


def test_short_lines_and_capitals_act_as_headings_in_plain_text() -> None:
    text = (
        "Shipping\n\nWe ship every working day before noon.\n\n"
        "RESOLVING THE PROBLEM\nTurn it off and on again.\n\n"
        "What is a return?\nIt is when you send something back.\n"
    )
    blocks = parse_text(text, format="text").blocks
    assert [block.text for block in blocks if block.kind == "heading"] == [
        "Shipping",
        "RESOLVING THE PROBLEM",
        "What is a return?",
    ]


def test_an_address_of_short_lines_is_no_heap_of_headings() -> None:
    text = "Write to us at\n\nSample Shop\n\n12 Long Street\n\nDublin\n\nWe answer every letter."
    headings = [block for block in parse_text(text).blocks if block.kind == "heading"]
    assert len(headings) <= 1


def test_plain_text_lists_are_lists_and_wrapped_lines_are_joined() -> None:
    text = (
        "You need a few things before you can start with the return of a\n"
        "parcel that was damaged:\n• the order number\n• a photo\n\n"
        "1) Pack it.\n2) Send it.\n"
    )
    assert [(block.kind, block.text) for block in parse_text(text, format="text").blocks] == [
        (
            "paragraph",
            "You need a few things before you can start with the return of a "
            "parcel that was damaged:",
        ),
        ("list", "- the order number\n- a photo"),
        ("steps", "1) Pack it.\n2) Send it."),
    ]


def test_a_first_line_that_repeats_the_title_is_its_heading() -> None:
    document = parse_text("Refunds\nMoney comes back in five days.", title="Refunds")
    assert [block.kind for block in document.blocks] == ["heading", "paragraph"]


@settings(deadline=None)
@given(st.text(st.characters(categories=("L", "N", "Z")), max_size=400))
def test_plain_words_survive_in_order(text: str) -> None:
    blocks = parse_text(text).blocks
    assert " ".join(block.text for block in blocks).split() == text.split()


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    parse_text(text)
    parse_text(text, format="text")
