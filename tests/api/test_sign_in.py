"""Teammates sign in, stay signed in, and are out at once when they should be."""

from collections.abc import Callable
from typing import Any

import pytest

from core.db import transaction
from core.settings import Settings
from desk import sign_ins, teams
from desk.sign_ins import GUESSES_BY_EMAIL
from tests.api.conftest import PASSWORD, Browser


@pytest.fixture
def installation(small_installation: Settings) -> Any:
    """What happens here does not depend on the database."""
    return small_installation


def sign_in(client: Browser, email: Any = "ben@shop.example", password: Any = PASSWORD) -> Any:
    return client.post("/api/sign-in", json={"email": email, "password": password})


def test_a_teammate_signs_in_and_is_known_from_then_on(browser: Callable[..., Browser]) -> None:
    client = browser()
    assert client.get("/api/me").json()["code"] == "signed_out"
    me = sign_in(client).json()
    assert me["name"] == "Ben"
    assert me["role"] == "agent"
    assert client.get("/api/me").json() == me


def test_the_email_is_found_however_it_is_typed(browser: Callable[..., Browser]) -> None:
    assert sign_in(browser(), email="  BEN@Shop.example ").status_code == 200


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    browser: Callable[..., Browser],
) -> None:
    header = sign_in(browser()).headers["set-cookie"].lower()
    assert "httponly" in header
    assert "samesite=lax" in header


def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(
    browser: Callable[..., Browser],
) -> None:
    client = browser()
    wrong = sign_in(client, password="wrong")
    unknown = sign_in(client, email="nobody@shop.example")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "wrong_password"
    assert client.get("/api/me").status_code == 401


def test_guessing_at_one_email_is_stopped_even_with_the_right_password(
    browser: Callable[..., Browser],
) -> None:
    client = browser()
    for _ in range(GUESSES_BY_EMAIL):
        assert sign_in(client, password="wrong").status_code == 401
    assert sign_in(client).status_code == 429
    assert sign_in(client, email="cem@shop.example").status_code == 200


def test_guessing_at_many_emails_from_one_address_is_stopped(
    browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_ins, "GUESSES_BY_ADDRESS", 4)
    client = browser()
    for number in range(4):
        assert sign_in(client, email=f"somebody-{number}@shop.example").status_code == 401
    assert sign_in(client, email="nobody@shop.example").status_code == 429


def test_an_office_may_sign_in_from_one_address(browser: Callable[..., Browser]) -> None:
    client = browser()
    for _ in range(sign_ins.GUESSES_BY_ADDRESS + 2):
        assert sign_in(client).status_code == 200


def test_a_password_that_is_known_buys_no_guesses_at_others(
    browser: Callable[..., Browser],
) -> None:
    client = browser()
    for number in range(sign_ins.GUESSES_BY_ADDRESS):
        assert sign_in(client, email=f"somebody-{number}@shop.example").status_code == 401
        if number == 5:
            assert sign_in(client).status_code == 200
    assert sign_in(client, email="nobody@shop.example").status_code == 429


def test_signing_in_well_forgives_earlier_slips(browser: Callable[..., Browser]) -> None:
    client = browser()
    for _ in range(3):
        for _ in range(GUESSES_BY_EMAIL - 1):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code == 200


def test_after_signing_out_the_old_cookie_opens_nothing(browser: Callable[..., Browser]) -> None:
    client = browser("Ben")
    cookie = client.cookies["onethread_session"]
    assert client.post("/api/sign-out").json() == {"ok": True}
    client.cookies.set("onethread_session", cookie)
    assert client.get("/api/me").status_code == 401


@pytest.mark.parametrize("forge", [lambda c: c[:-1] + ("0" if c[-1] != "0" else "1"), lambda c: ""])
def test_a_forged_cookie_opens_nothing(browser: Callable[..., Browser], forge: Any) -> None:
    client = browser("Ben")
    cookie = client.cookies["onethread_session"]
    client.cookies.clear()
    client.cookies.set("onethread_session", forge(cookie))
    assert client.get("/api/me").status_code == 401


def test_another_sign_ins_id_under_a_known_signature_opens_nothing(
    browser: Callable[..., Browser],
) -> None:
    first, second = browser("Ben"), browser("Cem")
    own, other = (c.cookies["onethread_session"] for c in (first, second))
    mixed = other.split(".")[0] + "." + own.split(".")[1]
    first.cookies.clear()
    first.cookies.set("onethread_session", mixed)
    assert first.get("/api/me").status_code == 401


def test_a_deactivated_teammate_is_out_at_once(ben: Browser) -> None:
    with transaction() as session:
        teammate = teams.by_email(session, "ben@shop.example")
        assert teammate is not None
        teammate.active = False
    assert ben.get("/api/me").status_code == 401
    ben.cookies.clear()
    assert sign_in(ben).status_code == 401


def test_a_new_password_signs_other_browsers_out_but_not_this_one(
    browser: Callable[..., Browser],
) -> None:
    here, there = browser("Ben"), browser("Ben")
    change = {"password": {"old": PASSWORD, "new": "a longer new password"}}
    assert here.patch("/api/me", json=change).status_code == 200
    assert here.get("/api/me").status_code == 200
    assert there.get("/api/me").status_code == 401
    assert sign_in(browser(), password="a longer new password").status_code == 200


def test_a_password_is_not_changed_without_the_old_one(ben: Browser) -> None:
    change = {"password": {"old": "wrong", "new": "a longer new password"}}
    refused = ben.patch("/api/me", json=change)
    assert refused.status_code == 422
    assert refused.json()["code"] == "wrong_password"


def test_a_short_password_is_refused_in_words_that_dont_repeat_it(ben: Browser) -> None:
    change = {"password": {"old": PASSWORD, "new": "hunter2"}}
    refused = ben.patch("/api/me", json=change)
    assert refused.status_code == 422
    assert "10 characters" in refused.json()["message"]
    assert "hunter2" not in refused.text


def test_a_write_from_another_site_is_refused(ben: Browser) -> None:
    refused = ben.patch("/api/me", json={"available": False}, headers={"X-Requested-With": ""})
    assert refused.status_code == 403
    assert refused.json()["code"] == "not_our_page"
    assert ben.get("/api/me").json()["available"] is True


def test_a_teammate_changes_their_name_and_availability(ben: Browser) -> None:
    me = ben.patch("/api/me", json={"available": False, "name": " Benno "}).json()
    assert me["available"] is False
    assert me["name"] == "Benno"
    assert ben.get("/api/me").json() == me


def test_no_email_or_address_is_kept_in_what_counts_guesses(
    browser: Callable[..., Browser],
) -> None:
    sign_in(browser(), password="wrong")
    with transaction() as session:
        keys = [guess.key for guess in session.query(sign_ins.Guess)]
    assert len(keys) == 2
    assert not any("ben" in key or "testclient" in key for key in keys)
