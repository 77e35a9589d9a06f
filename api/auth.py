"""Who is asking: a signed session cookie, a header that other sites can't send, and roles."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie

from core import db
from core.crypto import derived_key
from core.errors import NotAllowed, OneThreadError
from core.log import log
from core.settings import settings
from desk import sign_ins
from desk.teams import Role

COOKIE = "onethread_session"
WRITE_HEADER = "x-requested-with"
WRITE_VALUE = "onethread"

_RANKS = {Role.AGENT: 0, Role.LEAD: 1, Role.QA: 2, Role.ADMIN: 3}
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session")


class SignedOut(OneThreadError):
    code = "signed_out"
    status = 401


@dataclass(frozen=True)
class Actor:
    """The teammate behind a request."""

    id: str
    name: str
    role: Role
    sign_in_id: str

    def may(self, role: Role) -> bool:
        return _RANKS[self.role] >= _RANKS[role]


def from_our_own_page(request: Request) -> None:
    """A write must carry a header that a form or link on another site can't set."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.headers.get(WRITE_HEADER) != WRITE_VALUE:
        raise NotAllowed("Writes need the header X-Requested-With: onethread.", code="not_our_page")


def signed_in(
    request: Request,
    cookie: Annotated[str | None, Depends(_cookie)],
    _: Annotated[None, Depends(from_our_own_page)],
) -> Actor:
    sign_in_id = read_cookie(cookie or "")
    actor = actor_of(sign_in_id) if sign_in_id else None
    if actor is None:
        raise SignedOut("Please sign in.")
    return actor


def actor_of(sign_in_id: str) -> Actor | None:
    with db.reading() as session:
        teammate = sign_ins.teammate_of(session, sign_in_id)
        if teammate is None:
            return None
        return Actor(teammate.id, teammate.name, Role(teammate.role), sign_in_id)


def _at_least(role: Role) -> Callable[[Actor], Actor]:
    def allowed(actor: Annotated[Actor, Depends(signed_in)]) -> Actor:
        if not actor.may(role):
            log.info("role_refused", teammate=actor.id, needs=role)
            raise NotAllowed(f"This needs the role {role} or above. Ask an admin for it.")
        return actor

    return allowed


Agent = Annotated[Actor, Depends(signed_in)]
Lead = Annotated[Actor, Depends(_at_least(Role.LEAD))]
Admin = Annotated[Actor, Depends(_at_least(Role.ADMIN))]


def set_cookie(response: Response, sign_in_id: str) -> None:
    response.set_cookie(
        COOKIE,
        f"{sign_in_id}.{_signature(sign_in_id)}",
        max_age=int(sign_ins.LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings().url.startswith("https://"),
    )


def drop_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def read_cookie(cookie: str) -> str | None:
    """The sign-in's id, if this is a cookie we signed."""
    sign_in_id, _, signature = cookie.partition(".")
    genuine = hmac.compare_digest(signature.encode(), _signature(sign_in_id).encode())
    return sign_in_id if genuine else None


def _signature(sign_in_id: str) -> str:
    return hmac.digest(derived_key("session cookie"), sign_in_id.encode(), "sha256").hex()
