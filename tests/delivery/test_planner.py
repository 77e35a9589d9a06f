"""A window closes: a template, another channel the customer agreed to, or a person."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core.clock import now
from core.db import reading, transaction
from delivery import outbox
from delivery import templates as fetching
from desk import conversations, inboxes, merges, messages, replies, teams, templates
from desk.conversations import Conversation, Thread
from desk.envelope import DeliveryState, Strength
from desk.identities import Identity
from desk.messages import Author, Message
from desk.templates import MessageTemplate
from tests.delivery.conftest import Desk

ADA = "+4915112345678"
LATE: dict[str, Any] = {
    "id": "501",
    "name": "late_answer",
    "language": "en",
    "status": "APPROVED",
    "category": "UTILITY",
    "quality_score": {"score": "GREEN"},
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "About {{1}}"},
        {
            "type": "BODY",
            "text": "Hello {{1}}, here is our answer: {{2}}",
            "example": {"body_text": [["Ada", "It left today."]]},
        },
        {"type": "FOOTER", "text": "Demo shop"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Thanks"},
                {"type": "URL", "text": "Track", "url": "https://shop.example/t/{{1}}"},
            ],
        },
    ],
}
PLAIN: dict[str, Any] = {
    "id": "502",
    "name": "we_are_back",
    "language": "en",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Hello {{1}}, our answer: {{2}}"}],
}


def _window_closes(desk: Desk) -> None:
    desk.meta.closed.add(ADA.removeprefix("+"))
    with transaction() as session:
        session.execute(
            update(Thread)
            .where(Thread.inbox_id == desk.whatsapp.id)
            .values(customer_wrote_at=now() - timedelta(hours=25))
        )


def _synced(desk: Desk, *offered: dict[str, Any]) -> None:
    desk.meta.templates[:] = list(offered)
    with transaction() as session:
        inbox = inboxes.find(session, desk.whatsapp.id)
        inbox.config = {**inbox.config, "business_account_id": desk.meta.business_account_id}
    fetching.sync(desk.whatsapp.id)


def _template(name: str) -> MessageTemplate:
    with reading() as session:
        return session.scalars(select(MessageTemplate).where(MessageTemplate.name == name)).one()


def _for_late_answers(name: str) -> None:
    with transaction() as session:
        row = session.get_one(MessageTemplate, _template(name).id)
        row.for_late_answers = True
        row.fills = {"body:0:1": "name", "body:0:2": "text"}


def _mail_too(desk: Desk, strength: Strength = Strength.VERIFIED) -> None:
    """Ada's mail address is on record, and she has written from it."""
    desk.writes_mail("ada@example.org", "Hello", "It's me")
    with transaction() as session:
        phone = session.scalars(select(Identity).where(Identity.kind == "phone")).one()
        mail = session.scalars(select(Identity).where(Identity.kind == "email")).one()
        merges.merge(
            session,
            mail.customer_id,
            phone.customer_id,
            source="test",
            strength=Strength.SIGNED,
            by="test",
        )
        mail.strength = strength


def _first() -> Conversation:
    with reading() as session:
        return session.scalars(
            select(Conversation).order_by(Conversation.created_at).limit(1)
        ).one()


def test_a_late_answer_goes_as_a_template_with_its_gaps_filled(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    _synced(desk, PLAIN)
    _for_late_answers("we_are_back")
    _window_closes(desk)
    answer = desk.answers(_first(), "It left\ntoday.")

    assert answer.state == DeliveryState.SENT
    [sent] = desk.meta.sent
    [body] = sent.payload["template"]["components"]
    assert [one["text"] for one in body["parameters"]] == ["Ada Writer", "It left today."]
    assert answer.text == "Hello Ada Writer, our answer: It left today."
    assert answer.details["meant"] == "It left\ntoday."


@pytest.mark.parametrize("spoiled", ["paused", "marketing", "other language", "nobody allowed it"])
def test_only_a_fitting_template_carries_a_late_answer(desk: Desk, spoiled: str) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    changes = {
        "paused": {"status": "PAUSED"},
        "marketing": {"category": "MARKETING"},
        "other language": {"language": "pl"},
    }
    _synced(desk, {**PLAIN, **changes.get(spoiled, {})})
    if spoiled != "nobody allowed it":
        _for_late_answers("we_are_back")
    _window_closes(desk)
    answer = desk.answers(_first(), "It left today.")

    assert answer.state == DeliveryState.FAILED
    assert "approved template" in answer.error
    assert desk.meta.sent == []


def test_without_a_template_a_late_answer_goes_by_mail_where_the_customer_wrote(
    desk: Desk,
) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    _mail_too(desk)
    _window_closes(desk)
    conversation = _first()
    answer = _answer(conversation, "It left today.")
    outbox.send(answer.id)
    outbox.send(answer.id)

    moved = desk.message(answer.id)
    assert (moved.inbox_id, moved.state) == (desk.email.id, DeliveryState.SENT)
    assert desk.meta.sent == []
    assert any("Sent over Support instead" in text for text in desk.texts(conversation))


def test_a_late_answer_never_moves_to_an_address_that_proves_less(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    _mail_too(desk, Strength.OBSERVED)
    _window_closes(desk)
    answer = _answer(_first(), "It left today.")
    outbox.send(answer.id)

    kept = desk.message(answer.id)
    assert (kept.inbox_id, kept.state) == (desk.whatsapp.id, DeliveryState.FAILED)


def test_what_a_person_wrote_is_never_moved_by_itself(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    _mail_too(desk)
    _window_closes(desk)
    message = _answer(_first(), "It left today.", Author.TEAMMATE)
    outbox.send(message.id)

    kept = desk.message(message.id)
    assert (kept.inbox_id, kept.state) == (desk.whatsapp.id, DeliveryState.FAILED)
    assert "another channel" in kept.error


def test_a_teammate_sends_a_template_with_header_body_and_button(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    _synced(desk, LATE)
    _window_closes(desk)
    row = _template("late_answer")
    assert [gap.key for gap in row.all_gaps] == ["header:0:1", "body:0:1", "body:0:2", "button:1:1"]
    assert row.all_gaps[1].example == "Ada"
    values = {
        "header:0:1": "your order",
        "body:0:1": "Ada",
        "body:0:2": "soon",
        "button:1:1": "4711",
    }
    with transaction() as session:
        lea = teams.add_teammate(session, "lea@shop.example", "Lea", "a long password")
        conversation = conversations.lock(session, _first().id)
        message = replies.send_template(session, conversation, lea.id, row.id, values)
    outbox.send(message.id)

    assert desk.message(message.id).state == DeliveryState.SENT
    [sent] = desk.meta.sent
    assert sent.payload["template"]["components"][-1] == {
        "type": "button",
        "sub_type": "url",
        "index": "1",
        "parameters": [{"type": "text", "text": "4711"}],
    }
    assert "Hello Ada, here is our answer: soon" in desk.message(message.id).text


def test_a_template_withdrawn_meanwhile_is_not_sent(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "Where is my order?")
    _synced(desk, PLAIN)
    with transaction() as session:
        lea = teams.add_teammate(session, "lea@shop.example", "Lea", "a long password")
        conversation = conversations.lock(session, _first().id)
        values = {"body:0:1": "Ada", "body:0:2": "soon"}
        row = _template("we_are_back")
        message = replies.send_template(session, conversation, lea.id, row.id, values)
    _hears(desk, "message_template_status_update", event="PAUSED", message_template_id="502")
    outbox.send(message.id)

    assert desk.message(message.id).error_code == "template_not_approved"
    assert "paused" in desk.message(message.id).error
    assert desk.meta.sent == []


def test_news_of_a_template_changes_it(desk: Desk) -> None:
    _synced(desk, PLAIN)
    _hears(
        desk, "message_template_quality_update", new_quality_score="RED", message_template_id=502
    )
    _hears(desk, "template_category_update", new_category="MARKETING", message_template_id=502)
    _hears(
        desk,
        "message_template_status_update",
        event="REJECTED",
        reason="ABUSIVE_CONTENT",
        message_template_id=502,
    )
    row = _template("we_are_back")
    assert (row.quality, row.category) == ("red", "marketing")
    assert (row.state, row.reason) == ("rejected", "ABUSIVE_CONTENT")


def test_a_template_the_provider_no_longer_has_is_not_offered(desk: Desk) -> None:
    _synced(desk, PLAIN, LATE)
    _synced(desk, LATE)
    with reading() as session:
        assert [one.name for one in templates.of_inbox(session, desk.whatsapp.id)] == [
            "late_answer"
        ]


def test_more_templates_than_fit_a_page_are_all_fetched(desk: Desk) -> None:
    _synced(desk, *({**PLAIN, "id": str(n), "name": f"t{n}"} for n in range(250)))
    with reading() as session:
        assert len(templates.of_inbox(session, desk.whatsapp.id)) == 250


def _answer(conversation: Conversation, text: str, author: Author = Author.ASSISTANT) -> Message:
    with transaction() as session:
        locked = conversations.lock(session, conversation.id)
        thread = session.scalars(
            select(Thread)
            .where(Thread.conversation_id == conversation.id)
            .order_by(Thread.created_at)
            .limit(1)
        ).one()
        return messages.write(session, locked, thread, text, author=author)


def _hears(desk: Desk, field: str, **value: object) -> None:
    desk.posts(desk.phone(ADA).report(field, value))
    desk.receive_all()
