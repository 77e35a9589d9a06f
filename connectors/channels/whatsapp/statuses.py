"""How far a message of ours got."""

from connectors.channels.whatsapp.errors import ERRORS
from connectors.channels.whatsapp.item import Item
from connectors.channels.whatsapp.people import addresses
from connectors.json_values import Json, child, children, facts, text
from desk.envelope import Address, DeliveryState, Envelope, Kind

STATES = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "played": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
}


def read_status(item: Item) -> Envelope:
    """`recipients` is the customer it went to; a status we do not know is kept as unknown."""
    body, contact = item.body, item.contact
    subject = text(body, "id")
    if not subject:
        raise ValueError("The status does not say which message it is about.")
    state = STATES.get(text(body, "status"))
    code, words = _error(body)
    return Envelope(
        id=item.id,
        kind=Kind.STATUS if state else Kind.UNKNOWN,
        at=item.at,
        recipients=_recipient(body, contact),
        subject_id=subject,
        state=state,
        error_code=code,
        error=words,
        correlation=text(body, "biz_opaque_callback_data"),
        details={"status": text(body, "status")} | _price(body),
    )


def _recipient(body: Json, contact: Json) -> tuple[Address, ...]:
    user_id = (
        text(body, "recipient_participant_user_id")
        or text(body, "recipient_user_id")
        or text(contact, "user_id")
    )
    phones = ("recipient_participant_id", "participant_recipient_id", "recipient_id")
    return addresses(user_id, *(text(body, key) for key in phones), text(contact, "wa_id"))


def _error(body: Json) -> tuple[str, str]:
    error = next(iter(children(body, "errors")), {})
    code = text(error, "code")
    if not code:
        return "", ""
    detail = text(child(error, "error_data"), "details") or text(error, "title")
    return code, ERRORS.explain(code, detail)


def _price(body: Json) -> dict[str, str]:
    return {f"pricing_{key}": value for key, value in facts(child(body, "pricing")).items()}
