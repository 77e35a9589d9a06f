"""Where providers post: verified, stored, and only then acknowledged."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from connectors import base
from core.db import reading, transaction
from core.errors import NotAllowed, OneThreadError
from delivery import inbound
from delivery.accounts import account_of, channel_of
from desk import inboxes
from desk.inboxes import Inbox

LARGEST_BODY = 30 * 1024 * 1024

router = APIRouter(tags=["webhooks"])


class TooLarge(OneThreadError):
    code = "too_large"
    status = 413


@router.get("/webhooks/{inbox_id}", include_in_schema=False)
def confirm(inbox_id: str, request: Request) -> Response:
    """A provider asks whether this address is ours."""
    with reading() as session:
        inbox = inboxes.find(session, inbox_id)
    answer = channel_of(inbox).handshake(account_of(inbox), as_received(request, b""))
    if answer is None:
        raise NotAllowed("The verify token is not the one set for this inbox.")
    return Response(answer, media_type="text/plain")


@router.post("/webhooks/{inbox_id}", include_in_schema=False)
async def receive(inbox_id: str, request: Request) -> Response:
    """Keep what a provider tells us. 2xx means that it is on disk."""
    body = await read_body(request)
    answer = await run_in_threadpool(_take, inbox_id, as_received(request, body))
    return Response(answer, media_type="text/plain" if answer else None)


async def read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLarge("The body is larger than 30 MB.")
    return bytes(body)


def _take(inbox_id: str, received: base.Request) -> str:
    """Verify, split and store one webhook body; returns what to answer."""
    with reading() as session:
        inbox = inboxes.find(session, inbox_id)
    check_signature(inbox, received)
    channel = channel_of(inbox)
    challenge = channel.handshake(account_of(inbox), received)
    if challenge is not None:
        return challenge
    batch = channel.split(received)
    with transaction() as session:
        inbound.store(session, inbox.id, batch)
    return ""


def check_signature(inbox: Inbox, received: base.Request) -> None:
    if not inbox.enabled:
        raise NotAllowed("This inbox is switched off.")
    if not channel_of(inbox).is_authentic(account_of(inbox), received):
        raise NotAllowed("The signature does not match this inbox's secret.", code="bad_signature")


def as_received(request: Request, body: bytes) -> base.Request:
    return base.Request(
        body=body,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        url=str(request.url),
    )
