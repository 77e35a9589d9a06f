"""Texts: no markup, every limit kept, nothing that means something lost, and cheap."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.channels.sms.render import LIMIT, render
from connectors.channels.sms.segments import cheapest, is_gsm, segments
from connectors.cutting import width
from desk.envelope import Address, Outgoing, Source

TO = Address("phone", "+4915112345678")


def _texts(text: str, **more: object) -> list[str]:
    return render(Outgoing("1", TO, text, **more))  # type: ignore[arg-type]


def test_there_is_no_markup_and_links_keep_their_address() -> None:
    (found,) = _texts("## Returns\n**30 days** are left. See [the rules](https://s.example/r).")
    assert found == "Returns\n30 days are left. See the rules: https://s.example/r."


def test_sources_are_addresses_once() -> None:
    source = Source("Our return rules", "https://s.example/r")
    (found,) = _texts("30 days.", sources=(source, source))
    assert found == "30 days.\n\nhttps://s.example/r"


def test_choices_are_numbered_and_asked_for_in_the_customers_language() -> None:
    (found,) = _texts("Which one?", choices=("Mill", "Press", "Both"))
    assert found == "Which one?\n\n1. Mill\n2. Press\n3. Both\nReply 1, 2 or 3."
    (german,) = _texts("Welche?", choices=("Mühle", "Presse"), language="de-AT")
    assert german.endswith("Antworten Sie mit 1 oder 2.")


def test_typography_is_flattened_where_that_makes_it_cheap() -> None:
    text = "“It’s fine” – we’ll ship it… today" + " and more" * 10
    (found,) = _texts(text)
    assert found.startswith("\"It's fine\" - we'll ship it... today")
    assert (segments(text), segments(found)) == (2, 1)


def test_where_it_saves_nothing_the_typography_stays() -> None:
    assert cheapest("„Привет“ – да…") == "„Привет“ – да…"
    assert cheapest("می‌خواهم") == "می‌خواهم"


def test_segments_are_counted_as_networks_do() -> None:
    counts = {"": 0, "a" * 160: 1, "a" * 161: 2, "a" * 306: 2, "a" * 307: 3, "€" * 80: 1}
    counts |= {"€" * 81: 2, "ж" * 70: 1, "ж" * 71: 2, "ж" * 134: 2, "ж" * 135: 3}
    counts |= {"😀" * 35: 1, "😀" * 36: 2, "😀" * 67: 3, "a" * 152 + "€" * 5: 2}
    assert {text: segments(text) for text in counts} == counts


def test_a_long_text_goes_in_numbered_parts_cut_at_sentences() -> None:
    sentence = "Your parcel has left our warehouse and is on its way to you now. "
    parts = _texts(sentence * 60)
    assert [part[:6] for part in parts] == [
        f"({n}/{len(parts)}) " for n in range(1, len(parts) + 1)
    ]
    assert all(part.endswith(".") for part in parts)
    assert all(len(part) <= LIMIT for part in parts)


@given(st.text(max_size=5000), st.lists(st.text(max_size=300), max_size=8))
def test_every_part_is_within_twilios_limit(text: str, choices: list[str]) -> None:
    parts = _texts(text, choices=tuple(choices))
    assert all(0 < width(part) <= LIMIT for part in parts)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="×ʼ"), max_size=400))
def test_flattening_keeps_every_letter_and_digit(text: str) -> None:
    flat = cheapest(text)
    assert flat == text or is_gsm(flat)
    assert [one for one in flat if one.isalnum()] == [one for one in text if one.isalnum()]
    assert segments(flat) <= segments(text)


@given(st.text(alphabet="aé€ж😀 .", max_size=700))
def test_segments_never_hold_more_than_they_can(text: str) -> None:
    count, room = segments(text), (160, 153) if is_gsm(text) else (70, 67)
    units = sum(2 if (one == "€" and is_gsm(text)) or ord(one) > 0xFFFF else 1 for one in text)
    assert count <= 1 or count * room[1] >= units > room[0]
    assert count >= units / room[0]
