"""Do these settings work? Asked of Twilio itself."""

from urllib.parse import urlsplit

import httpx

from connectors.base import Account, Check
from connectors.channels.sms.people import WHATSAPP
from connectors.channels.sms.send import send
from connectors.channels.twilio import api
from connectors.json_values import Json, children, text
from core.ids import new_id
from desk.envelope import Address, DeliveryState, Outgoing


def check(http: httpx.Client, account: Account) -> tuple[Check, ...]:
    """The account first: nothing else can be tried without it."""
    found, words = _ask(http, account, ".json", {})
    if found is None:
        return (Check("Account", False, words), _address(account))
    name = text(found, "friendly_name") or "The account"
    state = text(found, "status")
    account_check = Check("Account", state == "active", f"{name} is {state or 'of unknown state'}.")
    return (account_check, *_number(http, account), _address(account), *_to_myself(http, account))


def _number(http: httpx.Client, account: Account) -> tuple[Check, ...]:
    ours = account.config.get("number", "").replace(" ", "")
    if ours.startswith(WHATSAPP):
        words = f"Set {api.webhook_url(account)} for this WhatsApp sender in Twilio's console."
        return (Check("Number", True, words),)
    answer, words = _ask(http, account, "/IncomingPhoneNumbers.json", {"PhoneNumber": ours})
    if answer is None:
        return (Check("Number", False, words),)
    number = next(iter(children(answer, "incoming_phone_numbers")), None)
    if number is None:
        return (Check("Number", False, f"{ours} is not a number of this account."),)
    return Check("Number", True, f"{ours} belongs to this account."), _webhook(account, number)


def _webhook(account: Account, number: Json) -> Check:
    """Compared without what follows #: that is where Twilio's own retry settings stand."""
    wanted, set_now = api.webhook_url(account), text(number, "sms_url").split("#")[0]
    if set_now == wanted:
        return Check("Webhook", True, "Texts to this number come here.")
    if account.config.get("messaging_service_sid"):
        words = f"The messaging service must send incoming texts to {wanted}."
        return Check("Webhook", True, words)
    elsewhere = f"They go to {set_now} now." if set_now else "Nothing is set now."
    words = f'Enter {wanted} as the number\'s webhook for "A message comes in". {elsewhere}'
    return Check("Webhook", False, words)


def _address(account: Account) -> Check:
    address = api.webhook_url(account)
    host = urlsplit(address).hostname or ""
    if host in ("localhost", "127.0.0.1", "::1"):
        words = f"Twilio cannot reach {address}: enter the address that is open to the internet."
        return Check("Public address", bool(account.config.get("api_base")), words)
    return Check("Public address", True, f"Twilio calls {address}.")


def _to_myself(http: httpx.Client, account: Account) -> tuple[Check, ...]:
    """Only where somebody named a phone for it: it costs a text each time."""
    phone = account.config.get("test_phone", "").replace(" ", "")
    if not phone:
        return ()
    to = Address("phone", phone)
    receipt = send(http, account, Outgoing(new_id(), to, "OneThread: this inbox can send."))
    if receipt.state is DeliveryState.SENT:
        return (Check("Text to myself", True, f"A text is on its way to {phone}."),)
    return (Check("Text to myself", False, receipt.error),)


def _ask(
    http: httpx.Client, account: Account, path: str, query: dict[str, str]
) -> tuple[Json | None, str]:
    if not account.config.get("account_sid", "").startswith("AC"):
        return None, "Enter the account SID: it begins with AC and stands on Twilio's first page."
    try:
        answer = http.get(api.url(account, path), params=query, auth=api.credentials(account))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return None, f"Twilio could not be reached ({type(error).__name__})."
    if answer.is_success:
        return api.data(answer), ""
    return None, api.judge(answer).receipt.error
