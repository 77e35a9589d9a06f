"""Who a website visitor is, as signed by the shop's own server."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from connectors.phones import e164
from core.errors import OneThreadError
from desk.envelope import Address, Strength

LONGEST = timedelta(hours=24)
SOURCE = "signed by the website"


class BadIdentity(OneThreadError):
    """The token proves nothing; the visitor stays anonymous."""

    code = "bad_identity"
    status = 401


@dataclass(frozen=True)
class Signed:
    """What a token proves: whom the website knows (`sub`), their addresses, until when."""

    addresses: tuple[Address, ...]
    expires_at: datetime

    @property
    def sub(self) -> str:
        return self.addresses[0].value


def verify(token: str, secret: str) -> Signed:
    """What an HS256 token proves, the address of `sub` first. Raises BadIdentity."""
    if not secret:
        raise BadIdentity("Set an identity secret in this inbox before signing visitors in.")
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            leeway=30,
            options={"require": ["sub", "exp"], "verify_aud": False},
        )
    except jwt.PyJWTError as error:
        raise BadIdentity(f"The identity token is not valid: {error}") from error
    if int(claims["exp"]) > (datetime.now(UTC) + LONGEST).timestamp():
        raise BadIdentity("The identity token lives longer than 24 hours; sign a shorter one.")
    return Signed(_addresses(claims), datetime.fromtimestamp(int(claims["exp"]), UTC))


def _addresses(claims: dict[str, Any]) -> tuple[Address, ...]:
    """Email and phone are as good as the shop says: without its word they are only claimed."""
    found = [Address("external", str(claims["sub"]), Strength.SIGNED, SOURCE)]
    email, phone = claims.get("email"), claims.get("phone")
    if isinstance(email, str) and "@" in email:
        found.append(Address("email", email.strip().lower(), _strength(claims, "email"), SOURCE))
    if isinstance(phone, str) and (number := e164(phone)):
        found.append(Address("phone", number, _strength(claims, "phone"), SOURCE))
    return tuple(found)


def _strength(claims: dict[str, Any], what: str) -> Strength:
    return Strength.SIGNED if claims.get(f"{what}_verified") is True else Strength.CLAIMED
