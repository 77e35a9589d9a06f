"""Signing in with a token, at a real Dovecot and at a mail server that checks it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Account
from connectors.channels.email import imap, oauth
from connectors.channels.email.channel import EmailChannel
from connectors.simulator.smtp_sink import SmtpSink
from connectors.simulator.token_server import TokenServer
from core.ids import new_id
from desk.envelope import Address, Concerns, DeliveryState, Outgoing
from tests.connectors.email.mails import OURS
from tests.lab.mail import MailLab, mail_lab

__all__ = ["mail_lab"]

CHANNEL = EmailChannel()
LETTER = Outgoing("m-1", Address("email", "ana@client.example"), "Hello Ana")


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with TokenServer("support") as server:
        yield server


def _signing_in(base: Account, server: TokenServer, **secrets: str) -> Account:
    config = {
        **base.config,
        "sign_in": "oauth",
        "oauth_client_id": server.client_id,
        "oauth_token_url": server.token_url,
    }
    ours = {
        "oauth_client_secret": server.client_secret,
        "oauth_refresh_token": server.refresh_token,
    }
    return Account(new_id(), config, {**ours, **secrets})


def _sender(sink: SmtpSink, tokens: TokenServer, **secrets: str) -> Account:
    config = {
        "address": OURS,
        "smtp_host": sink.host,
        "smtp_port": str(sink.port),
        "smtp_security": "none",
    }
    return _signing_in(Account("", config, {}), tokens, **secrets)


def test_dovecot_lets_us_in_with_a_token_and_refuses_a_wrong_one(mail_lab: MailLab) -> None:
    with TokenServer("support", port=mail_lab.ports["TOKENS"]) as tokens:
        account = _signing_in(mail_lab.account(), tokens)
        assert CHANNEL.check(account)[0].ok
        (start,) = CHANNEL.poll(account, "")
        assert start.event.id.startswith("mailbox:")
        assert tokens.given == ["access-0"], "one token serves until it runs out"
        later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        wrong = {"access_token": "stolen", "access_token_until": later}
        with pytest.raises(imap.MailboxUnreachable, match="refuses the token"):
            CHANNEL.poll(replace(account, secrets=wrong), "")


def test_mail_is_sent_with_a_token(tokens: TokenServer, tmp_path: Path) -> None:
    with SmtpSink(tmp_path, takes_token=tokens.is_good) as sink:
        assert CHANNEL.send(_sender(sink, tokens), LETTER).state is DeliveryState.SENT
        assert len(sink.mails) == 1
        later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        wrong = _sender(sink, tokens, access_token="stolen", access_token_until=later)
        refused = CHANNEL.send(wrong, LETTER)
        assert (refused.state, refused.concerns) == (DeliveryState.FAILED, Concerns.INBOX)
        assert refused.retry_after
        assert len(sink.mails) == 1


def test_a_token_about_to_run_out_is_renewed_and_the_new_refresh_token_kept(
    tokens: TokenServer,
) -> None:
    account = _signing_in(Account("", {}, {}), tokens)
    fresh = CHANNEL.renew(account)
    assert fresh["access_token"] == "access-0"
    assert fresh["oauth_refresh_token"] == "refresh-1"
    kept = replace(account, secrets={**account.secrets, **fresh})
    assert CHANNEL.renew(kept) == {}
    soon = {"access_token_until": (datetime.now(UTC) + timedelta(minutes=5)).isoformat()}
    assert CHANNEL.renew(replace(kept, secrets={**kept.secrets, **soon}))
    assert tokens.given == ["access-0", "access-1"]
    assert CHANNEL.renew(Account("", {}, {"password": "x"})) == {}


def test_a_refused_renewal_says_what_to_do(tokens: TokenServer, tmp_path: Path) -> None:
    account = _signing_in(Account("", {}, {}), tokens, oauth_refresh_token="revoked")
    with pytest.raises(oauth.SignInRefused, match=r"Sign in at the provider again"):
        CHANNEL.renew(account)
    with SmtpSink(tmp_path, takes_token=tokens.is_good) as sink:
        refused = CHANNEL.send(_sender(sink, tokens, oauth_refresh_token="revoked"), LETTER)
    assert refused.concerns is Concerns.INBOX
    assert "new refresh token" in refused.error
    wrong = _signing_in(Account("", {}, {}), tokens, oauth_client_secret="wrong")
    with pytest.raises(oauth.SignInRefused, match="client id or secret"):
        oauth.access_token(wrong)
    tokens.refuse = "temporarily_unavailable"
    with pytest.raises(oauth.SignInRefused, match="temporarily_unavailable"):
        oauth.access_token(_signing_in(Account("", {}, {}), tokens))


def test_google_and_microsoft_have_their_addresses_set() -> None:
    for name in ("google", "microsoft"):
        assert oauth.is_used(Account("", {"sign_in": name}, {}))
        assert oauth.TOKEN_URLS[name].startswith("https://")
    assert not oauth.is_used(Account("", {}, {"password": "x"}))
