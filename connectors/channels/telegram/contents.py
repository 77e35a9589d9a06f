"""What a message carries: one function per kind of content of the Bot API."""

from collections.abc import Callable
from dataclasses import replace

from connectors.channels.telegram.ids import name_of
from connectors.channels.whatsapp.shared_things import contact_file, location_file
from connectors.json_values import Json, child, children, facts, text
from connectors.phones import e164
from desk.envelope import Address, Envelope, File, Kind, Strength

MEDIA = {
    "animation": ("video", "video/mp4"),
    "live_photo": ("video", "video/mp4"),
    "photo": ("image", "image/jpeg"),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "voice": ("voice", "audio/ogg"),
    "audio": ("audio", "audio/mpeg"),
    "document": ("document", "application/octet-stream"),
    "sticker": ("sticker", "image/webp"),
}
"""What we call it, and its type where none is stated. For old programs Telegram repeats an
animation as a document and a live photo as a photo, so those come first."""

SERVICE = (
    "boost_added",
    "chat_background_set",
    "chat_shared",
    "checklist_tasks_added",
    "checklist_tasks_done",
    "connected_website",
    "delete_chat_photo",
    "direct_message_price_changed",
    "gift_upgrade_sent",
    "managed_bot_created",
    "message_auto_delete_timer_changed",
    "new_chat_photo",
    "new_chat_title",
    "paid_message_price_changed",
    "passport_data",
    "pinned_message",
    "proximity_alert_triggered",
    "refunded_payment",
    "successful_payment",
    "users_shared",
    "write_access_allowed",
)
"""Telegram's own notices: nobody waits for an answer to them."""

AROUND = (
    "author_signature",
    "business_connection_id",
    "caption_entities",
    "chat",
    "date",
    "direct_messages_topic",
    "edit_date",
    "effect_id",
    "entities",
    "external_reply",
    "forward_origin",
    "from",
    "has_media_spoiler",
    "has_protected_content",
    "is_from_offline",
    "is_topic_message",
    "link_preview_options",
    "media_group_id",
    "message_id",
    "message_thread_id",
    "paid_star_count",
    "quote",
    "reply_markup",
    "reply_to_message",
    "reply_to_story",
    "sender_business_bot",
    "sender_chat",
    "show_caption_above_media",
    "via_bot",
)
"""What stands around a content of whatever kind."""


def with_content(message: Json, start: Envelope) -> Envelope:
    """`start` with what the message carries; an unheard-of kind stays, as unknown."""
    start = replace(start, details=start.details | _around(message))
    for kind, reader in READERS.items():
        if kind in message:
            return reader(message, start)
    return _unknown(message, start)


def _text(message: Json, start: Envelope) -> Envelope:
    return replace(start, text=text(message, "text"), details=start.details | _links(message))


def _media(kind: str) -> Callable[[Json, Envelope], Envelope]:
    def read(message: Json, start: Envelope) -> Envelope:
        file = _file(kind, _largest(message[kind]))
        emoji = text(child(message, "sticker"), "emoji")
        details = start.details | _links(message) | ({"emoji": emoji} if emoji else {})
        return replace(start, text=text(message, "caption"), files=(file,), details=details)

    return read


def _largest(media: object) -> Json:
    """A photo comes in several sizes, the largest last."""
    sizes = [one for one in media if isinstance(one, dict)] if isinstance(media, list) else [media]
    last = sizes[-1] if sizes else None
    if not isinstance(last, dict):
        raise ValueError("The file of this message has no content.")
    return last


def _file(kind: str, media: Json) -> File:
    ours, usual = MEDIA[kind]
    size = media.get("file_size")
    if media.get("is_video") is True:
        usual = "video/webm"
    if media.get("is_animated") is True:
        usual = "application/x-tgsticker"
    return File(
        kind=ours,
        name=text(media, "file_name"),
        type=text(media, "mime_type") or usual,
        reference=text(media, "file_id"),
        size=size if isinstance(size, int) else None,
    )


def _venue(message: Json, start: Envelope) -> Envelope:
    venue = child(message, "venue")
    place = child(venue, "location") | {
        "name": text(venue, "title"),
        "address": text(venue, "address"),
    }
    return replace(start, files=(location_file(place),), details=start.details | facts(place))


def _location(message: Json, start: Envelope) -> Envelope:
    place = child(message, "location")
    return replace(start, files=(location_file(place),), details=start.details | facts(place))


def _contact(message: Json, start: Envelope) -> Envelope:
    """Telegram looks up whose number a card holds. Only somebody's own card, sent afresh, proves
    that the number is theirs."""
    card = child(message, "contact")
    number = e164(text(card, "phone_number"))
    known = {"name": {"formatted_name": name_of(card)}, "phones": [{"phone": number}]}
    file = contact_file(known | {"vcard": text(card, "vcard")})
    own = text(card, "user_id") == text(child(message, "from"), "id") != ""
    proof: tuple[Address, ...] = ()
    if own and number and "forward_origin" not in message:
        proof = (Address("phone", number, Strength.ASSERTED, "own contact on Telegram"),)
    return replace(start, files=(file,), sender=(*start.sender, *proof))


def _poll(message: Json, start: Envelope) -> Envelope:
    poll = child(message, "poll")
    lines = [text(poll, "question"), *(f"- {text(o, 'text')}" for o in children(poll, "options"))]
    return replace(start, text="\n".join(lines), details=start.details | {"poll": "true"})


def _checklist(message: Json, start: Envelope) -> Envelope:
    checklist = child(message, "checklist")
    tasks = [f"- {text(one, 'text')}" for one in children(checklist, "tasks")]
    return replace(start, text="\n".join([text(checklist, "title"), *tasks]))


def _dice(message: Json, start: Envelope) -> Envelope:
    dice = child(message, "dice")
    return replace(start, text=f"{text(dice, 'emoji')} {text(dice, 'value')}")


def _web_app(message: Json, start: Envelope) -> Envelope:
    entered = child(message, "web_app_data")
    return replace(start, text=text(entered, "button_text"), choice=text(entered, "data"))


def _unknown(message: Json, start: Envelope) -> Envelope:
    """Kept and shown. A notice of Telegram's own asks for no answer."""
    kind = next((key for key in message if key not in AROUND), "nothing")
    automatic = "Telegram notice" if kind in SERVICE else ""
    details = start.details | {"type": kind} | facts(child(message, kind))
    return replace(start, kind=Kind.UNKNOWN, automatic=automatic, details=details)


READERS: dict[str, Callable[[Json, Envelope], Envelope]] = {
    "text": _text,
    **{kind: _media(kind) for kind in MEDIA},
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
    "web_app_data": _web_app,
}
"""A venue repeats its location, so it comes first."""


def _around(message: Json) -> dict[str, str]:
    origin = child(message, "forward_origin")
    forwarded = (
        name_of(child(origin, "sender_user"))
        or text(origin, "sender_user_name")
        or text(child(origin, "sender_chat"), "title")
        or text(child(origin, "chat"), "title")
    )
    found = {
        "forwarded": (forwarded or "true") if origin else "",
        "quote": text(child(message, "quote"), "text"),
        "album": text(message, "media_group_id"),
        "story": "reply to a story" if child(message, "reply_to_story") else "",
    }
    return {name: value for name, value in found.items() if value}


def _links(message: Json) -> dict[str, str]:
    """Addresses that hide behind words."""
    marks = children(message, "entities") + children(message, "caption_entities")
    urls = [text(mark, "url") for mark in marks]
    found = "\n".join(url for url in urls if url)
    return {"links": found} if found else {}
