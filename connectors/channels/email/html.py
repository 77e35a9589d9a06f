"""HTML mail: shown safely, and turned into text with its quotations marked."""

import re

import nh3
from html_to_markdown import ConversionError, ConversionOptions, convert
from lxml import etree
from lxml.html import HtmlElement, document_fromstring, tostring

from connectors.channels.email.words import clean

# Lines in private-use characters, which no mail program writes.
QUOTATION = "\ue000quotation\ue000"
SIGNATURE = "\ue000signature\ue000"

_LONGEST = 1_000_000
_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "*": {"title", "dir", "lang", "align", "style"},
    "img": {"src", "alt", "width", "height", "data-remote-src"},
    "td": {"colspan", "rowspan", "valign", "width"},
    "th": {"colspan", "rowspan", "valign", "width"},
}
_STYLES = {
    "color", "background-color", "font-weight", "font-style", "font-size", "text-align",
    "text-decoration", "margin-left", "padding-left", "white-space",
}  # fmt: skip
_QUOTATIONS = (
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' gmail_quote ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' gmail_quote_container ')]"
    "|//*[starts-with(@class, 'gmail_attr')]"
    "|//blockquote[@type='cite']"
    "|//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='OLK_SRC_BODY_SECTION'"
    " or @id='mail-editor-reference-message-container' or @id='reply-intro'"
    " or @id='isForwardContent' or @id='orig-msg' or @id='mailruQuote']"
    "|//*[contains(@class, 'yahoo_quoted') or contains(@class, 'moz-cite-prefix')"
    " or contains(@class, 'protonmail_quote') or contains(@class, 'zmail_extra')"
    " or contains(@class, 'moz-forward-container') or contains(@class, 'tutanota_quote')]"
    "|//*[starts-with(@class, 'WordSection') or self::body]"
    "//div[contains(@style, 'border-top') and contains(@style, 'solid') and .//b]"
)
_SIGNATURES = (
    "//*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature')"
    " or @id='Signature' or @id='signature' or contains(@class, 'protonmail_signature_block-user')]"
)


def safe_html(html: str) -> str:
    """HTML that may be shown: no scripts, no remote pictures (kept in data-remote-src)."""
    tree = _tree(html)
    if tree is None:
        return ""
    for image in tree.iter("img"):
        source = str(image.get("src", "")).strip()
        if not re.match(r"(?i)cid:|data:image/(?:png|jpe?g|gif|webp);", source):
            image.attrib.pop("src", None)
            if re.match(r"(?i)https?:", source):
                image.set("data-remote-src", source)
    return nh3.clean(
        _markup(tree),
        attributes=_ATTRIBUTES,
        filter_style_properties=_STYLES,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        attribute_filter=_only_safe_data,
        link_rel="noopener noreferrer",
    )


def html_text(html: str) -> str:
    """The text of an HTML mail as Markdown, with QUOTATION and SIGNATURE lines put in."""
    tree = _tree(html)
    if tree is None:
        return ""
    for unwanted in tree.xpath("//head|//script|//style|//title|//comment()"):
        _drop(unwanted)
    for image in tree.xpath("//img"):
        _drop(image)
    _mark(tree, _SIGNATURES, SIGNATURE)
    _mark(tree, _QUOTATIONS, QUOTATION)
    return _as_text(_markdown(tree))


def _tree(html: str) -> HtmlElement | None:
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", clean(html[:_LONGEST]))
    if not html.strip():
        return None
    try:
        tree = document_fromstring(html)
    except (etree.ParserError, ValueError):
        return None
    return tree if isinstance(tree, HtmlElement) else None


def _markup(tree: HtmlElement) -> str:
    markup = tostring(tree, encoding="unicode")
    return markup if isinstance(markup, str) else ""


def _only_safe_data(tag: str, attribute: str, value: str) -> str | None:
    if value.lower().startswith(("data:", "cid:")) and (tag, attribute) != ("img", "src"):
        return None
    return value


def _drop(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _mark(tree: HtmlElement, path: str, mark: str) -> None:
    """Put a line with the mark in front of the first element of its kind."""
    for element in tree.xpath(path)[:1]:
        parent = element.getparent()
        if parent is None:
            continue
        line = etree.SubElement(parent, "p")
        line.text = mark
        parent.remove(line)
        line.tail = None
        parent.insert(parent.index(element), line)


def _markdown(tree: HtmlElement) -> str:
    options = ConversionOptions(
        escape_misc=False, escape_asterisks=False, escape_underscores=False, extract_metadata=False
    )
    try:
        return convert(_markup(tree), options).content or ""
    except ConversionError:
        return str(tree.text_content())


def _as_text(markdown: str) -> str:
    text = re.sub(r"\[([^\[\]\n]{0,300})\]\(mailto:[^)\s]{0,300}\)", r"\1", markdown)
    text = re.sub(r"\[(https?://[^\[\]\s]{1,2000})\]\(\1/?\)", r"\1", text)
    text = re.sub(r"^\\(?=>)|(?<=^\d)\\(?=\.)", "", text, flags=re.MULTILINE)
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
