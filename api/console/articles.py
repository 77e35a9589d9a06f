"""Articles: what the assistant answers from. Every change makes a version that can come back."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from api.auth import Agent, Lead
from api.console.shapes import Done, Line
from api.paging import Cursor, Limit, Page, page_end, read_cursor
from api.problems import problems
from api.transactions import Reading, Writing
from core.errors import Conflict
from desk import teams
from ingestion import uploads
from ingestion.pipeline import publish_text
from knowledge import articles, faq_entries, listing
from knowledge.articles import Article, Kind, Status, help_page
from knowledge.passages import passages_of
from knowledge.versions import versions_of

router = APIRouter(
    prefix="/api/articles", tags=["articles"], responses=problems(401, 403, 404, 409)
)

Filter = Annotated[str, Query(max_length=200)]
FileFilter = Annotated[str, Query(max_length=400)]
Audience = Literal["public", "internal"]


class ArticleFields(BaseModel):
    id: str
    title: str
    kind: Kind
    status: str
    source: str
    language: str
    audience: str
    version: int
    updated_at: datetime
    indexed: bool
    url: str
    file: str
    """The file it came from: `source:name`, or empty."""


class ArticleRow(ArticleFields):
    passages: int


@router.get("")
def list_articles(
    actor: Agent,
    session: Reading,
    q: Filter = "",
    status: Filter = "",
    source: Filter = "",
    file: FileFilter = "",
    entries: bool = True,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ArticleRow]:
    """What changed last comes first; deleted ones only when asked for. `entries=false` leaves out
    the entries of FAQ files."""
    rows = listing.articles_page(
        session,
        search=q,
        status=status,
        source=source,
        file=file,
        entries=entries,
        after=read_cursor(cursor),
        limit=limit + 1,
    )
    places = [(row.article.updated_at, row.article.id) for row in rows]
    items = [ArticleRow(**_fields(row), passages=row.passages) for row in rows[:limit]]
    return Page(items=items, next=page_end(places, limit))


class FaqFileShape(BaseModel):
    file: str
    name: str
    entries: int


class Deleted(BaseModel):
    ids: list[str]


@router.get("/files")
def list_faq_files(actor: Agent, session: Reading) -> list[FaqFileShape]:
    """The FAQ files whose entries are articles, with how many there are."""
    return [
        FaqFileShape(file=one.file, name=one.file.partition(":")[2], entries=one.entries)
        for one in faq_entries.faq_files(session)
    ]


@router.delete("/files")
def delete_entries(
    actor: Lead, session: Writing, file: Annotated[str, Query(min_length=1, max_length=400)]
) -> Deleted:
    """Delete all entries of a FAQ file; `restore` brings these back."""
    if uploads.is_being_read(session, file):
        raise Conflict("This file is being read. Delete its entries when that is done.")
    return Deleted(ids=faq_entries.delete_entries(session, file, by=actor.id))


@router.post("/restore")
def restore_articles(deleted: Deleted, actor: Lead, session: Writing) -> Done:
    """Bring back what was deleted together."""
    for article_id in deleted.ids:
        if articles.find(session, article_id).status == Status.DELETED:
            articles.bring_back(session, article_id, by=actor.id)
    return Done()


class PassageShape(BaseModel):
    id: str
    breadcrumb: str
    text: str
    kind: str


class VersionShape(BaseModel):
    number: int
    title: str
    at: datetime
    by: str
    """The name of who published it, or which part of the system."""
    current: bool


class ArticleShape(ArticleFields):
    text: str
    passages: list[PassageShape]
    versions: list[VersionShape]


@router.get("/{article_id}")
def get_article(article_id: str, actor: Agent, session: Reading) -> ArticleShape:
    return _article(session, articles.find(session, article_id))


class ArticleText(BaseModel):
    title: Line
    text: Annotated[str, StringConstraints(min_length=1, max_length=2_000_000)]
    """Markdown."""
    kind: Kind | None = None
    """`faq`: the title is a question, the text its answer, given word for word. None: as it is."""
    language: Annotated[str, StringConstraints(max_length=20)] = ""
    audience: Audience = "public"
    url: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^(https?://\S+)?$")
    ] = ""
    version: int | None = None
    """The version this was written on: refused when somebody has changed it since."""


@router.post("", status_code=201)
def add_article(new: ArticleText, actor: Lead, session: Writing) -> ArticleShape:
    return _article(session, _publish(session, new, new.kind or Kind.TEXT, actor.id))


@router.put("/{article_id}")
def change_article(
    article_id: str, changed: ArticleText, actor: Lead, session: Writing
) -> ArticleShape:
    """Publish a new version of it."""
    article = articles.find(session, article_id)
    if changed.version is not None and changed.version != article.current_version:
        raise Conflict("Somebody has changed this article meanwhile. Load it again first.")
    kind = changed.kind or Kind(article.kind)
    return _article(session, _publish(session, changed, kind, actor.id, article_id))


def _publish(
    session: Session, text: ArticleText, kind: Kind, by: str, article_id: str | None = None
) -> Article:
    return publish_text(
        session,
        title=text.title,
        text=text.text,
        by=by,
        article_id=article_id,
        kind=kind,
        audience=text.audience,
        url=text.url,
        language=text.language,
    )


@router.post("/{article_id}/archive")
def archive_article(article_id: str, actor: Lead, session: Writing) -> ArticleShape:
    """Take it out of use; nothing is lost."""
    return _article(session, articles.archive(session, article_id, by=actor.id))


@router.post("/{article_id}/restore")
def restore_article(article_id: str, actor: Lead, session: Writing) -> ArticleShape:
    """Bring an archived or deleted article back as it was."""
    return _article(session, articles.bring_back(session, article_id, by=actor.id))


@router.post("/{article_id}/versions/{number}/restore")
def restore_version(article_id: str, number: int, actor: Lead, session: Writing) -> ArticleShape:
    """What an older version said becomes the newest version."""
    return _article(session, articles.restore_version(session, article_id, number, by=actor.id))


@router.delete("/{article_id}")
def delete_article(article_id: str, actor: Lead, session: Writing) -> Done:
    """Gone for everybody; it can still be restored."""
    articles.delete(session, article_id, by=actor.id)
    return Done()


def _article(session: Session, article: Article) -> ArticleShape:
    session.flush()
    versions = versions_of(session, article.id)
    names = teams.names(session, {version.by for version in versions})
    current = next((v for v in versions if v.number == article.current_version), None)
    return ArticleShape(
        **_fields(listing.listed(session, [article])[0]),
        text=current.text if current else "",
        passages=[
            PassageShape.model_validate(passage, from_attributes=True)
            for passage in passages_of(session, article.id, article.current_version)
        ],
        versions=[
            VersionShape(
                number=version.number,
                title=version.title,
                at=version.created_at,
                by=names.get(version.by, version.by),
                current=version.number == article.current_version,
            )
            for version in versions
        ],
    )


def _fields(row: listing.Listed) -> dict[str, object]:
    article = row.article
    shown = article.status == Status.PUBLISHED and article.audience == "public"
    return {
        "id": article.id,
        "title": article.title,
        "kind": article.kind,
        "status": article.status,
        "source": article.source,
        "language": article.language,
        "audience": article.audience,
        "version": article.current_version,
        "updated_at": article.updated_at,
        "indexed": row.indexed,
        "url": article.url or (help_page(article.id) if shown else ""),
        "file": row.file,
    }
