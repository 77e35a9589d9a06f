"""Mail that comes in over HTTP, as signed raw MIME."""

import time

from connectors.base import Request
from connectors.channels.email.channel import EmailChannel
from connectors.channels.email.signature import HEADER, TOLERANCE, sign
from tests.connectors.email.mails import account, mail


def _request(body: bytes, header: str) -> Request:
    return Request(body, {HEADER: header}, {})


def _accepts(body: bytes, header: str) -> bool:
    return EmailChannel().is_authentic(account(), _request(body, header))


def test_a_fresh_signature_over_these_bytes_is_accepted() -> None:
    now = int(time.time())
    assert _accepts(mail(), sign("s3cret", mail(), now))


def test_anything_else_is_refused() -> None:
    now, body = int(time.time()), mail()
    assert not _accepts(body + b" ", sign("s3cret", body, now))
    assert not _accepts(body, sign("other", body, now))
    assert not _accepts(body, sign("s3cret", body, now - TOLERANCE - 5))
    assert not _accepts(body, sign("s3cret", body, now + TOLERANCE + 5))
    assert not _accepts(body, sign("s3cret", body, now).replace(f"t={now}", f"t={now + 1}"))
    for broken in ("", "t=,v1=", "t=x,v1=é", f"t={now}", "v1=abc", "t=²,v1=a"):
        assert not _accepts(body, broken)


def test_an_inbox_without_a_secret_takes_nothing_over_http() -> None:
    bare = account()
    bare = type(bare)(bare.inbox_id, bare.config, {})
    header = sign("", mail(), int(time.time()))
    assert not EmailChannel().is_authentic(bare, _request(mail(), header))


def test_one_body_is_one_event_with_the_mails_own_id() -> None:
    batch = EmailChannel().split(_request(mail(), ""))
    assert [event.id for event in batch.events] == ["<m1@client.example>"]
    assert batch.events[0].body.encode("latin-1") == mail()
    assert not batch.dead_letters


def test_an_empty_body_is_a_dead_letter() -> None:
    batch = EmailChannel().split(_request(b"  \r\n", ""))
    assert (len(batch.events), len(batch.dead_letters)) == (0, 1)
