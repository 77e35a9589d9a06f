"""Every refusal has one form: {"code", "message"} with the status."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DataError, IntegrityError
from starlette.exceptions import HTTPException

from core.errors import OneThreadError
from core.log import log


class Problem(BaseModel):
    code: str
    message: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a router documents: these statuses besides 422, all in the one form."""
    return {status: {"model": Problem} for status in (*statuses, 422)}


def answer_problems(app: FastAPI) -> None:
    """Let the app answer every kind of error in the one form."""

    @app.exception_handler(OneThreadError)
    async def refused(_: Request, error: OneThreadError) -> JSONResponse:
        return _answer(error.status, error.code, error.message)

    @app.exception_handler(RequestValidationError)
    async def misread(_: Request, error: RequestValidationError) -> JSONResponse:
        return _answer(422, "invalid", _in_words(error.errors()))

    @app.exception_handler(HTTPException)
    async def unroutable(_: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 400:
            return _answer(422, "invalid", "The request's body could not be read.")
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "error")
        return _answer(error.status_code, code, f"{error.detail}.", dict(error.headers or {}))

    @app.exception_handler(DataError)
    async def unstorable(_: Request, error: DataError) -> JSONResponse:
        return _answer(422, "invalid", "A text holds a character that can't be stored.")

    @app.exception_handler(IntegrityError)
    async def overtaken(_: Request, error: IntegrityError) -> JSONResponse:
        log.warning("write_overtaken", error=type(error.orig).__name__)
        return _answer(409, "conflict", "This was changed by somebody else just now. Try again.")

    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> JSONResponse:
        return _answer(500, "failed", "Something went wrong on our side. The log has the details.")


def _answer(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"code": code, "message": message}, status, headers)


def _in_words(errors: Sequence[Any]) -> str:
    """Names the fields and what is wrong with them, never what was typed."""
    lines = []
    for error in errors[:5]:
        place = [str(part) for part in error["loc"] if part not in ("body", "query", "path")]
        lines.append(f"{'.'.join(place)}: {error['msg']}" if place else str(error["msg"]))
    return "; ".join(lines) or "The request could not be read."
