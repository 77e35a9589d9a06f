"""What Meta's send endpoint accepts, as its OpenAPI description states it."""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

Id = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Words = Annotated[str, StringConstraints(min_length=1)]


class Loose(BaseModel):
    """Meta ignores what it does not know."""

    model_config = ConfigDict(extra="ignore", strict=True)


class Text(Loose):
    body: Annotated[str, StringConstraints(min_length=1, max_length=4096)]
    preview_url: bool = False


class Media(Loose):
    id: str = ""
    link: str = ""
    caption: Annotated[str, StringConstraints(max_length=1024)] = ""
    filename: Annotated[str, StringConstraints(max_length=240)] = ""

    @model_validator(mode="after")
    def _one_source(self) -> "Media":
        if bool(self.id) == bool(self.link):
            raise ValueError("needs either an id or a link")
        return self


class Body(Loose):
    text: Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class Reply(Loose):
    id: Id
    title: Annotated[str, StringConstraints(min_length=1, max_length=20)]


class Button(Loose):
    type: Literal["reply"]
    reply: Reply


class Row(Loose):
    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=24)]
    description: Annotated[str, StringConstraints(max_length=72)] = ""


class Section(Loose):
    title: Annotated[str, StringConstraints(max_length=24)] = ""
    rows: Annotated[list[Row], Field(min_length=1, max_length=10)]


class Action(Loose):
    buttons: Annotated[list[Button], Field(min_length=1, max_length=3)] | None = None
    button: Annotated[str, StringConstraints(min_length=1, max_length=20)] | None = None
    sections: Annotated[list[Section], Field(min_length=1, max_length=10)] | None = None


class Interactive(Loose):
    type: Literal["button", "list"]
    body: Body
    action: Action

    @model_validator(mode="after")
    def _fits_its_type(self) -> "Interactive":
        if self.type == "button":
            ids = [one.reply.id for one in self.action.buttons or ()]
        else:
            rows = [row for section in self.action.sections or () for row in section.rows]
            ids = [row.id for row in rows] if self.action.button and len(rows) <= 10 else []
        if not ids:
            raise ValueError(f"has no valid action for type {self.type}")
        if len(set(ids)) < len(ids):
            raise ValueError("has two choices with the same id")
        return self


class Context(Loose):
    message_id: Words


class Message(Loose):
    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual", "group"] = "individual"
    to: str = ""
    recipient: str = ""
    type: Literal["text", "image", "video", "audio", "document", "sticker", "interactive"]
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    interactive: Interactive | None = None
    context: Context | None = None
    biz_opaque_callback_data: Annotated[str, StringConstraints(max_length=512)] = ""

    @model_validator(mode="after")
    def _complete(self) -> "Message":
        if not self.to and not self.recipient:
            raise ValueError("The parameter to is required.")
        if getattr(self, self.type) is None:
            raise ValueError(f"The parameter {self.type} is required.")
        return self


def complaint(payload: Any) -> str:
    """What Meta would object to, in its manner; "" for a message it takes."""
    try:
        Message.model_validate(payload)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "message"
        return f"(#100) Param {place}: {first['msg']}"
    return ""
