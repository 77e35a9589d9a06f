"""Sending one message, told honestly: taken, refused, or nobody can know."""

import time
from collections.abc import Sequence
from urllib.parse import urlencode

import httpx

from connectors.base import Account
from connectors.channels.sms.people import WHATSAPP
from connectors.channels.sms.render import render
from connectors.channels.twilio import api
from connectors.channels.twilio.errors import explain
from connectors.json_values import text
from connectors.refused import Refused, failed, partly, unknown
from desk.envelope import DeliveryState, File, Outgoing, Receipt

TIME_FOR_ONE_MESSAGE = 60
"""Seconds. The outbox counts a claim of two minutes as left by a crash: by then this must have
ended, its last call included."""
MOST_FILES = 10

Form = list[tuple[str, str]]


def send(http: httpx.Client, account: Account, message: Outgoing) -> Receipt:
    """One call per part; never raises for what Twilio or the network does. `provider_id` is the
    last part's that was taken."""
    deadline = time.monotonic() + TIME_FOR_ONE_MESSAGE
    try:
        forms = _forms(account, message)
    except Refused as refused:
        return refused.receipt
    taken = ""
    for number, form in enumerate(forms):
        try:
            _check_time(deadline)
            taken = _send_one(http, account, form)
        except Refused as refused:
            return partly(refused.receipt, taken, number, len(forms))
    return Receipt(DeliveryState.SENT, provider_id=taken)


def _forms(account: Account, message: Outgoing) -> list[Form]:
    around = _around(account, message)
    texts, media = render(message), _media(message.files)
    if not texts and not media:
        raise failed("21602", "The message is empty; there is nothing to send.")
    bodies: list[Form] = [[("Body", one)] for one in texts] or [[]]
    bodies[-1] += media
    return [
        [*around, *body, ("StatusCallback", _callback(account, message, number, len(bodies)))]
        for number, body in enumerate(bodies, 1)
    ]


def _around(account: Account, message: Outgoing) -> Form:
    """To whom and from which number. WhatsApp is written to where our own number is on it."""
    if message.to.kind != "phone":
        words = f"A text cannot reach an address of kind {message.to.kind}: it takes a phone."
        raise failed("21211", words)
    ours = account.config.get("number", "").replace(" ", "")
    mark = WHATSAPP if ours.startswith(WHATSAPP) else ""
    form = [("To", mark + message.to.value)]
    if service := account.config.get("messaging_service_sid", ""):
        form.append(("MessagingServiceSid", service))
    else:
        form.append(("From", ours))
    return form


def _media(files: Sequence[File]) -> Form:
    """Twilio loads files itself, so each needs an address that is open to everybody."""
    if len(files) > MOST_FILES:
        raise failed("21623", explain("21623"))
    hidden = next((file for file in files if not file.reference.startswith("https://")), None)
    if hidden:
        name = hidden.name or "the file"
        words = f"A text cannot carry {name}: put it online and write its address instead."
        raise failed("no_public_address", words)
    return [("MediaUrl", file.reference) for file in files]


def _callback(account: Account, message: Outgoing, number: int, count: int) -> str:
    """Our message's id goes along, so that a status finds it even if we never saw an answer."""
    query = {"message": message.id} | ({"part": f"{number}/{count}"} if number < count else {})
    return f"{api.webhook_url(account)}?{urlencode(query)}"


def _check_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise failed("", "Twilio answered too slowly to go on.", retry_after=60)


def _send_one(http: httpx.Client, account: Account, form: Form) -> str:
    """The id Twilio gave the message."""
    answer = api.post(http, account, "/Messages.json", form)
    if not text(answer, "sid"):
        words = "Twilio answered without a message id; it may have been sent."
        raise unknown("", words)
    return text(answer, "sid")
