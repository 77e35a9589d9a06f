"""Where a mail belongs: many signs, the strongest first."""

import pytest

from connectors.channels.email.threading import normal_subject, quote_keys
from tests.connectors.email.mails import mail, read


def test_ids_come_first_nearest_before_oldest_each_with_its_reason() -> None:
    raw = mail(
        to="support+Tok3n@shop.example",
        subject="Re: [#abcd1234] My order (Ticket: 2026-77)",
        in_reply_to="<c@shop.example>",
        references="<a@x.example>\r\n <b@x.example> <c@shop.example>",
    )
    hints = read(raw).thread_hints
    keys = [hint.key for hint in hints]
    assert keys[:5] == ["<c@shop.example>", "<b@x.example>", "<a@x.example>", "Tok3n", "abcd1234"]
    assert "ticket:client.example:2026-77" in keys[5:]
    assert keys[-1].startswith("subject:")
    assert all(hint.reason for hint in hints)


def test_a_reply_without_any_ids_is_found_by_sender_and_subject() -> None:
    first = read(mail(subject="My order")).thread_hints
    answer = read(mail(subject="AW: Re: My  order")).thread_hints
    stranger = read(mail(subject="Re: My order", **{"from": "eve@other.example"})).thread_hints
    assert first == answer
    assert not {hint.key for hint in first} & {hint.key for hint in stranger}


@pytest.mark.parametrize(
    "prefix",
    ["Re:", "RE: re:", "AW:", "Antw:", "SV:", "VS:", "Fwd:", "FW:", "WG:", "TR:", "RV:", "Rif:",
     "ODP:", "Re[2]:", "R:", "YNT:", "Отв:", "回复：", "답장:", "[EXT] Re:"],
)  # fmt: skip
def test_reply_marks_of_all_languages_fall_off_the_subject(prefix: str) -> None:
    assert normal_subject(f"{prefix} Red Lamp") == "red lamp"


def test_a_quoted_paragraph_is_known_however_it_was_wrapped() -> None:
    sent = "Hello Ana,\n\nyour lamp can be **repaired** free of charge within [two years](https://s.example/w)."
    quote = (
        "On Monday Shop wrote:\n> Hello Ana,\n>\n> your lamp can be repaired free of\n"
        "> charge within two years (https://s.example/w).\n"
    )
    assert set(quote_keys(sent)) & set(quote_keys(quote))
    assert not set(quote_keys(sent)) & set(
        quote_keys("> another text about something else entirely")
    )
