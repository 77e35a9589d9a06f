"""Calls to an address that somebody typed in: never into our own network by accident.

The name is looked up once, each answer is judged, and the connection goes to the address that was
judged: a name that changes its mind in between leads nowhere. Redirects are not followed.
"""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx

from core.errors import Invalid
from core.settings import settings

TIMEOUT = httpx.Timeout(15, connect=5)


_own: set[str] = set()


@contextmanager
def own_server(url: str) -> Iterator[None]:
    """A server that this very process runs, such as the demo's simulators, may be called."""
    place = urlsplit(url).netloc
    _own.add(place)
    try:
        yield
    finally:
        _own.discard(place)


class NotReached(Exception):
    """It surely never arrived: refused by us, or nobody there."""


class NoAnswer(Exception):
    """It may have arrived."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    retry_after: str = ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def check_address(url: str) -> None:
    """Raises Invalid, in words, for an address nothing may be posted to; looks no name up."""
    parts = _parts(url)
    if parts is None:
        raise Invalid("Write the whole address, with https:// in front.")
    if parts.username or parts.password:
        raise Invalid("Leave user name and password out of the address.")
    if settings().allow_private_targets or parts.netloc in _own:
        return
    if parts.scheme != "https":
        raise Invalid("The address must begin with https://.")
    if _is_ours(parts.hostname or ""):
        raise Invalid(
            "This address lies inside a private network. Use one that is open to the internet, "
            "or allow private ones with ONETHREAD_ALLOW_PRIVATE_TARGETS=true."
        )


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Raises NotReached or NoAnswer, in words."""
    return _call("POST", url, body, headers, most=64 * 1024, seconds=20)


def get(url: str, most: int) -> Answer:
    """At most `most` bytes; one more is read where there are more. Raises as `post` does."""
    return _call("GET", url, b"", {}, most=most + 1, seconds=120)


def _call(
    method: str, url: str, body: bytes, headers: Mapping[str, str], *, most: int, seconds: float
) -> Answer:
    try:
        check_address(url)
    except Invalid as refused:
        raise NotReached(refused.message) from refused
    target, host = _pinned(url)
    try:
        return _exchange(method, target, host, body, headers, most, time.monotonic() + seconds)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, ValueError) as error:
        raise NotReached(f"Nobody answers at {host} ({type(error).__name__}).") from error
    except httpx.HTTPError as error:
        raise NoAnswer(f"{host} did not answer properly ({type(error).__name__}).") from error


def _exchange(
    method: str,
    target: str,
    host: str,
    body: bytes,
    headers: Mapping[str, str],
    most: int,
    deadline: float,
) -> Answer:
    """A receiver that drips bytes is cut off at the deadline."""
    name = urlsplit(f"//{host}").hostname or host
    with (
        httpx.Client(timeout=TIMEOUT, trust_env=False) as http,
        http.stream(
            method,
            target,
            content=body,
            headers={**headers, "host": host},
            extensions={"sni_hostname": name},
        ) as answer,
    ):
        read = bytearray()
        for chunk in answer.iter_bytes():
            read += chunk
            if len(read) > most or time.monotonic() > deadline:
                break
        wait = answer.headers.get("retry-after", "")
        return Answer(answer.status_code, bytes(read[:most]), wait)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if known else None


def _pinned(url: str) -> tuple[str, str]:
    """The address with a judged IP in place of the name, and what the Host header says."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    try:
        found = socket.getaddrinfo(name, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached(f"There is no address for {name}.") from error
    addresses = [str(entry[4][0]) for entry in found]
    allowed = settings().allow_private_targets or parts.netloc in _own
    if not allowed and any(map(_is_private, addresses)):
        raise NotReached(f"{name} leads into a private network, so nothing was posted.")
    shown = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    netloc = f"{shown}:{parts.port}" if parts.port else shown
    path = parts.path or "/"
    return urlunsplit((parts.scheme, netloc, path, parts.query, "")), parts.netloc


def _is_ours(host: str) -> bool:
    """Written as an address or a name that always means a private one."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return _is_private(host)


def _is_private(address: str) -> bool:
    """Anything but a public unicast address, whatever it is wrapped in."""
    found: IPv4Address | IPv6Address = ip_address(address.split("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        found = inner or found
    return not found.is_global or found.is_multicast or found.is_reserved
