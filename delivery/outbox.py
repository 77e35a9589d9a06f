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
from delivery import inbound, windows
from delivery.accounts import account_of, channel_of
from delivery.threads import remember
from desk import customers, inboxes, messages
from desk.conversations import Thread
from desk.envelope import DeliveryState, File, Outgoing, Receipt, Source
from desk.identities import Identity
from desk.messages import Attachment, Author, Direction, Message

LEASE = timedelta(minutes=2)
"""Longer than any connector's own time limit: a claim this old was left by a crash."""
TRIES = 8
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
    if not windows.is_open(channel, thread):
        _give_up(session, message, "window_closed", _window_text(channel))
        return None
    message.state, message.send_claimed_until = DeliveryState.SENDING, now() + LEASE
    message.send_claimed_by = holder.this_process()
    message.attempts += 1
    outgoing = _outgoing(session, message, thread)
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


def _window_text(channel: Channel) -> str:
    hours = int(channel.window.total_seconds() // 3600) if channel.window else 0
    return (
        f"{channel.name} lets us write freely only within {hours} hours of the customer's last "
        "message. Reach the customer on another channel, or wait until they write."
    )


def _outgoing(session: Session, message: Message, thread: Thread) -> Outgoing:
    identity = session.get_one(Identity, thread.identity_id)
    customer = customers.find(session, identity.customer_id)
    answered = _last_from_customer(session, thread)
    return Outgoing(
        id=message.id,
        to=identity.address,
        text=message.text,
        sources=tuple(Source(s["title"], s["url"]) for s in message.sources if s.get("url")),
        choices=tuple(message.choices),
        reply_to=message.reply_to or _quoted_id(answered),
        subject=thread.subject,
        references=_references(session, thread),
        greeting_name=customer.name,
        language=customer.language or "en",
        by_person=message.author == Author.TEAMMATE,
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
    if message.provider_id is None and receipt.provider_id:
        message.provider_id = receipt.provider_id
        thread = session.get_one(Thread, message.thread_id)
        remember(session, thread, [receipt.provider_id, *receipt.thread_keys])
        inbound.wake_waiting(session, receipt.provider_id)
    if message.state == DeliveryState.UNKNOWN and receipt.state == DeliveryState.SENT:
        # Given up meanwhile, say because the clock was put forward: now somebody does know.
        messages.advance(session, message, DeliveryState.SENT)
    if message.state != DeliveryState.SENDING:
        return
    message.send_claimed_until = None
    if receipt.retry_after is not None and message.attempts < TRIES:
        _try_later(message, receipt.retry_after)
    elif receipt.state == DeliveryState.SENT:
        messages.advance(session, message, DeliveryState.SENT)
        _wake_next(session, message)
    elif receipt.state == DeliveryState.UNKNOWN:
        _doubt(session, message, receipt.error_code, receipt.error)
    else:
        _give_up(session, message, receipt.error_code, receipt.error)


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


def resend(session: Session, message: Message) -> None:
    """A person decided to send a failed or unknown message again."""
    message.state, message.error, message.error_code = DeliveryState.PENDING, "", ""
    message.attempts, message.send_after = 0, None
    message.details = {key: kept for key, kept in message.details.items() if key != "told"}
    events.append(session, "message.resent", message.conversation_id, message=message.id)
    enqueue(session, "message.send", message.id)
