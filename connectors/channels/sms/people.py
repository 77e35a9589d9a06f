"""Who a text is from. The network asserts a phone number; names of services are only shown."""

import re

from connectors.phones import e164
from desk.envelope import Address, Strength

WHATSAPP = "whatsapp:"
PHONE = re.compile(r"\+[0-9]{7,15}")


def address(written: str) -> Address:
    """A phone as phone. A short code or a name like "MYBANK" belongs to nobody's phone: it is
    kept as it stands and can't be mixed up with one. Raises ValueError for nothing at all."""
    bare = written.strip().removeprefix(WHATSAPP)
    if not bare:
        raise ValueError("The text does not say whom it is from.")
    source = "WhatsApp through Twilio" if is_whatsapp(written) else "SMS through Twilio"
    if PHONE.fullmatch(bare):
        return Address("phone", e164(bare), Strength.ASSERTED, source)
    return Address("sms", bare[:200], Strength.OBSERVED, source)


def is_whatsapp(written: str) -> bool:
    return written.strip().startswith(WHATSAPP)
