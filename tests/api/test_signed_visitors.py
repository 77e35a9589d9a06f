"""A visitor whom the website signed in is a known customer, exactly as long as that holds."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from agent.gather import claim_turn
from agent.turn import Turn
from core.clock import now
from core.db import reading, transaction
from core.settings import Settings
from delivery import inbound, receive
from desk import conversations, identities, inboxes, merges
from desk.conversations import Conversation
from desk.customers import Customer, Merge
from desk.envelope import Address, Strength
from desk.identities import Identity
from desk.messages import Author, Direction, Message
from desk.visitor_proofs import VisitorProof

SECRET = "a secret of at least thirty-two characters"
HISTORY = "My order 4711 goes to Hafen 3."


@dataclass
class Widget:
    """One browser's chat, as the widget speaks to the API."""

    client: TestClient
    inbox_id: str
    token: str = ""

    def begins(self, signed_as: str = "", *, seconds: float = 600) -> bool:
        claims = {"sub": signed_as, "exp": time.time() + seconds}
        identity = jwt.encode(claims, SECRET, "HS256") if signed_as else ""
        asked = {"visitor_token": self.token, "identity_jwt": identity}
        answer = self.client.post(f"/chat/{self.inbox_id}/session", json=asked)
        if answer.status_code == 200:
            self.token = answer.json()["visitor_token"]
        return answer.status_code == 200

    def writes(self, text: str) -> Turn:
        """The message, and the turn that the assistant gets for it."""
        self.client.post(
            f"/chat/{self.inbox_id}/messages",
            json={"client_id": str(uuid4()), "text": text, "signed_as": "C-1"},
            headers={"Authorization": f"Bearer {self.token}"},
        ).raise_for_status()
        return _turn_for(text)

    @property
    def visitor(self) -> str:
        return self.token.partition(".")[0]


def _turn_for(text: str) -> Turn:
    with reading() as session:
        waiting = session.scalars(select(inbound.Event.id).where(inbound.Event.done_at.is_(None)))
        event_ids = waiting.all()
    for event_id in event_ids:
        receive.receive(event_id)
    with transaction() as session:
        session.execute(update(Conversation).values(turn_due_at=now()))
        session.flush()
        message = session.scalars(select(Message).where(Message.text == text)).one()
        turn = claim_turn(session, message.conversation_id)
    assert turn is not None
    return turn


def _told(turn: Turn) -> list[str]:
    """Everything the assistant is told that somebody said."""
    return [said.text for said in (*turn.history, *turn.said)]


@pytest.fixture
def inbox_id(installation: Settings) -> str:
    """A website chat, and two customers of the shop; Ada has a conversation behind her."""
    with transaction() as session:
        inbox = inboxes.open_inbox(session, "web", "Chat", secrets={"identity_secret": SECRET})
        for name, number in (("Ada Writer", "C-1"), ("Bo Reader", "C-2")):
            customer = Customer(name=name, merchant_id=number)
            session.add(customer)
            session.flush()
            address = Address("external", number, Strength.SIGNED, "the shop")
            identities.assign(session, customer, address)
            if number == "C-1":
                earlier = conversations.open_for(session, customer.id)
                session.add(
                    Message(
                        conversation_id=earlier.id,
                        direction=Direction.IN,
                        author=Author.CUSTOMER,
                        at=now(),
                        text=HISTORY,
                        proof=Strength.VERIFIED,
                    )
                )
                conversations.resolve(session, earlier, by="lea")
        return inbox.id


@pytest.fixture
def browser(inbox_id: str, app: FastAPI) -> Callable[[], Widget]:
    return lambda: Widget(TestClient(app, base_url="http://desk.example"), inbox_id)


def test_a_signed_visitor_is_known_by_name_and_history(browser: Callable[[], Widget]) -> None:
    widget = browser()
    widget.begins("C-1")
    turn = widget.writes("Where is it?")

    assert (turn.proof, turn.customer_name) == (Strength.SIGNED, "Ada Writer")
    assert HISTORY in _told(turn)


def test_an_anonymous_visitor_is_told_nothing_of_anybody(browser: Callable[[], Widget]) -> None:
    widget = browser()
    widget.begins()
    turn = widget.writes("Where is it?")

    assert (turn.proof, turn.customer_name) == (Strength.OBSERVED, "")
    assert HISTORY not in _told(turn)


def test_once_the_proof_has_run_out_nothing_private_is_said(
    browser: Callable[[], Widget],
) -> None:
    widget = browser()
    widget.begins("C-1")
    assert HISTORY in _told(widget.writes("First"))
    with transaction() as session:
        session.execute(update(VisitorProof).values(expires_at=now() - timedelta(seconds=1)))
    turn = widget.writes("Second")

    assert (turn.proof, turn.customer_name) == (Strength.OBSERVED, "")
    assert _told(turn) == ["First", "Second"]


def test_a_session_without_signature_ends_the_proof(browser: Callable[[], Widget]) -> None:
    widget = browser()
    widget.begins("C-1")
    widget.begins()
    assert widget.writes("Who am I?").proof == Strength.OBSERVED


def test_one_unproven_message_in_a_turn_decides(browser: Callable[[], Widget]) -> None:
    widget = browser()
    widget.begins()
    widget.writes("Anybody could have typed this")
    widget.begins("C-1")
    turn = widget.writes("This was me")

    assert turn.proof == Strength.OBSERVED
    assert HISTORY not in _told(turn)


def test_somebody_else_who_signs_in_at_the_same_browser_is_another_visitor(
    browser: Callable[[], Widget],
) -> None:
    widget = browser()
    widget.begins("C-1")
    before = widget.visitor
    widget.writes("I am Ada")
    widget.begins("C-2")
    turn = widget.writes("I am Bo")

    assert widget.visitor != before
    assert turn.customer_name == "Bo Reader"
    assert _told(turn) == ["I am Bo"]


def test_nobody_gets_a_history_after_a_merge_was_undone(browser: Callable[[], Widget]) -> None:
    widget = browser()
    widget.begins()
    widget.writes("Hello")
    widget.begins("C-1")
    with transaction() as session:
        merge = session.scalars(select(Merge)).one()
        merges.undo(session, merge.id, by="lea", why="a shared computer")
    turn = widget.writes("Me again")

    assert turn.proof == Strength.OBSERVED
    assert turn.customer_name == ""


@pytest.mark.parametrize("seconds", [-3600, 3 * 86_400])
def test_a_token_that_is_old_or_too_long_lived_binds_nothing(
    browser: Callable[[], Widget], seconds: float
) -> None:
    assert not browser().begins("C-1", seconds=seconds)
    with reading() as session:
        assert session.scalars(select(VisitorProof)).all() == []


def test_what_was_said_on_another_channel_stays_there_once_the_proof_is_gone(
    browser: Callable[[], Widget],
) -> None:
    with transaction() as session:
        ada = session.scalars(select(Customer).where(Customer.merchant_id == "C-1")).one()
        phone = inboxes.open_inbox(session, "whatsapp", "WhatsApp")
        address = Address("phone", "+4915112345678", Strength.SIGNED, "the shop")
        identity: Identity = identities.assign(session, ada, address)
        conversation = conversations.open_for(session, ada.id)
        thread = conversations.open_thread(session, conversation, phone.id, identity.id, "")
        session.add(
            Message(
                conversation_id=conversation.id,
                thread_id=thread.id,
                inbox_id=phone.id,
                direction=Direction.IN,
                author=Author.CUSTOMER,
                at=now() - timedelta(minutes=5),
                text="My PIN is 4711",
                proof=Strength.VERIFIED,
            )
        )
    widget = browser()
    widget.begins("C-1")
    assert "My PIN is 4711" in _told(widget.writes("Continued here"))

    widget.begins()
    assert "My PIN is 4711" not in _told(widget.writes("What is my PIN?"))
