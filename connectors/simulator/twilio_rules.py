"""What Twilio's Messages resource accepts, as its OpenAPI description and error list state it."""

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

Form = Sequence[tuple[str, str]]

KNOWN = {"To", "From", "MessagingServiceSid", "Body", "MediaUrl", "StatusCallback"}
"""What we use; a field that Twilio does not have would be ignored there, so here it is refused."""
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
ADDRESS = re.compile(r"(whatsapp:)?\+[1-9][0-9]{6,14}")
BODY_LIMIT, MEDIA_LIMIT = 1600, 10


def complaint(form: Form, ours: str, opted_out: Collection[str]) -> tuple[int, str] | None:
    """Twilio's error code and words; None for a message it takes."""
    values = dict(form)
    to, sender = values.get("To", ""), values.get("From", "")
    media = [value for name, value in form if name == "MediaUrl"]
    if unknown := set(values) - KNOWN:
        return 20001, f"Unknown parameter {sorted(unknown)[0]}"
    if not to:
        return 21604, "A 'To' phone number is required."
    if not ADDRESS.fullmatch(to):
        return 21211, f"Invalid 'To' Phone Number: {to}"
    if to in opted_out:
        return 21610, "Attempt to send to unsubscribed recipient"
    return (
        _about_sender(sender, values.get("MessagingServiceSid", ""), to, ours)
        or _about_content(values.get("Body", ""), media)
        or _about_callback(values.get("StatusCallback"))
    )


def _about_sender(sender: str, service: str, to: str, ours: str) -> tuple[int, str] | None:
    if service:
        return None if SERVICE.fullmatch(service) else (21701, "The Messaging Service is unknown.")
    if not sender:
        return 21603, "A 'From' phone number is required."
    if sender.removeprefix("whatsapp:") != ours.removeprefix("whatsapp:"):
        return 21606, f"The 'From' phone number {sender} is not a valid number of this account."
    if sender == to:
        return 21266, "'To' and 'From' number cannot be the same"
    if sender.startswith("whatsapp:") != to.startswith("whatsapp:"):
        return 63007, "Twilio could not find a Channel with the specified From address"
    return None


def _about_content(body: str, media: Sequence[str]) -> tuple[int, str] | None:
    if not body and not media:
        return 21602, "Message body is required."
    if len(body.encode("utf-16-le")) // 2 > BODY_LIMIT:
        return 21617, "The concatenated message body exceeds the 1600 character limit."
    if len(media) > MEDIA_LIMIT:
        return 21623, "Number of media files exceeds allowed limit"
    if any(not _is_address(url) for url in media):
        return 21620, "Invalid media URL(s)"
    return None


def _about_callback(url: str | None) -> tuple[int, str] | None:
    if url is not None and not _is_address(url):
        return 21609, "The 'StatusCallback' URL is not a valid URL."
    return None


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc)
