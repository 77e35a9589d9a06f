"""Sending: each pending message goes out once, or stands as unknown before a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Account, Channel
from core import events, files, holder
from core.clock import now
from core.db import transaction
from core.errors import NotFound
from core.log import about, log
from core.queue import enqueue
from delivery import codes, holds, inbound, planner
from delivery.accounts import account_of, channel_of
from delivery.holds import Wait
from delivery.planner import Way
from delivery.threads import remember
from desk import conversations, customers, inboxes, messages
from desk.conversations import Conversation, Thread
from desk.envelope import Concerns, DeliveryState, File, Outgoing, Receipt, Source
from desk.identities import Identity
from desk.messages import Attachment, Author, Direction, Message

LEASE = timedelta(minutes=2)
"""Longer than any connector's own time limit: a claim this old was left by a crash."""
TRIES = 8
PATIENT_TRIES = 15
"""From five seconds on, each wait twice the last: a day in all."""
STORAGE_PAUSE = 5.0
"""Seconds until a message whose files can't be read now is tried again, doubled each time."""


@dataclass(frozen=True)
class Parcel:
    """All that sending needs, read beforehand: while the provider works, nothing is locked."""

    channel: Channel
    account: Account
    outgoing: Outgoing
    attachments: Sequence[Attachment]


def send(message_id: str) -> None:
    """Send one message if it is its turn. Safe to call twice, and from two processes."""
    with about(message=message_id):
        with transaction() as session:
            parcel = _claim(session, message_id)
        if parcel is None:
            return
        receipt = _hand_to_channel(parcel)
        with transaction() as session:
            _apply(session, message_id, receipt)


def _claim(session: Session, message_id: str) -> Parcel | None:
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if message is None or message.state != DeliveryState.PENDING or message.thread_id is None:
        return None
    if (message.send_after and message.send_after > now()) or _earlier_pending(session, message):
        return None
    thread = session.get_one(Thread, message.thread_id)
    inbox = inboxes.find(session, thread.inbox_id)
    channel = channel_of(inbox)
    if codes.is_late(session, message):
        words = "The code in it had run out before it could be sent."
        _give_up(session, message, "code_expired", words)
        return None
    planned = planner.plan(session, message, thread, inbox, channel)
    if planned.refusal:
        _give_up(session, message, planned.code, planned.refusal)
        return None
    if planned.move_to:
        _move(session, message, thread, planned.move_to, planned.why)
        return None
    if wait := holds.wait_for(session, message, thread.identity_id, channel.pace):
        _wait(message, wait)
        return None
    message.error = message.error_code = ""
    message.state, message.send_claimed_until = DeliveryState.SENDING, now() + LEASE
    message.send_claimed_by = holder.this_process()
    message.attempts += 1
    if planned.becomes:
        message.details = {**message.details, "meant": message.text}
        message.text = planned.becomes
    outgoing = replace(
        _outgoing(session, message, thread),
        after_window=planned.after_window,
        template=planned.template,
    )
    return Parcel(channel, account_of(inbox), outgoing, _attachments(session, message))


def _earlier_pending(session: Session, message: Message) -> bool:
    """Order within a thread holds: what was written first goes first."""
    unsent = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SPEAKING)
    return bool(
        session.scalar(
            select(Message.id)
            .where(
                Message.thread_id == message.thread_id,
                Message.state.in_(unsent),
                Message.id < message.id,
            )
            .limit(1)
        )
    )


def _move(session: Session, message: Message, thread: Thread, way: Way, why: str) -> None:
    """Send it on another channel of the same customer, and let teammates see that."""
    conversation = session.get_one(Conversation, thread.conversation_id)
    new = way.thread or conversations.open_thread(
        session,
        conversation,
        way.inbox.id,
        way.identity.id,
        (conversation.subject or "Your message to us") if way.inbox.kind == "email" else "",
    )
    message.thread_id, message.inbox_id, message.identity_id = new.id, new.inbox_id, new.identity_id
    message.reply_to, message.error, message.error_code, message.send_after = "", "", "", None
    message.details = {**message.details, "moved_from": thread.inbox_id}
    words = f"Sent over {way.inbox.name} instead: {why}."
    messages.note(session, conversation, words, author_id=None, kind="activity")
    enqueue(session, "message.send", message.id)


def _outgoing(session: Session, message: Message, thread: Thread) -> Outgoing:
    identity = session.get_one(Identity, thread.identity_id)
    customer = customers.find(session, identity.customer_id)
    answered = _last_from_customer(session, thread)
    return Outgoing(
        id=message.id,
        to=identity.address,
        text=codes.revealed(session, message),
        sources=tuple(Source(s["title"], s["url"]) for s in message.sources if s.get("url")),
        choices=tuple(message.choices),
        reply_to=message.reply_to or _quoted_id(answered),
        subject=thread.subject,
        references=_references(session, thread),
        greeting_name=customer.name,
        language=customer.language or "en",
        by_person=message.author == Author.TEAMMATE,
        place=thread.place,
        thread_token=thread.token,
    )


def _last_from_customer(session: Session, thread: Thread) -> Message | None:
    return session.scalar(
        select(Message)
        .where(Message.thread_id == thread.id, Message.direction == Direction.IN)
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(1)
    )


def _quoted_id(answered: Message | None) -> str:
    """Mail answers a message by its id; on chats a quotation is a person's choice."""
    return (answered.provider_id or "") if answered and answered.subject else ""


def _references(session: Session, thread: Thread) -> tuple[str, ...]:
    if not thread.subject:
        return ()
    ids = session.scalars(
        select(Message.provider_id)
        .where(Message.thread_id == thread.id, Message.provider_id.is_not(None))
        .order_by(Message.at.desc())
        .limit(20)
    )
    return tuple(provider_id for provider_id in reversed(list(ids)) if provider_id)


def _attachments(session: Session, message: Message) -> Sequence[Attachment]:
    rows = select(Attachment).where(Attachment.message_id == message.id)
    return session.scalars(rows.where(Attachment.file_key.is_not(None))).all()


def _hand_to_channel(parcel: Parcel) -> Receipt:
    try:
        outgoing = replace(parcel.outgoing, files=_files(parcel.attachments))
    except files.FilesUnavailable as wrong:
        return Receipt(
            DeliveryState.FAILED,
            error_code=wrong.code,
            error=wrong.message,
            retry_after=STORAGE_PAUSE,
        )
    except NotFound as lost:
        return Receipt(DeliveryState.FAILED, error_code="file_lost", error=lost.message)
    try:
        return parcel.channel.send(parcel.account, outgoing)
    except Exception as wrong:
        log.exception("channel_send_raised")
        return Receipt(
            DeliveryState.UNKNOWN,
            error_code="connector_error",
            error=f"Sending broke off inside the connector ({type(wrong).__name__}).",
        )


def _files(attachments: Sequence[Attachment]) -> tuple[File, ...]:
    return tuple(
        File(row.kind, row.name, row.type, content=files.load(row.file_key))
        for row in attachments
        if row.file_key
    )


def _apply(session: Session, message_id: str, receipt: Receipt) -> None:
    message = session.scalars(
        select(Message).where(Message.id == message_id).with_for_update()
    ).one()
    if receipt.provider_id:
        message.provider_id = message.provider_id or receipt.provider_id
        thread = session.get_one(Thread, message.thread_id)
        remember(session, thread, [receipt.provider_id, *receipt.thread_keys])
        inbound.wake_waiting(session, receipt.provider_id)
    inbound.wake_waiting(session, message.id)
    if message.state == DeliveryState.UNKNOWN and receipt.state == DeliveryState.SENT:
        # Given up meanwhile, say because the clock was put forward: now somebody does know.
        messages.advance(session, message, DeliveryState.SENT)
    message.send_claimed_until = None
    thread = session.get_one(Thread, message.thread_id)
    if message.state != DeliveryState.SENDING:
        _was_told_of_meanwhile(session, message, thread, receipt)
        return
    tries = PATIENT_TRIES if receipt.patient else TRIES
    was_broken = holds.is_broken(session, thread.inbox_id)
    if (wait := holds.refused(session, message, thread.identity_id, receipt)) and (
        receipt.concerns == Concerns.INBOX or message.attempts < tries
    ):
        _hold(session, message, wait, receipt, was_broken)
        return
    if receipt.state != DeliveryState.SENT:
        holds.told_nothing(session, message)
    if receipt.retry_after is not None and message.attempts < tries:
        _try_later(message, receipt.retry_after)
    elif receipt.state == DeliveryState.SENT:
        holds.went_well(session, message, thread.identity_id)
        messages.advance(session, message, DeliveryState.SENT)
        _wake_next(session, message)
    elif receipt.state == DeliveryState.UNKNOWN:
        _doubt(session, message, receipt.error_code, receipt.error)
    else:
        _give_up(session, message, receipt.error_code, receipt.error)


def _was_told_of_meanwhile(
    session: Session, message: Message, thread: Thread, receipt: Receipt
) -> None:
    """The provider's report overtook its answer. What waits for how this send ended goes on."""
    if receipt.state == DeliveryState.SENT:
        holds.went_well(session, message, thread.identity_id)
    else:
        holds.told_nothing(session, message)
    _wake_next(session, message)


def _wait(message: Message, wait: Wait) -> None:
    message.send_after, message.error, message.error_code = wait.until, wait.reason, wait.code


def _hold(
    session: Session, message: Message, wait: Wait, receipt: Receipt, was_broken: bool
) -> None:
    """It stays pending. A refusal of the whole inbox isn't this message's, so it doesn't count."""
    message.state = DeliveryState.PENDING
    _wait(message, wait)
    if receipt.concerns == Concerns.INBOX:
        message.attempts -= 1
    if receipt.concerns == Concerns.INBOX and receipt.retry_after is None and not was_broken:
        message.details = {**message.details, "held": receipt.error}
        enqueue(session, "message.undelivered", message.id)


def _try_later(message: Message, seconds: float) -> None:
    message.state = DeliveryState.PENDING
    message.send_after = now() + timedelta(seconds=seconds * 2 ** (message.attempts - 1))


def _wake_next(session: Session, message: Message) -> None:
    following = session.scalar(
        select(Message.id)
        .where(Message.thread_id == message.thread_id, Message.state == DeliveryState.PENDING)
        .order_by(Message.id)
        .limit(1)
    )
    if following:
        enqueue(session, "message.send", following)


def _give_up(session: Session, message: Message, code: str, error: str) -> None:
    messages.advance(session, message, DeliveryState.FAILED, code, error)
    enqueue(session, "message.undelivered", message.id)
    _wake_next(session, message)


def _doubt(session: Session, message: Message, code: str, error: str) -> None:
    """It may have arrived or not: a person decides, nothing is resent by itself."""
    messages.advance(session, message, DeliveryState.UNKNOWN, code, error)
    enqueue(session, "message.undelivered", message.id)
    _wake_next(session, message)


def recover(session: Session) -> None:
    """What a crash left half-sent: again where that can't double it, else unknown."""
    stuck = session.scalars(
        select(Message)
        .where(Message.state == DeliveryState.SENDING, Message.send_claimed_until < now())
        .with_for_update(skip_locked=True)
        .limit(100)
    ).all()
    for message in stuck:
        message.send_claimed_until = None
        inbound.wake_waiting(session, message.id)
        holds.told_nothing(session, message)
        if message.inbox_id and channel_of(inboxes.find(session, message.inbox_id)).idempotent:
            message.state = DeliveryState.PENDING
        else:
            _doubt(
                session,
                message,
                "interrupted",
                "The service stopped while this was being sent. The customer may have it already.",
            )


def due(session: Session) -> list[str]:
    """Pending messages whose job was lost or whose time to try again has come."""
    return list(
        session.scalars(
            select(Message.id)
            .where(Message.state == DeliveryState.PENDING)
            .where((Message.send_after.is_(None)) | (Message.send_after <= now()))
            .order_by(Message.id)
            .limit(500)
        )
    )


def at_their_time(session: Session) -> list[str]:
    """Pending messages that waited for their place in the pace, or for a hold to end."""
    return list(
        session.scalars(
            select(Message.id)
            .where(Message.state == DeliveryState.PENDING, Message.send_after <= now())
            .order_by(Message.send_after, Message.id)
            .limit(200)
        )
    )


def resend(session: Session, message: Message) -> None:
    """A person decided to send a failed or unknown message again."""
    message.state, message.error, message.error_code = DeliveryState.PENDING, "", ""
    message.attempts, message.send_after = 0, None
    message.details = {key: kept for key, kept in message.details.items() if key != "told"}
    events.append(session, "message.resent", message.conversation_id, message=message.id)
    enqueue(session, "message.send", message.id)
