"""Answers of a Graph API: errors in its form, and the proof that a secret belongs to a token."""

import hashlib
import hmac
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.simulator.faults import Fault, dropped


def proof_of(token: str, secret: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def refusal(request: Request, token: str, secret: str) -> Response | None:
    """What is wrong with a call's token or proof."""
    if request.headers.get("authorization") != f"Bearer {token}":
        return error(401, 190, "Invalid OAuth access token - Cannot parse access token")
    given = request.query_params.get("appsecret_proof")
    if given is not None and given != proof_of(token, secret):
        return error(400, 100, "Invalid appsecret_proof provided in the API argument")
    return None


async def payload_of(request: Request) -> Any:
    """None where the body is no JSON."""
    try:
        return await request.json()
    except ValueError:
        return None


def faulty(fault: Fault) -> Response:
    if fault.drop:
        return dropped()
    return error(fault.status, fault.code, f"(#{fault.code}) Simulated error", fault.retry_after)


def error(
    status: int, code: int, words: str, retry_after: str = "", subcode: int = 0
) -> JSONResponse:
    about = {
        "message": words,
        "type": "OAuthException",
        "code": code,
        "error_data": {"details": words},
        "fbtrace_id": uuid4().hex[:12],
    }
    if subcode:
        about["error_subcode"] = subcode
    headers = {"retry-after": retry_after} if retry_after else None
    return JSONResponse({"error": about}, status_code=status, headers=headers)
