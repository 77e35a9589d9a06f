"""What the website tells about its visitor. Anybody can make it up, so it proves nothing."""

import math
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from api.chat.pace import Paced
from api.chat.shapes import Done
from api.problems import problems
from api.transactions import Writing
from connectors.json_values import clean
from core.clock import now
from desk import visitor_attributes, visitor_events
from desk.visitor_attributes import MOST

LONGEST_VALUE = 500
LARGEST_NUMBER = 2**53
"""Beyond this a browser rounds whole numbers."""
MOST_DATA = 20

router = APIRouter(prefix="/chat/{inbox_id}", tags=["chat"], responses=problems(401, 404, 409, 429))


def _scalar(value: Any) -> Any:
    """One plain value, or what is wrong with it in words."""
    if isinstance(value, str):
        if len(value) > LONGEST_VALUE:
            raise _wrong(f"A text can have {LONGEST_VALUE} characters at most.")
        return clean(value)
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
            raise _wrong("The number is too large.")
    elif value is not None:
        raise _wrong("Give a text, a number, true, false or null; not a list or an object.")
    return value


def _wrong(words: str) -> PydanticCustomError:
    return PydanticCustomError("not_plain", "{words}", {"words": words})


Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]+$"
    ),
]
Value = Annotated[
    Annotated[str, Field(max_length=LONGEST_VALUE)] | bool | int | float | None,
    BeforeValidator(_scalar),
]


class Attributes(BaseModel):
    values: dict[Name, Value] = Field(min_length=1, max_length=MOST)
    """By name; null takes one back."""


class NewVisitorEvent(BaseModel):
    client_id: UUID
    name: Name
    data: dict[Name, Value] = Field(default={}, max_length=MOST_DATA)
    at: AwareDatetime | None = None


@router.post("/attributes")
def set_attributes(request: Attributes, visitor: Paced, session: Writing) -> Done:
    """Keep the last known values of this visitor."""
    visitor_attributes.remember(session, visitor.id, request.values)
    return Done()


@router.post("/events")
def track(request: NewVisitorEvent, visitor: Paced, session: Writing) -> Done:
    """Keep what this visitor did; sent again under the same client id it is still one."""
    visitor_events.record(
        session,
        visitor.id,
        request.name,
        request.data,
        client_id=str(request.client_id),
        at=request.at or now(),
    )
    return Done()
