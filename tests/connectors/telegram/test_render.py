"""Neutral text as Telegram shows it, inside every limit."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.channels.telegram.render import html, keyboard, parts
from connectors.cutting import width
from connectors.simulator.telegram_rules import complaint
from desk.envelope import Address, Outgoing, Source

TO = Address("telegram", "501")


def outgoing(text: str = "", **more: Any) -> Outgoing:
    return Outgoing(id="m1", to=TO, text=text, **more)


def shown(text: str, **more: Any) -> str:
    (part,) = parts(outgoing(text, **more))
    return html(part)


@pytest.mark.parametrize(
    ("neutral", "sent"),
    [
        ("This is **important**.", "This is <b>important</b>."),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("See [our page](https://x.example/a?b=1&c=2).", None),
        ("**[here](https://x.example)**", '<b><a href="https://x.example">here</a></b>'),
        ("Write to [us](mailto:a@x.example)", "Write to us: a@x.example"),
        ("[x](javascript:alert)", "x: javascript:alert"),
        ("## Returns\nSend it back.", "<b>Returns</b>\nSend it back."),
        ("| Size | Price |\n|---|---:|\n| S | 9 € |", "Size – Price\nS – 9 €"),
        ("* one\n* **two**", "- one\n- <b>two</b>"),
        ("<b>not ours</b>", "&lt;b&gt;not ours&lt;/b&gt;"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
    ],
)
def test_markup_becomes_what_telegram_knows(neutral: str, sent: str | None) -> None:
    linked = 'See <a href="https://x.example/a?b=1&amp;c=2">our page</a>.'
    assert shown(neutral) == (sent or linked)


def test_sources_stand_as_links_at_the_end() -> None:
    sources = (Source("Returns", "https://x.example/r"), Source("Returns", "https://x.example/r"))
    assert shown("30 days.", sources=sources) == (
        '30 days.\n\n↗ <a href="https://x.example/r">Returns</a>'
    )


def test_bold_that_is_cut_stays_bold_on_both_sides() -> None:
    words = "A sentence of it. " * 300
    sent = [html(part) for part in parts(outgoing(f"**{words.strip()}**"))]
    assert len(sent) == 2
    assert all(one.startswith("<b>A sentence") and one.endswith("it.</b>") for one in sent)


def test_choices_are_buttons_that_hold_them() -> None:
    rows = keyboard(["Lamp", "Chair", "Lamp"])["inline_keyboard"]
    assert rows == [
        [{"text": "Lamp", "callback_data": "Lamp"}],
        [{"text": "Chair", "callback_data": "Chair"}],
    ]


def test_a_choice_too_long_for_its_payload_is_known_by_its_place() -> None:
    choice = "Ä" * 40
    assert keyboard([choice])["inline_keyboard"][0][0] == {
        "text": choice,
        "callback_data": "choice 1",
    }


def test_what_no_button_holds_is_written_out_too() -> None:
    long = "The blue lamp with the long wooden stand and the very long cable that nobody needs"
    assert shown("Which?", choices=(long, "Chair")) == f"Which?\n\n1. {long}\n2. Chair"
    many = tuple(f"choice {n}" for n in range(12))
    assert keyboard(many) == {}
    assert shown("Which?", choices=many).endswith("\n12. choice 11")


MARKS = ["**", "](https://x.example/", "\u0000", *"ab .!\n*[]()<>&\"'#|-😀ß"]
texts = st.lists(st.sampled_from(MARKS), max_size=300).map("".join)


@settings(max_examples=150, deadline=None)
@given(texts, st.integers(1, 40), st.lists(st.text(max_size=90), max_size=12))
def test_no_text_breaks_a_limit(text: str, times: int, choices: list[str]) -> None:
    message = outgoing(text * times, choices=tuple(choices))
    sent = parts(message)
    for part in sent:
        fields: dict[str, Any] = {"text": html(part), "parse_mode": "HTML"}
        if buttons := keyboard(choices):
            fields["reply_markup"] = buttons
        assert complaint("sendMessage", fields, {}) == ""
        assert width("".join(run.words for run in part)) <= 4096


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from(list("abc .\n😀")), min_size=1, max_size=300), st.integers(1, 60))
def test_nothing_but_white_space_is_lost(text: str, times: int) -> None:
    sent = "".join(run.words for part in parts(outgoing(text * times)) for run in part)
    assert "".join(sent.split()) == "".join((text * times).split())
