"""The queue of pairs, moving an address out, asking for a code: as a teammate does it."""

from collections.abc import Callable

from sqlalchemy import update

from core.db import reading, transaction
from desk import conversations, identities, suggestions
from desk.envelope import Strength
from desk.identities import Identity
from desk.messages import Message
from desk.suggestions import Reason, Why
from escalation.hand_off import hand_off
from tests.api.conftest import Browser, Desk

NAMES = {"+4915112345601": "Ines Aster", "+4915112345602": "Ines A."}


def _pair(desk: Desk) -> list[str]:
    people = []
    for phone, name in NAMES.items():
        desk.customer_writes("Hello", name=name, phone=phone)
        with reading() as session:
            people.append(identities.customer_of(session, "phone", phone) or "")
    with transaction() as session:
        reason = Reason(Why.CLAIM, "One typed an address of the other.", "email a@b.example")
        suggestions.suggest(session, people[0], people[1], reason)
    return people


def test_a_pair_is_merged_and_the_decision_taken_back(desk: Desk, ada: Browser) -> None:
    one, other = _pair(desk)
    [pair] = ada.get("/api/suggestions").json()
    assert {pair["first"]["id"], pair["second"]["id"]} == {one, other}
    assert pair["evidence"][0]["address"] == "email a@b.example"
    assert ada.get("/api/suggestions/count").json() == {"open": 1}

    path = f"/api/suggestions/{pair['id']}"
    assert ada.post(f"{path}/merge", json={"into_id": other}).json()["state"] == "merged"
    assert len(ada.get(f"/api/customers/{one}").json()["identities"]) == 2
    assert ada.get("/api/suggestions").json() == []

    assert ada.post(f"{path}/reopen").json()["state"] == "open"
    assert len(ada.get(f"/api/customers/{one}").json()["identities"]) == 1
    assert ada.post(f"{path}/dismiss").json()["state"] == "dismissed"
    assert ada.get("/api/suggestions/count").json() == {"open": 0}


def test_only_teammates_see_pairs(desk: Desk, browser: Callable[..., Browser]) -> None:
    _pair(desk)
    assert browser().get("/api/suggestions").status_code == 401


def test_an_address_is_split_off_with_what_it_said_and_comes_back(desk: Desk, ada: Browser) -> None:
    one, other = _pair(desk)
    why = {"other_id": other, "why": "same person"}
    merged = ada.post(f"/api/customers/{one}/merge", json=why).json()
    [chosen] = [i for i in merged["identities"] if i["value"] == "+4915112345602"]

    moved = ada.post(f"/api/identities/{chosen['id']}/move", json={"why": "her sister's"}).json()
    after = ada.get(f"/api/customers/{one}").json()
    assert [i["value"] for i in after["identities"]] == ["+4915112345601"]
    assert [(m["value"], m["here"]) for m in after["moves"]] == [("+4915112345602", False)]
    sister = ada.get(f"/api/customers/{moved['customer_id']}").json()
    assert len(sister["conversations"]) == 1

    assert ada.post(f"/api/identity-moves/{moved['move_id']}/undo").status_code == 200
    assert len(ada.get(f"/api/customers/{one}").json()["identities"]) == 2
    assert len(ada.get(f"/api/customers/{one}").json()["conversations"]) == 2
    assert ada.post(f"/api/identity-moves/{moved['move_id']}/undo").status_code == 404


def test_the_only_address_cannot_be_split_off(desk: Desk, ada: Browser) -> None:
    one, _ = _pair(desk)
    [only] = ada.get(f"/api/customers/{one}").json()["identities"]
    refused = ada.post(f"/api/identities/{only['id']}/move", json={"why": "x"})
    assert refused.status_code == 409


def test_a_code_is_asked_for_in_words_that_tell_nothing(desk: Desk, ada: Browser) -> None:
    conversation = desk.customer_writes("What did I order?")
    assert ada.post(f"/api/conversations/{conversation}/code").status_code == 200

    [_, asked] = ada.get(f"/api/conversations/{conversation}").json()["messages"]
    assert "if we have an email or phone of yours on record" in asked["text"]


def test_whoever_takes_over_from_somebody_unproven_sees_where_a_code_would_go(
    desk: Desk, ada: Browser
) -> None:
    conversation = desk.customer_writes("What did I order?", phone="+4915112345601")
    with transaction() as session:
        session.execute(update(Message).values(proof=Strength.OBSERVED))
        session.execute(update(Identity).values(strength=Strength.OBSERVED))
        row = conversations.lock(session, conversation)
        hand_off(session, row, "no_answer", "The documents don't answer this.")
    shown = ada.get(f"/api/conversations/{conversation}").json()["hand_off"]
    assert shown["code"] == {"to": "", "waiting": False}

    with transaction() as session:
        session.execute(update(Message).values(proof=Strength.ASSERTED))
        session.execute(update(Identity).values(strength=Strength.ASSERTED))
    assert ada.get(f"/api/conversations/{conversation}").json()["hand_off"]["code"] is None
