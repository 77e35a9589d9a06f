"""Tokens that run out: Instagram's own are renewed, of all others people are warned in time."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from connectors.simulator.direct import DAY, FakeDirect
from core.clock import now
from core.db import reading, transaction
from core.events import LogEntry
from core.settings import Settings
from delivery import tokens, trouble
from desk import inboxes
from desk.inboxes import Inbox

OWN = "IGAA-signed-in-to-instagram"
PAGES = "EAA-signed-in-to-facebook"

Connect = Callable[..., tuple[FakeDirect, str]]


@pytest.fixture
def connect(installation: Settings) -> Iterator[Connect]:
    """Connects an account of the fake Meta; its end and the inbox's id."""
    with ExitStack() as stack:

        def connected(
            kind: str, token: str, fake: type[FakeDirect] = FakeDirect, **facts: Any
        ) -> tuple[FakeDirect, str]:
            meta = stack.enter_context(fake(kind, access_token=token, **facts))
            with transaction() as session:
                inbox = inboxes.open_inbox(
                    session,
                    kind,
                    kind.title(),
                    config={"account_id": meta.account_id, "api_base": meta.base_url},
                    secrets={"access_token": token, "app_secret": meta.app_secret},
                )
            return meta, inbox.id

        yield connected


def found(inbox_id: str) -> Inbox:
    with reading() as session:
        return inboxes.find(session, inbox_id)


def told() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(LogEntry.name).order_by(LogEntry.id)))


def days(count: float) -> float:
    return time.time() + count * DAY


@pytest.mark.parametrize("kind", ["instagram", "messenger"])
def test_two_weeks_before_a_pages_token_ends_people_are_warned(connect: Connect, kind: str) -> None:
    meta, inbox = connect(kind, PAGES, token_expires_at=days(15))
    tokens.look(inbox)
    assert not tokens.warning(found(inbox))
    meta.token_expires_at = days(13)
    for _ in range(2):
        tokens.look(inbox)
    assert "runs out on" in tokens.warning(found(inbox))
    assert told() == ["inbox.token_ends"]
    meta.token_expires_at = days(60)
    tokens.look(inbox)
    assert not tokens.warning(found(inbox))
    assert told() == ["inbox.token_ends", "inbox.token_renewed"]


def test_access_to_data_that_ends_before_the_token_counts(connect: Connect) -> None:
    _, inbox = connect("messenger", PAGES, data_access_expires_at=days(3))
    tokens.look(inbox)
    assert "runs out on" in tokens.warning(found(inbox))


def test_with_an_app_id_it_is_the_app_that_asks(connect: Connect) -> None:
    meta, inbox = connect("messenger", PAGES, token_expires_at=days(3), only_app_asks=True)
    tokens.look(inbox)
    assert not tokens.warning(found(inbox))
    with transaction() as session:
        row = inboxes.find(session, inbox)
        row.config = {**row.config, "app_id": meta.app_id}
    tokens.look(inbox)
    assert tokens.warning(found(inbox))


def test_a_token_of_instagrams_own_is_renewed_and_its_end_then_known(connect: Connect) -> None:
    meta, inbox = connect("instagram", OWN, token_expires_at=days(20))
    tokens.look(inbox)
    row = found(inbox)
    assert row.secrets["access_token"] == meta.access_token != OWN
    assert row.token_expires_at is not None
    assert (row.token_expires_at - now()).days in (59, 60)


def test_it_is_renewed_again_only_in_its_last_month(connect: Connect) -> None:
    meta, inbox = connect("instagram", OWN, token_expires_at=days(20))
    tokens.look(inbox)
    first = meta.access_token
    meta.token_made_at = days(-2)
    tokens.look(inbox)
    assert meta.access_token == first
    with transaction() as session:
        inboxes.find(session, inbox).token_expires_at = now() + tokens.WARN * 2
    tokens.look(inbox)
    assert found(inbox).secrets["access_token"] == meta.access_token != first


def test_one_too_young_to_be_renewed_is_left_alone(connect: Connect) -> None:
    _, inbox = connect("instagram", OWN, token_made_at=time.time(), token_expires_at=days(60))
    tokens.look(inbox)
    row = found(inbox)
    assert (row.secrets["access_token"], row.token_expires_at, row.problem) == (OWN, None, "")


@pytest.mark.parametrize(("kind", "token"), [("instagram", OWN), ("messenger", PAGES)])
def test_a_token_that_is_refused_breaks_the_inbox_until_another_is_put_in(
    connect: Connect, kind: str, token: str
) -> None:
    meta, inbox = connect(kind, token, token_expires_at=days(-1))
    tokens.look(inbox)
    with reading() as session:
        [wrong] = trouble.troubles(session)
    assert (wrong.what, wrong.words) == (trouble.What.BROKEN, tokens.REFUSED)

    meta.token_expires_at = 0
    tokens.look(inbox)
    assert not found(inbox).problem
    assert told() == ["inbox.broken", "inbox.works"]


def test_what_cannot_be_asked_now_changes_nothing(connect: Connect) -> None:
    meta, inbox = connect("instagram", OWN, token_expires_at=days(20))
    meta.stop()
    tokens.look(inbox)
    row = found(inbox)
    assert (row.secrets["access_token"], row.problem) == (OWN, "")


class Slow(FakeDirect):
    """Somebody puts in another token while this one is renewed."""

    async def _refresh_token(self, request: Request) -> Response:
        with transaction() as session:
            [inbox] = inboxes.of_kind(session, "instagram")
            inbox.keep_secrets({"access_token": "IGAA-by-hand"})
        return await super()._refresh_token(request)


def test_a_token_put_in_while_the_old_one_was_asked_about_stays(connect: Connect) -> None:
    _, inbox = connect("instagram", OWN, Slow, token_expires_at=days(20))
    tokens.look(inbox)
    assert found(inbox).secrets["access_token"] == "IGAA-by-hand"
