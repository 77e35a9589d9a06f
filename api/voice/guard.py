"""A step that fails: its event is kept as a dead letter, and its caller reaches a person."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from api.voice.carrier import Told, answered
from api.voice.taking import straight_to_people
from connectors.channels.voice import twiml
from core.db import transaction
from core.errors import OneThreadError
from core.log import log
from core.say import say
from delivery import inbound

REPORTS = ("status", "recording", "transcribed")
"""What a carrier only tells: nobody waits for what comes next."""
OF_THE_CALLER = ("answer", "heard", "wait", "relayed")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CallStep(APIRoute):
    """One step of a call."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await _twice(handle, request)
            except (HTTPException, RequestValidationError):
                raise
            except Exception as wrong:
                told: Told | None = getattr(request.state, "told", None)
                if told is None or not _is_ours_to_mend(told, wrong):
                    raise
                log.exception("call_step_failed", step=told.path)
                return await run_in_threadpool(_mended, told, wrong)

        return guarded


async def _twice(handle: Handler, request: Request) -> Response:
    """The same told at the same moment may overtake itself: then all of it is known already."""
    try:
        return await handle(request)
    except IntegrityError:
        return await handle(request)


def _is_ours_to_mend(told: Told, wrong: Exception) -> bool:
    """A refusal is an answer, but for reports: the carrier tells them once and never again."""
    return not isinstance(wrong, OneThreadError) or told.path in REPORTS


def _mended(told: Told, wrong: Exception) -> Response:
    name = type(wrong).__name__
    reason = str(wrong) if isinstance(wrong, OneThreadError) else f"The step failed with {name}."
    with transaction() as session:
        inbound.keep_dead(session, told.inbox.id, told.event, reason)
    if told.path in REPORTS:
        return Response(status_code=204)
    if told.path not in OF_THE_CALLER:
        return answered(twiml.Response().hang_up())
    return answered(_to_people(told, f"The call could not go on with the assistant ({name})."))


def _to_people(told: Told, why: str) -> twiml.Response:
    try:
        return straight_to_people(told, why, ours_is=told.ours)
    except Exception:
        # Nothing can be stored about it; what could not be done stands in the dead letter.
        log.exception("call_without_people")
        spoken = told.languages[0]
        sorry = say("phone_sorry", spoken.split("-")[0].lower())
        return twiml.Response().say(sorry, spoken).hang_up()
