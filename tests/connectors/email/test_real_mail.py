"""Real mail: through Postfix into Dovecot, and back."""

from email.message import EmailMessage

import pytest

from connectors.base import Account, Fetched
from connectors.channels.email.channel import EmailChannel
from desk.envelope import Address, DeliveryState, Envelope, File, Kind, Outgoing
from tests.lab.mail import MailLab, mail_lab, wait_for

__all__ = ["mail_lab"]

CHANNEL = EmailChannel()


class Reader:
    """Polls one mailbox as delivery does: keeps the cursor, reads each event."""

    def __init__(self, account: Account) -> None:
        self.account, self.cursor = account, ""
        self.envelopes: list[Envelope] = []
        self.poll()

    def poll(self) -> tuple[Fetched, ...]:
        fetched = CHANNEL.poll(self.account, self.cursor)
        for item in fetched:
            self.cursor = item.cursor
            self.envelopes += CHANNEL.read(self.account, item.event)
        return fetched

    def wait(self, count: int) -> list[Envelope]:
        """All messages and reports since the start, once there are `count`."""

        def enough() -> bool:
            self.poll()
            return len(self.news) >= count

        wait_for(enough, f"the arrival of {count} mails")
        return self.news

    @property
    def news(self) -> list[Envelope]:
        return [found for found in self.envelopes if found.kind is not Kind.ACCOUNT]


def _letter(number: int, text: str = "Wo ist mein Päckchen?") -> bytes:
    letter = EmailMessage()
    letter["From"] = "Ana Müller <ana@client.test>"
    letter["To"] = "support@shop.test, sales@shop.test"
    letter["Subject"] = "Größe 42"
    letter["Message-ID"] = f"<{number}@client.test>"
    letter.set_content(text)
    letter.add_attachment(b"%PDF-\x00\xff", "application", "pdf", filename="Rechnung Köln.pdf")
    return letter.as_bytes()


def _reply(to: str, **changes: object) -> Outgoing:
    fields: dict[str, object] = {"id": "m-1", "to": Address("email", to), "text": "Schöne Grüße."}
    return Outgoing(**{**fields, **changes})  # type: ignore[arg-type]


def test_the_self_test_signs_in_for_real(mail_lab: MailLab) -> None:
    assert all(check.ok for check in CHANNEL.check(mail_lab.account()))
    account = mail_lab.account(folder="Nowhere")
    wrong = Account(account.inbox_id, account.config, {"password": "wrong"})
    reading, sending, _ = CHANNEL.check(wrong)
    assert not reading.ok
    assert not sending.ok
    assert "password" in reading.message
    assert "password" in sending.message
    assert "no folder 'Nowhere'" in CHANNEL.check(account)[0].message


def test_mail_arrives_exactly_once_with_umlauts_and_attachment(mail_lab: MailLab) -> None:
    mail_lab.deliver(_letter(10, "old"), "ana@client.test", "sales@shop.test")
    first = mail_lab.account("sales@shop.test")
    wait_for(lambda: ":1:" in CHANNEL.poll(first, "")[0].cursor, "the old mail's arrival")
    sales = Reader(first)
    assert sales.news == []
    support = Reader(mail_lab.account())
    mail_lab.deliver(_letter(11), "ana@client.test", "support@shop.test", "sales@shop.test")
    (envelope,) = support.wait(1)
    assert envelope.text == "Wo ist mein Päckchen?"
    assert (envelope.subject, envelope.sender_name) == ("Größe 42", "Ana Müller")
    (file,) = envelope.files
    assert (file.name, file.content) == ("Rechnung Köln.pdf", b"%PDF-\x00\xff")
    assert support.poll() == ()
    assert [copy.id for copy in sales.wait(1)] == [envelope.id]


def test_a_reply_arrives_and_its_answer_finds_the_thread(mail_lab: MailLab) -> None:
    ana, support = Reader(mail_lab.account("ana@client.test")), Reader(mail_lab.account())
    sent = CHANNEL.send(
        mail_lab.account(),
        _reply(
            "ana@client.test",
            subject="Größe 42",
            reply_to="<11@client.test>",
            thread_token="t0ken42",
            files=(File("document", "Größen.txt", "text/plain", "ä\n".encode()),),
        ),
    )
    assert sent.state is DeliveryState.SENT
    (arrived,) = ana.wait(1)
    assert (arrived.id, arrived.reply_to) == (sent.provider_id, "<11@client.test>")
    assert (arrived.subject, arrived.text) == ("Re: Größe 42", "Schöne Grüße.")
    assert arrived.files[0].name == "Größen.txt"
    assert arrived.automatic == "auto-reply"
    answer = _letter(12).replace(b"To: support@", b"To: support+t0ken42@")
    mail_lab.deliver(answer, "ana@client.test", "support+t0ken42@shop.test")
    assert support.wait(1)[0].thread_hints[0].key == "t0ken42"


def test_an_unknown_recipient_bounces_or_is_refused_at_once(mail_lab: MailLab) -> None:
    support = Reader(mail_lab.account())
    sent = CHANNEL.send(mail_lab.account(), _reply("nobody@gone.test", id="m-2"))
    assert sent.state is DeliveryState.SENT
    (report,) = support.wait(1)
    assert (report.kind, report.state) == (Kind.STATUS, DeliveryState.FAILED)
    assert report.subject_id == sent.provider_id
    assert report.error_code == "5.1.1"
    refused = CHANNEL.send(mail_lab.account(), _reply("nobody@client.test", id="m-3"))
    assert (refused.state, refused.retry_after) == (DeliveryState.FAILED, None)
    assert "does not exist" in refused.error


def test_a_restart_of_the_mailbox_loses_nothing(mail_lab: MailLab) -> None:
    support = Reader(mail_lab.account())
    mail_lab.deliver(_letter(20), "ana@client.test", "support@shop.test")
    support.wait(1)
    mail_lab.stop_mailboxes()
    mail_lab.deliver(_letter(21), "ana@client.test", "support@shop.test")
    with pytest.raises(OSError, match="can't be reached"):
        support.poll()
    mail_lab.start_mailboxes()
    mail_lab.retry_queued()
    assert [one.id for one in support.wait(2)] == ["<20@client.test>", "<21@client.test>"]
    assert support.poll() == ()


def test_renumbered_mailboxes_are_read_on_with_the_same_ids(mail_lab: MailLab) -> None:
    support = Reader(mail_lab.account())
    mail_lab.deliver(_letter(30), "ana@client.test", "support@shop.test")
    support.wait(1)
    before = support.cursor
    mail_lab.stop_mailboxes()
    for name in (mail_lab.folder / "boxes/support").glob("dovecot*"):
        name.unlink()
    mail_lab.start_mailboxes()
    again = {item.event.id for item in support.poll()}
    assert "<30@client.test>" in again
    assert support.cursor.split(":")[0] != before.split(":")[0]
    assert support.poll() == ()
