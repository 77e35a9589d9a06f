"""What the API inbox takes: one model, which is the documentation's JSON schema as well."""

import json
from typing import Annotated, Any, Literal

from pydantic import (
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(max_length=100_000)]


class Loose(BaseModel):
    """Fields that nobody knows are ignored, so that senders may be newer than we are."""

    model_config = ConfigDict(extra="ignore")


class Person(Loose):
    id: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="Your own customer id."
    )
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    email: Annotated[str, StringConstraints(max_length=320)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = Field(
        "", description="+4915112345678"
    )
    claimed: list[Literal["email", "phone"]] = Field(
        [], description="What the customer only typed and you have not checked."
    )


class Attachment(Loose):
    name: Annotated[str, StringConstraints(max_length=255)] = ""
    type: Annotated[str, StringConstraints(max_length=200)] = Field("", description="image/png")
    url: Annotated[str, StringConstraints(max_length=2000)] = Field(
        "", description="Public address; or send the content itself."
    )
    content: Base64Bytes | None = None


class Event(Loose):
    id: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="Yours, unique in this inbox: the same id twice counts once."
    )
    at: str | float | int | None = Field(None, description="ISO 8601 or Unix time; default: now.")
    details: dict[str, Any] = Field({}, description="Facts to show beside it.")


class Message(Event):
    """A customer wrote."""

    type: Literal["message"]
    id: Id
    sender: Person = Field(alias="from")
    text: Words = ""
    html: Words = ""
    subject: Annotated[str, StringConstraints(max_length=1000)] = ""
    thread: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="Your name for the thread it belongs to."
    )
    reply_to: str = Field("", description="The id of the message it answers.")
    choice: str = Field("", description="Which of the offered choices was pressed.")
    language: str = ""
    automatic: str = Field("", description="Why a machine sent it; such messages get no answer.")
    files: Annotated[list[Attachment], Field(max_length=20)] = []


class Echo(Event):
    """A person of yours wrote to a customer from another tool."""

    type: Literal["echo"]
    id: Id
    to: Person
    text: Words = ""


class Edit(Event):
    """A customer changed a message."""

    type: Literal["edit"]
    message: Id
    text: Words


class Delete(Event):
    """A customer took a message back."""

    type: Literal["delete"]
    message: Id


class Reaction(Event):
    """A customer reacted to a message; an empty emoji takes it back."""

    type: Literal["reaction"]
    message: Id
    sender: Person = Field(alias="from")
    emoji: Annotated[str, StringConstraints(max_length=50)] = ""


class Status(Event):
    """How far a message of ours got. `message` is the id you answered our post with, or ours."""

    type: Literal["status"]
    message: Id
    state: Literal["sent", "delivered", "read", "failed"]
    our_id: str = Field(
        "", description="The webhook-id of our post, if you keep no id of your own."
    )
    error_code: str = ""
    error: str = Field("", description="What a teammate should read.")


class Read(Event):
    """The customer has read a message of ours."""

    type: Literal["read"]
    message: Id


class Consent(Event):
    """A customer refuses messages (stop) or allows them again (resume)."""

    type: Literal["consent"]
    sender: Person = Field(alias="from")
    value: Literal["stop", "resume"]
    category: str = Field("all", description='Of which purpose, such as "marketing".')


class IdentityChange(Event):
    """A customer's id or address became another one."""

    type: Literal["identity_change"]
    sender: Person = Field(alias="from", description="Who they are now.")
    previous: Person


class Call(Event):
    """A phone call with a customer."""

    type: Literal["call"]
    call: Id
    sender: Person = Field(alias="from")
    stage: Literal["connecting", "ringing", "accepted", "ended"]
    ours: bool = Field(False, description="We called the customer.")


class Account(Event):
    """News about the account itself; shown in the log."""

    type: Literal["account"]


class Unknown(Event):
    """Anything else you want kept."""

    type: Literal["unknown"]


AnyEvent = Annotated[
    Message
    | Echo
    | Edit
    | Delete
    | Reaction
    | Status
    | Read
    | Consent
    | IdentityChange
    | Call
    | Account
    | Unknown,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Any] = TypeAdapter(AnyEvent)


def complaint(item: Any) -> str:
    """What is wrong with an event, with the field's name; "" for a good one."""
    try:
        EVENT.validate_python(item)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:]) or "type"
        return f"{place}: {first['msg']}."
    return ""


def json_schema() -> dict[str, Any]:
    """Of one event; a body is one event, a list of them, or {"events": [...]}."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | EVENT.json_schema()


if __name__ == "__main__":
    print(json.dumps(json_schema(), indent=2))  # noqa: T201
