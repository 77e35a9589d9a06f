"""What a customer sent: one function per message type of the Cloud API."""

import json
from collections.abc import Callable
from dataclasses import replace

from connectors.channels.whatsapp.item import Item
from connectors.channels.whatsapp.people import addresses
from connectors.channels.whatsapp.shared_things import contact_file, location_file
from connectors.json_values import Json, child, children, facts, text
from desk.envelope import Address, Envelope, File, Kind, ThreadHint

MEDIA = ("image", "video", "audio", "document", "sticker")


def read_message(item: Item) -> Envelope:
    """Raises ValueError when nobody is named as its sender or its content is missing."""
    kind = message_type(item.body)
    people = sender(item)
    if not people and kind != "system":
        raise ValueError("The message names neither a user id nor a phone number.")
    start = Envelope(
        id=item.id,
        kind=Kind.MESSAGE,
        at=item.at,
        sender=people,
        sender_name=item.customer_name,
        reply_to=text(child(item.body, "context"), "id"),
        thread_hints=_group(item.body),
        details={**_context(item.body), **_referral(item.body)},
    )
    return content(kind, item.body, start)


def message_type(body: Json) -> str:
    """The stated type, else the one whose content is there."""
    stated = text(body, "type")
    return stated or next((kind for kind in READERS if kind in body), "")


def sender(item: Item) -> tuple[Address, ...]:
    body, contact = item.body, item.contact
    user_id = text(body, "from_user_id") or text(contact, "user_id")
    return addresses(user_id, text(body, "from"), text(contact, "wa_id"))


def content(kind: str, body: Json, start: Envelope) -> Envelope:
    """`start` with what this type of message carries; an unheard-of type stays, as unknown."""
    return READERS.get(kind, _unknown)(body, start)


def _text(body: Json, start: Envelope) -> Envelope:
    written = child(body, "text").get("body")
    if not isinstance(written, str):
        raise ValueError("The text message has no body.")
    return replace(start, text=text(child(body, "text"), "body"))


def _media(body: Json, start: Envelope) -> Envelope:
    kind = message_type(body)
    media = child(body, kind)
    if not media and not body.get("errors"):
        raise ValueError(f"The {kind} message has no content.")
    file = File(
        kind="voice" if media.get("voice") is True else kind,
        name=text(media, "filename"),
        type=text(media, "mime_type") or "application/octet-stream",
        reference=text(media, "id"),
    )
    details = start.details | _problem(body)
    return replace(start, text=text(media, "caption"), files=(file,), details=details)


def _location(body: Json, start: Envelope) -> Envelope:
    place = child(body, "location")
    return replace(start, files=(location_file(place),), details=start.details | facts(place))


def _contacts(body: Json, start: Envelope) -> Envelope:
    """Other people's cards prove nothing about the sender: they become files, not addresses."""
    cards = children(body, "contacts")
    if not cards:
        raise ValueError("The contact message has no contacts.")
    return replace(start, files=tuple(contact_file(card) for card in cards))


def _reaction(body: Json, start: Envelope) -> Envelope:
    """An empty text means that the reaction was taken back."""
    reaction = child(body, "reaction")
    subject = text(reaction, "message_id")
    if not subject:
        raise ValueError("The reaction does not say to which message it belongs.")
    return replace(start, kind=Kind.REACTION, subject_id=subject, text=text(reaction, "emoji"))


def _interactive(body: Json, start: Envelope) -> Envelope:
    interactive = child(body, "interactive")
    kind = text(interactive, "type") or next(iter(interactive), "")
    reply = child(interactive, kind)
    if not reply:
        raise ValueError("The interactive reply has no content.")
    if kind == "call_permission_reply":
        details = {"category": "calls", "value": text(reply, "response")} | facts(reply)
        return replace(start, kind=Kind.CONSENT, details=start.details | details)
    if kind == "nfm_reply":
        details = start.details | facts(_form(reply))
        return replace(start, text=text(reply, "body"), details=details)
    described = text(reply, "description")
    details = start.details | ({"description": described} if described else {})
    return replace(start, text=text(reply, "title"), choice=text(reply, "id"), details=details)


def _button(body: Json, start: Envelope) -> Envelope:
    button = child(body, "button")
    if not button:
        raise ValueError("The pressed button has no content.")
    return replace(start, text=text(button, "text"), choice=text(button, "payload"))


def _order(body: Json, start: Envelope) -> Envelope:
    order = child(body, "order")
    lines = [_order_line(line) for line in children(order, "product_items")]
    details = {"order": "\n".join(lines), "catalog": text(order, "catalog_id")}
    return replace(start, text=text(order, "text"), details=start.details | details)


def _edit(body: Json, start: Envelope) -> Envelope:
    edit = child(body, "edit")
    subject, message = text(edit, "original_message_id"), child(edit, "message")
    if not subject or not message:
        raise ValueError("The edit lacks the message it changes or the new content.")
    edited = content(message_type(message), message, start)
    reply_to = text(child(message, "context"), "id") or start.reply_to
    return replace(edited, kind=Kind.EDIT, subject_id=subject, reply_to=reply_to)


def _revoke(body: Json, start: Envelope) -> Envelope:
    subject = text(child(body, "revoke"), "original_message_id")
    if not subject:
        raise ValueError("The deletion does not say which message it deletes.")
    return replace(start, kind=Kind.DELETE, subject_id=subject)


def _system(body: Json, start: Envelope) -> Envelope:
    """A customer got a new number or user id. `sender` is who they are now."""
    system = child(body, "system")
    kind, user_id = text(system, "type"), text(system, "user_id")
    phone = text(system, "wa_id") or text(system, "new_wa_id")
    details = start.details | facts(system)
    if not kind.startswith(("user_changed", "customer_changed", "customer_identity_changed")):
        return replace(start, kind=Kind.UNKNOWN, details=details)
    now = addresses(user_id, phone)
    before = addresses(text(system, "previous_user_id"), text(body, "from"))
    if not now and not start.sender:
        raise ValueError("The system message names nobody.")
    if not now:
        return replace(start, kind=Kind.IDENTITY_CHANGE, details=details)
    previous = next((one for one in before if one not in now), None)
    return replace(start, kind=Kind.IDENTITY_CHANGE, sender=now, previous=previous, details=details)


def _unsupported(body: Json, start: Envelope) -> Envelope:
    """The customer did write; the desk shows that WhatsApp could not pass it on."""
    return replace(start, details=start.details | {"unsupported": "true"} | _problem(body))


def _unknown(body: Json, start: Envelope) -> Envelope:
    details = {"type": message_type(body)} | _problem(body)
    return replace(start, kind=Kind.UNKNOWN, details=start.details | details)


READERS: dict[str, Callable[[Json, Envelope], Envelope]] = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "edit": _edit,
    "revoke": _revoke,
    "system": _system,
    "unsupported": _unsupported,
}


def _group(body: Json) -> tuple[ThreadHint, ...]:
    group = text(body, "group_id")
    return (ThreadHint(f"whatsapp-group:{group}", "the same WhatsApp group"),) if group else ()


def _context(body: Json) -> dict[str, str]:
    context = child(body, "context")
    marks = {
        key: "true" for key in ("forwarded", "frequently_forwarded") if context.get(key) is True
    }
    product = text(child(context, "referred_product"), "product_retailer_id")
    return marks | ({"product": product} if product else {})


def _referral(body: Json) -> dict[str, str]:
    """The advertisement that brought the customer here."""
    return {f"referral_{key}": value for key, value in facts(child(body, "referral")).items()}


def _problem(body: Json) -> dict[str, str]:
    error = next(iter(children(body, "errors")), {})
    words = text(child(error, "error_data"), "details") or text(error, "title")
    return {"problem": words} if words else {}


def _form(reply: Json) -> Json:
    try:
        filled = json.loads(text(reply, "response_json"))
    except (ValueError, RecursionError):
        return {}
    return filled if isinstance(filled, dict) else {}


def _order_line(line: Json) -> str:
    price = f"{text(line, 'item_price')} {text(line, 'currency')}".strip()
    return f"{text(line, 'quantity')} × {text(line, 'product_retailer_id')} ({price})"
