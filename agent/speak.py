"""Saying an answer sentence by sentence, as long as nobody else takes the word."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent.gather import is_still_ours
from agent.turn import Turn
from core import events, holder
from core.clock import now
from core.db import reading, transaction
from delivery.accounts import channel_of
from desk import conversations, inboxes, messages
from desk.conversations import Thread
from desk.envelope import DeliveryState
from desk.messages import Author, Message

SILENCE = timedelta(minutes=2)
"""A message whose next sentence takes longer than this was left by a crash."""


class LiveVoice:
    """A message that grows while the customer watches (agent.turn.Voice)."""

    def __init__(self, turn: Turn, thread_id: str) -> None:
        self._turn = turn
        self._thread_id = thread_id
        self.message_id: str | None = None
        self.was_cut = False

    def open(self, confidence: float) -> bool:
        """Take the word, unless the conversation has moved on."""
        with transaction() as session:
            conversation = conversations.lock(session, self._turn.conversation_id)
            if not is_still_ours(conversation, self._turn):
                return False
            thread = session.get_one(Thread, self._thread_id)
            message = messages.write(
                session,
                conversation,
                thread,
                disclosure(session, thread),
                author=Author.ASSISTANT,
                speaking=True,
                send_claimed_until=now() + SILENCE,
                send_claimed_by=holder.this_process(),
            )
            conversations.turn_is_over(conversation)
            self.message_id = message.id
            return True

    def say(self, sentence: str) -> bool:
        """Append a verified sentence; False once a newer message or a person has cut it."""
        if self.message_id is None or self.was_cut:
            return False
        with transaction() as session:
            conversation = conversations.lock(session, self._turn.conversation_id)
            message = session.get_one(Message, self.message_id)
            moved_on = conversation.revision != self._turn.revision
            if moved_on or message.state != DeliveryState.SPEAKING:
                self.was_cut = True
                return False
            message.text += sentence
            message.send_claimed_until = now() + SILENCE
            events.append(session, "message.piece", conversation.id, message=message.id)
            return True


def voice_for(turn: Turn) -> LiveVoice | None:
    """A voice where the channel streams, else None: there it is all or nothing."""
    with reading() as session:
        thread = messages.thread_to_answer(session, turn.conversation_id)
        if thread is None:
            return None
        streams = channel_of(inboxes.find(session, thread.inbox_id)).streams
    return LiveVoice(turn, thread.id) if streams else None


def disclosure(session: Session, thread: Thread) -> str:
    """What must be said once per thread: that an assistant answers here."""
    text = inboxes.find(session, thread.inbox_id).disclosure
    if not text or thread.disclosed_at:
        return ""
    thread.disclosed_at = now()
    return f"{text}\n\n"


def abandoned(session: Session) -> list[Message]:
    """Messages that a crash left half-spoken."""
    return list(
        session.scalars(
            select(Message)
            .where(Message.state == DeliveryState.SPEAKING, Message.send_claimed_until < now())
            .with_for_update(skip_locked=True)
        )
    )
