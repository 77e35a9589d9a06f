"""What Meta's send endpoint accepts, as its OpenAPI description states it."""

import re
from collections.abc import Sequence
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


class Language(Loose):
    code: Words
    policy: Literal["deterministic"] = "deterministic"


class Parameter(Loose):
    type: Literal[
        "text", "currency", "date_time", "image", "video", "document", "payload", "coupon_code"
    ]
    text: Words | None = None
    coupon_code: Annotated[str, StringConstraints(min_length=1, max_length=15)] | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None

    @model_validator(mode="after")
    def _filled(self) -> "Parameter":
        if self.type in Parameter.model_fields and getattr(self, self.type) is None:
            raise ValueError(f"The parameter {self.type} is required.")
        if self.text and ("\n" in self.text or "\t" in self.text or "    " in self.text):
            raise ValueError("Param text cannot have new-line/tab characters or 4 spaces in a row")
        return self


class Component(Loose):
    type: Literal["header", "body", "button"]
    sub_type: Literal["quick_reply", "url", "catalog", "copy_code"] | None = None
    index: str | None = None
    parameters: Annotated[list[Parameter], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_its_button(self) -> "Component":
        if self.type == "button" and (self.sub_type is None or self.index is None):
            raise ValueError("needs sub_type and index")
        return self


class Template(Loose):
    name: Words
    language: Language
    components: list[Component] = []


class Context(Loose):
    message_id: Words


class Message(Loose):
    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual", "group"] = "individual"
    to: str = ""
    recipient: str = ""
    type: Literal[
        "text", "image", "video", "audio", "document", "sticker", "interactive", "template"
    ]
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    interactive: Interactive | None = None
    template: Template | None = None
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


def template_objection(
    known: Sequence[dict[str, Any]], sent: dict[str, Any]
) -> tuple[int, str] | None:
    """What Meta refuses about a template it knows, or doesn't: code and words."""
    wanted = (sent["name"], sent["language"]["code"])
    found = next((one for one in known if (one["name"], one["language"]) == wanted), None)
    if found is None or found["status"] in ("PENDING", "REJECTED"):
        return 132001, "Template name does not exist in the translation"
    if found["status"] == "PAUSED":
        return 132015, "Template is paused"
    if found["status"] != "APPROVED":
        return 132016, "Template is disabled"
    given = {one["type"]: len(one["parameters"]) for one in sent.get("components", ())}
    for part in found["components"]:
        gaps = len(set(re.findall(r"\{\{\s*(\w+)\s*\}\}", part.get("text", ""))))
        if part["type"] in ("HEADER", "BODY") and gaps and given.get(part["type"].lower()) != gaps:
            return 132000, "Number of parameters does not match the expected number of params"
    return None
