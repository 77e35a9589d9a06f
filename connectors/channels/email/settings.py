"""What an operator fills in to connect a mailbox."""

from collections.abc import Mapping

from connectors.base import Account, Field

TIMEOUT = 30.0
"""Seconds a mail server may take to answer."""

_SECURITY = (("ssl", "TLS from the start"), ("starttls", "STARTTLS"), ("none", "None"))

FIELDS = (
    Field("address", "Address of the mailbox", help="support@shop.example"),
    Field("display_name", "Name shown to customers", required=False),
    Field(
        "incoming",
        "How mail comes in",
        default="mailbox",
        required=False,
        choices=(
            ("mailbox", "Read from a mailbox over IMAP"),
            ("http", "Raw mail over HTTP, signed by you"),
            ("sendgrid", "Posted by SendGrid"),
            ("mailgun", "Posted by Mailgun"),
            ("postmark", "Posted by Postmark"),
        ),
    ),
    Field("imap_host", "IMAP server", help="Empty: mail comes in over HTTP.", required=False),
    Field("imap_port", "IMAP port", default="993", required=False),
    Field(
        "imap_security",
        "IMAP security",
        default="ssl",
        required=False,
        choices=_SECURITY,
    ),
    Field("folder", "Folder to read", default="INBOX", required=False),
    Field("smtp_host", "SMTP server"),
    Field("smtp_port", "SMTP port", default="587"),
    Field("smtp_security", "SMTP security", default="starttls", choices=_SECURITY),
    Field("username", "User name", help="Empty: no sign-in.", required=False),
    Field("password", "Password", secret=True, required=False),
    Field(
        "sign_in",
        "Sign-in",
        default="password",
        required=False,
        choices=(
            ("password", "By password"),
            ("google", "By token from Google"),
            ("microsoft", "By token from Microsoft"),
            ("oauth", "By token from another address"),
        ),
    ),
    Field("oauth_client_id", "Client id (sign-in by token)", required=False),
    Field("oauth_client_secret", "Client secret (sign-in by token)", secret=True, required=False),
    Field("oauth_refresh_token", "Refresh token (sign-in by token)", secret=True, required=False),
    Field(
        "oauth_token_url",
        "Token address (sign-in by token)",
        help="Empty for google and microsoft.",
        required=False,
    ),
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
        help="Off if your server does not deliver support+anything@ to this mailbox.",
        default="on",
        required=False,
        choices=(("on", "On"), ("off", "Off")),
    ),
    Field(
        "inbound_secret",
        "Secret for mail that comes in over HTTP",
        secret=True,
        help="Mailgun: the HTTP webhook signing key. SendGrid and Postmark: a long random word "
        "that you put into the address they post to, https://mail:THAT-WORD@...",
        required=False,
    ),
)
_DEFAULTS = {field.name: field.default for field in FIELDS}


def setting(config: Mapping[str, str], name: str) -> str:
    """A setting as filled in, else its default."""
    return str(config.get(name) or _DEFAULTS.get(name, "")).strip()


def incoming(account: Account) -> str:
    """How mail comes in: mailbox, http, sendgrid, mailgun or postmark."""
    return setting(account.config, "incoming").lower()


def reads_mailbox(account: Account) -> bool:
    """Whether mail is fetched over IMAP, rather than posted to us."""
    return bool(setting(account.config, "imap_host")) and incoming(account) == "mailbox"
