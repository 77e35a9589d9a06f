"""What the assistant may know in one turn, frozen from the database."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent.runs import Run
from agent.turn import Role, Said, Turn
from core import holder
from core.clock import now
from delivery import same_matter
from delivery.same_matter import Earlier
from desk import conversations, customers, inboxes, messages, proofs
from desk.company import company
from desk.conversations import Conversation, Status, Thread
from desk.envelope import Strength
from desk.inboxes import FREE, Inbox, Policy
from desk.messages import Author, Direction, Message
from escalation import dialling
from escalation.hours import local
from escalation.routing import people_are_there, people_return, queue_for

LEASE = timedelta(minutes=3)
"""How long one process may think about a turn before another takes it."""
LONGEST_HISTORY = 40
PROVEN = tuple(strength for strength in Strength if strength.rank >= Strength.ASSERTED.rank)


def claim_turn(session: Session, conversation_id: str) -> Turn | None:
    """The turn of this conversation, if it is the assistant's and nobody else thinks about it."""
    conversation = conversations.lock(session, conversation_id)
    if not _is_assistants_turn(conversation) or _is_claimed(conversation):
        return None
    thread = messages.thread_to_answer(session, conversation.id)
    if thread is None:
        conversations.turn_is_over(conversation)
        return None
    conversation.turn_claimed_until = now() + LEASE
    conversation.turn_claimed_by = holder.this_process()
    return gather(session, conversation, thread)


def _is_assistants_turn(conversation: Conversation) -> bool:
    return (
        conversation.status == Status.OPEN
        and not conversation.with_person
        and conversation.turn_due_at is not None
        and conversation.turn_due_at <= now()
    )


def _is_claimed(conversation: Conversation) -> bool:
    until = conversation.turn_claimed_until
    return until is not None and until > now()


def is_still_ours(conversation: Conversation, turn: Turn) -> bool:
    """Nothing moved on: no newer message, no person, nobody else who took the turn."""
    return (
        conversation.revision == turn.revision
        and conversation.turn_claimed_until == turn.claimed_until
    )


def gather(session: Session, conversation: Conversation, thread: Thread) -> Turn:
    """Freeze what `think` may use: this conversation, and the history as far as proof allows."""
    inbox = inboxes.find(session, thread.inbox_id)
    customer = customers.find(session, conversation.customer_id)
    queue = queue_for(session, conversation)
    written = messages.of_conversation(session, conversation.id)
    proof = _proof(session, written)
    code, offered = _code(written), _offered_code(written)
    may_call = dialling.has_line(session)
    may_offer = proof.rank < Strength.ASSERTED.rank and not _was_offered(written)
    return Turn(
        earlier=_earlier(session, conversation, inbox, written, proof),
        may_offer_code=may_offer,
        offered_code=offered,
        code=code,
        said=_said(session, _spoken(_disclosed(written, thread, proof), code)),
        conversation_id=conversation.id,
        revision=conversation.revision,
        claimed_until=conversation.turn_claimed_until,
        channel=inbox.kind,
        policy=Policy(inbox.policy) if inbox.enabled else Policy.OFF,
        threshold=inbox.threshold,
        proof=proof,
        customer_name=customer.name if proof.rank >= Strength.ASSERTED.rank else "",
        language=conversation.language or customer.language,
        history=_history(session, conversation, proof),
        clarifications=_count(session, conversation, "clarify"),
        failures=_failures(session, conversation),
        company=company(session).name,
        people_are_there=people_are_there(queue),
        people_return=people_return(queue),
        moment=local(queue.hours, now()),
        may_be_called=may_call,
        call_is_planned=may_call and dialling.planned(session, conversation.id) is not None,
    )


def _earlier(
    session: Session,
    conversation: Conversation,
    inbox: Inbox,
    written: Sequence[Message],
    proof: Strength,
) -> Earlier | None:
    """Asked in writing, by an assistant that answers by itself, of somebody proven: the question
    repeats what they wrote elsewhere."""
    may_ask = inbox.policy in FREE and inbox.kind != "voice"
    if not may_ask or proof.rank < Strength.ASSERTED.rank:
        return None
    return same_matter.to_ask(session, conversation, written)


def _spoken(written: Sequence[Message], code: str) -> list[Message]:
    return same_matter.without_question(_without_codes(written, code))


def _proof(session: Session, written: Sequence[Message]) -> Strength:
    """The weakest proof among the messages that wait for an answer."""
    waiting = [_proof_of(session, message) for message in _waiting(written)]
    return min(waiting, key=lambda strength: strength.rank, default=Strength.CLAIMED)


def _proof_of(session: Session, message: Message) -> Strength:
    """As the channel proved it, or as a one-time code did for a while."""
    shown = Strength(message.proof)
    if shown.rank >= Strength.VERIFIED.rank or not (message.thread_id and message.identity_id):
        return shown
    raised = proofs.is_raised(session, message.thread_id, message.identity_id)
    return Strength.VERIFIED if raised else shown


def _waiting(written: Sequence[Message]) -> list[Message]:
    """The customer's messages that nobody has answered, the newest first."""
    waiting: list[Message] = []
    for message in reversed(written):
        if message.direction == Direction.OUT and not message.draft and not _has_code(message):
            break
        if message.direction == Direction.IN and message.proof:
            waiting.append(message)
    return waiting


def _has_code(message: Message) -> bool:
    """A code on its way to another address answers nobody here."""
    return "code_of" in message.details


def _code(written: Sequence[Message]) -> Literal["", "right", "wrong"]:
    tried = [message.details.get("code", "") for message in _waiting(written)]
    if "right" in tried:
        return "right"
    return "wrong" if "wrong" in tried else ""


def _offered_code(written: Sequence[Message]) -> bool:
    said = [one for one in written if one.direction == Direction.OUT and not one.draft]
    last = next((one for one in reversed(said) if not _has_code(one)), None)
    return bool(last and last.details.get("offers_code"))


def _was_offered(written: Sequence[Message]) -> bool:
    return any(message.details.get("offers_code") for message in written)


def _without_codes(written: Sequence[Message], code: str) -> list[Message]:
    """Codes are no part of what is said. After a right one the question stands again that was
    asked before the offer."""
    kept = [m for m in written if not _has_code(m) and not m.details.get("code")]
    if code != "right":
        return kept
    offers = [place for place, m in enumerate(kept) if m.details.get("offers_code")]
    return kept[: offers[-1]] if offers else kept


def _disclosed(written: Sequence[Message], thread: Thread, proof: Strength) -> Sequence[Message]:
    """What was said on other channels stays there, unless whoever gets the reply is proven."""
    if proof.rank >= Strength.ASSERTED.rank:
        return written
    return [message for message in written if message.thread_id == thread.id]


_ROLES: dict[str, Role] = {
    Author.CUSTOMER: "customer",
    Author.ASSISTANT: "assistant",
    Author.TEAMMATE: "teammate",
}


def _said(session: Session, written: Sequence[Message]) -> tuple[Said, ...]:
    kinds = {inbox.id: inbox.kind for inbox in session.scalars(select(Inbox))}
    return tuple(
        Said(_ROLES[m.author], _words(m), m.at, kinds.get(m.inbox_id or "", ""))
        for m in written
        if m.direction != Direction.NOTE
        and m.author in _ROLES
        and not m.draft
        and not m.deleted_at
        and not m.automatic
    )


def _words(message: Message) -> str:
    """What was said; for the bare number of a choice, the choice."""
    if message.choice and message.text.strip(" .()").isdecimal():
        return message.choice
    subject = message.subject if message.direction == Direction.IN else ""
    return f"{subject}\n{message.text}".strip() if subject else message.text


def _history(session: Session, conversation: Conversation, proof: Strength) -> tuple[Said, ...]:
    """The customer's earlier conversations, only for somebody the channel has proven."""
    if proof.rank < Strength.ASSERTED.rank:
        return ()
    ids = customers.all_ids(session, conversation.customer_id)
    rows = session.scalars(
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.customer_id.in_(ids), Conversation.id != conversation.id)
        .where(Message.direction != Direction.NOTE, Message.deleted_at.is_(None))
        .where(Message.draft.is_(False))
        .where((Message.direction == Direction.OUT) | Message.proof.in_(PROVEN))
        .order_by(Message.at.desc(), Message.id.desc())
        .limit(LONGEST_HISTORY)
    )
    return _said(session, list(reversed(list(rows))))


def _count(session: Session, conversation: Conversation, decision: str) -> int:
    rows = select(func.count(Run.id)).where(
        Run.conversation_id == conversation.id, Run.decision == decision, Run.outcome == "applied"
    )
    return session.scalar(rows) or 0


def _failures(session: Session, conversation: Conversation) -> int:
    """How many of the assistant's last turns in a row answered nothing."""
    decisions = session.scalars(
        select(Run.decision)
        .where(Run.conversation_id == conversation.id, Run.outcome == "applied")
        .order_by(Run.created_at.desc())
        .limit(5)
    )
    failures = 0
    for decision in decisions:
        if decision != "clarify":
            break
        failures += 1
    return failures
