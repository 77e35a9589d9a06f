"""Who vouches for a From address: only the header our own mail server put on the mail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from authres import AuthenticationResultsHeader, AuthResError

from connectors.channels.email.mime import Mail
from desk.envelope import Strength

_COMMENTS = 16
"""More comments than any server writes: the parser's time grows with their nesting."""


@dataclass(frozen=True)
class Authentication:
    """How well a From address is proven and by whom; the single results as our server saw them."""

    strength: Strength
    source: str
    results: tuple[tuple[str, str], ...] = ()


Judge = Callable[[Mail], Authentication]


def vouched(mail: Mail, signers: Sequence[str], provider: str) -> Authentication:
    """Judge a From by the domains whose DKIM the provider that posted the mail found right."""
    domain = mail.sender.address.rpartition("@")[2]
    results = tuple(("dkim", "pass") for _ in signers)
    if len(mail.senders) == 1 and len(mail.all("from")) == 1:
        for signer in signers:
            if _aligned(signer.lower(), domain):
                proof = f"aligned DKIM pass ({signer.lower()}) by {provider}"
                return Authentication(Strength.ASSERTED, proof, results)
    return Authentication(Strength.OBSERVED, f"From header, not proven by {provider}", results)


def authenticate(mail: Mail, trusted: str) -> Authentication:
    """Judge a mail's From by the topmost results of `trusted`, our server's authserv-id.

    Several ids may stand with commas. Results by anyone else are ignored: senders can forge them.
    """
    servers = {name.strip().lower() for name in trusted.split(",") if name.strip()}
    header = _topmost(mail, servers)
    if header is None:
        reason = "no result by our mail server" if servers else "no trusted mail server is set"
        return Authentication(Strength.OBSERVED, f"From header, {reason}")
    results = tuple((str(found.method), str(found.result)) for found in header.results)
    server = str(header.authserv_id)
    if len(mail.senders) != 1 or len(mail.all("from")) != 1:
        return Authentication(Strength.OBSERVED, "From header with several senders", results)
    domain = mail.sender.address.rpartition("@")[2]
    for found in header.results:
        proof = _proof(found, domain)
        if proof:
            return Authentication(Strength.ASSERTED, f"{proof} by {server}", results)
    return Authentication(Strength.OBSERVED, f"From header, not proven by {server}", results)


def _topmost(mail: Mail, servers: set[str]) -> AuthenticationResultsHeader | None:
    for value in mail.all("authentication-results"):
        server = value.partition(";")[0].split()
        if not server or server[0].lower() not in servers:
            continue
        if value.count("(") > _COMMENTS:
            return None
        try:
            return AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
        except (AuthResError, ValueError, IndexError, AttributeError, TypeError):
            return None
    return None


def _proof(found: object, domain: str) -> str:
    """The words for a passing, aligned result, else empty."""
    method = str(getattr(found, "method", ""))
    if str(getattr(found, "result", "")) != "pass":
        return ""
    if method == "dmarc" and _property(found, "header", "from") == domain:
        return "DMARC pass"
    if method == "dkim":
        signer = _property(found, "header", "d") or _property(found, "header", "i")
        if _aligned(signer.rpartition("@")[2], domain):
            return f"aligned DKIM pass ({signer.rpartition('@')[2]})"
    return ""


def _property(found: object, kind: str, name: str) -> str:
    for item in getattr(found, "properties", ()):
        if str(item.type) == kind and str(item.name) == name:
            return str(item.value).strip("\"' .").lower().rpartition("@")[2]
    return ""


def _aligned(signer: str, domain: str) -> bool:
    """The signer is the domain or one above it, never one below: tenants can't speak for it."""
    return "." in signer and (domain == signer or domain.endswith(f".{signer}"))
