"""What a dead process held is free at once; what a living one holds stays its own."""

from sqlalchemy import update

from agent.gather import claim_turn
from core import files, holder
from core.clock import now
from core.db import transaction
from delivery import outbox
from desk import conversations, messages
from desk.conversations import Conversation
from desk.envelope import DeliveryState
from desk.messages import Author, Message
from ingestion import uploads
from jobs.leases import end_leases
from tests.delivery.conftest import Desk


def _hold_a_turn_a_message_and_a_file(desk: Desk) -> tuple[str, str, str]:
    desk.writes_on_whatsapp("+4915112345678", "Hi")
    with transaction() as session:
        session.execute(update(Conversation).values(turn_due_at=now()))
        conversation = conversations.lock(session, desk.conversations()[0].id)
        thread = messages.thread_to_answer(session, conversation.id)
        assert thread is not None
        message = messages.write(session, conversation, thread, "Hello", author=Author.ASSISTANT)
        upload = uploads.add(session, "a.md", files.store(b"# A"), 3)
        session.flush()
        assert claim_turn(session, conversation.id)
        assert uploads.claim(session, upload.id)
        assert outbox._claim(session, message.id)
    return conversation.id, message.id, upload.id


def _is_free(conversation: str, message: str, upload: str) -> tuple[bool, bool, bool]:
    with transaction() as session:
        outbox.recover(session)
        turn, file = claim_turn(session, conversation), uploads.claim(session, upload)
        state = session.get_one(Message, message).state
    return turn is not None, state == DeliveryState.UNKNOWN, file is not None


def test_what_a_living_process_holds_stays_its_own(desk: Desk) -> None:
    held = _hold_a_turn_a_message_and_a_file(desk)
    end_leases()

    assert _is_free(*held) == (False, False, False)


def test_what_a_dead_process_held_is_free_at_once(desk: Desk) -> None:
    held = _hold_a_turn_a_message_and_a_file(desk)
    holder.leave()
    end_leases()

    assert _is_free(*held) == (True, True, True)
    assert holder.gone() == []
