"""The HTTP service: every router, one form of errors, careful headers."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import demo, help, live, prove, static, webhooks
from api.chat import facts as chat_facts
from api.chat import live as chat_live
from api.chat import messages as chat_messages
from api.chat import rating as chat_rating
from api.chat import session as chat_session
from api.chat import transcript as chat_transcript
from api.chat.pace import chats_begun
from api.console import (
    articles,
    ask,
    attachments,
    calls,
    consents,
    conversations,
    customers,
    dead_letters,
    first_words,
    handling,
    hooks,
    inboxes,
    messages,
    queues,
    runs,
    same_person,
    settings,
    sign_in,
    teammates,
    templates,
    trials,
    uploads,
)
from api.headers import CarefulHeaders
from api.problems import answer_problems
from api.voice import calls as voice_calls
from api.voice import people as voice_people
from api.voice import relay as voice_relay
from core.settings import settings as settings_in_force

CONSOLE = (
    sign_in,
    conversations,
    handling,
    calls,
    messages,
    attachments,
    customers,
    consents,
    first_words,
    same_person,
    runs,
    articles,
    uploads,
    ask,
    inboxes,
    trials,
    templates,
    queues,
    teammates,
    settings,
    dead_letters,
    hooks,
)
VOICE = (voice_calls, voice_people, voice_relay)
CHAT = (chat_session, chat_messages, chat_rating, chat_transcript, chat_facts, chat_live)
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(lifespan: Lifespan | None = None) -> FastAPI:
    """The service; whoever serves it passes in what starts and stops with it."""
    app = FastAPI(
        title="OneThread",
        version="0.1",
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.hub = live.Hub()
    app.state.chats_begun = chats_begun()
    answer_problems(app)
    for noun in CONSOLE:
        app.include_router(noun.router)
    for part in CHAT:
        app.include_router(part.router)
    for part in VOICE:
        app.include_router(part.router)
    app.include_router(webhooks.router)
    app.include_router(live.router)
    for pages in (help, demo, prove, static):
        app.include_router(pages.router)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(CarefulHeaders)
    if trusted := settings_in_force().trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=trusted)
    return app


def _operation_id(route: APIRoute) -> str:
    first, *others = route.name.split("_")
    return first + "".join(word.capitalize() for word in others)
