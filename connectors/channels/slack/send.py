"""Sending one message, told honestly: taken, refused, or nobody can know."""

import time
from collections.abc import Callable

import httpx

from connectors.base import Account
from connectors.channels.slack import media, web_api
from connectors.channels.slack.ids import message_name
from connectors.channels.slack.render import render
from connectors.json_values import Json, child, text
from connectors.refused import Refused, failed, partly, unknown, without_effect
from desk.envelope import DeliveryState, Outgoing, Receipt

TIME_FOR_ONE_MESSAGE = 60
"""Seconds. The outbox counts a claim of two minutes as left by a crash: by then this must have
ended, its last call included."""

Step = Callable[[], str]
"""One call that sends a part, and the name of what was sent."""


def send(http: httpx.Client, account: Account, message: Outgoing) -> Receipt:
    """One call per part, then one for all files. Never raises for what the provider or the
    network does. `provider_id` is the last text's that was taken, so that reactions find it."""
    deadline = time.monotonic() + TIME_FOR_ONE_MESSAGE
    try:
        steps = _steps(http, account, message, deadline)
    except Refused as refused:
        return refused.receipt
    taken = ""
    for number, step in enumerate(steps):
        try:
            _check_time(deadline)
            name = step()
            taken = name if not taken or not name.startswith("file:") else taken
        except Refused as refused:
            return partly(refused.receipt, taken, number, len(steps))
    return Receipt(DeliveryState.SENT, provider_id=taken)


def _steps(http: httpx.Client, account: Account, message: Outgoing, deadline: float) -> list[Step]:
    """Files are put at Slack beforehand: that alone shows them to nobody."""
    if message.to.kind != "slack":
        raise failed("", f"Slack cannot reach an address of kind {message.to.kind}.")
    bodies = render(message)
    if not bodies and not message.files:
        raise failed("", "The message is empty; there is nothing to send.")
    channel, _, thread_ts = message.place.partition(":")
    channel = channel or _direct(http, account, message.to.value.rpartition(":")[2])
    where: Json = {"channel": channel} | ({"thread_ts": thread_ts} if thread_ts else {})
    uploaded = []
    for file in message.files:
        _check_time(deadline)
        uploaded.append(media.upload(http, account, file))
    steps = [_text_step(http, account, where | body) for body in bodies]
    if uploaded:
        steps.append(lambda: media.share(http, account, uploaded, channel, thread_ts))
    return steps


def _direct(http: httpx.Client, account: Account, user: str) -> str:
    """The direct messages with somebody who has not written there."""
    try:
        found = web_api.call(http, account, "conversations.open", data={"users": user})
    except Refused as refused:
        raise without_effect(refused) from None
    return text(child(found, "channel"), "id")


def _text_step(http: httpx.Client, account: Account, body: Json) -> Step:
    def step() -> str:
        answer = web_api.call(http, account, "chat.postMessage", json=body)
        name = message_name(text(answer, "channel"), text(answer, "ts"))
        if not name:
            raise unknown("", "Slack answered without a message; it may have been sent.")
        return name

    return step


def _check_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise failed("", "Slack answered too slowly to go on.", retry_after=60)
