"""The public help centre: what customers may read, made on the server, without a script."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse
from markdown_it import MarkdownIt
from markdown_it.token import Token

from api.transactions import Reading
from desk.company import Company, company
from knowledge.anchors import anchor
from knowledge.articles import Article, Kind
from knowledge.listing import public_article, public_articles
from knowledge.versions import ArticleVersion

router = APIRouter(prefix="/help", include_in_schema=False)

STYLES = Path(__file__).parent.parent / "web" / "help" / "help.css"
ID_LENGTH = 36
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' https:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors *",
    "cache-control": "no-cache",
}
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@router.get("")
@router.get("/")
def help_index(session: Reading, q: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    """Every public article by title, or those with the words searched for."""
    found = public_articles(session, q)
    return _page(company(session), "Help", _list(found, q.strip()), search=q)


@router.get("/assets/help.css")
def styles() -> FileResponse:
    return FileResponse(STYLES, media_type="text/css", headers={"cache-control": "no-cache"})


@router.get("/{place}")
def help_article(place: str, session: Reading) -> HTMLResponse:
    """One article, by its id; words in front of the id, as in a readable address, are ignored."""
    found = public_article(session, place[-ID_LENGTH:])
    if found is None:
        return _page(company(session), "Not found", _NOT_FOUND, status=404)
    article, version = found
    return _page(
        company(session), version.title, _article(article, version), language=article.language
    )


_NOT_FOUND = """<h1>This page is not here</h1>
<p>It may have been moved or taken back. Search above, or see <a href="/help">all pages</a>.</p>"""


def _list(articles: Sequence[Article], words: str) -> str:
    heading = f"Results for “{escape(words)}”" if words else "All pages"
    if not articles:
        empty = "Nothing was found. Try fewer or other words." if words else "Nothing here yet."
        return f"<h1>{heading}</h1><p>{empty}</p>"
    entries = [article for article in articles if article.kind == Kind.FAQ]
    pages = [article for article in articles if article.kind != Kind.FAQ]
    listed = f"<h1>{heading}</h1>{_links(pages)}"
    return f"{listed}<h2>Questions and answers</h2>{_links(entries)}" if entries else listed


def _links(articles: Sequence[Article]) -> str:
    items = "".join(
        f'<li><a dir="auto" href="/help/{escape(article.id)}">{escape(article.title)}</a></li>'
        for article in articles
    )
    return f'<ul class="results">{items}</ul>' if items else ""


def _article(article: Article, version: ArticleVersion) -> str:
    date = version.created_at
    updated = f'<time datetime="{date:%Y-%m-%d}">{date.day} {date:%B %Y}</time>'
    return (
        f'<article dir="auto"><h1>{escape(version.title)}</h1>'
        f'<p class="quiet" dir="ltr">Updated {updated}</p>'
        f"{as_html(version.text, version.title)}</article>"
    )


def as_html(text: str, title: str = "") -> str:
    """Markdown as safe HTML. Headings carry the names that source links point at.

    A first heading that only repeats the title is left out; the others start at level 2.
    """
    tokens = _markdown.parse(text)
    if len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[1].content == title:
        tokens = tokens[3:]
    _name_headings(tokens)
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return html.replace("<table>", '<div class="wide"><table>').replace(
        "</table>", "</table></div>"
    )


def _name_headings(tokens: Sequence[Token]) -> None:
    taken: set[str] = set()
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    lift = min((int(token.tag[1]) for token in headings), default=2) - 2
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - lift, 6)}"
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            _name(token, inside.content, taken)


def _name(heading: Token, words: str, taken: set[str]) -> None:
    """The first of several equal headings has the name: a link can mean only one."""
    name = anchor(words)
    if name and name not in taken:
        heading.attrSet("id", name)
        taken.add(name)


def _page(
    shop: Company, title: str, body: str, *, search: str = "", language: str = "", status: int = 200
) -> HTMLResponse:
    name = escape(shop.name or "Help centre")
    html = f"""<!doctype html>
<html lang="{escape(language or "en")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · {name}</title>
<link rel="stylesheet" href="/help/assets/help.css">
</head>
<body>
<header>
<a href="/help" dir="auto">{name}</a>
<form role="search" action="/help">
<input type="search" name="q" value="{escape(search)}" aria-label="Search help" dir="auto">
<button>Search</button>
</form>
</header>
<main>
{body}
</main>
</body>
</html>"""
    return HTMLResponse(html, status, _HEADERS)
