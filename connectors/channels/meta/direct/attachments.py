"""What came along with a message: files to fetch, and shared things told in words."""

from connectors.json_values import Json, child, children, text
from desk.envelope import File

FILES = {
    "image": ("image", "image/jpeg"),
    "video": ("video", "video/mp4"),
    "audio": ("voice", "audio/mp4"),
    "file": ("document", "application/octet-stream"),
    "sticker": ("sticker", "image/png"),
    "animated_image": ("image", "image/gif"),
    "reel": ("video", "video/mp4"),
    "ig_reel": ("video", "video/mp4"),
    "share": ("image", "image/jpeg"),
    "post": ("image", "image/jpeg"),
    "ig_post": ("image", "image/jpeg"),
    "ig_story": ("image", "image/jpeg"),
    "story_mention": ("image", "image/jpeg"),
}
"""What each kind of attachment is as a file. The type is a guess: webhooks don't tell it."""
LINKS = ("fallback", "template", "location")
UNREADABLE = ("unsupported_type", "ephemeral")


def files(message: Json) -> tuple[File, ...]:
    found = []
    for one in children(message, "attachments"):
        kind, url = text(one, "type"), text(child(one, "payload"), "url")
        if kind in LINKS or kind in UNREADABLE or not url:
            continue
        is_sticker = bool(text(child(one, "payload"), "sticker_id"))
        file_kind, media_type = (
            FILES["sticker" if is_sticker else kind]
            if (is_sticker or kind in FILES)
            else FILES["file"]
        )
        found.append(File(file_kind, _name(kind, one), media_type, reference=url))
    return tuple(found)


def _name(kind: str, attachment: Json) -> str:
    return text(child(attachment, "payload"), "title") if kind not in ("image", "audio") else ""


def words(message: Json) -> str:
    """Links, templates and places in words, for a message that has no text of its own."""
    lines = [line for one in children(message, "attachments") for line in _lines(one)]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _lines(attachment: Json) -> list[str]:
    payload = child(attachment, "payload")
    if text(attachment, "type") not in LINKS:
        return []
    place = child(payload, "coordinates")
    where = ", ".join(filter(None, (text(place, "lat"), text(place, "long"))))
    elements = children(payload, "elements") or children(child(payload, "product"), "elements")
    return [
        text(payload, "title") or text(attachment, "title"),
        text(payload, "text"),
        *(text(one, key) for one in elements for key in ("title", "subtitle")),
        where,
        text(payload, "url") or text(attachment, "url"),
    ]


def facts_of(message: Json) -> dict[str, str]:
    """What kinds of things came along, where that isn't plain from the files."""
    kinds = [text(one, "type") for one in children(message, "attachments")]
    told: dict[str, str] = {}
    shared = [one for one in kinds if one in FILES and one not in ("image", "video", "audio")]
    if shared:
        told["shared"] = ", ".join(dict.fromkeys(shared))
    if message.get("is_unsupported") is True or any(one in UNREADABLE for one in kinds):
        told["unsupported"] = "true"
    odd = [one for one in kinds if one not in FILES and one not in LINKS + UNREADABLE]
    if odd:
        told["attachment"] = ", ".join(dict.fromkeys(odd))
    return told
