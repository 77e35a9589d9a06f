"""HTML files: what surrounds the article is taken out first, then it is read as Markdown."""

import re
from copy import deepcopy
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from ingestion.parse.document import Document, document_of
from ingestion.parse.encoding import decode
from ingestion.parse.limits import TABLE_COLUMNS
from ingestion.parse.markdown import markdown_blocks
from ingestion.parse.markup import html_to_markdown
from ingestion.parse.written import title_in

LARGEST_TREE = 5_000_000
DEEPEST_TREE = 250
LONGEST_CELL = 2_000

_NEVER = {
    "script", "style", "noscript", "template", "svg", "nav", "footer", "dialog", "iframe", "object"
}  # fmt: skip
_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu"}
_SURROUNDS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|nav|navbar|navigation|sidebar|footer"
    r"|topbar|newsletter|skip-?link|pagination|share|sharing|social|promo|advert|ads"
    r"|site-?header|page-?header|header-?bar|related|menu)(?:$|[\s_-])",
    re.I,
)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.I)


def read(path: Path, name: str, kind: str) -> Document:
    data = path.read_bytes()
    declared = _CHARSET.search(data[:4096])
    return html_document(decode(data, declared.group(1).decode() if declared else ""))


def html_document(html: str) -> Document:
    tree = _tree(html)
    if tree is None:
        blocks = markdown_blocks(html_to_markdown(html))
        return document_of(blocks, title=title_in(blocks))
    head = (tree.findtext(".//title") or "").strip()
    language = (tree.get("lang") or "").split("-")[0].lower()
    body = _article(tree)
    for table in list(body.iter("table")):
        if _is_layout(table):
            _unwrap(table)
        else:
            _repeat_merged_cells(table)
    blocks = markdown_blocks(html_to_markdown(lxml_html.tostring(body, encoding="unicode")))
    return document_of(blocks, title=_title(title_in(blocks), head), language=language)


def _tree(html: str) -> lxml_html.HtmlElement | None:
    """The parsed page; None for one too large, too deep or too odd to clean."""
    if len(html) > LARGEST_TREE:
        return None
    try:
        tree = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", html))
    except (etree.LxmlError, ValueError):
        return None
    return tree if _depth(tree) <= DEEPEST_TREE else None


def _depth(tree: lxml_html.HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _article(tree: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """The part people came for, or all of the page where no such part stands out."""
    body = tree.find("body")
    body = tree if body is None else body
    most = _letters(body) / 2
    for element in list(body.iter(etree.Element)):
        if element is not body and _surrounds(element) and not _holds_article(element, most):
            element.drop_tree()
    mains = body.xpath(".//main | .//*[@role='main']")
    return mains[0] if len(mains) == 1 and _letters(mains[0]) > _letters(body) * 0.6 else body


def _surrounds(element: lxml_html.HtmlElement) -> bool:
    if element.tag in _NEVER or element.get("hidden") is not None:
        return True
    if element.tag in ("header", "aside") and element.getparent().tag == "body":
        return True
    if element.get("role") in _ROLES or element.get("aria-hidden") == "true":
        return True
    return bool(_SURROUNDS.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _holds_article(element: lxml_html.HtmlElement, most: float) -> bool:
    if element.tag in _NEVER:
        return False
    return bool(element.xpath(".//h1 | .//main | .//article")) or _letters(element) > most


def _letters(element: lxml_html.HtmlElement) -> int:
    return sum(len(text.strip()) for text in element.itertext(etree.Element))


def _is_layout(table: lxml_html.HtmlElement) -> bool:
    """Whether a table only puts things in their place, as mails and old pages do."""
    if table.get("role") in ("presentation", "none"):
        return True
    if table.xpath(".//th | .//caption"):
        return False
    one_column = all(len(row.xpath("./td")) <= 1 for row in _rows(table))
    framed = sum(map(_letters, table.xpath("./*//table[not(ancestor::table[2])]")))
    spans = any(cell.get("colspan") for cell in _cells(table))
    frames_tables = framed > 0 and (spans or framed > 0.9 * _letters(table))
    holds_text = any(c.xpath(".//h1 | .//h2") or _letters(c) > LONGEST_CELL for c in _cells(table))
    return one_column or frames_tables or holds_text


def _unwrap(table: lxml_html.HtmlElement) -> None:
    parts = [part for row in _rows(table) for part in (row.getparent(), row)]
    for element in (table, *parts, *_cells(table)):
        element.tag = "div"


def _rows(table: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    return list(table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"))


def _cells(table: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    return [cell for row in _rows(table) for cell in row.xpath("./td | ./th")]


def _repeat_merged_cells(table: lxml_html.HtmlElement) -> None:
    """A cell over several rows or columns is said in each, so that a row stands by itself."""
    hanging: dict[int, tuple[int, lxml_html.HtmlElement]] = {}
    for row in _rows(table):
        own = row.xpath("./td | ./th")
        cells: list[lxml_html.HtmlElement] = []
        while len(cells) < TABLE_COLUMNS and (own or len(cells) in hanging):
            if len(cells) in hanging:
                rows, cell = hanging.pop(len(cells))
                columns = 1
            else:
                cell = own.pop(0)
                rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
            for _ in range(columns):
                if rows > 1:
                    hanging[len(cells)] = rows - 1, cell
                cells.append(deepcopy(cell))
        row[:] = cells


def _span(cell: lxml_html.HtmlElement, name: str) -> int:
    """How far a cell reaches; the attribute is taken away."""
    value = cell.attrib.pop(name, "1")
    return min(int(value), TABLE_COLUMNS) if value.isdecimal() and int(value) else 1


def _title(heading: str, head: str) -> str:
    """The page's own heading where the browser title only adds the site's name to it."""
    if not head or (heading and heading.casefold() in head.casefold()):
        return heading or head
    return head
