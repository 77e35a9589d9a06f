"""From a stored event to identity, customer, thread, conversation and message."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from connectors.base import Account, Channel, Request
from core import events, files
from core.clock import now
from core.db import reading, transaction
from core.log import about, log
from core.queue import enqueue
from delivery import attachments, calls, changes, echoes, inbound, incoming, same_matter
from delivery.accounts import account_of, channel_of
from delivery.attachments import StoredFile
from delivery.changes import SubjectMissing
from delivery.echoes import StillSending
from delivery.matters import Choice, Matter, choose, matters_for
from desk import consents, inboxes, messages, recognition, templates
from desk.envelope import Batch, DeliveryState, Envelope, Kind, RawEvent
from desk.inboxes import Inbox
from desk.messages import Message

NOBODY: Mapping[str, Callable[[str], None]] = {}


def receive(event_id: str, *, others: Mapping[str, Callable[[str], None]] = NOBODY) -> None:
    """Give a stored event its effect, exactly once. What can't be understood is a dead letter.

    `others`, by kind of inbox, receive what has its effect outside of messages.
    """
    with about(event=event_id):
        try:
            _receive(event_id, others)
        except (DBAPIError, files.FilesUnavailable):
            raise
        except SubjectMissing as missing:
            _postpone(event_id, str(missing))
        except StillSending as sending:
            _let_it_be_sent(event_id, str(sending))
        except Exception as wrong:
            log.exception("event_not_understood")
            with transaction() as session:
                inbound.bury(session, event_id, _reason(wrong))


def _reason(wrong: Exception) -> str:
    """What our own checks say is a sentence already; anything else needs the error's name."""
    said = str(wrong)
    return said if said.endswith(".") else f"{type(wrong).__name__}: {said}"


def _receive(event_id: str, others: Mapping[str, Callable[[str], None]]) -> None:
    with reading() as session:
        event = session.get(inbound.Event, event_id)
        if event is None or event.done_at:
            return
        inbox = inboxes.find(session, event.inbox_id)
    if inbox.kind in others:
        return others[inbox.kind](event_id)
    channel, account = channel_of(inbox), account_of(inbox)
    if event.provider_id.startswith(inbound.UNSPLIT) and _splits_now(event, channel):
        return
    envelopes = channel.read(account, RawEvent(event.provider_id, event.body))
    stored = [attachments.store(envelope) for envelope in envelopes]
    choices = _matters(inbox, envelopes)
    with transaction() as session:
        claimed = inbound.claim(session, event_id)
        if claimed is None:
            return
        for envelope, attached, choice in zip(envelopes, stored, choices, strict=True):
            _apply(session, claimed, inbox, channel, account, envelope, attached, choice)
        claimed.done_at = now()


def _splits_now(event: inbound.Event, channel: Channel) -> bool:
    """A body that could not be taken apart when it came, and can now: each of its events counts
    on its own."""
    body = event.body.encode("utf-8", "surrogateescape")
    batch = channel.split(Request(body, {}, {}))
    if batch.events:
        with transaction() as session:
            if claimed := inbound.claim(session, event.id):
                inbound.store(session, event.inbox_id, Batch(batch.events))
                claimed.done_at = now()
    return bool(batch.events)


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


def _let_it_be_sent(event_id: str, message_id: str) -> None:
    """Wait until the outbox knows under which id it went out; if it does by now, go on at once."""
    with transaction() as session:
        event = inbound.claim(session, event_id)
        if event is None:
            return
        message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
        if message is not None and message.state == DeliveryState.SENDING:
            inbound.wait_for(event, message_id)
        else:
            enqueue(session, "event.receive", event.id)


def _matters(inbox: Inbox, envelopes: Sequence[Envelope]) -> list[Choice | None]:
    """Which open matter each message is about: told before anything is locked."""
    with reading() as session:
        known = [_known(session, inbox, envelope) for envelope in envelopes]
    return [_choice(envelope, one) for envelope, one in zip(envelopes, known, strict=True)]


def _known(session: Session, inbox: Inbox, envelope: Envelope) -> Choice | Sequence[Matter]:
    """Where a message belongs without a doubt, else what there is to choose from."""
    if envelope.kind != Kind.MESSAGE:
        return ()
    if asked_in := same_matter.answered_in(session, inbox, envelope):
        return Choice(asked_in)
    return matters_for(session, inbox, envelope)


def _choice(envelope: Envelope, known: Choice | Sequence[Matter]) -> Choice | None:
    """A message counts more than where it goes: without a choice it goes where it usually would."""
    if isinstance(known, Choice):
        return known
    if not known:
        return None
    try:
        return choose(envelope.text, known, envelope.subject)
    except Exception:
        log.exception("matter_not_told")
        return None


def _apply(
    session: Session,
    event: inbound.Event,
    inbox: Inbox,
    channel: Channel,
    account: Account,
    envelope: Envelope,
    attached: Sequence[StoredFile],
    choice: Choice | None,
) -> None:
    match envelope.kind:
        case Kind.MESSAGE:
            incoming.add_message(session, event, inbox, channel, envelope, attached, choice)
        case Kind.UNKNOWN if envelope.sender:
            incoming.add_message(session, event, inbox, channel, envelope, attached)
        case Kind.CALL:
            calls.report(session, inbox, envelope)
        case Kind.ECHO:
            echoes.add(session, inbox, envelope, attached)
        case Kind.EDIT:
            changes.edit(session, inbox, envelope)
        case Kind.DELETE:
            changes.delete(session, inbox, envelope)
        case Kind.REACTION:
            changes.react(session, inbox, envelope)
        case Kind.STATUS | Kind.READ:
            changes.update_state(session, inbox, envelope)
        case Kind.IDENTITY_CHANGE:
            changes.change_identity(session, envelope)
        case Kind.ACCOUNT if envelope.error:
            inboxes.mark_broken(session, inbox.id, envelope.error)
        case Kind.CONSENT:
            _change_consent(session, inbox, envelope)
        case Kind.ACCOUNT | Kind.UNKNOWN:
            templates.reported(session, inbox, envelope)
            events.append(session, f"inbox.{envelope.kind}", inbox=inbox.id, event=envelope.id)


def _change_consent(session: Session, inbox: Inbox, envelope: Envelope) -> None:
    if envelope.sender:
        identity = recognition.recognise(session, envelope.sender, envelope.sender_name)
        consents.reported(session, identity, envelope, inbox.kind)
    events.append(session, f"inbox.{envelope.kind}", inbox=inbox.id, event=envelope.id)
