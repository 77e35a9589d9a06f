"""Markdown, by markdown-it: also the way through which HTML and old Office files come."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingestion.parse.document import Block, Kind
from ingestion.parse.markup import html_to_markdown
from ingestion.parse.table import pipe_table
from ingestion.parse.text import HEADING_LETTERS, unwrap, with_headings

# Indented code stays off: in texts copied from help centres an indent means nothing.
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("code")

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_CALLOUT = re.compile(r"^\[!(\w+)\][+-]?[ \t]*\n?")
_HTML_NAMES = (
    "a abbr address article aside audio b blockquote br button caption center cite code col "
    "colgroup dd del details div dl dt em embed figcaption figure font footer h1 h2 h3 h4 h5 h6 "
    "header hr i iframe img ins kbd li main mark nav object ol p picture pre q s samp section "
    "small source span strike strong sub summary sup svg table tbody td tfoot th thead time tr "
    "tt u ul var video"
).replace(" ", "|")
# Only real HTML goes: "-d <domain> -i <instance>" is text.
_TAG = re.compile(rf"<!--.*?-->|</?(?:{_HTML_NAMES})(?=[\s/>])[^<>]*>", re.DOTALL | re.I)


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of a Markdown text, without front matter."""
    text = _FRONT_MATTER.sub("", text, count=1)
    tokens = _PARSER.parse(text.replace("\0", ""))
    return with_headings([block for block in _walk(tokens) if block.text])


def front_matter_title(text: str) -> str:
    """The `title:` of a YAML head, or empty."""
    head = _FRONT_MATTER.match(text)
    line = re.search(r"^title:[ \t]*(.+)$", head.group(1), re.MULTILINE) if head else None
    return line.group(1).strip().strip("'\"") if line else ""


def _walk(tokens: list[Token]) -> Iterator[Block]:
    i = 0
    while i < len(tokens):
        end = _closing(tokens, i)
        yield from _block(tokens[i : end + 1])
        i = end + 1


def _closing(tokens: list[Token], start: int) -> int:
    """The index of the token that closes the one at `start` (itself when it has no inside)."""
    depth = 0
    for i in range(start, len(tokens)):
        depth += tokens[i].nesting
        if depth == 0:
            return i
    return len(tokens) - 1


def _block(tokens: list[Token]) -> Iterator[Block]:
    opening = tokens[0]
    match opening.type:
        case "heading_open":
            yield _heading(tokens[1], int(opening.tag[1]))
        case "paragraph_open":
            yield Block("paragraph", unwrap(_inline(tokens[1])))
        case "bullet_list_open" | "ordered_list_open":
            kind: Kind = "steps" if opening.type[0] == "o" else "list"
            yield Block(kind, "\n".join(_items(tokens)))
        case "blockquote_open":
            yield from _quote(tokens[1:-1])
        case "fence" | "code_block":
            yield Block("code", opening.content.rstrip("\n"))
        case "table_open":
            yield Block("table", pipe_table(_rows(tokens)))
        case "html_block":
            yield from _html(opening.content)


def _heading(inline: Token, level: int) -> Block:
    text = _inline(inline)
    # Three dashes under a whole paragraph are a rule somebody drew, not a heading.
    if "\n" in text.strip() or len(text) > 2 * HEADING_LETTERS:
        return Block("paragraph", unwrap(text))
    return Block("heading", text.strip(), level=level)


def _quote(tokens: list[Token]) -> Iterator[Block]:
    for i, block in enumerate(_walk(tokens)):
        callout = _CALLOUT.match(block.text) if i == 0 else None
        if callout:
            text = f"{callout.group(1).capitalize()}: {block.text[callout.end() :]}"
            yield Block(block.kind, text.strip(), block.level)
        else:
            yield block


def _html(content: str) -> Iterator[Block]:
    """HTML between the Markdown is read as HTML, anything else in angle brackets as text."""
    if _TAG.search(content):
        yield from _walk(_PARSER.parse(_TAG.sub("", html_to_markdown(content))))
    else:
        yield Block("paragraph", unwrap(content))


def _items(tokens: list[Token]) -> Iterator[str]:
    """The lines of a list; what is nested in an item is indented below it."""
    number = int(tokens[0].attrs.get("start", 1)) if tokens[0].type[0] == "o" else None
    i = 1
    while i < len(tokens) - 1:
        end = _closing(tokens, i)
        mark = "-" if number is None else f"{number}."
        yield from _item(mark, tokens[i + 1 : end])
        number = None if number is None else number + 1
        i = end + 1


def _item(mark: str, tokens: list[Token]) -> Iterator[str]:
    lines = [line for block in _walk(tokens) for line in block.text.split("\n") if line.strip()]
    for i, line in enumerate(lines or [""]):
        yield f"{mark} {line}" if i == 0 else " " * (len(mark) + 1) + line


def _rows(tokens: list[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(_inline(tokens[i + 1]))
    return rows


def _inline(token: Token) -> str:
    """The words as a reader sees them; a link shows its address behind it."""
    words: list[str] = []
    opened: list[tuple[int, str]] = []
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline":
                words.append(child.content)
            case "softbreak" | "hardbreak":
                words.append("\n")
            case "html_inline":
                words.append(_without_tag(child.content))
            case "image":
                words.append(child.content)
            case "link_open":
                opened.append((len(words), str(child.attrs.get("href", ""))))
            case "link_close":
                start, address = opened.pop()
                words.append(_address("".join(words[start:]), address))
    return "".join(words)


def _address(label: str, address: str) -> str:
    if not address.startswith(("http://", "https://", "mailto:", "tel:")):
        return ""
    shown = address.removeprefix("mailto:").removeprefix("tel:")
    return "" if shown.rstrip("/") in label else f" ({shown})"


def _without_tag(tag: str) -> str:
    if not _TAG.fullmatch(tag):
        return tag
    return "\n" if tag[:3].lower() == "<br" else ""
