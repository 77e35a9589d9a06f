"""A person with a mobile phone: webhooks as Twilio would post them, signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from connectors.channels.twilio.signature import sign
from connectors.simulator.server import Post


@dataclass(frozen=True)
class SmsCustomer:
    """Writes to one number of ours, whose webhook Twilio was told is `url`."""

    phone: str
    number: str
    url: str
    account_sid: str
    auth_token: str

    def text(self, body: str, *, sid: str = "", **fields: str) -> Post:
        """Any further field as Twilio names it: OptOutType, ProfileName, ButtonPayload..."""
        return self._signed(self._fields(sid or f"SM{uuid4().hex}", body) | fields)

    def picture(self, body: str, media: Sequence[tuple[str, str]]) -> Post:
        """An MMS; `media` are addresses at Twilio and their types."""
        fields = self._fields(f"MM{uuid4().hex}", body) | {"NumMedia": str(len(media))}
        for place, (url, kind) in enumerate(media):
            fields |= {f"MediaUrl{place}": url, f"MediaContentType{place}": kind}
        return self._signed(fields)

    def stop(self) -> Post:
        return self.text("STOP", OptOutType="STOP")

    def _fields(self, sid: str, body: str) -> dict[str, str]:
        return {
            "ToCountry": "US",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": body,
            "To": self.number,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": self.account_sid,
            "From": self.phone,
            "ApiVersion": "2010-04-01",
        }

    def _signed(self, fields: dict[str, str]) -> Post:
        signature = sign(self.auth_token, self.url, list(fields.items()))
        headers = {
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "x-twilio-signature": signature,
        }
        return Post(urlencode(fields).encode(), headers)
