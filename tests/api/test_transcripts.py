"""A visitor gets their own chat by email: once, at most a few times, and nobody learns more."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select, update

from api.chat.pace import chats_begun
from connectors.simulator.smtp_sink import SmtpSink
from core.clock import now
from core.db import reading, transaction
from core.say import say
from delivery import transcripts
from delivery.transcripts import A_VISITOR_AN_HOUR, AN_ADDRESS_A_DAY, Transcript
from desk import inboxes
from desk.envelope import DeliveryState
from desk.messages import Message
from tests.api.conftest import Desk
from tests.api.test_visitor_facts import Widget


@pytest.fixture
def sink(tmp_path: Path, desk: Desk) -> Iterator[SmtpSink]:
    """The company's way out for mail."""
    with SmtpSink(tmp_path / "sent") as sink:
        config = {
            "address": "support@shop.example",
            "smtp_host": sink.host,
            "smtp_port": str(sink.port),
            "smtp_security": "none",
        }
        with transaction() as session:
            inboxes.open_inbox(session, "email", "Support", config=config)
        yield sink


@pytest.fixture
def widget(app: FastAPI, desk: Desk) -> Widget:
    app.state.chats_begun = chats_begun()
    return another_visitor(Widget(TestClient(app, base_url="http://desk.example"), desk.inbox_id))


def another_visitor(widget: Widget, says: str = "My lamp flickers") -> Widget:
    other = Widget(widget.client, widget.inbox_id)
    other.begins()
    other.writes(says)
    return other


def asks(widget: Widget, email: str = "ines@mail.example") -> Response:
    answer = widget.asks("transcript", {"email": email})
    send_all()
    return answer


def send_all() -> None:
    with reading() as session:
        rows = session.scalars(select(Transcript.id)).all()
    for row in rows:
        transcripts.send(row)


def states() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Transcript.state).order_by(Transcript.id)))


def test_the_visitor_gets_their_own_chat_and_nobody_elses(widget: Widget, sink: SmtpSink) -> None:
    another_visitor(widget, "A stranger's secret")
    assert asks(widget).status_code == 202

    (mail,) = sink.mails
    assert mail.recipients == ("ines@mail.example",)
    body = mail.message.get_body(("plain",))
    assert body is not None
    assert "My lamp flickers" in body.get_content()
    assert "secret" not in body.get_content()
    with reading() as session:
        notes = session.scalars(select(Message.text).where(Message.kind == "activity")).all()
    assert notes == ["The visitor got this chat by email."]


def test_an_address_that_is_refused_gets_the_same_answer_and_people_are_told(
    widget: Widget, sink: SmtpSink
) -> None:
    sink.refuse["nobody@mail.example"] = "550 no such user"
    good, bad = asks(widget), asks(widget, "nobody@mail.example")

    assert (good.status_code, good.json()) == (bad.status_code, bad.json())
    assert states() == [DeliveryState.SENT, DeliveryState.FAILED]
    with reading() as session:
        notes = session.scalars(select(Message.text).where(Message.kind == "activity")).all()
    assert any("could not be sent" in note for note in notes)


def test_without_an_email_inbox_nothing_goes_anywhere_and_it_is_not_offered(
    widget: Widget,
) -> None:
    assert asks(widget).status_code == 404
    assert states() == []
    settings = widget.client.get(f"/chat/{widget.inbox_id}/settings").json()
    assert settings["transcript"] is False


def test_it_is_offered_where_there_is_one(widget: Widget, sink: SmtpSink) -> None:
    settings = widget.client.get(f"/chat/{widget.inbox_id}/settings").json()
    assert settings["transcript"] is True


def test_a_visitor_who_asks_too_often_is_told_to_wait(widget: Widget, sink: SmtpSink) -> None:
    for number in range(A_VISITOR_AN_HOUR):
        assert asks(widget, f"ines{number}@mail.example").status_code == 202

    assert asks(widget).status_code == 429
    assert len(sink.mails) == A_VISITOR_AN_HOUR
    with transaction() as session:
        session.execute(update(Transcript).values(created_at=now() - timedelta(hours=2)))
    assert asks(widget).status_code == 202


def test_an_address_gets_only_a_few_a_day_whoever_asks_and_the_answer_is_the_same(
    widget: Widget, sink: SmtpSink
) -> None:
    for _ in range(AN_ADDRESS_A_DAY + 2):
        assert asks(another_visitor(widget), "Ines@mail.example").status_code == 202

    assert len(sink.mails) == AN_ADDRESS_A_DAY


def test_who_has_written_nothing_has_nothing_to_get(widget: Widget, sink: SmtpSink) -> None:
    silent = Widget(widget.client, widget.inbox_id)
    silent.begins()

    assert asks(silent).status_code == 404


@pytest.mark.parametrize(
    "address", ["", "ines", "a@b", "a b@mail.example", "a@mail.example\nBcc: x@y.example"]
)
def test_what_is_no_address_is_refused(widget: Widget, sink: SmtpSink, address: str) -> None:
    assert asks(widget, address).status_code == 422
    assert states() == []


def test_a_crash_while_sending_leaves_it_unknown_and_it_is_never_sent_again(
    widget: Widget, sink: SmtpSink
) -> None:
    widget.asks("transcript", {"email": "ines@mail.example"}).raise_for_status()
    with transaction() as session:
        session.execute(
            update(Transcript).values(
                state=DeliveryState.SENDING, claimed_until=now() - timedelta(seconds=1)
            )
        )
    with transaction() as session:
        transcripts.recover(session)
    send_all()

    assert states() == [DeliveryState.UNKNOWN]
    assert sink.mails == []


def test_a_server_that_is_busy_is_asked_again_later(widget: Widget, sink: SmtpSink) -> None:
    sink.refuse["ines@mail.example"] = "451 try again"
    asks(widget)
    assert states() == [DeliveryState.PENDING]
    sink.refuse.clear()
    with transaction() as session:
        session.execute(update(Transcript).values(send_after=now() - timedelta(seconds=1)))
    with reading() as session:
        assert len(transcripts.due(session)) == 1
    send_all()

    assert states() == [DeliveryState.SENT]
    assert len(sink.mails) == 1


def test_who_asked_for_it_is_forgotten_after_a_month(widget: Widget, sink: SmtpSink) -> None:
    asks(widget)
    with transaction() as session:
        assert transcripts.forget(session) == 0
        session.execute(update(Transcript).values(created_at=now() - 2 * transcripts.KEPT))
        assert transcripts.forget(session) == 1
    assert states() == []


@pytest.mark.parametrize(
    ("language", "subject", "own"),
    [
        ("de", "Ihr Chat mit", "Sie"),
        ("pt-BR", "A sua conversa com", "Você"),
        ("ar", "محادثتك مع", "أنت"),
        ("tlh", "Your chat with", "You"),
        ("", "Your chat with", "You"),
    ],
)
def test_the_mail_speaks_the_language_of_the_chat(
    widget: Widget, sink: SmtpSink, language: str, subject: str, own: str
) -> None:
    widget.asks("transcript", {"email": "ines@mail.example", "language": language})
    send_all()
    (mail,) = sink.mails
    body = mail.message.get_body(("plain",))
    assert body is not None
    assert str(mail.message["subject"]).startswith(subject)
    assert own in body.get_content()


def test_every_language_of_the_chat_has_its_words() -> None:
    english = say("transcript_opening", "en", name="Mila")
    for file in Path("web/widget/strings").glob("*.json"):
        opening = say("transcript_opening", file.stem, name="Mila")
        assert "Mila" in opening
        assert file.stem == "en" or opening != english
