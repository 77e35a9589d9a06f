"""Machines' mail is told from people's, both ways."""

import pytest

from desk.envelope import DeliveryState, Kind
from tests.connectors.email.mails import mail, raw_mail, read


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"auto-submitted": "auto-replied"}, "auto-reply"),
        ({"auto-submitted": "auto-generated; type=x"}, "auto-reply"),
        ({"precedence": "auto_reply"}, "auto-reply"),
        ({"x-autoreply": "yes"}, "auto-reply"),
        ({"x-auto-response-suppress": "DR, OOF, AutoReply"}, "auto-reply"),
        ({"return-path": "<>"}, "auto-reply"),
        ({"from": "no-reply@client.example"}, "auto-reply"),
        ({"subject": "Automatic reply: My order"}, "auto-reply"),
        ({"subject": "Out of Office: back on Monday"}, "auto-reply"),
        ({"subject": "Abwesenheitsnotiz: Urlaub"}, "auto-reply"),
        ({"subject": "Automatische Antwort: Ihre Frage"}, "auto-reply"),
        ({"subject": "Réponse automatique : absence"}, "auto-reply"),
        ({"subject": "Respuesta automática: vacaciones"}, "auto-reply"),
        ({"subject": "Risposta automatica: ferie"}, "auto-reply"),
        ({"subject": "Automatisch antwoord: vakantie"}, "auto-reply"),
        ({"subject": "Odpowiedź automatyczna: urlop"}, "auto-reply"),
        ({"subject": "Autosvar: semester"}, "auto-reply"),
        ({"subject": "自動返信: 休暇"}, "auto-reply"),
        ({"subject": "Автоответ: отпуск"}, "auto-reply"),
        ({"list-id": "News <news.client.example>"}, "mailing list"),
        ({"list-unsubscribe": "<mailto:x@client.example>"}, "mailing list"),
        ({"precedence": "bulk"}, "mailing list"),
        ({"message-id": "<onethread.42@shop.example>"}, "loop"),
        ({"from": "support@shop.example"}, "loop"),
    ],
)
def test_machines_are_recognised(headers: dict[str, str], why: str) -> None:
    assert read(mail(**headers)).automatic == why


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto-submitted": "no"},
        {"precedence": "normal"},
        {"x-auto-response-suppress": "RN, NRN"},
        {"return-path": "<ana@client.example>"},
        {"subject": "Your automatic door is broken"},
        {"subject": "Re: delivery failed twice"},
        {"subject": "I was away, is the offer still on?"},
        {"list-id": "<support.shop.example>", "precedence": "list"},
        {"in-reply-to": "<onethread.42@shop.example>", "references": "<onethread.42@shop.example>"},
    ],
)
def test_people_are_not_taken_for_machines(headers: dict[str, str]) -> None:
    assert read(mail(**headers)).automatic == ""


def _report(action: str, status: str, *, enclosed: bool = True) -> bytes:
    fields = (
        "Reporting-MTA: dns; mx.client.example\r\n\r\n"
        f"Final-Recipient: rfc822; gone@client.example\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; 550 {status} no such user\r\n"
    )
    original = "Message-ID: <onethread.42@shop.example>\r\nTo: gone@client.example\r\n\r\nHello"
    parts = [
        ("text/plain", "I'm sorry to have to inform you."),
        ("message/delivery-status", fields),
    ]
    parts += [("message/rfc822", original)] if enclosed else []
    return _multipart("delivery-status", parts)


def _multipart(report_type: str, parts: list[tuple[str, str]]) -> bytes:
    body = "".join(f"--b\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in parts)
    return raw_mail(
        f"{body}--b--\r\n".encode(),
        {
            "from": "MAILER-DAEMON@mx.client.example",
            "return-path": "<>",
            "subject": "Undelivered Mail Returned to Sender",
            "content-type": f'multipart/report; report-type={report_type}; boundary="b"',
        },
    )


def test_a_bounce_says_which_of_our_mails_failed_and_why() -> None:
    envelope = read(_report("failed", "5.1.1"))
    assert (envelope.kind, envelope.state) == (Kind.STATUS, DeliveryState.FAILED)
    assert envelope.subject_id == "<onethread.42@shop.example>"
    assert envelope.error_code == "5.1.1"
    assert envelope.error.startswith("The address does not exist.")
    assert envelope.details["recipient"] == "gone@client.example"
    assert envelope.automatic == "bounce"


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("delayed", DeliveryState.SENT),
        ("relayed", DeliveryState.SENT),
        ("delivered", DeliveryState.DELIVERED),
    ],
)
def test_other_reports_do_not_fail_the_mail(action: str, state: DeliveryState) -> None:
    assert read(_report(action, "2.0.0" if action != "delayed" else "4.4.1")).state is state


def test_a_bounce_that_names_no_mail_stays_visible_as_a_message() -> None:
    envelope = read(_report("failed", "5.1.1", enclosed=False))
    assert (envelope.kind, envelope.automatic) == (Kind.MESSAGE, "bounce")


def test_an_old_fashioned_bounce_is_understood_from_its_text() -> None:
    raw = mail(
        "Hi. This is the qmail-send program.\r\n<gone@client.example>:\r\n"
        "550 5.2.2 mailbox full\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n"
        "Message-ID: <onethread.42@shop.example>\r\nTo: gone@client.example\r\n",
        **{"from": "MAILER-DAEMON@client.example", "subject": "failure notice"},
    )
    envelope = read(raw)
    assert (envelope.kind, envelope.state) == (Kind.STATUS, DeliveryState.FAILED)
    assert envelope.subject_id == "<onethread.42@shop.example>"
    assert envelope.error.startswith("The mailbox is full.")


def test_a_read_receipt_marks_our_mail_as_read() -> None:
    fields = (
        "Final-Recipient: rfc822; ana@client.example\r\n"
        "Original-Message-ID: <onethread.42@shop.example>\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    parts = [("text/plain", "Read."), ("message/disposition-notification", fields)]
    envelope = read(_multipart("disposition-notification", parts))
    assert (envelope.kind, envelope.state) == (Kind.READ, DeliveryState.READ)
    assert envelope.subject_id == "<onethread.42@shop.example>"
