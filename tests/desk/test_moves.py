"""Splitting and merging by hand, and taking both back exactly."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditEntry
from core.clock import now
from core.db import reading, transaction
from core.errors import Conflict, NotFound
from core.settings import Settings
from desk import conversations, inboxes, listing, messages, moves, recognition, teams
from desk.conversations import Conversation, Status, Thread, ThreadKey
from desk.envelope import Address, DeliveryState
from desk.listing import Filters
from desk.messages import Author, Direction, Message
from desk.teams import Role

pytestmark = pytest.mark.usefixtures("installation")


def _teammate(session: Session) -> str:
    return teams.add_teammate(session, "lea@shop.example", "Lea", "a long password", Role.ADMIN).id


def _conversation(
    session: Session, texts: list[str], address: str = "ana@client.example"
) -> Conversation:
    inbox = inboxes.of_kind(session, "email") or [inboxes.open_inbox(session, "email", "Support")]
    identity = recognition.recognise(session, [Address("email", address)], "Ana")
    conversation = conversations.open_for(session, identity.customer_id, texts[0])
    thread = conversations.open_thread(session, conversation, inbox[0].id, identity.id, texts[0])
    for number, text in enumerate(texts):
        message = Message(
            conversation_id=conversation.id,
            thread_id=thread.id,
            inbox_id=inbox[0].id,
            identity_id=identity.id,
            direction=Direction.IN,
            author=Author.CUSTOMER,
            at=now() + timedelta(seconds=number - 100),
            text=text,
            subject=text,
            provider_id=f"<{conversation.id}-{number}@x>",
        )
        session.add(message)
        session.add(ThreadKey(inbox_id=inbox[0].id, key=message.provider_id, thread_id=thread.id))
    session.flush()
    return conversation


def _texts(conversation_id: str) -> list[str]:
    with reading() as session:
        return [m.text for m in messages.of_conversation(session, conversation_id)]


def _picture() -> list[object]:
    """All that a move may touch, but for the counters that only ever grow."""
    with reading() as session:
        rows = session.scalars(select(Message).order_by(Message.id))
        found: list[object] = [(m.id, m.conversation_id, m.thread_id, m.at, m.text) for m in rows]
        keys = session.scalars(select(ThreadKey).order_by(ThreadKey.id))
        found += [(k.key, k.thread_id) for k in keys]
        all_of_them = select(Conversation).order_by(Conversation.id)
        found += [
            (c.id, c.status, c.with_person, c.assignee_id, c.waiting_since)
            for c in session.scalars(all_of_them)
        ]
        return found


def test_from_a_message_on_goes_into_a_new_conversation_and_back_exactly() -> None:
    with transaction() as session:
        by = _teammate(session)
        first = _conversation(session, ["lamp", "table", "more on the table"])
        first.waiting_since = now()
    before = _picture()
    with transaction() as session:
        chosen = messages.of_conversation(session, first.id)[1]
        move = moves.split(session, first.id, chosen.id, following=True, by=by)
    assert _texts(first.id) == ["lamp"]
    assert _texts(move.target_id) == ["table", "more on the table"]
    with reading() as session:
        target = conversations.find(session, move.target_id)
        assert (target.assignee_id, target.with_person) == (by, True)
        assert target.waiting_since
        key = session.scalars(select(ThreadKey).where(ThreadKey.key == chosen.provider_id)).one()
        thread = session.get_one(conversations.Thread, key.thread_id)
        assert thread.conversation_id == target.id, "an answer to it comes here, too"
        assert [e.action for e in session.scalars(select(AuditEntry))] == ["conversation.split"]
    with transaction() as session:
        moves.undo(session, move.id, by=by)
    after = _picture()
    assert [row for row in after if row[0] != move.target_id] == before  # type: ignore[index]
    assert _texts(move.target_id) == []


def test_what_came_after_a_split_goes_back_with_it() -> None:
    with transaction() as session:
        by = _teammate(session)
        first = _conversation(session, ["lamp", "table"])
        chosen = messages.of_conversation(session, first.id)[1]
        move = moves.split(session, first.id, chosen.id, following=False, by=by)
        target = conversations.lock(session, move.target_id)
        thread = messages.thread_to_answer(session, target.id)
        assert thread
        answer = messages.write(session, target, thread, "It is oak.", author=Author.TEAMMATE)
        with pytest.raises(Conflict, match="being sent"):
            moves.undo(session, move.id, by=by)
        answer.state = "sent"
        messages.note(session, target, "nice", author_id=by, kind="message")
        moves.undo(session, move.id, by=by)
    assert _texts(first.id) == ["lamp", "table", "It is oak.", "nice"]


def test_two_conversations_become_one_and_two_again_exactly() -> None:
    with transaction() as session:
        by = _teammate(session)
        first = _conversation(session, ["lamp"])
        second = _conversation(session, ["lamp again"])
        conversations.take(session, second, by)
        second.waiting_since = now()
    before = _picture()
    with transaction() as session:
        move = moves.merge(session, second.id, first.id, by=by, why="one matter")
    assert _texts(first.id) == ["lamp", "lamp again"]
    with reading() as session:
        kept, gone = (conversations.find(session, c.id) for c in (first, second))
        assert (kept.with_person, kept.assignee_id) == (True, by)
        assert gone.status == Status.RESOLVED
    with transaction() as session:
        moves.undo(session, move.id, by=by)
    assert _picture() == before
    with transaction() as session, pytest.raises(NotFound):
        moves.undo(session, move.id, by=by)


def test_moves_upon_moves_are_undone_in_turn() -> None:
    with transaction() as session:
        by = _teammate(session)
        first = _conversation(session, ["lamp", "table"])
        second = _conversation(session, ["chair"])
        merged = moves.merge(session, second.id, first.id, by=by)
        chosen = messages.of_conversation(session, first.id)[2]
        part = moves.split(session, first.id, chosen.id, following=True, by=by)
        with pytest.raises(Conflict, match="Undo that first"):
            moves.undo(session, merged.id, by=by)
        moves.undo(session, part.id, by=by)
        moves.undo(session, merged.id, by=by)
    assert (_texts(first.id), _texts(second.id)) == (["lamp", "table"], ["chair"])


def test_who_waits_for_a_person_still_waits_after_a_split_and_a_merge() -> None:
    with transaction() as session:
        lea = _teammate(session)
        whole = _conversation(session, ["A lamp", "And a table"])
        whole.waiting_since = waited = now() - timedelta(seconds=50)
        _passed_on(session, whole)
        whole.waiting_since = waited
        table = messages.of_conversation(session, whole.id)[1]
        move = moves.split(session, whole.id, table.id, following=True, by=lea)
    assert _waits(move.source_id)
    assert _waits(move.target_id)

    with transaction() as session:
        moves.merge(session, move.target_id, move.source_id, by=lea)
    assert _waits(move.source_id) == waited
    assert _waits(move.target_id) is None


def _passed_on(session: Session, conversation: Conversation) -> None:
    """What the assistant says when it hands over: sent, and no answer."""
    thread = session.scalars(select(Thread).filter_by(conversation_id=conversation.id)).one()
    text = "A colleague will answer you here."
    said = messages.write(session, conversation, thread, text, author=Author.ASSISTANT)
    said.state = DeliveryState.SENT


def _waits(conversation_id: str) -> datetime | None:
    with reading() as session:
        return session.get_one(Conversation, conversation_id).waiting_since


def test_what_a_merge_or_an_undone_split_leaves_empty_is_in_no_list() -> None:
    with transaction() as session:
        lea = _teammate(session)
        lamp, table = (_conversation(session, [text, "?"]) for text in ("A lamp", "A table"))
        merged = moves.merge(session, lamp.id, table.id, by=lea)
        last = messages.of_conversation(session, table.id)[-1]
        split = moves.split(session, table.id, last.id, following=True, by=lea)
        moves.undo(session, split.id, by=lea)
    assert _listed(lea) == {table.id}
    with transaction() as session:
        assert listing.counts(session, lea)["resolved"] == 0
        moves.undo(session, merged.id, by=lea)
    assert _listed(lea) == {lamp.id, table.id}


def _listed(teammate_id: str) -> set[str]:
    with reading() as session:
        rows = listing.conversations_page(session, teammate_id, Filters(None), None, 50)
        return {row.conversation.id for row in rows}


def test_what_makes_no_sense_is_refused(installation: Settings) -> None:
    with transaction() as session:
        by = _teammate(session)
        first = _conversation(session, ["lamp"])
        stranger = _conversation(session, ["hello"], "eve@other.example")
        [only] = messages.of_conversation(session, first.id)
        with pytest.raises(Conflict, match="Nothing would be left"):
            moves.split(session, first.id, only.id, following=True, by=by)
        with pytest.raises(NotFound):
            moves.split(session, stranger.id, only.id, following=True, by=by)
        with pytest.raises(Conflict, match="different customers"):
            moves.merge(session, first.id, stranger.id, by=by)
        with pytest.raises(Conflict, match="same conversation"):
            moves.merge(session, first.id, first.id, by=by)
