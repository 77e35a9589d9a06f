"""Which addresses an inbox can write to, and how they are written."""

from connectors.phones import e164
from core.errors import Invalid

INBOXES = {"email": ("email",), "phone": ("sms", "whatsapp"), "whatsapp": ("whatsapp",)}
"""By kind of address: the kinds of inbox that reach it, the others by those of the same name."""
NEVER = ("visitor", "external")
"""A website visitor is rarely there, and the merchant's own ids are no addresses."""
FIRST = {"sms": "phone", "whatsapp": "phone"}
"""By kind of inbox, where it isn't of the same name: the kind of address people know."""
TYPED = ("phone", "email")
"""Kinds of address that a person can read off and enter; the others only providers give."""
SILENT = ("web", "api", "voice", "asterisk")
"""Kinds of inbox that nobody can be written to over: a page that was left, the merchant's own
software, the phone."""


def kinds_of_inbox(address: str) -> tuple[str, ...]:
    """The kinds of inbox that reach this kind of address."""
    return INBOXES.get(address, () if address in NEVER else (address,))


def kind_of_address(inbox: str) -> str:
    """What a person enters to write over this kind of inbox; "" where nobody can."""
    return "" if inbox in SILENT else FIRST.get(inbox, inbox)


def written(kind: str, value: str) -> str:
    """An address as a person typed it, in the one form it is kept in. Raises Invalid."""
    plain = value.strip()
    if kind == "phone":
        number = e164(plain.removeprefix("00")) if plain.startswith(("+", "00")) else ""
        if not number:
            raise Invalid("Write the number with its country: +49 151 23456789.")
        return number
    if kind == "email":
        name, _, host = plain.rpartition("@")
        if not name or "." not in host or " " in plain:
            raise Invalid("This is no email address.")
        return plain.lower()
    if not plain:
        raise Invalid("Fill in the address.")
    return plain
