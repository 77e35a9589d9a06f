"""A Twilio of our own: takes texts as its API does and reports back with signed callbacks."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.channels.sms.segments import segments
from connectors.channels.twilio.signature import sign
from connectors.simulator.faults import Fault, dropped
from connectors.simulator.provider import ReportingProvider
from connectors.simulator.server import Post
from connectors.simulator.twilio_rules import complaint

STATUSES = ("queued", "sent", "delivered")
TROUBLES = (
    Fault(status=429, code=20429, retry_after="1"),
    Fault(status=400, code=21211),
    Fault(status=503, code=20503),
    Fault(status=500, code=20500, taken=True),
    Fault(drop=True),
    Fault(drop=True, taken=True),
)
"""How a send fails on a bad day: throttled, refused, and four ways nobody can be sure of."""


@dataclass(frozen=True)
class Text:
    """A message that was taken."""

    sid: str
    form: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        return next((value for key, value in self.form if key == name), "")

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.form if key == name]


@dataclass
class FakeTwilio(ReportingProvider):
    """Texts of one number. Callbacks go where each message says. `reach`: the address at which our
    service really answers, where the public one of the callbacks is not open from here."""

    troubles: ClassVar[Sequence[Fault]] = TROUBLES
    sends_to: ClassVar[str] = "/Messages"
    batches: ClassVar[bool] = False

    account_sid: str = "AC" + "5" * 32
    auth_token: str = "demo-auth-token"
    number: str = "+15550006789"
    sms_url: str = ""
    """The webhook that is set for the number."""
    statuses: tuple[str, ...] = STATUSES
    reach: str = ""
    undeliverable: dict[str, int] = field(default_factory=dict)
    """Phones whose texts end undelivered, with Twilio's error code."""
    opted_out: set[str] = field(default_factory=set)
    sent: list[Text] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def upload(self, content: bytes, media_type: str) -> str:
        """Put a file there as a customer's phone would; its address for a webhook."""
        sid = f"ME{uuid4().hex}"
        self.media[sid] = (media_type, content)
        path = f"/2010-04-01/Accounts/{self.account_sid}/Messages/MM{uuid4().hex}/Media/{sid}"
        return self.base_url + path

    def app(self) -> ASGIApp:
        account = "/2010-04-01/Accounts/{account}"
        return Starlette(
            routes=[
                Route(f"{account}/Messages.json", self._messages, methods=["POST"]),
                Route(f"{account}/IncomingPhoneNumbers.json", self._numbers),
                Route(f"{account}/Messages/{{message}}/Media/{{media}}", self._media),
                Route("/content/{media}", self._content),
                Route("/2010-04-01/Accounts/{account}.json", self._account),
            ]
        )

    async def _messages(self, request: Request) -> Response:
        form = parse_qsl((await request.body()).decode(), keep_blank_values=True)
        return await self.answer(
            lambda: self._refusal(request) or self._complaint(form),
            lambda: JSONResponse(self.resource(self._take(form)), status_code=201),
        )

    def faulty(self, fault: Fault) -> Response:
        if fault.drop:
            return dropped()
        return _error(fault.status, fault.code, "Simulated error", fault.retry_after)

    def _complaint(self, form: Sequence[tuple[str, str]]) -> Response | None:
        found = complaint(form, self.number, self.opted_out)
        return _error(400, *found) if found else None

    def _take(self, form: Sequence[tuple[str, str]]) -> Text:
        has_media = any(name == "MediaUrl" for name, _ in form)
        text = Text(("MM" if has_media else "SM") + uuid4().hex, tuple(form))
        with self._lock:
            self.sent.append(text)
        for status in self._course(text):
            self._reports.put((text, status))
        return text

    def _course(self, text: Text) -> tuple[str, ...]:
        if text.value("To") in self.undeliverable:
            return (*self.statuses[:-1], "undelivered")
        return self.statuses

    def resource(self, text: Text) -> dict[str, Any]:
        """The message as Twilio describes it."""
        path = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{text.sid}"
        service = text.value("MessagingServiceSid")
        now = format_datetime(datetime.now(UTC))
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": text.value("Body"),
            "date_created": now,
            "date_sent": None,
            "date_updated": now,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": text.value("From") or None,
            "messaging_service_sid": service or None,
            "num_media": str(len(text.values("MediaUrl"))),
            "num_segments": "0" if service else str(segments(text.value("Body"))),
            "price": None,
            "price_unit": "USD",
            "sid": text.sid,
            "status": "accepted" if service else "queued",
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": text.value("To"),
            "uri": f"{path}.json",
        }

    def pack(self, reports: Sequence[tuple[Text, str]]) -> Post:
        ((text, status),) = reports
        return self.callback(text, status)

    def callback(self, text: Text, status: str) -> Post:
        """One status, signed for the address that the message named."""
        url = text.value("StatusCallback")
        fields = {
            "SmsSid": text.sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": text.value("To"),
            "MessageSid": text.sid,
            "AccountSid": self.account_sid,
            "From": text.value("From") or self.number,
            "ApiVersion": "2010-04-01",
        }
        if status in ("undelivered", "failed"):
            fields["ErrorCode"] = str(self.undeliverable.get(text.value("To"), 30008))
        headers = {
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "x-twilio-signature": sign(self.auth_token, url, list(fields.items())),
        }
        return Post(urlencode(fields).encode(), headers, self._reached(url))

    def _reached(self, url: str) -> str:
        if not self.reach or not url:
            return url
        parts = urlsplit(url)
        return f"{self.reach.rstrip('/')}{parts.path}?{parts.query}"

    async def _account(self, request: Request) -> Response:
        found = {"sid": self.account_sid, "friendly_name": "Demo shop", "status": "active"}
        return self._refusal(request) or JSONResponse(found | {"type": "Full"})

    async def _numbers(self, request: Request) -> Response:
        if refused := self._refusal(request):
            return refused
        wanted = request.query_params.get("PhoneNumber", self.number)
        number = {
            "account_sid": self.account_sid,
            "sid": "PN" + "7" * 32,
            "phone_number": self.number,
            "sms_url": self.sms_url,
            "sms_method": "POST",
            "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        }
        found = [number] if wanted == self.number else []
        return JSONResponse({"incoming_phone_numbers": found, "page": 0, "page_size": 50})

    async def _media(self, request: Request) -> Response:
        """As at Twilio: asked with the password, it sends on to where the bytes lie."""
        media = request.path_params["media"]
        return self._refusal(request) or RedirectResponse(f"{self.base_url}/content/{media}", 307)

    async def _content(self, request: Request) -> Response:
        found = self.media.get(request.path_params["media"])
        if found is None:
            return _error(404, 20404, "The requested resource was not found")
        return Response(found[1], media_type=found[0])

    def _refusal(self, request: Request) -> Response | None:
        pair = f"{self.account_sid}:{self.auth_token}".encode()
        if request.headers.get("authorization") != f"Basic {b64encode(pair).decode()}":
            return _error(401, 20003, "Authenticate")
        if request.path_params["account"].removesuffix(".json") != self.account_sid:
            return _error(404, 20404, "The requested resource was not found")
        return None


def _error(status: int, code: int, words: str, retry_after: str = "") -> Response:
    error = {
        "code": code,
        "message": words,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    headers = {"retry-after": retry_after} if retry_after else None
    return JSONResponse(error, status_code=status, headers=headers)
