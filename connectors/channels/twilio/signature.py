"""Is this request from Twilio? Signed is the address Twilio was given, with the form's fields."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qs, urlsplit, urlunsplit

from connectors.base import Account, Request
from connectors.channels.twilio import form
from core.settings import settings

HEADER = "x-twilio-signature"
BODY_DIGEST = "bodySHA256"
PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}

Pairs = Sequence[tuple[str, str]]


def sign(token: str, url: str, fields: Pairs = ()) -> str:
    """The value of X-Twilio-Signature for this address and these form fields."""
    ordered = sorted(set(fields))
    signed = url + "".join(name + value for name, value in ordered)
    digest = hmac.new(token.encode(), signed.encode("utf-8", "replace"), hashlib.sha1).digest()
    return b64encode(digest).decode()


def with_body_digest(url: str, body: bytes) -> str:
    """The address under which Twilio posts JSON: the body is signed by its digest in there."""
    mark = "&" if urlsplit(url).query else "?"
    return f"{url}{mark}{BODY_DIGEST}={hashlib.sha256(body).hexdigest()}"


def is_authentic(account: Account, request: Request) -> bool:
    """True when one of the account's auth tokens (several during a rotation) signed it."""
    try:
        fields = form.pairs(request.body) if form.is_form(request) else []
    except ValueError:
        return False
    if not form.is_form(request) and not _body_belongs(request):
        return False
    return is_signed(
        auth_tokens(account), addresses(account, request.url), fields, request.headers.get(HEADER)
    )


def is_signed(tokens: Iterable[str], urls: Iterable[str], fields: Pairs, given: str | None) -> bool:
    """Whether one of the tokens signed these fields at one of the addresses."""
    signature = (given or "").strip().encode()
    forms = [one for url in urls for one in _spellings(url)]
    matches = [
        hmac.compare_digest(sign(token, url, fields).encode(), signature)
        for token in tokens
        for url in forms
    ]
    return any(matches)


def auth_tokens(account: Account) -> list[str]:
    parts = account.secrets.get("auth_token", "").split(",")
    return [part.strip() for part in parts if part.strip()]


def addresses(account: Account, received: str) -> list[str]:
    """What Twilio may have called us: by the inbox's own public address, by the installation's,
    or by what our server saw. Behind a proxy the last one is not what Twilio signed."""
    bases = (account.config.get("public_url", ""), settings().url, "")
    return list(dict.fromkeys(_at(base, received) for base in bases))


def _at(base: str, received: str) -> str:
    """The received path and query under another scheme and host."""
    if not base:
        return received
    seen, public = urlsplit(received), urlsplit(base)
    scheme = public.scheme
    if seen.scheme in ("ws", "wss"):
        scheme = {"https": "wss", "http": "ws"}.get(scheme, scheme)
    return urlunsplit((scheme, public.netloc, public.path.rstrip("/") + seen.path, seen.query, ""))


def _body_belongs(request: Request) -> bool:
    """A body that is no form is signed by its digest; without one only an empty body is."""
    named = parse_qs(urlsplit(request.url).query).get(BODY_DIGEST, [""])[0]
    if not named:
        return not request.body
    return hmac.compare_digest(
        hashlib.sha256(request.body).hexdigest().encode(), named.lower().encode()
    )


def _spellings(url: str) -> Iterator[str]:
    """With and without the port: Twilio's products differ in which one they sign."""
    parts = urlsplit(url)
    yield url
    host, _, port = parts.netloc.rpartition(":")
    if host and port.isdigit():
        yield urlunsplit(parts._replace(netloc=host))
    elif parts.scheme in PORTS:
        netloc = f"{parts.netloc}:{PORTS[parts.scheme]}"
        yield urlunsplit(parts._replace(netloc=netloc))
