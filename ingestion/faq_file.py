"""The entries of a FAQ file, each an article: new, changed and vanished rows, and no others.

A row is known again by what the file said when it was last read, wherever it stands now: first by
all of it, then by its question, then by its answer. So a corrected answer and a reworded question
are new versions of the same article; only a row with both new is a new one. Several answers to one
question are articles of their own. What teammates made of an article since stays until its row
changes.
"""

import hashlib
import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.db import reading, transaction
from ingestion import uploads
from ingestion.parse import Block, Document, FaqRow
from ingestion.publish import publish_document
from ingestion.uploads import Upload
from knowledge import articles, faq_entries, indexing
from knowledge.articles import Kind, Status
from knowledge.embed import Models
from knowledge.faq_entries import FaqEntry
from knowledge.index import Index

AT_ONCE = 50
"""Entries written in one go: others wait for the database no longer than that."""


@dataclass(frozen=True)
class Row:
    """A row with the digests by which it is known again."""

    row: FaqRow
    said: str
    question: str
    answer: str


@dataclass(frozen=True)
class Step:
    """A row that does not stand as the file says, or an entry that is no longer in it."""

    row: Row | None
    entry: FaqEntry | None

    @property
    def name(self) -> str:
        if self.row is None:
            return "withdrawn"
        if self.entry is None:
            return "new"
        return "changed" if self.entry.said != self.row.said else "back"


def publish(upload: Upload, rows: Sequence[FaqRow], index: Index, models: Models) -> str:
    """Bring the articles in line with the file; says what that came to, "" without entries.

    Stopped anywhere and called again, it goes on where it was."""
    distinct = _distinct(rows)
    with reading() as session:
        steps = plan(session, upload, rows)
    coming = sum(step.row is not None for step in steps)
    done = len(distinct) - coming
    for start in range(0, len(steps), AT_ONCE):
        some = steps[start : start + AT_ONCE]
        done += sum(step.row is not None for step in some)
        with transaction() as session:
            ids = [take(session, upload, step) for step in some]
            uploads.note_entries(session, uploads.find(session, upload.id), done, len(distinct))
        indexing.index_articles(index, models, ids)
    with transaction() as session:
        uploads.note_entries(session, uploads.find(session, upload.id), done, len(distinct))
        entries = faq_entries.entries_of(session, upload.origin)
    # Also what an interrupted reading has published and not yet indexed.
    indexing.index_articles(index, models, [entry.article_id for entry in entries])
    return " ".join(_summary(rows, distinct, steps))


def as_document(row: FaqRow) -> Document:
    """An entry as a document of its own: the answer word for word, what is told beside below."""
    question = " ".join(row.question.split())
    beside = tuple(Block("paragraph", text) for text in row.notes.split("\n\n") if text)
    return Document(question, beside, 0, (), faq=(row._replace(question=question),))


def _row(row: FaqRow) -> Row:
    whole = "\0".join(row)
    return Row(row, _digest(whole), _digest(_loosely(row.question)), _digest(_loosely(row.answer)))


def _loosely(text: str) -> str:
    """Capitals, spaces and punctuation make no other question."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    # Vowel signs are no word signs to a pattern, yet they make another word.
    kept = [sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in plain]
    return " ".join("".join(kept).split()) or text.strip()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def plan(session: Session, upload: Upload, rows: Sequence[FaqRow]) -> list[Step]:
    """What is to do, in the file's order; what vanished comes last, so nothing is ever missing."""
    return _steps(_distinct(rows), faq_entries.entries_of(session, upload.origin))


def _distinct(rows: Sequence[FaqRow]) -> list[Row]:
    return list({row.said: row for row in map(_row, rows)}.values())


def _steps(rows: Sequence[Row], known: Sequence[FaqEntry]) -> list[Step]:
    entries = _matched(rows, known)
    steps = [
        Step(row, entry)
        for row, entry in zip(rows, entries, strict=True)
        if entry is None or entry.said != row.said or not entry.present
    ]
    kept = {entry.id for entry in entries if entry}
    gone = [entry for entry in known if entry.present and entry.id not in kept]
    return [*steps, *(Step(None, entry) for entry in gone)]


def _matched(rows: Sequence[Row], known: Sequence[FaqEntry]) -> list[FaqEntry | None]:
    """The entry of each row, None for a new one."""
    found: list[FaqEntry | None] = [None] * len(rows)
    present = [entry for entry in known if entry.present]
    _match(rows, known, found, lambda one: one.said)
    _match(rows, known, found, lambda one: one.question)
    _match(rows, present, found, lambda one: one.answer)
    return found


def _match(
    rows: Sequence[Row],
    known: Sequence[FaqEntry],
    found: list[FaqEntry | None],
    key: Callable[[Row | FaqEntry], str],
) -> None:
    """Pair the rows and entries that are left and agree, in their order."""
    taken = {entry.id for entry in found if entry}
    left: dict[str, deque[FaqEntry]] = defaultdict(deque)
    for entry in known:
        if entry.id not in taken:
            left[key(entry)].append(entry)
    for place, row in enumerate(rows):
        if found[place] is None and left[key(row)]:
            found[place] = left[key(row)].popleft()


def take(session: Session, upload: Upload, step: Step) -> str:
    """Do one step; returns the article it was about."""
    by = upload.by or "system"
    entry = session.get_one(FaqEntry, step.entry.id) if step.entry else None
    if entry and (step.row is None or entry.said == step.row.said):
        return _in_or_out(session, entry, present=step.row is not None, by=by)
    assert step.row
    article_id = _publish_row(session, upload, step.row.row, entry, by)
    if entry is None:
        entry = FaqEntry(file=upload.origin, article_id=article_id)
        session.add(entry)
    entry.said, entry.present = step.row.said, True
    entry.question, entry.answer = step.row.question, step.row.answer
    return article_id


def _in_or_out(session: Session, entry: FaqEntry, *, present: bool, by: str) -> str:
    """A row that vanished from the file, or came back as it was."""
    entry.present = present
    article = articles.find(session, entry.article_id)
    if present and article.status != Status.PUBLISHED:
        articles.bring_back(session, article.id, by=by)
    elif not present and article.status == Status.PUBLISHED:
        articles.archive(session, article.id, by=by)
    return article.id


def _publish_row(
    session: Session, upload: Upload, row: FaqRow, entry: FaqEntry | None, by: str
) -> str:
    document = as_document(row)
    return publish_document(
        session,
        document,
        title=document.title,
        article_id=entry.article_id if entry else None,
        kind=Kind.FAQ,
        source=upload.source,
        audience=None if entry else upload.audience,
        file_key=upload.file_key,
        by=by,
    ).id


def _summary(
    rows: Sequence[FaqRow], distinct: Sequence[Row], steps: Sequence[Step]
) -> Iterator[str]:
    if not rows and not steps:
        return
    counts = Counter(step.name for step in steps)
    names = ("new", "changed", "back", "withdrawn")
    said = ", ".join(f"{counts[name]} {name}" for name in names if counts[name])
    yield f"{_counted(len(distinct), 'FAQ entry', 'FAQ entries')}: {said or 'nothing changed'}."
    if twice := len(rows) - len(distinct):
        yield f"{_counted(twice, 'row repeats', 'rows repeat')} another and was read once."
    asked = Counter(row.question for row in distinct)
    if several := [row.row.question for row in distinct if asked[row.question] > 1]:
        yield (
            f"“{several[0]}” is answered in several ways; each is an article of its own, and the "
            "assistant may quote any of them."
        )


def _counted(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
