"""The HTTP service: every router, one form of errors, careful headers."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from api import live, static
from api.console import conversations, handling, messages, sign_in
from api.headers import CarefulHeaders
from api.problems import answer_problems

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
    answer_problems(app)
    for noun in (sign_in, conversations, handling, messages, live):
        app.include_router(noun.router)
    app.include_router(static.router)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(CarefulHeaders)
    return app


def _operation_id(route: APIRoute) -> str:
    first, *others = route.name.split("_")
    return first + "".join(word.capitalize() for word in others)
