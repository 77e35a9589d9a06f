"""What a customer, or somebody of ours in another tool, wrote."""

from dataclasses import replace

from connectors.channels.meta.direct import attachments
from connectors.channels.meta.direct.item import Item
from connectors.json_values import Json, child, facts, text
from desk.envelope import DeliveryState, Envelope, Kind


def read_message(item: Item, app_id: str) -> tuple[Envelope, ...]:
    """Raises ValueError when the message names nobody or nothing."""
    message = child(item.body, "message")
    mid = text(message, "mid")
    if not mid:
        raise ValueError("The message has no id.")
    if not item.customer:
        raise ValueError("The message does not say who the customer is.")
    if message.get("is_deleted") is True:
        return (replace(_start(item), kind=Kind.DELETE, subject_id=mid),)
    if item.is_ours and _is_from_here(message, app_id):
        return _own_echo(item, message)
    return (_written(item, message),)


def _is_from_here(message: Json, app_id: str) -> bool:
    return bool(app_id) and text(message, "app_id") == app_id


def _own_echo(item: Item, message: Json) -> tuple[Envelope, ...]:
    """What we sent ourselves comes back: no second message, but proof that it was taken. Our id
    comes with a message's last part, where the product gives it back; else its words must do."""
    ours, words = text(message, "metadata"), text(message, "text")
    start = Envelope(item.id, Kind.STATUS, item.at, recipients=item.customer)
    if ours:
        mid = text(message, "mid")
        return (replace(start, subject_id=mid, state=DeliveryState.SENT, correlation=ours),)
    if item.product.echoes_metadata or not words:
        return ()
    return (replace(start, kind=Kind.ECHO, text=words, ours=True),)


def _start(item: Item) -> Envelope:
    """Who did it to whom. An echo's `recipients` is the customer."""
    who = item.address(item.sender)
    to = item.customer if item.is_ours else ()
    watching = {"standby": "another app answers this customer"} if item.is_standby else {}
    return Envelope(
        item.id,
        Kind.MESSAGE,
        item.at,
        who,
        recipients=to,
        observed=item.is_standby,
        details=watching,
    )


def _written(item: Item, message: Json) -> Envelope:
    start = _start(item)
    carried = attachments.files(message)
    shown = text(message, "text") or attachments.words(message)
    details = start.details | attachments.facts_of(message) | _story(message)
    details |= referral(child(message, "referral"))
    is_empty = not (shown or carried or details.keys() - {"standby"})
    kind = Kind.ECHO if item.is_ours else Kind.UNKNOWN if is_empty else Kind.MESSAGE
    return replace(
        start,
        kind=kind,
        text=shown,
        files=carried,
        reply_to=text(child(message, "reply_to"), "mid"),
        choice=text(child(message, "quick_reply"), "payload"),
        details=details,
    )


def _story(message: Json) -> dict[str, str]:
    """The story a message answers. Its picture can be opened for a day only."""
    story = child(message, "reply_to", "story")
    return {f"story_{key}": value for key, value in facts(story).items()}


def referral(brought_by: Json) -> dict[str, str]:
    """The advertisement, link or shop page that brought the customer here."""
    plain = facts(brought_by) | facts(child(brought_by, "product"))
    return {f"referral_{key}": value for key, value in plain.items()}


def read_postback(item: Item, app_id: str) -> tuple[Envelope, ...]:
    """A pressed button or menu entry is what the customer says."""
    pressed = child(item.body, "postback")
    if not item.customer:
        raise ValueError("The pressed button does not say who the customer is.")
    start = _start(item)
    title, payload = text(pressed, "title"), text(pressed, "payload")
    details = start.details | referral(child(pressed, "referral"))
    return (replace(start, text=title or payload, choice=payload, details=details),)


def read_edit(item: Item, app_id: str) -> tuple[Envelope, ...]:
    edit = child(item.body, "message_edit")
    subject = text(edit, "mid")
    if not subject:
        raise ValueError("The edit does not say which message it changes.")
    words = text(edit, "text")
    return (replace(_start(item), kind=Kind.EDIT, subject_id=subject, text=words),)


def read_reaction(item: Item, app_id: str) -> tuple[Envelope, ...]:
    """An empty text means that the reaction was taken back."""
    reaction = child(item.body, "reaction")
    subject = text(reaction, "mid")
    if not subject:
        raise ValueError("The reaction does not say to which message it belongs.")
    emoji = text(reaction, "emoji") or text(reaction, "reaction")
    shown = "" if text(reaction, "action") == "unreact" else emoji
    return (replace(_start(item), kind=Kind.REACTION, subject_id=subject, text=shown),)
