"""Neutral text into plain messages within every limit. Pure: no network, no account."""

from connectors.channels.meta.direct.product import Product
from connectors.cutting import shorten, split_text, tail, weight
from connectors.json_values import Json
from connectors.plain import distinct, numbered, plain, source_lines
from desk.envelope import Outgoing

QUICK_REPLIES, TITLE, PAYLOAD = 13, 20, 1000


def render(product: Product, message: Outgoing) -> list[Json]:
    """Message bodies in the order to send them; choices hang on the last. [] for no text."""
    choices = distinct(message.choices)
    listed = choices if not _all_fit(choices) else []
    parts = (plain(message.text), numbered(listed), source_lines(message.sources))
    whole = "\n\n".join(part for part in parts if part)
    offered = choices if len(choices) <= QUICK_REPLIES else []
    if not offered:
        texts = split_text(whole, product.text_limit, product.measure)
        return [{"text": one} for one in texts]
    head, last = tail(whole or "…", product.text_limit, product.measure)
    first = split_text(head, product.text_limit, product.measure)
    asked = {"text": last, "quick_replies": [_quick_reply(one) for one in offered]}
    return [*({"text": one} for one in first), asked]


def _all_fit(choices: list[str]) -> bool:
    """Whether all can be shown in full as quick replies; else they also stand in the text."""
    return len(choices) <= QUICK_REPLIES and all(_title(one) == one for one in choices)


def _title(choice: str) -> str:
    return shorten(choice, TITLE)


def _quick_reply(choice: str) -> Json:
    """The pressed one comes back by its payload, so that holds the whole choice."""
    payload = shorten(choice, PAYLOAD, weight)
    return {"content_type": "text", "title": _title(choice), "payload": payload}
