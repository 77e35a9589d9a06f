"""From a stored event to identity, customer, thread, conversation and message."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from connectors.base import Account, Channel
from core import audit, events, files
from core.clock import now
from core.db import reading, transaction
from core.log import about, log
from core.queue import enqueue
from delivery import calls, inbound
from delivery.accounts import account_of, channel_of
from delivery.threads import thread_for
from desk import conversations, customers, identities, inboxes, messages
from desk.envelope import Address, DeliveryState, Envelope, File, Kind, RawEvent, Strength
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Attachment, Author, Direction, Message


class SubjectMissing(Exception):
    """The message an event is about has not been received yet."""


@dataclass(frozen=True)
class StoredFile:
    file: File
    key: str | None


def receive(event_id: str) -> None:
    """Give a stored event its effect, exactly once. What can't be understood is a dead letter."""
    with about(event=event_id):
        try:
            _receive(event_id)
        except (DBAPIError, files.FilesUnavailable):
            raise
        except SubjectMissing as missing:
            _postpone(event_id, str(missing))
        except Exception as wrong:
            log.exception("event_not_understood")
            with transaction() as session:
                inbound.bury(session, event_id, _reason(wrong))


def _reason(wrong: Exception) -> str:
    """What our own checks say is a sentence already; anything else needs the error's name."""
    said = str(wrong)
    return said if said.endswith(".") else f"{type(wrong).__name__}: {said}"


def _receive(event_id: str) -> None:
    with reading() as session:
        event = session.get(inbound.Event, event_id)
        if event is None or event.done_at:
            return
        inbox = inboxes.find(session, event.inbox_id)
    channel, account = channel_of(inbox), account_of(inbox)
    envelopes = channel.read(account, RawEvent(event.provider_id, event.body))
    stored = [_store_files(envelope) for envelope in envelopes]
    with transaction() as session:
        claimed = inbound.claim(session, event_id)
        if claimed is None:
            return
        for envelope, attached in zip(envelopes, stored, strict=True):
            _apply(session, inbox, channel, account, envelope, attached)
        claimed.done_at = now()


def _postpone(event_id: str, subject_id: str) -> None:
    """Wait for the message; if it came meanwhile, try again at once."""
    with transaction() as session:
        event = inbound.claim(session, event_id)
        if event is None:
            return
        if messages.find_by_provider_id(session, event.inbox_id, subject_id):
            enqueue(session, "event.receive", event.id)
        else:
            inbound.wait_for(event, subject_id)


def _store_files(envelope: Envelope) -> list[StoredFile]:
    return [
        StoredFile(file, files.store(file.content) if file.content is not None else None)
        for file in envelope.files
    ]


def _apply(
    session: Session,
    inbox: Inbox,
    channel: Channel,
    account: Account,
    envelope: Envelope,
    attached: Sequence[StoredFile],
) -> None:
    match envelope.kind:
        case Kind.MESSAGE:
            _add_message(session, inbox, channel, envelope, attached)
        case Kind.UNKNOWN if envelope.sender:
            _add_message(session, inbox, channel, envelope, attached)
        case Kind.CALL:
            calls.report(session, inbox, envelope)
        case Kind.ECHO:
            _add_echo(session, inbox, envelope, attached)
        case Kind.EDIT:
            _edit(session, inbox, envelope)
        case Kind.DELETE:
            _delete(session, inbox, envelope)
        case Kind.REACTION:
            _react(session, inbox, envelope)
        case Kind.STATUS | Kind.READ:
            _update_state(session, inbox, envelope)
        case Kind.IDENTITY_CHANGE:
            _change_identity(session, envelope)
        case Kind.CONSENT | Kind.ACCOUNT | Kind.UNKNOWN:
            events.append(session, f"inbox.{envelope.kind}", inbox=inbox.id, event=envelope.id)


def _add_message(
    session: Session,
    inbox: Inbox,
    channel: Channel,
    envelope: Envelope,
    attached: Sequence[StoredFile],
) -> None:
    if _is_known(session, inbox, envelope.id):
        return
    identity = identities.recognise(session, envelope.sender, envelope.sender_name)
    _remember_name(session, identity, envelope)
    thread = thread_for(session, inbox, identity, envelope)
    conversation = conversations.lock(session, thread.conversation_id)
    message = _message(inbox, identity, envelope, thread.id, conversation.id)
    session.add(message)
    session.flush()
    _attach(session, message, attached)
    conversation.last_at = max(conversation.last_at, message.at)
    thread.customer_wrote_at = max(thread.customer_wrote_at or message.at, message.at)
    if not envelope.automatic:
        _customer_wrote(conversation, channel)
    events.append(
        session, "message.received", conversation.id, message=message.id, identity=identity.id
    )
    inbound.wake_waiting(session, envelope.id)


def _customer_wrote(conversation: conversations.Conversation, channel: Channel) -> None:
    conversations.customer_wrote(conversation, channel.norms.turn_wait)
    if conversation.with_person:
        conversations.turn_is_over(conversation)


def _is_known(session: Session, inbox: Inbox, provider_id: str) -> bool:
    """Also over other inboxes of the kind: one mail to two mailboxes is one message."""
    return bool(
        session.scalar(
            select(Message.id)
            .join(Inbox, Inbox.id == Message.inbox_id)
            .where(Message.provider_id == provider_id, Inbox.kind == inbox.kind)
            .limit(1)
        )
    )


def _remember_name(session: Session, identity: Identity, envelope: Envelope) -> None:
    customer = customers.find(session, identity.customer_id)
    if not customer.name and envelope.sender_name:
        customer.name = envelope.sender_name.strip()[:200]


def _message(
    inbox: Inbox, identity: Identity, envelope: Envelope, thread_id: str, conversation_id: str
) -> Message:
    return Message(
        conversation_id=conversation_id,
        thread_id=thread_id,
        inbox_id=inbox.id,
        identity_id=identity.id,
        direction=Direction.IN,
        author=Author.CUSTOMER,
        at=messages.clamped(envelope.at, now()),
        text=envelope.text,
        html=envelope.html,
        quoted=envelope.quoted,
        subject=envelope.subject,
        kind=envelope.kind,
        choice=envelope.choice,
        provider_id=envelope.id,
        reply_to=envelope.reply_to,
        automatic=envelope.automatic,
        proof=_proof(envelope.sender),
        details=_details(envelope),
    )


def _proof(sender: Sequence[Address]) -> str:
    """How well the channel proved the address that the reply goes to."""
    return sender[0].strength if sender else Strength.CLAIMED


def _details(envelope: Envelope) -> dict[str, object]:
    claimed = [f"{a.kind}: {a.value}" for a in envelope.sender if a.strength == Strength.CLAIMED]
    copied = [address.value for address in envelope.recipients]
    extra = {"claimed": claimed, "recipients": copied}
    return {**envelope.details, **{name: value for name, value in extra.items() if value}}


def _attach(session: Session, message: Message, attached: Sequence[StoredFile]) -> None:
    for item in attached:
        attachment = Attachment(
            message_id=message.id,
            kind=item.file.kind,
            name=item.file.name,
            type=item.file.type,
            size=item.file.size or (len(item.file.content) if item.file.content else None),
            inline_id=item.file.inline_id,
            reference=item.file.reference,
            file_key=item.key,
        )
        session.add(attachment)
        session.flush()
        if item.key is None and item.file.reference:
            enqueue(session, "media.fetch", attachment.id)


def _add_echo(
    session: Session, inbox: Inbox, envelope: Envelope, attached: Sequence[StoredFile]
) -> None:
    """Somebody of ours wrote from another tool: it is an answer, and the assistant steps back."""
    if _is_known(session, inbox, envelope.id) or not envelope.recipients:
        return
    identity = identities.recognise(session, envelope.recipients)
    thread = thread_for(session, inbox, identity, envelope)
    conversation = conversations.lock(session, thread.conversation_id)
    message = _message(inbox, identity, envelope, thread.id, conversation.id)
    message.direction, message.author = Direction.OUT, Author.TEAMMATE
    message.kind, message.state, message.proof = Kind.MESSAGE, DeliveryState.SENT, ""
    session.add(message)
    session.flush()
    _attach(session, message, attached)
    conversation.last_at = max(conversation.last_at, message.at)
    conversation.with_person, conversation.waiting_since = True, None
    conversation.revision += 1
    conversations.turn_is_over(conversation)
    events.append(session, "message.echoed", conversation.id, message=message.id)


def _edit(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    message = _subject(session, inbox, envelope)
    if message.edited_at and message.edited_at >= envelope.at:
        return
    message.details = {**message.details, "before_edit": message.text}
    message.text, message.edited_at = envelope.text, envelope.at
    conversation = conversations.lock(session, message.conversation_id)
    conversation.revision += 1
    events.append(session, "message.edited", message.conversation_id, message=message.id)


def _delete(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    message = _subject(session, inbox, envelope)
    message.deleted_at = message.deleted_at or envelope.at
    conversation = conversations.lock(session, message.conversation_id)
    conversation.revision += 1
    events.append(session, "message.deleted", message.conversation_id, message=message.id)


def _react(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    message = _subject(session, inbox, envelope)
    who = envelope.sender[0].value if envelope.sender else "customer"
    seen = dict(message.details.get("reacted_at", {}))
    if seen.get(who, "") > envelope.at.isoformat():
        return
    kept = {person: emoji for person, emoji in message.reactions.items() if person != who}
    message.reactions = {**kept, who: envelope.text} if envelope.text else kept
    message.details = {**message.details, "reacted_at": {**seen, who: envelope.at.isoformat()}}
    events.append(session, "message.reacted", message.conversation_id, message=message.id)


def _update_state(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    message = _by_correlation(session, envelope) or _subject(session, inbox, envelope)
    if message.provider_id is None and envelope.subject_id:
        message.provider_id = envelope.subject_id
    state = envelope.state or DeliveryState.READ
    changed = messages.advance(session, message, state, envelope.error_code, envelope.error)
    if changed and state == DeliveryState.FAILED:
        enqueue(session, "message.undelivered", message.id)


def _by_correlation(session: Session, envelope: Envelope) -> Message | None:
    return session.get(Message, envelope.correlation) if envelope.correlation else None


def _subject(session: Session, inbox: Inbox, envelope: Envelope) -> Message:
    message = messages.find_by_provider_id(session, inbox.id, envelope.subject_id)
    if message is None:
        raise SubjectMissing(envelope.subject_id)
    return message


def _change_identity(session: Session, envelope: Envelope) -> None:
    """The provider says that an address of a customer became another one."""
    if envelope.previous is None or not envelope.sender:
        return
    old = identities.recognise(session, [envelope.previous])
    customer = customers.find(session, old.customer_id)
    new = identities.assign(session, customer, envelope.sender[0])
    audit.record(
        session,
        "system",
        "identity.changed",
        customer.id,
        "the provider said so",
        before=old.id,
        after=new.id,
    )
    events.append(session, "identity.changed", customer=customer.id)
