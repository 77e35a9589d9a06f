"""Who calls, as far as the carrier can tell."""

from collections.abc import Mapping

from connectors.phones import e164
from desk.envelope import Address, Strength

WITHHELD = ("anonymous", "restricted", "unavailable", "unknown", "+266696687", "266696687")


def caller(form: Mapping[str, str], number: str) -> Address:
    """The address a call seems to come from: shown to teammates, proof of nothing."""
    known = "" if number.lower() in WITHHELD else e164(number)
    if not known:
        call = form.get("CallSid", "")
        return Address("phone_call", call, Strength.OBSERVED, "a call with a withheld number")
    verdict = attestation(form)
    source = f"caller id, attested {verdict} (STIR/SHAKEN)" if verdict else "caller id"
    return Address("phone", known, Strength.OBSERVED, source)


def proof(form: Mapping[str, str]) -> Strength:
    """How well the caller is proven. Even a full attestation says whose line it is, not who
    speaks; without one anybody may have written the number."""
    return Strength.OBSERVED if attestation(form) == "A" else Strength.CLAIMED


def attestation(form: Mapping[str, str]) -> str:
    """A, B or C as the carrier validated it, "" when it did not."""
    verdict = form.get("StirVerstat", "")
    if verdict.startswith("TN-Validation-Passed-"):
        return verdict.removeprefix("TN-Validation-Passed-")[:1]
    if form.get("ShakenStirValidated", "").lower() in ("true", "1"):
        return form.get("ShakenStirAttestation", "").upper()[:1]
    return ""
