"""Sending one message, told honestly: taken, refused, or nobody can know."""

import time

import httpx

from connectors.base import Account
from connectors.channels.whatsapp import graph
from connectors.channels.whatsapp.media import CAPTIONED, file_body, kind_of
from connectors.channels.whatsapp.render import BODY_LIMIT, render
from connectors.channels.whatsapp.templates import template_body
from connectors.cutting import width
from connectors.json_values import Json, child, children, text
from connectors.refused import partly
from desk.envelope import DeliveryState, Outgoing, Receipt

TIME_FOR_ONE_MESSAGE = 60
"""Seconds. The outbox counts a claim of two minutes as left by a crash: by then this must have
ended, its last call included."""


def send(http: httpx.Client, account: Account, message: Outgoing) -> Receipt:
    """One Graph call per part; long texts and files make several. Never raises for what the
    provider or the network does. `provider_id` is the last part's that was taken."""
    deadline = time.monotonic() + TIME_FOR_ONE_MESSAGE
    try:
        addressee = _addressee(message)
        bodies = _bodies(http, account, message, deadline)
    except graph.Refused as refused:
        return refused.receipt
    taken = ""
    for number, body in enumerate(bodies):
        try:
            _check_time(deadline)
            taken = _send_one(http, account, _whole(message, addressee, body, number))
        except graph.Refused as refused:
            return partly(refused.receipt, taken, number, len(bodies))
    return Receipt(DeliveryState.SENT, provider_id=taken)


def _addressee(message: Outgoing) -> Json:
    if message.to.kind == "whatsapp":
        return {"recipient": message.to.value}
    if message.to.kind == "phone":
        return {"to": message.to.value.removeprefix("+")}
    words = f"WhatsApp cannot reach an address of kind {message.to.kind}."
    raise graph.Refused(graph.failed("", words))


def _bodies(http: httpx.Client, account: Account, message: Outgoing, deadline: float) -> list[Json]:
    """Text first, then files; a short text goes under a single picture as its caption."""
    if message.template:
        return [template_body(message.template)]
    texts = render(message)
    caption = _caption(message, texts)
    files = []
    for file in message.files:
        _check_time(deadline)
        files.append(file_body(http, account, file, caption))
    bodies = files if caption else texts + files
    if not bodies:
        raise graph.Refused(graph.failed("", "The message is empty; there is nothing to send."))
    return bodies


def _check_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        words = "WhatsApp answered too slowly to go on."
        raise graph.Refused(graph.failed("", words, retry_after=60))


def _caption(message: Outgoing, texts: list[Json]) -> str:
    if len(message.files) != 1 or len(texts) != 1 or kind_of(message.files[0]) not in CAPTIONED:
        return ""
    words = text(child(texts[0], "text"), "body")
    return words if width(words) <= BODY_LIMIT else ""


def _whole(message: Outgoing, addressee: Json, body: Json, number: int) -> Json:
    whole: Json = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    whole |= addressee | body | {"biz_opaque_callback_data": message.id}
    if message.reply_to and number == 0:
        whole["context"] = {"message_id": message.reply_to}
    return whole


def _send_one(http: httpx.Client, account: Account, whole: Json) -> str:
    """The id Meta gave the message."""
    number = account.config.get("phone_number_id", "")
    answer = graph.post(http, account, f"{number}/messages", json=whole)
    found = next(iter(children(answer, "messages")), {})
    if not text(found, "id"):
        words = "WhatsApp answered without a message id; it may have been sent."
        raise graph.Refused(graph.unknown("", words))
    return text(found, "id")


TYPING_TIME = 3.0
"""Seconds: it is shown while the answer is thought of, so later is no use."""


def show_typing(http: httpx.Client, account: Account, answering: str) -> None:
    """Mark the customer's message as read and show "typing…". Raises OSError."""
    number = account.config.get("phone_number_id", "")
    body: Json = {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": answering,
        "typing_indicator": {"type": "text"},
    }
    try:
        graph.post(http, account, f"{number}/messages", json=body, timeout=TYPING_TIME)
    except graph.Refused as refused:
        raise OSError(refused.receipt.error) from refused
