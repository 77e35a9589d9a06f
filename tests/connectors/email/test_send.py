"""What leaves: one mail, well formed, and the truth about whether the server took it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from connectors.base import Account
from connectors.channels.email.channel import EmailChannel
from connectors.channels.email.render import render
from desk.envelope import Address, DeliveryState, File, Outgoing, Receipt, Source
from tests.connectors.email.mails import CONFIG, account

ANA = Address("email", "ana@client.example")


def _outgoing(**changes: object) -> Outgoing:
    message = Outgoing(
        id="m-42",
        to=ANA,
        text="It ships **today**, see [tracking](https://shop.example/t?a=1&b=2).",
        sources=(Source("Shipping", "https://shop.example/help/shipping"),),
        reply_to="<m1@client.example>",
        references=("<m0@client.example>", "<m1@client.example>"),
        subject="Wo ist mein Päckchen?",
        greeting_name="Ana Ruiz",
        thread_token="Tok3n",
    )
    return Outgoing(**{**message.__dict__, **changes})


def _rendered(message: Outgoing, **config: str) -> EmailMessage:
    mail = render(message, {**CONFIG, **config}, datetime(2026, 11, 2, tzinfo=UTC))
    parsed = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_an_answer_stays_in_its_thread() -> None:
    mail = _rendered(_outgoing())
    assert mail["Subject"] == "Re: Wo ist mein Päckchen?"
    assert mail["In-Reply-To"] == "<m1@client.example>"
    assert mail["References"].split() == ["<m0@client.example>", "<m1@client.example>"]
    assert mail["Message-ID"] == "<onethread.m-42@shop.example>"
    assert mail["Reply-To"].addresses[0].addr_spec == "support+Tok3n@shop.example"
    assert mail["From"].addresses[0].addr_spec == "support@shop.example"


def test_a_subject_that_already_is_a_reply_gets_no_second_mark() -> None:
    assert _rendered(_outgoing(subject="AW: Paket"))["Subject"] == "AW: Paket"


def test_very_long_message_ids_are_not_torn_apart() -> None:
    long = f"<{'x' * 150}@client.example>"
    raw = render(_outgoing(reply_to=long, references=(long,)), CONFIG, datetime.now(UTC)).as_bytes()
    assert f"In-Reply-To: {long}\r\n".encode() in raw
    assert f"References: {long}\r\n".encode() in raw


def test_the_plain_and_the_html_version_say_the_same() -> None:
    mail = _rendered(_outgoing(choices=("Cancel it",)))
    assert _body(mail, "plain").replace("\r\n", "\n") == (
        "Hello Ana Ruiz,\n\nIt ships today, see tracking (https://shop.example/t?a=1&b=2).\n\n"
        "- Cancel it\n\nSources:\n- Shipping: https://shop.example/help/shipping\n\n"
        "-- \nShop GmbH\nHauptstraße 1, Köln\n"
    )
    html = _body(mail, "html")
    assert "<strong>today</strong>" in html
    assert '<a href="https://shop.example/t?a=1&amp;b=2">tracking</a>' in html
    assert '<a href="https://shop.example/help/shipping">Shipping</a>' in html
    assert "Köln" in html


def test_markup_and_scripts_in_a_text_are_shown_not_run() -> None:
    html = _body(_rendered(_outgoing(text="<script>x</script> [a](javascript:alert(1))")), "html")
    assert "<script>" not in html
    assert 'href="javascript' not in html


def test_a_machines_mail_says_so_and_a_persons_does_not() -> None:
    assert _rendered(_outgoing())["Auto-Submitted"] == "auto-replied"
    assert _rendered(_outgoing(by_person=True))["Auto-Submitted"] is None


def test_who_greets_already_is_not_greeted_over() -> None:
    text = _body(_rendered(_outgoing(text="Hi Ana,\n\nit ships today.", by_person=True)), "plain")
    assert text.startswith("Hi Ana,")
    german = _body(_rendered(_outgoing(language="de-AT")), "plain")
    assert german.startswith("Hallo Ana Ruiz,")
    assert "Quellen:" in german


def test_attachments_keep_name_and_bytes() -> None:
    file = File("document", "Rechnung Müller.pdf", "application/pdf", b"%PDF-\x00\xff")
    (part,) = _rendered(_outgoing(files=(file,))).iter_attachments()
    assert part.get_filename() == "Rechnung Müller.pdf"
    assert part.get_content() == b"%PDF-\x00\xff"


def test_plus_addresses_can_be_switched_off() -> None:
    assert _rendered(_outgoing(), plus_addressing="off")["Reply-To"] is None


class _Handler:
    """A server that keeps what it takes and refuses as told."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.rcpt = self.data = "250 2.0.0 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # type: ignore[no-untyped-def]
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server, _session, envelope):  # type: ignore[no-untyped-def]
        if self.data.startswith("250"):
            self.taken.append(envelope.original_content)
        return self.data


@pytest.fixture
def server() -> Iterator[tuple[_Handler, Account]]:
    handler = _Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield handler, _account_at(controller.port)
    controller.stop()


def _account_at(port: int, **config: str) -> Account:
    config = {"smtp_host": "127.0.0.1", "smtp_port": str(port), "smtp_security": "none", **config}
    return account(**config)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_what_the_server_takes_is_sent(server: tuple[_Handler, Account]) -> None:
    handler, inbox = server
    receipt = EmailChannel().send(inbox, _outgoing(text=".\n.. dots at line starts\n."))
    assert receipt == Receipt(DeliveryState.SENT, provider_id="<onethread.m-42@shop.example>")
    assert ".. dots at line starts" in _body(_parsed(handler.taken[0]), "plain")


def _parsed(raw: bytes) -> EmailMessage:
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_busy_server_is_tried_again(server: tuple[_Handler, Account]) -> None:
    handler, inbox = server
    for handler.rcpt, handler.data in (("450 4.2.0 Greylisted", ""), ("250 OK", "451 4.3.0 Busy")):
        receipt = EmailChannel().send(inbox, _outgoing())
        assert receipt.retry_after
    assert handler.taken == []


def test_a_refusal_is_final_and_said_in_words(server: tuple[_Handler, Account]) -> None:
    handler, inbox = server
    handler.rcpt = "550 5.1.1 No such user"
    receipt = EmailChannel().send(inbox, _outgoing())
    assert (receipt.state, receipt.error_code) == (DeliveryState.FAILED, "5.1.1")
    assert receipt.retry_after is None
    assert receipt.error == "The recipient's address does not exist. (550 5.1.1 No such user)"


def test_an_unreachable_server_surely_has_nothing() -> None:
    receipt = EmailChannel().send(_account_at(_free_port()), _outgoing())
    assert receipt.retry_after
    assert "can't be reached" in receipt.error


@contextmanager
def _vanishing_server(last_line: bytes) -> Iterator[int]:
    """Speaks SMTP until it has read `last_line`, then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with suppress(OSError), listener.accept()[0] as connection:
            lines = connection.makefile("rb")
            connection.sendall(b"220 hello\r\n")
            in_data = False
            for line in lines:
                if line.strip() == last_line:
                    return
                if not in_data:
                    in_data = line.strip() == b"DATA"
                    connection.sendall(b"354 go\r\n" if in_data else b"250 ok\r\n")

    thread = threading.Thread(target=talk)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()
    thread.join()


def test_a_connection_lost_after_the_mail_was_handed_over_is_unknown() -> None:
    with _vanishing_server(b".") as port:
        receipt = EmailChannel().send(_account_at(port), _outgoing())
    assert receipt.state is DeliveryState.UNKNOWN
    assert receipt.provider_id == "<onethread.m-42@shop.example>"
    assert receipt.retry_after is None


def test_a_connection_lost_before_that_is_tried_again() -> None:
    with _vanishing_server(b"DATA") as port:
        receipt = EmailChannel().send(_account_at(port), _outgoing())
    assert receipt.retry_after


def test_an_address_that_is_none_fails_before_any_connection() -> None:
    for address in (
        "",
        "ana",
        "ana@b@c",
        "a\r\nRCPT TO:<x@y.example>@client.example",
        "a b@c.example",
    ):
        receipt = EmailChannel().send(_account_at(1), _outgoing(to=Address("email", address)))
        assert (receipt.state, receipt.error_code) == (DeliveryState.FAILED, "invalid")


def test_the_self_test_says_what_is_wrong() -> None:
    def only_right(_server, _session, _envelope, _mechanism, data):  # type: ignore[no-untyped-def]
        right = isinstance(data, LoginPassword) and data.password == b"right"
        return AuthResult(success=right, handled=False)

    controller = Controller(
        _Handler(), hostname="127.0.0.1", port=_free_port(), authenticator=only_right,
        auth_require_tls=False,
    )  # fmt: skip
    controller.start()
    try:
        inbox = _account_at(controller.port, username="support")
        right = Account("i", inbox.config, {"password": "right"})
        wrong = Account("i", inbox.config, {"password": "wrong"})
        good = {check.name: check for check in EmailChannel().check(right)}
        bad = {check.name: check for check in EmailChannel().check(wrong)}
    finally:
        controller.stop()
    assert good["Sending mail"].ok
    assert good["Reply address"].ok
    assert not bad["Sending mail"].ok
    assert "user name or password" in bad["Sending mail"].message
    offline = EmailChannel().check(_account_at(_free_port(), imap_host="127.0.0.1", imap_port="1"))
    assert [check.ok for check in offline] == [False, False, True]
    assert all("Check server" in check.message for check in offline[:2])


def test_a_first_mail_is_no_reply_and_says_so() -> None:
    first = _rendered(_outgoing(reply_to="", references=()))
    assert first["Subject"] == "Wo ist mein Päckchen?"
    assert first["In-Reply-To"] is None
