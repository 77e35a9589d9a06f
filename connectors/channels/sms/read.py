"""One stored event into its envelopes."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from connectors.channels.sms.consent import wish
from connectors.channels.sms.people import address, is_whatsapp
from connectors.channels.twilio.errors import OPTED_OUT, explain
from connectors.json_values import Json, child, text
from desk.envelope import Address, DeliveryState, Envelope, File, Kind, RawEvent

STATES = {
    "accepted": DeliveryState.SENT,
    "scheduled": DeliveryState.SENT,
    "queued": DeliveryState.SENT,
    "sending": DeliveryState.SENT,
    "sent": DeliveryState.SENT,
    "partially_delivered": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
"""Whatever Twilio has is sent, as far as we are concerned: it will not be lost any more."""

MOST_FILES = 50
SHOWN = {
    "FromCity": "city",
    "FromState": "state",
    "FromCountry": "country",
    "ProfileName": "profile_name",
    "OptOutType": "opt_out_type",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Address": "address",
    "Label": "place",
    "ReferralSourceUrl": "referral_url",
    "ReferralHeadline": "referral_headline",
    "Forwarded": "forwarded",
}


def read(event: RawEvent) -> tuple[Envelope, ...]:
    """A text is a message and, where it is STOP or START, the wish besides; a status may tell of
    an opt-out too. Raises ValueError, in words, for what no split of ours made."""
    whole = json.loads(event.body)
    if not isinstance(whole, dict) or not text(whole, "sid"):
        raise ValueError("This is not a text as it was stored.")
    found = _status(event, whole) if text(whole, "status") else _message(event, whole)
    return found


def _message(event: RawEvent, whole: Json) -> tuple[Envelope, ...]:
    fields = child(whole, "fields")
    sender = address(text(fields, "From"))
    wanted = wish(text(fields, "Body"), text(fields, "OptOutType"))
    message = Envelope(
        id=text(whole, "sid"),
        kind=Kind.MESSAGE,
        at=_at(whole),
        sender=(sender,),
        sender_name=text(fields, "ProfileName"),
        text=text(fields, "Body"),
        reply_to=text(fields, "OriginalRepliedMessageSid"),
        files=_files(fields),
        choice=text(fields, "ButtonPayload") or text(fields, "ListId"),
        automatic=_automatic(sender, wanted),
        details={name: text(fields, key) for key, name in SHOWN.items() if text(fields, key)},
    )
    if not wanted:
        return (message,)
    return message, _consent(message, sender, wanted, is_whatsapp(text(fields, "From")))


def _automatic(sender: Address, wanted: str) -> str:
    """Twilio has answered STOP and START already, and machines are not answered at all."""
    if wanted:
        return "opt-out" if wanted == "out" else "opt-in"
    return "sent by a service" if sender.kind == "sms" else ""


def _consent(about: Envelope, who: Address, wanted: str, whatsapp: bool) -> Envelope:
    channel = "whatsapp" if whatsapp else "sms"
    return Envelope(
        id=f"{about.id}:consent",
        kind=Kind.CONSENT,
        at=about.at,
        sender=(who,),
        text=about.text,
        details={
            "category": "all",
            "value": "stop" if wanted == "out" else "resume",
            "channel": channel,
        },
    )


def _files(fields: Json) -> tuple[File, ...]:
    count = text(fields, "NumMedia")
    most = min(int(count), MOST_FILES) if count.isdecimal() and len(count) < 4 else 0
    return tuple(
        _file(text(fields, f"MediaUrl{place}"), text(fields, f"MediaContentType{place}"))
        for place in range(most)
        if text(fields, f"MediaUrl{place}")
    )


def _file(url: str, media_type: str) -> File:
    family = media_type.split("/")[0].lower()
    kind = family if family in ("image", "video", "audio") else "document"
    if media_type.lower() in ("text/vcard", "text/x-vcard"):
        kind = "contact"
    return File(kind=kind, type=media_type or "application/octet-stream", reference=url)


def _status(event: RawEvent, whole: Json) -> tuple[Envelope, ...]:
    """Of a text that went in several parts, the last one speaks for all; of the others only a
    failure counts."""
    fields, part = child(whole, "fields"), text(whole, "part")
    state = STATES.get(text(whole, "status"))
    counts = state and (not part or state is DeliveryState.FAILED)
    code = text(fields, "ErrorCode") if state is DeliveryState.FAILED else ""
    recipients = (address(text(fields, "To")),) if text(fields, "To") else ()
    found = Envelope(
        id=event.id,
        kind=Kind.STATUS if counts else Kind.UNKNOWN,
        at=_at(whole),
        recipients=recipients,
        subject_id=text(whole, "sid"),
        state=state,
        error_code=code,
        error=_failure(text(whole, "status"), code) if state is DeliveryState.FAILED else "",
        correlation=text(whole, "message"),
        details={"status": text(whole, "status")} | ({"part": part} if part else {}),
    )
    if code != OPTED_OUT or not recipients:
        return (found,)
    told = _consent(found, recipients[0], "out", is_whatsapp(text(fields, "To")))
    return found, replace(told, text="")


def _failure(status: str, code: str) -> str:
    if code:
        return explain(code, f"error {code}")
    return "It was cancelled at Twilio." if status == "canceled" else "Twilio could not deliver it."


def _at(whole: Json) -> datetime:
    try:
        return datetime.fromisoformat(text(whole, "at"))
    except ValueError:
        return datetime.now(UTC)
