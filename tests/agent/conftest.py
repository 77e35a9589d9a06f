"""What an assistant's test needs: passages as a search finds them, a model endpoint over HTTP."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import uvicorn

from agent.turn import Said, Turn
from connectors.simulator.llm import SimulatedLlm
from core.db import transaction
from core.llm import Llm, LlmEndpoint
from core.settings import Settings
from desk import teams
from retrieval.found import ArticleHit, Found, Hit, Passage, Section
from retrieval.library import Library, open_library

RETURNS = (
    "You may return any item within 30 days of delivery. The item must be unused and in its box. "
    "Return shipping costs 4.95 EUR, which we take off the refund. "
    "We do not accept returns of gift cards."
)
STEPS = (
    "To reset your password:\n1. Open the sign-in page.\n2. Click Forgot password.\n"
    "3. Enter your email address.\n4. Open the link we send you within 20 minutes."
)


def passage(article: str, title: str, text: str, **more: object) -> Passage:
    return Passage(
        id=f"{article}-1",
        article_id=article,
        version=1,
        title=title,
        breadcrumb="",
        text=text,
        url=f"https://shop.example/help/{article}",
        updated_at=datetime(2026, 5, 3, tzinfo=UTC),
        **more,  # type: ignore[arg-type]
    )


def found(*passages: Passage, query: str = "") -> Found:
    """As if a search had found these, best first."""
    articles = tuple(
        ArticleHit(
            p.article_id,
            p.title,
            p.url,
            10.0 - rank,
            (Hit(p, 10.0 - rank, 0.8 - 0.2 * rank, 9.0 - rank, rank, rank),),
            (Section(p.id, p.breadcrumb, p.text, p.url),),
        )
        for rank, p in enumerate(passages)
    )
    return Found(query, articles, {"margin": 1.0, "cosine": 0.8})


def asks(text: str, **more: object) -> Turn:
    return Turn(said=(Said("customer", text),), **more)  # type: ignore[arg-type]


@pytest.fixture
def library(installation: Settings) -> Iterator[Library]:
    """Of a shop that has no article yet, so that everything goes to a person."""
    with transaction() as session:
        teams.fallback_queue(session)
    with open_library() as opened:
        yield opened


@pytest.fixture(scope="session")
def llm_server() -> Iterator[tuple[SimulatedLlm, str]]:
    """The simulated endpoint on a real port."""
    model = SimulatedLlm()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(model.app, host="127.0.0.1", port=port, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield model, f"http://127.0.0.1:{port}/v1"
    server.should_exit = True
    thread.join(timeout=5)


@pytest.fixture
def model(llm_server: tuple[SimulatedLlm, str]) -> SimulatedLlm:
    simulated, _ = llm_server
    simulated.script.clear()
    simulated.asked.clear()
    simulated.understands = ("json_schema", "json_object")
    simulated.refuses = {}
    simulated.mind = None
    return simulated


@pytest.fixture
def llm(llm_server: tuple[SimulatedLlm, str], model: SimulatedLlm) -> Llm:
    endpoint = LlmEndpoint(
        llm_server[1], "sim-1", api_key="k", timeout=20.0, price_in=1.0, price_out=2.0
    )
    return Llm(endpoint)


@pytest.fixture
def hasty(llm: Llm) -> Llm:
    """The same model, given little time."""
    return Llm(replace(llm.endpoint, timeout=1.0))
