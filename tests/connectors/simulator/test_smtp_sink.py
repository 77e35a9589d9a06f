"""What leaves by mail stays in the sink."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.simulator.smtp_sink import SmtpSink


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[SmtpSink]:
    with SmtpSink(tmp_path / "sent") as running:
        yield running


def mail(to: str = "anna@customer.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "help@shop.example", to, "Rückgabe"
    message.set_content("Hällo Anna,\n.\nup to 30 days.\n")
    return message


def test_a_mail_is_kept_in_memory_and_as_a_file(sink: SmtpSink) -> None:
    with smtplib.SMTP(sink.host, sink.port) as client:
        client.login("anybody", "anything")
        client.send_message(mail())
        client.send_message(mail("ben@customer.example"))
    first, second = sink.mails
    assert (first.sender, first.recipients) == ("help@shop.example", ("anna@customer.example",))
    assert second.recipients == ("ben@customer.example",)
    assert first.message["Subject"] == "Rückgabe"
    assert first.message.get_content().splitlines() == ["Hällo Anna,", ".", "up to 30 days."]
    assert first.path.suffix == ".eml"
    assert first.path.read_bytes() == first.content


def test_a_recipient_can_be_refused(sink: SmtpSink) -> None:
    sink.refuse["gone@customer.example"] = "550 5.1.1 No such mailbox"
    with smtplib.SMTP(sink.host, sink.port) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.send_message(mail("gone@customer.example"))
    assert not sink.mails


def test_two_sinks_run_side_by_side(sink: SmtpSink, tmp_path: Path) -> None:
    with SmtpSink(tmp_path / "other") as other:
        assert other.port != sink.port
        with smtplib.SMTP(other.host, other.port) as client:
            client.send_message(mail())
        assert (len(other.mails), len(sink.mails)) == (1, 0)
