"""Everything that is neither a message nor a status: calls, consent, new ids, the account."""

from connectors.channels.whatsapp.item import Item
from connectors.channels.whatsapp.people import addresses
from connectors.json_values import Json, child, facts, text
from desk.envelope import Envelope, Kind

ACCOUNT_FIELDS = (
    "account_",
    "business_",
    "message_template_",
    "template_",
    "phone_number_",
    "group_",
    "flows",
    "security",
    "payment_",
    "partner_",
    "smb_app_state_sync",
)
ACCOUNT_LISTS = ("groups", "state_sync", "errors")


CALL_STAGES = {"connect": "connecting", "ringing": "ringing", "accepted": "accepted"}
"""Whatever else is reported (terminate, rejected, failed) ends the call."""


def read_call(item: Item) -> Envelope:
    """`sender` is the customer in either direction."""
    body, contact = item.body, item.contact
    ours = text(body, "direction") == "BUSINESS_INITIATED" or item.name == "statuses"
    ids = ("to_user_id", "recipient_user_id") if ours else ("from_user_id",)
    phones = ("to", "recipient_id") if ours else ("from",)
    user_id = next(filter(None, (text(body, key) for key in ids)), text(contact, "user_id"))
    found = addresses(user_id, *(text(body, key) for key in phones), text(contact, "wa_id"))
    return Envelope(
        id=item.id,
        kind=Kind.CALL,
        at=item.at,
        sender=tuple(one for one in found if one not in item.business),
        sender_name=item.customer_name,
        subject_id=text(body, "id"),
        correlation=text(body, "biz_opaque_callback_data"),
        ours=ours,
        details=facts(body) | {"stage": _stage(body)},
    )


def _stage(body: Json) -> str:
    happened = text(body, "event") or text(body, "status")
    return CALL_STAGES.get(happened.lower(), "ended")


def read_consent(item: Item) -> Envelope:
    """`details` has category (marketing_messages) and value (stop, resume)."""
    body, contact = item.body, item.contact
    user_id = text(body, "user_id") or text(contact, "user_id")
    people = addresses(user_id, text(body, "wa_id"), text(contact, "wa_id"))
    if not people:
        raise ValueError("The preference names neither a user id nor a phone number.")
    return Envelope(item.id, Kind.CONSENT, item.at, people, item.customer_name, details=facts(body))


def read_user_id_update(item: Item) -> Envelope:
    """`sender` is who the customer is now, `previous` the user id that is no longer theirs."""
    body = item.body
    change = child(body, "user_id")
    people = addresses(text(change, "current"), text(body, "wa_id"), text(item.contact, "wa_id"))
    before = addresses(text(change, "previous"))
    if not people or not before:
        raise ValueError("The new user id or the previous one is missing.")
    return Envelope(
        item.id,
        Kind.IDENTITY_CHANGE,
        item.at,
        people,
        item.customer_name,
        previous=before[0],
        details=facts(body),
    )


def read_report(item: Item) -> Envelope:
    """News about the account, its templates and groups; a field we don't know stays unknown."""
    ours = item.field.startswith(ACCOUNT_FIELDS) or item.name in ACCOUNT_LISTS
    return Envelope(
        id=item.id,
        kind=Kind.ACCOUNT if ours else Kind.UNKNOWN,
        at=item.at,
        details={"field": item.field} | facts(item.body),
    )
