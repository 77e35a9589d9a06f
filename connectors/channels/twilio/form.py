"""The form that Twilio posts: pairs in the order they came, none left out."""

from urllib.parse import parse_qsl

from connectors.base import Request

MOST_FIELDS = 1000


def is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    return kind == "application/x-www-form-urlencoded"


def pairs(body: bytes) -> list[tuple[str, str]]:
    """Raises ValueError for what is no form. Empty values count: Twilio signs them too."""
    return parse_qsl(
        body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
    )
