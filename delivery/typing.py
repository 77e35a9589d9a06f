"""Showing the customer that an answer is being written, where the channel can."""

from typing import cast

from sqlalchemy import select

from connectors.base import Typist
from core.db import reading
from core.log import about, log
from delivery.accounts import account_of, channel_of
from desk import inboxes
from desk.identities import Identity
from desk.messages import Direction, Message


def show(conversation_id: str) -> None:
    """Best effort: nothing waits for it and nothing fails with it."""
    with about(conversation=conversation_id):
        with reading() as session:
            asked = session.scalar(
                select(Message)
                .where(Message.conversation_id == conversation_id)
                .where(Message.direction == Direction.IN, Message.provider_id.is_not(None))
                .order_by(Message.at.desc(), Message.id.desc())
                .limit(1)
            )
            if asked is None or asked.inbox_id is None or asked.identity_id is None:
                return
            inbox = inboxes.find(session, asked.inbox_id)
            to = session.get_one(Identity, asked.identity_id).address
        channel = channel_of(inbox)
        if not hasattr(channel, "typing") or inbox.broken_since:
            return
        try:
            cast(Typist, channel).typing(account_of(inbox), to, asked.provider_id or "")
        except OSError as wrong:
            log.info("typing_not_shown", error=type(wrong).__name__)
