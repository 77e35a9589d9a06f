"""From raw mail to what it means."""

from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.channels.email.channel import EmailChannel
from connectors.channels.email.imap import as_event
from connectors.channels.email.inspect import inspect_email
from desk.envelope import Kind, RawEvent
from tests.connectors.email.mails import account, mail, raw_mail, read, with_parts


def test_a_customers_mail_becomes_one_message() -> None:
    envelope = read(mail("Hello,\r\n\r\nwhere is my order 123?\r\n\r\n-- \r\nAna"))
    assert (envelope.id, envelope.kind) == ("<m1@client.example>", Kind.MESSAGE)
    assert envelope.text == "Hello,\n\nwhere is my order 123?"
    assert envelope.quoted.strip() == "-- \nAna"
    assert envelope.sender[0].value == "ana@client.example"
    assert (envelope.sender_name, envelope.subject) == ("Ana Ruiz", "My order")
    assert envelope.at == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert envelope.automatic == ""


def test_one_mail_to_two_mailboxes_has_one_id() -> None:
    first = b"Received: from a by mx1; Mon, 02 Nov 2026 10:00:01 +0000\r\n" + mail()
    second = b"Received: from b by mx2; Mon, 02 Nov 2026 10:00:09 +0000\r\n" + mail()
    assert as_event(first).id == as_event(second).id == "<m1@client.example>"
    nameless = [raw.replace(b"message-id:", b"x-gone:") for raw in (first, second)]
    assert as_event(nameless[0]).id == as_event(nameless[1]).id
    other = mail("Something else").replace(b"message-id:", b"x-gone:")
    assert as_event(other).id != as_event(nameless[0]).id


def test_a_clock_in_the_future_is_corrected_by_our_own_stamp() -> None:
    late = mail(date="Tue, 02 Nov 2027 10:00:00 +0000")
    stamped = b"Received: from a by mx1; Mon, 02 Nov 2026 10:00:01 +0000\r\n" + late
    assert read(stamped).at == datetime(2026, 11, 2, 10, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("utf-8", "Größe für Jörg".encode()),
        ("iso-8859-1", "Größe für Jörg".encode("latin-1")),
        ("iso-8859-1", "Größe für Jörg".encode()),
        ("windows-1252", "Größe für Jörg".encode("cp1252")),
        ("us-ascii", "Größe für Jörg".encode()),
        ("x-unknown", "Größe für Jörg".encode()),
        ("utf8", "Größe für Jörg".encode()),
    ],
)
def test_umlauts_survive_whatever_charset_is_declared(charset: str, body: bytes) -> None:
    raw = raw_mail(body, {"content-type": f"text/plain; charset={charset}"})
    assert read(raw).text == "Größe für Jörg"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("koi8-r", "Где мой заказ?"),
        ("gb2312", "我的订单在哪里"),
        ("shift_jis", "注文はどこですか"),
        ("ks_c_5601-1987", "주문은 어디에"),
        ("iso-8859-8-i", "איפה ההזמנה שלי"),
        ("utf-16", "Wo ist das Paket"),
    ],
)
def test_mail_from_all_over_the_world(charset: str, text: str) -> None:
    codec = {"ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso-8859-8"}.get(charset, charset)
    raw = raw_mail(text.encode(codec), {"content-type": f"text/plain; charset={charset}"})
    if charset != "utf-16":
        assert read(raw).text == text
    else:
        message = EmailMessage()
        message.set_content(text.encode("utf-16"), "text", "plain", cte="base64")
        message.set_param("charset", "utf-16")
        assert read(with_parts(message)).text == text


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?B?V28gaXN0IG1laW4gUGFrZXQ/IEdyw7bDn2U=?=",
        "=?iso-8859-1?Q?Wo_ist_mein_Paket=3F_Gr=F6=DFe?=",
        "Wo ist mein Paket? =?utf-8?B?R3LDtg==?=\r\n =?utf-8?B?w59l?=",
        "Wo ist mein Paket? =?utf-8?B?R3LD?= =?utf-8?B?tsOfZQ==?=",
        "Wo ist mein Paket? Größe",
    ],
)
def test_subjects_are_read_however_they_are_encoded(subject: str) -> None:
    assert read(mail(subject=subject)).subject == "Wo ist mein Paket? Größe"


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=utf-8''Rechnung%20M%C3%BCller.pdf",
        "attachment; filename*0*=utf-8''Rechnung%20; filename*1*=M%C3%BCller.pdf",
        'attachment; filename="=?utf-8?Q?Rechnung_M=C3=BCller.pdf?="',
        'attachment; filename="=?utf-8?Q?Rechnung_?=\r\n =?utf-8?Q?M=C3=BCller.pdf?="',
        'attachment; filename="Rechnung Müller.pdf"',
        'attachment; filename="../../etc/Rechnung Müller.pdf"',
    ],
)
def test_attachment_names_are_read_however_they_are_encoded(disposition: str) -> None:
    headers = {"content-type": "application/pdf", "content-disposition": disposition}
    raw = raw_mail(b"JVBERi0=", {**headers, "content-transfer-encoding": "base64"})
    (file,) = read(raw).files
    assert (file.name, file.type, file.kind) == (
        "Rechnung Müller.pdf", "application/pdf", "document",
    )  # fmt: skip
    assert (file.content, file.size) == (b"%PDF-", 5)


def test_pictures_in_the_text_keep_their_id_and_remote_ones_are_not_loaded() -> None:
    message = EmailMessage()
    message.set_content(
        '<p onclick="x()">See <img src="cid:pic1"><img src="https://spy.example/1.gif"></p>'
        "<script>alert(1)</script>",
        subtype="html",
    )
    message.add_related(b"\x89PNG", "image", "png", cid="<pic1>")
    envelope = read(with_parts(message))
    assert envelope.files[0].inline_id == "pic1"
    assert envelope.files[0].kind == "image"
    assert 'src="cid:pic1"' in envelope.html
    assert ' src="https://spy.example' not in envelope.html
    assert "onclick" not in envelope.html
    assert "alert" not in envelope.html


def test_a_stub_of_plain_text_gives_way_to_the_html() -> None:
    message = EmailMessage()
    message.set_content("Please use an HTML viewer.")
    html = "<p>" + "The lamp I bought from you flickers every evening at eight. " * 4 + "</p>"
    message.add_alternative(html, subtype="html")
    assert read(with_parts(message)).text.startswith("The lamp I bought from you flickers")


def test_html_only_mail_loses_its_quotation_and_keeps_it_apart() -> None:
    html = (
        "<div>Ja, bitte <b>zwei</b> Stück.</div><br>"
        '<div class="gmail_quote"><div class="gmail_attr">Am Mo. schrieb Shop:<br></div>'
        "<blockquote>Möchten Sie bestellen?</blockquote></div>"
    )
    envelope = read(raw_mail(html.encode(), {"content-type": "text/html; charset=utf-8"}))
    assert envelope.text == "Ja, bitte **zwei** Stück."
    assert "Möchten Sie bestellen?" in envelope.quoted


def test_outlooks_winmail_file_does_no_harm() -> None:
    message = EmailMessage()
    message.set_content("See attached.")
    message.add_attachment(
        b"\x78\x9f\x3e\x22junk", "application", "ms-tnef", filename="winmail.dat"
    )
    envelope = read(with_parts(message))
    assert envelope.text == "See attached."
    assert [file.name for file in envelope.files] == ["winmail.dat"]


def test_others_on_the_mail_are_named_but_not_our_own_addresses() -> None:
    raw = mail(to="support+abc@shop.example, Bob <bob@client.example>", cc="carl@client.example")
    values = [address.value for address in read(raw).recipients]
    assert values == ["bob@client.example", "carl@client.example"]


def test_flowed_lines_are_joined_again() -> None:
    body = b"This line goes \r\non and on.\r\nNew line.\r\n-- \r\nAna\r\n"
    raw = raw_mail(body, {"content-type": "text/plain; format=flowed"})
    assert read(raw).text == "This line goes on and on.\nNew line."


def test_what_is_no_mail_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="no headers"):
        EmailChannel().read(account(), RawEvent("sha256:0", "\n\nonly text"))


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "text/html"}, b"<style" * 20_000),
        ({"content-type": "text/html"}, b"[" * 100_000),
        ({"content-type": "text/html"}, b"<div>" * 20_000),
        ({"return-path": "<>", "subject": "undeliverable"}, b"a" * 100_000),
        ({"authentication-results": "mx.shop.example; " + "(" * 5_000}, b"Hello"),
        ({}, b"x\n--\n" * 20_000),
        ({}, b"On " * 30_000),
    ],
)
def test_mail_made_to_keep_a_parser_busy_is_read_all_the_same(
    headers: dict[str, str], body: bytes
) -> None:
    assert read(raw_mail(body, headers)).id == "<m1@client.example>"


def test_real_odd_and_broken_mails_all_parse(shared: Path) -> None:
    root = shared / "data"
    files = [path for path in (root / "email").rglob("*") if path.is_file()]
    files += list((root / "documents").rglob("*.eml"))
    assert len(files) > 100
    for path in files:
        raw = path.read_bytes()
        event = as_event(raw)
        assert event.id
        with suppress(ValueError):
            (envelope,) = EmailChannel().read(account(), event)
            (envelope.text + envelope.html + envelope.quoted).encode()


def test_inspecting_a_mail_shows_its_parts() -> None:
    shown = inspect_email(mail("Yes.\r\n\r\n-- \r\nAna", references="<a@x.example>"))
    assert list(shown) == [
        "from", "to", "subject", "message_id", "references", "reply", "quoted", "attachments",
        "automatic", "bounce", "authentication",
    ]  # fmt: skip
    assert (shown["from"], shown["to"]) == (
        "Ana Ruiz <ana@client.example>",
        ["support@shop.example"],
    )
    assert (shown["reply"], shown["quoted"]) == ("Yes.", "-- \nAna")
    assert (shown["references"], shown["bounce"], shown["automatic"]) == (
        ["<a@x.example>"],
        None,
        "",
    )
    assert shown["authentication"]["strength"] == "observed"
