"""The API inbox as docs/api-inbox.md tells it: its example, the real endpoint, the real outbox."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from api.app import create_app
from core import standard_webhooks
from core.clock import now
from core.db import reading, transaction
from core.installation import installation as at
from core.settings import Settings
from delivery import inbound, outbox, receive
from desk import conversations, inboxes, messages
from desk.conversations import Conversation
from desk.envelope import DeliveryState
from desk.inboxes import Inbox
from desk.messages import Author, Message
from tests.lab.receiver import Receiver

DOCS = Path(__file__).parents[2] / "docs" / "api-inbox.md"
SECRET = standard_webhooks.new_secret()


@dataclass
class Ours:
    inbox: Inbox
    receiver: Receiver
    tell: Callable[[dict[str, Any]], None]
    take: Callable[..., Any]

    def receives(self, event: dict[str, Any]) -> None:
        self.tell(event)
        with reading() as session:
            open_ones = select(inbound.Event.id).where(inbound.Event.done_at.is_(None))
            waiting = session.scalars(open_ones.order_by(inbound.Event.created_at)).all()
        for event_id in waiting:
            receive.receive(event_id)

    def answers(self, text: str) -> Message:
        with transaction() as session:
            conversation = session.scalars(select(Conversation)).one()
            locked = conversations.lock(session, conversation.id)
            thread = messages.thread_to_answer(session, conversation.id)
            assert thread is not None
            message = messages.write(session, locked, thread, text, author=Author.ASSISTANT)
        outbox.send(message.id)
        return self.again(message)

    def again(self, message: Message) -> Message:
        with reading() as session:
            return session.get_one(Message, message.id)

    def time_passes(self) -> None:
        with transaction() as session:
            session.execute(update(Message).values(send_after=now()))


def _examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(), re.DOTALL)


@pytest.fixture
def ours(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ours]:
    allowed = installation.model_copy(update={"allow_private_targets": True})
    with at(allowed), Receiver() as receiver, TestClient(create_app()) as service:
        with transaction() as session:
            inbox = inboxes.open_inbox(
                session,
                "api",
                "Our app",
                config={"callback_url": receiver.url},
                secrets={"signing_secret": SECRET},
            )
        example: dict[str, Any] = {}
        exec(_examples("python")[0], example)

        def wire(address: str, *, timeout: float, **request: Any) -> Any:
            return service.post(address, **request)

        monkeypatch.setattr(httpx, "post", wire)

        def tell(event: dict[str, Any]) -> None:
            example["tell"](f"/webhooks/{inbox.id}", SECRET, event)

        yield Ours(inbox, receiver, tell, example["take"])


def test_the_example_of_the_docs_writes_and_reads_the_answer(ours: Ours) -> None:
    message = json.loads(_examples("json")[0])
    ours.receives(message)
    ours.receives(message)
    sent = ours.answers("It is on its way.")
    (taken,) = ours.receiver.taken
    reply = ours.take(SECRET, taken.body, taken.headers)
    assert (reply["to"]["value"], reply["text"]) == ("C-42", "It is on its way.")
    assert sent.state == DeliveryState.SENT
    with reading() as session:
        assert len(session.scalars(select(Message).where(Message.direction == "in")).all()) == 1

    status = {"type": "status", "id": "s1", "message": sent.id, "state": "read"}
    ours.receives(status)
    assert ours.again(sent).state == DeliveryState.READ


def test_a_wrong_secret_is_refused(ours: Ours) -> None:
    with transaction() as session:
        inbox = inboxes.find(session, ours.inbox.id)
        inbox.keep_secrets({"signing_secret": standard_webhooks.new_secret()})
    with pytest.raises(Exception, match="403"):
        ours.tell(json.loads(_examples("json")[0]))


def test_an_edit_that_overtakes_its_message_finds_it(ours: Ours) -> None:
    message = json.loads(_examples("json")[0])
    edit = {"type": "edit", "id": "e", "message": message["id"], "text": "Where is it now?"}
    ours.receives(edit)
    ours.receives(message)
    ours.receives({**edit, "id": "e-again"})
    with reading() as session:
        assert session.scalars(select(Message.text)).all() == ["Where is it now?"]


def test_a_receiver_that_is_down_gets_it_later_and_once(ours: Ours) -> None:
    ours.receives(json.loads(_examples("json")[0]))
    ours.receiver.answers.extend([None, (503, "")])
    sent = ours.answers("On its way.")
    assert sent.state == DeliveryState.PENDING
    for _ in range(2):
        ours.time_passes()
        outbox.send(sent.id)
    assert ours.again(sent).state == DeliveryState.SENT
    assert {one.headers["webhook-id"] for one in ours.receiver.taken} == {sent.id}


def test_after_a_day_of_trying_a_person_is_told(ours: Ours) -> None:
    ours.receives(json.loads(_examples("json")[0]))
    ours.receiver.answers.extend([(503, "")] * outbox.PATIENT_TRIES)
    sent = ours.answers("On its way.")
    waited = 0.0
    while ours.again(sent).state == DeliveryState.PENDING:
        due = ours.again(sent).send_after
        assert due is not None
        waited += (due - now()).total_seconds()
        ours.time_passes()
        outbox.send(sent.id)
    assert ours.again(sent).state == DeliveryState.FAILED
    assert 20 < waited / 3600 < 28
