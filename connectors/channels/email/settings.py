"""What an operator fills in to connect a mailbox."""

from collections.abc import Mapping

from connectors.base import Field

TIMEOUT = 30.0
"""Seconds a mail server may take to answer."""

FIELDS = (
    Field("address", "Address of the mailbox", help="support@shop.example"),
    Field("display_name", "Name shown to customers", required=False),
    Field("imap_host", "IMAP server", help="Empty: mail comes in over HTTP.", required=False),
    Field("imap_port", "IMAP port", default="993", required=False),
    Field(
        "imap_security",
        "IMAP security",
        help="ssl, starttls or none",
        default="ssl",
        required=False,
    ),
    Field("folder", "Folder to read", default="INBOX", required=False),
    Field("smtp_host", "SMTP server"),
    Field("smtp_port", "SMTP port", default="587"),
    Field("smtp_security", "SMTP security", help="starttls, ssl or none", default="starttls"),
    Field("username", "User name", help="Empty: no sign-in.", required=False),
    Field("password", "Password", secret=True, required=False),
    Field(
        "trusted_authserv",
        "Name of your server in Authentication-Results",
        help="The first word of that header on mail you receive. Senders are proven only by it.",
        required=False,
    ),
    Field("signature", "Signature under each mail", required=False),
    Field(
        "plus_addressing",
        "Answers to name+id@ arrive",
        help="Set to off if your server does not deliver support+anything@ to this mailbox.",
        default="on",
        required=False,
    ),
    Field("inbound_secret", "Secret for mail that comes in over HTTP", secret=True, required=False),
)
_DEFAULTS = {field.name: field.default for field in FIELDS}


def setting(config: Mapping[str, str], name: str) -> str:
    """A setting as filled in, else its default."""
    return str(config.get(name) or _DEFAULTS.get(name, "")).strip()
