"""One conversation as a teammate opens it: all its threads and messages, over all channels."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import messages, phone_calls
from desk.conversations import Conversation, Thread
from desk.envelope import Kind
from desk.identities import Identity
from desk.inboxes import Inbox
from desk.listing import Listed, listed
from desk.messages import Attachment, Author, Message
from desk.phone_calls import Utterance
from desk.teams import Teammate


@dataclass(frozen=True)
class OpenThread:
    thread: Thread
    inbox: Inbox
    identity: Identity


@dataclass(frozen=True)
class Shown:
    """A message with what stands around it."""

    message: Message
    author_name: str
    inbox: Inbox | None
    attachments: Sequence[Attachment]
    utterances: Sequence[Utterance] = ()
    """What was said, where it is a call."""


@dataclass(frozen=True)
class Detail:
    row: Listed
    threads: list[OpenThread]
    messages: list[Shown]


def detail(session: Session, teammate_id: str, conversation: Conversation) -> Detail:
    row = listed(session, teammate_id, [conversation])[0]
    rows = messages.of_conversation(session, conversation.id)
    return Detail(row, threads(session, conversation.id), shown(session, rows, row.customer.name))


def threads(session: Session, conversation_id: str) -> list[OpenThread]:
    """The conversation's side in each inbox, the one the customer used last first."""
    rows = session.execute(
        select(Thread, Inbox, Identity)
        .join(Inbox, Inbox.id == Thread.inbox_id)
        .join(Identity, Identity.id == Thread.identity_id)
        .where(Thread.conversation_id == conversation_id)
        .order_by(Thread.customer_wrote_at.desc().nulls_last(), Thread.id.desc())
    )
    return [OpenThread(thread, inbox, identity) for thread, inbox, identity in rows]


def shown(session: Session, rows: Sequence[Message], customer_name: str) -> list[Shown]:
    names = _teammates(session, {row.author_id for row in rows})
    inboxes = _inboxes(session, {row.inbox_id for row in rows})
    said = phone_calls.of_messages(session, [row.id for row in rows if row.kind == Kind.CALL])
    files = _attachments(session, [row.id for row in rows])
    return [
        Shown(
            message=row,
            author_name=_author_name(row, customer_name, names),
            inbox=inboxes.get(row.inbox_id or ""),
            attachments=files.get(row.id, []),
            utterances=said.get(row.id, []),
        )
        for row in rows
    ]


def _author_name(message: Message, customer_name: str, teammates: dict[str, str]) -> str:
    match message.author:
        case Author.CUSTOMER:
            return customer_name
        case Author.ASSISTANT:
            return "Assistant"
        case Author.TEAMMATE:
            return teammates.get(message.author_id or "", "")
        case _:
            return ""


def _teammates(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    wanted = {row_id for row_id in ids if row_id}
    rows = session.execute(select(Teammate.id, Teammate.name).where(Teammate.id.in_(wanted)))
    return dict(rows.all())


def _inboxes(session: Session, ids: Iterable[str | None]) -> dict[str, Inbox]:
    wanted = {row_id for row_id in ids if row_id}
    rows = session.scalars(select(Inbox).where(Inbox.id.in_(wanted)))
    return {inbox.id: inbox for inbox in rows}


def _attachments(session: Session, message_ids: Sequence[str]) -> dict[str, list[Attachment]]:
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.message_id.in_(message_ids))
        .order_by(Attachment.created_at, Attachment.id)
    )
    files = defaultdict(list)
    for attachment in rows:
        files[attachment.message_id].append(attachment)
    return files
