"""A person with a mailbox: DKIM-signed mail as our own receiving server hands it over."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, formataddr, make_msgid
from functools import lru_cache
from pathlib import Path

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SELECTOR = "demo"
SIGNED_HEADERS = (b"from", b"to", b"subject", b"date", b"message-id")


@dataclass(frozen=True)
class Attachment:
    """A file on a mail."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True)
class MailCustomer:
    """Writes mail from any address. `folder` keeps the signing key, made once.

    `authserv_id` is the name under which our receiving server reports; it must be one the
    inbox trusts. A customer who is `forged` signs with another domain than they claim.
    """

    folder: Path
    address: str
    name: str = ""
    authserv_id: str = "mx.onethread.invalid"
    forged: bool = False

    def write(
        self,
        to: str,
        subject: str,
        text: str,
        *,
        html: str = "",
        reply_to: str = "",
        references: tuple[str, ...] = (),
        attachments: tuple[Attachment, ...] = (),
        headers: dict[str, str] | None = None,
        at: datetime | None = None,
        message_id: str = "",
    ) -> bytes:
        """Raw MIME, signed, with the receiving server's verdict on top. `reply_to` is the
        Message-ID this answers."""
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = formataddr((self.name, self.address))
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = format_datetime(at or datetime.now(UTC))
        mail["Message-ID"] = message_id or make_msgid(domain=_domain(self.address))
        if reply_to:
            mail["In-Reply-To"] = reply_to
            mail["References"] = " ".join((*references, reply_to))
        for name, value in (headers or {}).items():
            mail[name] = value
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        for one in attachments:
            main, _, sub = one.type.partition("/")
            mail.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
        return self.receive(self.sign(mail.as_bytes()))

    def sign(self, raw: bytes) -> bytes:
        domain = "elsewhere.invalid" if self.forged else _domain(self.address)
        signature = dkim.sign(
            raw, SELECTOR.encode(), domain.encode(), self._key(), include_headers=SIGNED_HEADERS
        )
        return bytes(signature) + raw

    def receive(self, raw: bytes) -> bytes:
        """The mail with an Authentication-Results header that says what checking it gave."""
        signed_by = "elsewhere.invalid" if self.forged else _domain(self.address)
        good = dkim.verify(raw, dnsfunc=self._dns)
        aligned = good and signed_by == _domain(self.address)
        verdict = (
            f"Authentication-Results: {self.authserv_id};\r\n"
            f"\tdkim={'pass' if good else 'fail'} header.d={signed_by} header.s={SELECTOR};\r\n"
            f"\tspf={'fail' if self.forged else 'pass'} smtp.mailfrom={signed_by};\r\n"
            f"\tdmarc={'pass' if aligned else 'fail'} header.from={_domain(self.address)}\r\n"
        )
        return verdict.encode() + raw

    def _key(self) -> bytes:
        path = self.folder / "mail_customer.key"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_new_key())
            path.chmod(0o600)
        return path.read_bytes()

    def _dns(self, _name: bytes, timeout: int = 5) -> bytes:
        """The public key, as every domain's DNS would publish it."""
        return b"v=DKIM1; k=rsa; p=" + _public_half(self._key())


def signed_headers(raw: bytes, inbound_secret: str, at: float | None = None) -> dict[str, str]:
    """The headers with which a mail server posts raw mail to an inbox."""
    moment = int(time.time() if at is None else at)
    payload = f"{moment}.".encode() + raw
    digest = hmac.new(inbound_secret.encode(), payload, hashlib.sha256).hexdigest()
    return {"content-type": "message/rfc822", "x-onethread-signature": f"t={moment},v1={digest}"}


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


@lru_cache
def _public_half(key: bytes) -> bytes:
    """Reading a private key checks it, which takes longer than all else that a mail needs."""
    public = serialization.load_pem_private_key(key, password=None).public_key()
    whole = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b"".join(whole.splitlines()[1:-1])


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
