"""Templates: as Meta keeps them, and as a message that is made of one."""

import re
from collections.abc import Iterator

import httpx

from connectors.base import Account
from connectors.channels.whatsapp import graph
from connectors.json_values import Json, child, children, scalar, text
from desk.envelope import Gap, OfferedTemplate, Template

FIELDS = "id,name,language,status,category,quality_score,rejected_reason,components"
GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")
MEDIA = ("IMAGE", "VIDEO", "DOCUMENT")
MOST_PAGES = 50


def templates(http: httpx.Client, account: Account) -> tuple[OfferedTemplate, ...]:
    """All of the business account's. Raises OSError when they can't be had."""
    business = account.config.get("business_account_id", "")
    if not business.isdigit():
        raise OSError("Enter the WhatsApp business account ID: templates belong to it.")
    found: list[OfferedTemplate] = []
    query = {"fields": FIELDS, "limit": "100"}
    for _ in range(MOST_PAGES):
        page = _page(http, account, business, query)
        found += [_read(one) for one in children(page, "data") if text(one, "name")]
        after = text(child(page, "paging", "cursors"), "after")
        if not after or not text(child(page, "paging"), "next"):
            return tuple(found)
        query = {**query, "after": after}
    return tuple(found)


def _page(http: httpx.Client, account: Account, business: str, query: dict[str, str]) -> Json:
    address = graph.url(account, f"{business}/message_templates")
    try:
        answer = http.get(address, params=query, headers=graph.bearer(account))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise OSError(f"WhatsApp could not be reached ({type(error).__name__}).") from error
    if not answer.is_success:
        code, words = graph.problem(answer)
        raise OSError(words or f"WhatsApp answered {answer.status_code} (code {code or 'none'}).")
    return graph.data(answer)


def _read(item: Json) -> OfferedTemplate:
    parts = {text(one, "type").upper(): one for one in children(item, "components")}
    header, buttons = parts.get("HEADER", {}), children(parts.get("BUTTONS", {}), "buttons")
    reason = text(item, "rejected_reason")
    return OfferedTemplate(
        id=text(item, "id"),
        name=text(item, "name"),
        language=text(item, "language"),
        category=text(item, "category").lower(),
        state=text(item, "status").lower(),
        quality=text(child(item, "quality_score"), "score").lower(),
        reason="" if reason.upper() == "NONE" else reason,
        header=text(header, "text"),
        body=text(parts.get("BODY", {}), "text"),
        footer=text(parts.get("FOOTER", {}), "text"),
        buttons=tuple(text(one, "text") for one in buttons),
        gaps=(*_header_gaps(header), *_body_gaps(parts.get("BODY", {})), *_button_gaps(buttons)),
    )


def _header_gaps(header: Json) -> Iterator[Gap]:
    kind = text(header, "format").upper()
    if kind in MEDIA:
        yield Gap("header", "1", kind.lower())
    for name in dict.fromkeys(GAP.findall(text(header, "text"))):
        yield Gap("header", name)


def _body_gaps(body: Json) -> Iterator[Gap]:
    examples = _examples(child(body, "example"))
    for place, name in enumerate(dict.fromkeys(GAP.findall(text(body, "text")))):
        yield Gap("body", name, example=examples.get(name) or examples.get(str(place + 1), ""))


def _examples(example: Json) -> dict[str, str]:
    """By number or name."""
    named = {
        text(one, "param_name"): text(one, "example")
        for one in children(example, "body_text_named_params")
    }
    rows = example.get("body_text")
    first = rows[0] if isinstance(rows, list) and rows else []
    numbered = first if isinstance(first, list) else rows if isinstance(rows, list) else []
    return {str(place): scalar(one) for place, one in enumerate(numbered, 1)} | named


def _button_gaps(buttons: list[Json]) -> Iterator[Gap]:
    for index, button in enumerate(buttons):
        kind = text(button, "type").upper()
        if kind == "URL" and GAP.search(text(button, "url")):
            yield Gap("button", "1", "url", index)
        if kind == "COPY_CODE":
            yield Gap("button", "1", "copy_code", index)


def template_body(template: Template) -> Json:
    """The message body that sends this template."""
    language = {"policy": "deterministic", "code": template.language}
    whole: Json = {"name": template.name, "language": language}
    components = [*_texts(template, "header"), *_texts(template, "body"), *_buttons(template)]
    if components:
        whole["components"] = components
    return {"type": "template", "template": whole}


def _texts(template: Template, part: str) -> list[Json]:
    parameters = [_parameter(gap, value) for gap, value in template.values if gap.part == part]
    return [{"type": part, "parameters": parameters}] if parameters else []


def _parameter(gap: Gap, value: str) -> Json:
    if gap.kind != "text":
        return {"type": gap.kind, gap.kind: {"link": value}}
    named = {} if gap.name.isdigit() else {"parameter_name": gap.name}
    return {"type": "text", **named, "text": value}


def _buttons(template: Template) -> list[Json]:
    return [
        {
            "type": "button",
            "sub_type": gap.kind,
            "index": str(gap.index),
            "parameters": [
                {"type": "coupon_code", "coupon_code": value}
                if gap.kind == "copy_code"
                else {"type": "text", "text": value}
            ],
        }
        for gap, value in template.values
        if gap.part == "button"
    ]
