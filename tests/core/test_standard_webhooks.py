"""Signed posts, checked against the specification's own library."""

import time
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from core.standard_webhooks import is_authentic, new_secret, secrets_in, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type": "message"}'


def test_the_specifications_example_is_signed_alike() -> None:
    body = b'{"test": 2432232314}'
    headers = sign([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", body, at=1614265330)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_library_accepts_what_we_sign_and_we_accept_what_it_signs() -> None:
    for secret in (SECRET, new_secret()):
        Webhook(secret).verify(BODY, sign([secret], "1", BODY))
        moment = datetime.now(UTC)
        mark = Webhook(secret).sign("1", moment, BODY.decode())
        stamp = str(int(moment.timestamp()))
        headers = {"webhook-id": "1", "webhook-timestamp": stamp, "webhook-signature": mark}
        assert is_authentic([secret], headers, BODY)


def test_while_secrets_rotate_either_is_enough() -> None:
    old, new = new_secret(), new_secret()
    assert secrets_in(f"{new}, {old},") == [new, old]
    assert is_authentic([new, old], sign([old], "1", BODY), BODY)
    both = sign([new, old], "1", BODY)
    assert is_authentic([old], both, BODY)
    assert is_authentic([new], both, BODY)


def test_whatever_was_changed_is_refused() -> None:
    good = sign([SECRET], "1", BODY)
    assert is_authentic([SECRET], good, BODY)
    assert not is_authentic([SECRET], good, BODY + b" ")
    assert not is_authentic([], good, BODY)
    assert not is_authentic([new_secret()], good, BODY)
    for name, value in [
        ("webhook-id", "2"),
        ("webhook-id", ""),
        ("webhook-timestamp", str(int(time.time()) + 1)),
        ("webhook-timestamp", "soon"),
        ("webhook-timestamp", "²"),
        ("webhook-signature", ""),
        ("webhook-signature", good["webhook-signature"].removeprefix("v1,")),
        ("webhook-signature", good["webhook-signature"].replace("v1,", "v2,")),
        ("webhook-signature", "v1,ü"),
    ]:
        assert not is_authentic([SECRET], good | {name: value}, BODY), (name, value)


@pytest.mark.parametrize(("age", "fits"), [(-301, False), (-290, True), (290, True), (305, False)])
def test_a_signature_is_good_for_five_minutes(age: int, fits: bool) -> None:
    headers = sign([SECRET], "1", BODY, at=int(time.time()) - age)
    assert is_authentic([SECRET], headers, BODY) is fits


def test_a_secret_of_any_other_form_is_a_key_as_it_stands() -> None:
    assert is_authentic(["a plain secret"], sign(["a plain secret"], "1", BODY), BODY)
    assert is_authentic(["whsec_not base64"], sign(["whsec_not base64"], "1", BODY), BODY)
