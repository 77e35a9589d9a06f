"""Who an event is about, as the merchant who signed it says."""

from connectors.json_values import Json, text
from connectors.phones import e164
from desk.envelope import Address, Strength

SOURCE = "signed API"


def addresses(person: Json) -> tuple[Address, ...]:
    """The merchant's own customer id is signed; email and phone are as good as the merchant's
    word, and only claimed where it says so ("claimed": ["email"])."""
    claimed = person.get("claimed")
    names = claimed if isinstance(claimed, list) else []
    email = text(person, "email").strip().lower()
    written = (
        ("external", text(person, "id").strip(), Strength.SIGNED),
        ("email", email if "@" in email else "", _strength("email", names)),
        ("phone", e164(text(person, "phone")), _strength("phone", names)),
    )
    return tuple(
        Address(kind, value, strength, SOURCE) for kind, value, strength in written if value
    )


def _strength(name: str, claimed: list[object]) -> Strength:
    return Strength.CLAIMED if name in claimed else Strength.ASSERTED
