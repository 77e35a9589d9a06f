"""A customer's message, from its envelope to its place in a conversation."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from connectors.base import Channel
from core import events
from core.clock import now
from delivery import choices, claims, codes, copies, inbound, invitations, loops, same_matter
from delivery.attachments import StoredFile, attach
from delivery.codes import Typed
from delivery.matters import Choice
from delivery.same_matter import Said
from delivery.threads import Placed, thread_for
from desk import conversations, customers, identities, messages, preferences, recognition
from desk.conversations import Conversation, Thread
from desk.customers import Customer
from desk.envelope import Address, Envelope, Strength
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.messages import Author, Direction, Message


def add_message(
    session: Session,
    event: inbound.Event,
    inbox: Inbox,
    channel: Channel,
    envelope: Envelope,
    attached: Sequence[StoredFile],
    choice: Choice | None = None,
) -> None:
    identity = recognition.recognise(session, envelope.sender, envelope.sender_name)
    customer = customers.lock(session, identity.customer_id)
    if _is_known(session, event, inbox, identity, envelope.id):
        return
    _learn(session, customer, identity, envelope)
    placed = thread_for(session, inbox, identity, envelope, choice)
    thread = placed.thread
    tried = codes.typed(session, thread, envelope.text)
    if tried:
        # Nor does the code stay in the HTML, in what was quoted, in the subject, or in the event,
        # where it may stand in any encoding.
        event.body = ""
        envelope = replace(envelope, text=tried.text, html="", quoted="", subject="")
    same = same_matter.answered(session, thread, envelope)
    joined = same is not None and same_matter.join(session, thread, same)
    conversation = conversations.lock(session, thread.conversation_id)
    message = new_message(inbox, identity, envelope, thread.id, conversation.id)
    message.details = {**message.details, **_noticed(placed, tried, same)}
    if _is_signed_as_another(session, identity, envelope.sender):
        message.proof = Strength.OBSERVED
    message.choice = message.choice or choices.meant(session, thread, message)
    session.add(message)
    session.flush()
    invitations.note(session, message, envelope.invitation)
    claims.note(session, identity, envelope.sender, envelope.text)
    attach(session, message, attached)
    conversation.last_at = max(conversation.last_at, message.at)
    thread.customer_wrote_at = max(thread.customer_wrote_at or message.at, message.at)
    if same and same.is_all(conversation, joined):
        same_matter.acknowledge(session, conversation, thread, same)
    elif not envelope.automatic and not envelope.observed:
        _take_turn(session, conversation, thread, channel, message)
    events.append(
        session, "message.received", conversation.id, message=message.id, identity=identity.id
    )
    if choice and choice.perhaps:
        same_matter.suspect(session, conversation, message, choice.perhaps, likely=choice.likely)
    inbound.wake_waiting(session, envelope.id)


def _is_known(
    session: Session, event: inbound.Event, inbox: Inbox, identity: Identity, provider_id: str
) -> bool:
    """Whether it has come before, perhaps to another mailbox."""
    known = copies.find(session, inbox, provider_id)
    if known is None:
        return False
    copies.note(session, inbox, identity, known)
    if "code" in known.details:
        event.body = ""
    return True


def _learn(session: Session, customer: Customer, identity: Identity, envelope: Envelope) -> None:
    """What the message tells about its writer."""
    if not customer.name and envelope.sender_name:
        customer.name = envelope.sender_name.strip()[:200]
    if wished := preferences.wish_in(envelope.text):
        preferences.prefer(
            session, identity.customer_id, wished, source=preferences.SAID, by="customer"
        )


def _take_turn(
    session: Session,
    conversation: Conversation,
    thread: Thread,
    channel: Channel,
    message: Message,
) -> None:
    """It is the assistant's turn now, or a person's."""
    conversations.customer_wrote(conversation, channel.norms.turn_wait)
    if conversation.with_person:
        conversations.turn_is_over(conversation)
        codes.attend(session, conversation, thread, message)
    loops.stop(session, conversation, thread, channel)


def _noticed(placed: Placed, tried: Typed | None, same: Said | None) -> dict[str, object]:
    """What was made of a message, for its details."""
    return {
        **({"joined": placed.reason} if placed.reason else {}),
        **({"code": "right" if tried.right else "wrong"} if tried else {}),
        **({same_matter.SAID: same.verdict, same_matter.BARE: same.only} if same else {}),
    }


def new_message(
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


def _is_signed_as_another(session: Session, identity: Identity, sender: Sequence[Address]) -> bool:
    """The website vouches for somebody else than this browser's customer: it proves neither."""
    signed = {
        identities.customer_of(session, one.kind, one.value)
        for one in sender
        if one.kind == identities.EXTERNAL
    }
    return bool(signed) and customers.current_id(session, identity.customer_id) not in signed


def _details(envelope: Envelope) -> dict[str, object]:
    claimed = [f"{a.kind}: {a.value}" for a in envelope.sender if a.strength == Strength.CLAIMED]
    copied = [address.value for address in envelope.recipients]
    extra = {"claimed": claimed, "recipients": copied}
    return {**envelope.details, **{name: value for name, value in extra.items() if value}}
