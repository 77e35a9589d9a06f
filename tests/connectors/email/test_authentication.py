"""Who vouches for a sender: only our own server's word counts."""

import pytest

from desk.envelope import Strength
from tests.connectors.email.mails import mail, read

PASS = "mx.shop.example; dmarc=pass header.from=client.example"


def _strength(*results: str, **headers: str) -> Strength:
    lines = "".join(f"Authentication-Results: {result}\r\n" for result in results)
    return read(lines.encode() + mail(**headers)).sender[0].strength


@pytest.mark.parametrize(
    "result",
    [
        PASS,
        "mx.shop.example; spf=fail smtp.mailfrom=x.example;\r\n dkim=none;\r\n"
        " dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=client.example",
        "MX.shop.example 1; dmarc=pass header.from=CLIENT.example",
        "mx.shop.example; dkim=pass header.d=client.example header.s=s1",
        "mx.shop.example; dkim=pass header.i=@client.example header.s=s1 header.b=abc",
    ],
)
def test_our_servers_aligned_pass_proves_the_address(result: str) -> None:
    assert _strength(result) is Strength.ASSERTED


@pytest.mark.parametrize(
    "result",
    [
        "mx.evil.example; dmarc=pass header.from=client.example",
        "mx.shop.example; dmarc=fail header.from=client.example",
        "mx.shop.example; dmarc=pass header.from=evil.example",
        "mx.shop.example; spf=pass smtp.mailfrom=client.example",
        "mx.shop.example; dkim=pass header.d=evil.example",
        "mx.shop.example; dkim=pass header.d=tenant.client.example",
        "mx.shop.example; dkim=pass header.d=example",
        "mx.shop.example; none",
        "mx.shop.example; dmarc=pass header.from",
        "",
    ],
)
def test_nothing_else_proves_it(result: str) -> None:
    assert _strength(result) is Strength.OBSERVED


def test_a_forged_result_below_our_own_is_ignored() -> None:
    failed = "mx.shop.example; dmarc=fail header.from=client.example"
    assert _strength(failed, PASS) is Strength.OBSERVED
    assert _strength(PASS, failed) is Strength.ASSERTED


def test_without_a_trusted_server_nobody_is_proven() -> None:
    raw = f"Authentication-Results: {PASS}\r\n".encode() + mail()
    envelope = read(raw, trusted_authserv="")
    assert envelope.sender[0].strength is Strength.OBSERVED
    assert "no trusted mail server" in envelope.sender[0].source


def test_several_from_addresses_prove_none() -> None:
    assert _strength(PASS, **{"from": "ana@client.example, boss@bank.example"}) is Strength.OBSERVED
    doubled = f"Authentication-Results: {PASS}\r\nFrom: boss@bank.example\r\n".encode() + mail()
    assert read(doubled).sender[0].strength is Strength.OBSERVED


def test_an_address_in_the_display_name_is_only_a_name() -> None:
    raw = f"Authentication-Results: {PASS}\r\n".encode()
    raw += mail(**{"from": '"boss@bank.example" <ana@client.example>'})
    assert read(raw).sender[0].value == "ana@client.example"


def test_a_web_form_in_our_own_name_claims_its_writer_only() -> None:
    form = mail(**{"from": "support@shop.example", "reply_to": "Ana <ana@client.example>"})
    raw = b"Authentication-Results: mx.shop.example; dmarc=pass header.from=shop.example\r\n" + form
    envelope = read(raw)
    assert (envelope.sender[0].value, envelope.sender_name) == ("ana@client.example", "Ana")
    assert envelope.sender[0].strength is Strength.CLAIMED
    assert envelope.automatic == ""
