"""A person with WhatsApp: webhooks as Meta would post them, signed."""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import phonenumbers

from connectors.channels.meta.signature import sign
from connectors.phones import e164


@dataclass(frozen=True)
class SignedPost:
    """A request body and the headers that go with it."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class WhatsAppCustomer:
    """Writes to one number of ours. `user_id` follows from the phone where none is given; a
    customer with `hides_phone` is known by it alone."""

    phone: str
    phone_number_id: str
    app_secret: str
    name: str = "Demo Customer"
    user_id: str = ""
    hides_phone: bool = False
    display_phone_number: str = "15550001111"

    def text(self, body: str, *, reply_to: str = "", at: float | None = None) -> SignedPost:
        return self.post({"type": "text", "text": {"body": body}}, reply_to=reply_to, at=at)

    def media(self, kind: str, media_id: str, media_type: str, caption: str = "") -> SignedPost:
        """`kind` is image, video, audio, voice, document or sticker."""
        about: dict[str, Any] = {"id": media_id, "mime_type": media_type}
        if caption:
            about["caption"] = caption
        if kind == "voice":
            about["voice"] = True
        real = "audio" if kind == "voice" else kind
        return self.post({"type": real, real: about})

    def press(self, title: str, choice: str, reply_to: str = "") -> SignedPost:
        pressed = {"type": "button_reply", "button_reply": {"id": choice, "title": title}}
        return self.post({"type": "interactive", "interactive": pressed}, reply_to=reply_to)

    def react(self, message_id: str, emoji: str) -> SignedPost:
        return self.post(
            {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}}
        )

    def call(
        self,
        call_id: str,
        event: str,
        *,
        direction: str = "USER_INITIATED",
        at: float | None = None,
        **facts: str,
    ) -> SignedPost:
        """`event` is connect or terminate; `direction` may be BUSINESS_INITIATED."""
        customer, business = ("to", "from") if direction == "BUSINESS_INITIATED" else ("from", "to")
        about = {
            "id": call_id,
            customer: self._wa_id,
            business: self.display_phone_number,
            "event": event,
            "direction": direction,
            "timestamp": str(int(time.time() if at is None else at)),
        }
        return self._webhook("calls", {"calls": [about | facts]})

    def post(
        self, message: dict[str, Any], *, reply_to: str = "", at: float | None = None
    ) -> SignedPost:
        """Any message content as the webhook it comes in."""
        return self.signed([self.message(message, reply_to=reply_to, at=at)])

    def message(
        self, message: dict[str, Any], *, reply_to: str = "", at: float | None = None
    ) -> dict[str, Any]:
        """One element of a webhook's `messages`, to batch by hand."""
        whole = {
            "id": f"wamid.{uuid4().hex}",
            "timestamp": str(int(time.time() if at is None else at)),
            "from_user_id": self.business_scoped_id,
            **({} if self.hides_phone else {"from": self._wa_id}),
            **(
                {"context": {"from": self.display_phone_number, "id": reply_to}} if reply_to else {}
            ),
        }
        return whole | message

    def signed(self, messages: list[dict[str, Any]]) -> SignedPost:
        return self._webhook("messages", {"messages": messages})

    def changed_id(self, former: str) -> SignedPost:
        """Meta says that the customer known as `former` has this id now."""
        update = {
            "wa_id": self._wa_id,
            "user_id": {"previous": former, "current": self.business_scoped_id},
            "timestamp": str(int(time.time())),
        }
        return self._webhook("user_id_update", {"user_id_update": [update]})

    def report(self, field: str, value: dict[str, Any]) -> SignedPost:
        """News about the business account, such as a template that was paused."""
        change = {"field": field, "value": value}
        entry = {"id": "1", "time": int(time.time()), "changes": [change]}
        return self._signed({"object": "whatsapp_business_account", "entry": [entry]})

    def prefers(self, value: str) -> SignedPost:
        """`value` is stop or resume: of marketing messages."""
        about = {
            "wa_id": self._wa_id,
            "user_id": self.business_scoped_id,
            "detail": f"User requested to {value} marketing messages",
            "category": "marketing_messages",
            "value": value,
            "timestamp": int(time.time()),
        }
        return self._webhook("user_preferences", {"user_preferences": [about]})

    def _webhook(self, field: str, items: dict[str, Any]) -> SignedPost:
        metadata = {
            "display_phone_number": self.display_phone_number,
            "phone_number_id": self.phone_number_id,
        }
        contact = {"profile": {"name": self.name}, "user_id": self.business_scoped_id}
        if not self.hides_phone:
            contact["wa_id"] = self._wa_id
        value = {
            "messaging_product": "whatsapp",
            "metadata": metadata,
            "contacts": [contact],
            **items,
        }
        change = {"field": field, "value": value}
        whole = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
        return self._signed(whole)

    def _signed(self, whole: dict[str, Any]) -> SignedPost:
        body = json.dumps(whole).encode()
        signature = sign(self.app_secret, body)
        return SignedPost(
            body, {"content-type": "application/json", "x-hub-signature-256": signature}
        )

    @property
    def business_scoped_id(self) -> str:
        if self.user_id:
            return self.user_id
        region = phonenumbers.region_code_for_number(phonenumbers.parse(e164(self.phone))) or "US"
        digits = str(int(hashlib.sha256(self._wa_id.encode()).hexdigest(), 16))[:20]
        return f"{region}.{digits}"

    @property
    def _wa_id(self) -> str:
        return e164(self.phone).removeprefix("+")
