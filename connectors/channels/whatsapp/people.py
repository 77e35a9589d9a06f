"""Who a webhook names: business-scoped user ids and phones, either of which may be absent."""

import re

from connectors.phones import e164
from desk.envelope import Address, Strength

SOURCE = "WhatsApp"
USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")


def addresses(user_id: str, *phones: str) -> tuple[Address, ...]:
    """The user id first: it decides who somebody is; then the first of the phones that is one.

    Never the username: its owner can change it and somebody else take it.
    """
    found: list[Address] = []
    user_id = user_id or next((one for one in phones if USER_ID.fullmatch(one)), "")
    if user_id:
        found.append(Address("whatsapp", user_id, Strength.ASSERTED, SOURCE))
    number = next(filter(None, map(e164, phones)), "")
    if number:
        found.append(Address("phone", number, Strength.ASSERTED, SOURCE))
    return tuple(found)
