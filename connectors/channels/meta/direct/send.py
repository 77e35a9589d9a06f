"""Sending one message, told honestly: taken, refused, or nobody can know."""

import time
from dataclasses import replace

import httpx

from connectors.base import Account
from connectors.channels.meta.direct.media import file_body
from connectors.channels.meta.direct.product import Product
from connectors.channels.meta.direct.render import render
from connectors.channels.meta.graph import Refused, failed, unknown
from connectors.json_values import Json, text
from desk.envelope import Address, Concerns, DeliveryState, Outgoing, Receipt

TIME_FOR_ONE_MESSAGE = 60
"""Seconds. The outbox counts a claim of two minutes as left by a crash: by then this must have
ended, its last call included."""
TIME_FOR_TYPING = 2.0


def send(http: httpx.Client, account: Account, product: Product, message: Outgoing) -> Receipt:
    """One Graph call per part; long texts and files make several. Never raises for what the
    provider or the network does. `provider_id` is the last part's that was taken, and
    `thread_keys` those of the parts before, so that their echoes are known as ours."""
    deadline = time.monotonic() + TIME_FOR_ONE_MESSAGE
    taken: list[str] = []
    count = 0
    try:
        around = _around(product, message)
        bodies = _bodies(http, account, product, message, deadline)
        count = len(bodies)
        for number, body in enumerate(bodies, 1):
            _check_time(product, deadline)
            if product.echoes_metadata and number == count:
                body = {**body, "metadata": message.id}
            taken.append(_send_one(http, account, product, {**around, "message": body}))
    except Refused as refused:
        return _partly(refused.receipt, taken, count)
    *before, last = taken
    return Receipt(DeliveryState.SENT, provider_id=last, thread_keys=tuple(before))


def _around(product: Product, message: Outgoing) -> Json:
    """To whom, and by what right: an answer in time, or what a person wrote within seven days."""
    to: Json = {"recipient": {"id": _scoped_id(product, message.to)}}
    if not message.after_window:
        return to | {"messaging_type": "RESPONSE"}
    if not message.by_person:
        words = (
            f"{product.name} takes automatic answers only within 24 hours of the customer's last "
            "message. A person may still write, up to 7 days after it."
        )
        raise Refused(failed("window_closed", words, concerns=Concerns.RECIPIENT))
    return to | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


def _scoped_id(product: Product, address: Address) -> str:
    if address.kind != product.kind:
        words = f"{product.name} cannot reach an address of kind {address.kind}."
        raise Refused(failed("", words))
    return address.value


def _bodies(
    http: httpx.Client, account: Account, product: Product, message: Outgoing, deadline: float
) -> list[Json]:
    """Text first, then files; but what offers choices comes last, or they would vanish."""
    texts = render(product, message)
    files = []
    for file in message.files:
        _check_time(product, deadline)
        files.append(file_body(http, account, product, file))
    offers = bool(texts) and "quick_replies" in texts[-1]
    bodies = files + texts if offers else texts + files
    if not bodies:
        raise Refused(failed("", "The message is empty; there is nothing to send."))
    return bodies


def _check_time(product: Product, deadline: float) -> None:
    if time.monotonic() > deadline:
        words = f"{product.name} answered too slowly to go on."
        raise Refused(failed("", words, retry_after=60))


def _send_one(http: httpx.Client, account: Account, product: Product, whole: Json) -> str:
    """The id Meta gave the message."""
    answer = product.graph.post(http, account, "me/messages", json=whole)
    if not text(answer, "message_id"):
        words = f"{product.name} answered without a message id; it may have been sent."
        raise Refused(unknown("", words))
    return text(answer, "message_id")


def _partly(receipt: Receipt, taken: list[str], count: int) -> Receipt:
    """Once a part is out, no retry of the whole message is safe, whatever the error was."""
    if not taken:
        return receipt
    words = (
        f"Of {count} parts, {len(taken)} went out; part {len(taken) + 1} did not: {receipt.error}"
    )
    return replace(
        receipt,
        state=DeliveryState.UNKNOWN,
        provider_id=taken[-1],
        error=words,
        retry_after=None,
        thread_keys=tuple(taken[:-1]),
    )


def show_typing(http: httpx.Client, account: Account, product: Product, to: Address) -> None:
    """The customer sees that it was read and that an answer is being written."""
    for action in ("mark_seen", "typing_on"):
        whole = {"recipient": {"id": to.value}, "sender_action": action}
        try:
            product.graph.post(
                http, account, "me/messages", json=whole, timeout=TIME_FOR_TYPING / 2
            )
        except Refused as refused:
            raise OSError(refused.receipt.error) from refused
