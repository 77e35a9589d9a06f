"""The last look at a text before it leaves: no secrets, no strangers' data, no foreign links."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.mask import find_private

_NAMES = {
    "secret": "a secret or password",
    "card": "a card number",
    "iban": "a bank account number",
    "ssn": "a social security number",
    "email": "somebody's email address",
    "phone": "somebody's phone number",
}
_LINK = re.compile(r"(?:https?://|www\.)[^\s)\]>\"']+|(?<=\]\()[^\s)]+", re.IGNORECASE)
_HIDDEN = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    reasons: tuple[str, ...] = ()


def check_outgoing(
    text: str,
    allowed_domains: Collection[str] = (),
    *,
    sources: str = "",
    own: Collection[str] = (),
    canaries: Collection[str] = (),
) -> Verdict:
    """Whether a text may go to a customer.

    Links must lead to `allowed_domains` or stand in `sources`, the public passages it rests on;
    addresses and numbers must stand there too or be the customer's `own`. `canaries` are words
    that must never leave, such as the delimiters of a prompt.
    """
    reasons = [
        *_private(text, sources, own, allowed_domains),
        *_links(text, allowed_domains, sources),
        *("it repeats inner instructions" for word in canaries if word in text),
    ]
    if _HIDDEN.search(text):
        reasons.append("it holds invisible signs")
    return Verdict(not reasons, tuple(dict.fromkeys(reasons)))


def _private(text: str, sources: str, own: Collection[str], domains: Collection[str]) -> list[str]:
    known = {_bare(value) for value in own}
    public = _bare(sources)
    reasons = []
    for found in find_private(text):
        bare = _bare(found.text)
        if found.kind not in _NAMES:
            continue
        if found.kind in {"email", "phone"} and (bare in known or bare in public):
            continue
        if found.kind == "email" and _within(found.text.rpartition("@")[2], domains):
            continue
        reasons.append(f"it holds {_NAMES[found.kind]}")
    return reasons


def _links(text: str, domains: Collection[str], sources: str) -> list[str]:
    reasons = []
    for link in _LINK.findall(text):
        link = link.rstrip(".,;:!?")
        if link.startswith(("/", "#")) and not link.startswith("//"):
            continue
        address = urlsplit(link if "//" in link else f"https://{link}")
        if address.scheme not in {"http", "https", "mailto", "tel"}:
            reasons.append(f"it holds a link of the kind {address.scheme}")
        elif link not in sources and not _within(address.hostname or "", domains):
            reasons.append(
                f"it links to {address.hostname or link}, which is not an allowed domain"
            )
    return reasons


def _within(host: str, domains: Collection[str]) -> bool:
    host = host.lower().rstrip(".")
    return any(host == domain or host.endswith(f".{domain}") for domain in map(str.lower, domains))


def _bare(text: str) -> str:
    return re.sub(r"[\s().-]", "", text).lower()
