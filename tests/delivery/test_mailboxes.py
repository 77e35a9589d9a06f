"""A mailbox's sign-in by token: renewed in time, and plainly broken when it is refused."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from connectors.simulator.token_server import TokenServer
from core.db import reading, transaction
from core.settings import Settings
from delivery import mailboxes
from desk import inboxes
from desk.inboxes import Inbox


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with TokenServer("support") as server:
        yield server


@pytest.fixture
def inbox(installation: Settings, tokens: TokenServer) -> Inbox:
    config = {
        "address": "support@shop.example",
        "sign_in": "oauth",
        "oauth_client_id": tokens.client_id,
        "oauth_token_url": tokens.token_url,
    }
    secrets = {
        "oauth_client_secret": tokens.client_secret,
        "oauth_refresh_token": tokens.refresh_token,
    }
    with transaction() as session:
        return inboxes.open_inbox(session, "email", "Support", config=config, secrets=secrets)


def _now(inbox: Inbox) -> Inbox:
    with reading() as session:
        return inboxes.find(session, inbox.id)


def test_tokens_are_kept_encrypted_and_fetched_once(inbox: Inbox, tokens: TokenServer) -> None:
    assert mailboxes.with_sign_in() == [inbox.id]
    mailboxes.renew(inbox.id)
    mailboxes.renew(inbox.id)
    kept = _now(inbox).secrets
    assert (kept["access_token"], kept["oauth_refresh_token"]) == ("access-0", "refresh-1")
    assert tokens.given == ["access-0"]
    with reading() as session:
        (stored,) = session.scalars(text("SELECT secrets_json FROM inbox"))
    assert "access-0" not in stored


def test_a_refused_renewal_breaks_the_inbox_until_it_is_mended(
    inbox: Inbox, tokens: TokenServer
) -> None:
    tokens.refuse = "invalid_grant"
    mailboxes.renew(inbox.id)
    broken = _now(inbox)
    assert broken.broken_since
    assert "put the new refresh token into this inbox" in broken.problem
    tokens.refuse = ""
    mailboxes.renew(inbox.id)
    assert not _now(inbox).broken_since
