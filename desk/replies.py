"""What a teammate answers: a reply of their own, or the assistant's draft, approved or rejected."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import events
from core.clock import now
from core.errors import Conflict, Invalid, NotFound
from core.queue import enqueue
from desk import conversations, messages, prepared_files, templates
from desk.conversations import Conversation, Status, Thread
from desk.envelope import DeliveryState
from desk.messages import Author, Message


def reply(
    session: Session,
    conversation: Conversation,
    teammate_id: str,
    text: str,
    *,
    thread_id: str | None = None,
    file_ids: Sequence[str] = (),
) -> Message:
    """A teammate writes to the customer, where the customer wrote last unless told otherwise.

    Whoever answers a conversation that nobody has taken takes it.
    """
    if not text.strip() and not file_ids:
        raise Invalid("A reply needs some text or a file.")
    thread = _thread(session, conversation, thread_id)
    _take_over(session, conversation, teammate_id)
    message = messages.write(
        session,
        conversation,
        thread,
        text.strip(),
        author=Author.TEAMMATE,
        author_id=teammate_id,
    )
    prepared_files.attach(session, message, teammate_id, file_ids)
    return message


def send_template(
    session: Session,
    conversation: Conversation,
    teammate_id: str,
    template_id: str,
    values: Mapping[str, str],
    *,
    thread_id: str | None = None,
) -> Message:
    """A teammate sends a text that the provider has approved, also when free text may not go."""
    thread = _thread(session, conversation, thread_id)
    row = templates.find(session, template_id)
    if row.inbox_id != thread.inbox_id:
        raise Invalid("This template belongs to another inbox than the one you answer in.")
    text = templates.preview(row, templates.filled(row, values))
    _take_over(session, conversation, teammate_id)
    return messages.write(
        session,
        conversation,
        thread,
        text,
        author=Author.TEAMMATE,
        author_id=teammate_id,
        details={
            "template": {"id": row.id, "name": row.name, "values": dict(values)},
            **({"purpose": "marketing"} if row.category == "marketing" else {}),
        },
    )


def approve(session: Session, draft: Message, teammate_id: str, text: str) -> Message:
    """Send a draft, as it stands or edited; what the assistant had written stays on record."""
    conversation = conversations.lock(session, draft.conversation_id)
    _require_draft(session, draft)
    if not text.strip():
        raise Invalid("A reply needs some text.")
    _take_over(session, conversation, teammate_id)
    edited = text.strip() != draft.text
    if edited:
        draft.details = {**draft.details, "drafted": draft.text}
    draft.text, draft.at = text.strip(), now()
    draft.author, draft.author_id = Author.TEAMMATE, teammate_id
    draft.draft, draft.state = False, DeliveryState.PENDING
    conversation.waiting_since, conversation.last_at = None, draft.at
    events.append(
        session,
        "draft.approved",
        conversation.id,
        message=draft.id,
        teammate=teammate_id,
        edited=edited,
        run=draft.run_id,
    )
    enqueue(session, "message.send", draft.id)
    return draft


def reject(session: Session, draft: Message, teammate_id: str, reason: str) -> None:
    """Put a draft aside: it is never sent, and the reason stays with it for whoever labels."""
    conversation = conversations.lock(session, draft.conversation_id)
    _require_draft(session, draft)
    draft.draft, draft.deleted_at = False, now()
    draft.details = {**draft.details, "rejected": reason, "rejected_by": teammate_id}
    conversation.with_person = True
    events.append(
        session,
        "draft.rejected",
        conversation.id,
        message=draft.id,
        teammate=teammate_id,
        run=draft.run_id,
    )


def find_message(session: Session, message_id: str) -> Message:
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound("There is no such message.")
    return message


def _require_draft(session: Session, draft: Message) -> None:
    session.refresh(draft)
    if not draft.draft:
        raise Conflict("This draft has been sent or rejected already.")


def _take_over(session: Session, conversation: Conversation, teammate_id: str) -> None:
    if conversation.status != Status.OPEN:
        conversations.reopen(session, conversation)
    if not conversation.assignee_id:
        conversations.take(session, conversation, teammate_id)
    elif not conversation.with_person:
        conversations.take(session, conversation, conversation.assignee_id)


def _thread(session: Session, conversation: Conversation, thread_id: str | None) -> Thread:
    mine = select(Thread).where(Thread.conversation_id == conversation.id)
    if thread_id:
        mine = mine.where(Thread.id == thread_id)
    newest = mine.order_by(Thread.customer_wrote_at.desc().nulls_last(), Thread.id.desc())
    thread = session.scalar(newest.limit(1))
    if thread is None:
        raise NotFound("There is no such thread in this conversation to answer in.")
    return thread
