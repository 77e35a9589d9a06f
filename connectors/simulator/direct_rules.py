"""What the send endpoint of Instagram and Messenger accepts, as Meta's pages state it."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Words = Annotated[str, StringConstraints(min_length=1)]
WINDOW, PERSON_WINDOW = timedelta(hours=24), timedelta(days=7)
LIMITS = {"instagram": 1000, "messenger": 2000}


class Strict(BaseModel):
    """A parameter Meta does not know is an error here, so that none slips in."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Recipient(Strict):
    id: Words


class QuickReply(Strict):
    content_type: Literal["text"]
    title: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    payload: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Payload(Strict):
    url: str = ""
    attachment_id: str = ""


class Attachment(Strict):
    type: Literal["image", "audio", "video", "file"]
    payload: Payload


class Message(Strict):
    text: Words | None = None
    attachment: Attachment | None = None
    quick_replies: Annotated[list[QuickReply], Field(min_length=1, max_length=13)] | None = None
    metadata: Annotated[str, StringConstraints(max_length=1000)] | None = None


class Send(Strict):
    recipient: Recipient
    messaging_type: Literal["RESPONSE", "UPDATE", "MESSAGE_TAG"] = "RESPONSE"
    tag: Literal["HUMAN_AGENT"] | None = None
    message: Message | None = None
    sender_action: Literal["typing_on", "typing_off", "mark_seen"] | None = None


def complaint(kind: str, payload: Any) -> str:
    """What Meta would object to, in its manner; "" for a call it takes."""
    try:
        call = Send.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "message"
        return f"(#100) Param {place}: {first['msg']}"
    if (call.messaging_type == "MESSAGE_TAG") != (call.tag is not None):
        return "(#100) MESSAGE_TAG needs a tag, and a tag needs MESSAGE_TAG."
    return _message_complaint(kind, call)


def _message_complaint(kind: str, call: Send) -> str:
    message = call.message
    if (message is None) == (call.sender_action is None):
        return "(#100) Either message or sender_action is required."
    if message is None:
        return ""
    if (message.text is None) == (message.attachment is None):
        return "(#100) A message has either text or an attachment."
    if message.attachment and bool(message.attachment.payload.url) == bool(
        message.attachment.payload.attachment_id
    ):
        return "(#100) An attachment needs either a url or an attachment_id."
    if kind == "instagram" and message.metadata is not None:
        return "(#100) Invalid keys: metadata"
    size = len((message.text or "").encode()) if kind == "instagram" else len(message.text or "")
    return "(#100) Length of param message[text] is too long." if size > LIMITS[kind] else ""
