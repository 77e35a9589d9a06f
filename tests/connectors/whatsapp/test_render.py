"""Neutral text as WhatsApp shows it, inside every limit."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.channels.whatsapp.render import lower, render
from connectors.cutting import split_text, width
from connectors.simulator.meta_rules import complaint
from desk.envelope import Address, Outgoing, Source

TO = Address("phone", "+4915112345678")


def outgoing(text: str = "", **more: Any) -> Outgoing:
    return Outgoing(id="m1", to=TO, text=text, **more)


def only_text(message: Outgoing) -> str:
    (body,) = render(message)
    return str(body["text"]["body"])


@pytest.mark.parametrize(
    ("neutral", "shown"),
    [
        ("This is **important**.", "This is *important*."),
        (
            "See [our page](https://shop.example/a_(b)).",
            "See our page: https://shop.example/a_(b).",
        ),
        ("[https://x.example](https://x.example)", "https://x.example"),
        ("Write to [us](mailto:a@x.example)", "Write to us: a@x.example"),
        ("## Returns\nSend it back.", "*Returns*\nSend it back."),
        ("| Size | Price |\n|---|---:|\n| S | 9 € |", "Size – Price\nS – 9 €"),
        ("- one\n- two\n\n1. first", "- one\n- two\n\n1. first"),
        ("* one\n* **two**", "- one\n- *two*"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("**a** and **b**", "*a* and *b*"),
    ],
)
def test_markup_becomes_what_whatsapp_knows(neutral: str, shown: str) -> None:
    assert lower(neutral) == shown


def test_sources_stand_as_short_lines_at_the_end() -> None:
    sources = (
        Source("Returns", "https://x.example/r"),
        Source("Returns", "https://x.example/r"),
        Source("Price\nlist", ""),
    )
    assert only_text(outgoing("30 days.", sources=sources)) == (
        "30 days.\n\n↗ Returns: https://x.example/r\n↗ Price list"
    )


def test_up_to_three_short_choices_are_buttons() -> None:
    (body,) = render(outgoing("Which one?", choices=("Lamp", "Chair", "Desk")))
    action = body["interactive"]["action"]
    assert [one["reply"]["title"] for one in action["buttons"]] == ["Lamp", "Chair", "Desk"]


def test_more_or_longer_choices_are_a_list_whose_ids_hold_the_whole_choice() -> None:
    long = "The blue lamp with the long wooden stand"
    (body,) = render(outgoing("Which one?", choices=(long, "Chair"), language="de-AT"))
    action = body["interactive"]["action"]
    assert (body["interactive"]["type"], action["button"]) == ("list", "Auswählen")
    row = action["sections"][0]["rows"][0]
    assert (row["id"], row["description"]) == (long, long)
    assert row["title"] == "The blue lamp with the…"


def test_more_than_ten_choices_are_numbered_in_the_text() -> None:
    choices = tuple(f"choice {n}" for n in range(12))
    assert only_text(outgoing("Which?", choices=choices)).endswith("\n12. choice 11")


def test_a_long_answer_with_choices_keeps_its_choices_with_its_end() -> None:
    story = "One sentence of it. " * 200
    *texts, last = render(outgoing(story + "Shall we?", choices=("Yes", "No")))
    assert last["interactive"]["body"]["text"].endswith("Shall we?")
    assert "".join(one["text"]["body"] for one in texts).count("One sentence") > 100


def test_a_long_text_is_cut_between_sentences() -> None:
    parts = split_text("Here is one more sentence of this long text. " * 300, 4096)
    assert len(parts) == 4
    assert all(part.endswith("text.") for part in parts)


def test_words_without_end_fill_each_part_to_its_limit_and_no_further() -> None:
    *texts, asked = render(outgoing("x" * 1024 * 6, choices=("y" * 20, "z" * 20)))
    assert [len(one["text"]["body"]) for one in texts] == [4096, 1024]
    assert len(asked["interactive"]["body"]["text"]) == 1024
    (listed,) = render(outgoing("?", choices=("w" * 300, "v")))
    row = listed["interactive"]["action"]["sections"][0]["rows"][0]
    assert [len(row[key]) for key in ("id", "title", "description")] == [199, 24, 72]


def test_an_emoji_counts_double_as_on_phones() -> None:
    assert width("a😀") == 3
    assert [width(part) for part in split_text("😀" * 3000, 4096)] == [4096, 1904]


def test_an_empty_message_has_no_parts() -> None:
    assert render(outgoing(" \n ")) == []


texts = st.text(max_size=300) | st.builds(
    lambda parts, times: "".join(parts) * times,
    st.lists(
        st.sampled_from(
            [
                "word ",
                "Satz. ",
                "\n\n",
                "- x\n",
                "😀",
                "**b** ",
                "長",
                "# h\n",
                "[a](https://b.example) ",
                "|a|b|\n",
                "x" * 90,
            ]
        ),
        max_size=8,
    ),
    st.integers(1, 200),
)
choices = st.lists(st.text(max_size=30) | st.just("x" * 300), max_size=13).map(tuple)
sources = st.lists(st.builds(Source, st.text(max_size=40), st.text(max_size=40)), max_size=3)


@given(texts, choices, sources.map(tuple), st.sampled_from(["en", "de", "xx", ""]))
@settings(max_examples=60, deadline=None)
def test_no_part_ever_breaks_a_limit(
    text: str, picks: tuple[str, ...], rest: tuple[Source, ...], language: str
) -> None:
    for body in render(outgoing(text, choices=picks, sources=rest, language=language)):
        whole = {"messaging_product": "whatsapp", "to": "49151", **body}
        assert complaint(whole) == ""
        shown = body["text"] if body["type"] == "text" else body["interactive"]["body"]
        assert width(shown.get("body") or shown["text"]) <= 4096
        repr(body).encode()


@given(texts, st.integers(40, 5000))
@settings(max_examples=30, deadline=None)
def test_cutting_loses_nothing_but_white_space(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < width(part) <= limit for part in parts)
