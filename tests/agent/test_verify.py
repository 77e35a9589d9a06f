"""A sentence may say no more than the passage it cites."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.outgoing import check_outgoing
from agent.turn import Claim
from agent.verify import check, numbers_in, promise_in
from agent.words import units_of
from core.mask import find_private, mask
from tests.agent.conftest import RETURNS, STEPS


def problem(text: str, evidence: str = RETURNS) -> str:
    return check(Claim(text, "p"), evidence).problem


@pytest.mark.parametrize(
    "text",
    [
        "You may return any item within 30 days of delivery.",
        "Items can be returned within 30 days of delivery if unused and in the box.",
        "You may return any item within thirty days of delivery.",
        "Return shipping costs 4.95 EUR.",
        "Return shipping costs 4,95 EUR, taken off the refund.",
        "Returns of gift cards are not accepted.",
    ],
)
def test_what_the_passage_says_may_be_said(text: str) -> None:
    assert problem(text) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("You may return any item within 60 days of delivery.", "number 60"),
        ("Return shipping costs 30 EUR.", "stands for something else"),
        ("You may return any item within ninety days of delivery.", "number 90"),
        ("You may return any item within thirty-one days of delivery.", "number 31"),
        ("We accept returns of gift cards.", "opposite"),
        ("You may not return any item within 30 days of delivery.", "opposite"),
        ("Return shipping with Hermes costs 4.95 EUR.", "name Hermes"),
        ("Return it at https://evil.example/returns within 30 days.", "address"),
        ("I was told that you may return any item within 30 days.", "itself"),
        ("Our lamps shine brightly for many years.", "words"),
        ("I have refunded your order.", "action"),
    ],
)
def test_what_it_does_not_say_may_not(text: str, reason: str) -> None:
    assert reason in problem(text)


HINDI = "आप डिलीवरी के ३० दिनों के भीतर सामान वापस कर सकते हैं। उपहार कार्ड वापस नहीं होते।"
ARABIC = "يمكنكم إرجاع المنتجات خلال ٣٠ يوما من الاستلام. بطاقات الهدايا لا تُسترجع."


@pytest.mark.parametrize(
    ("text", "evidence", "reason"),
    [
        ("आप डिलीवरी के 30 दिनों के भीतर सामान वापस कर सकते हैं", HINDI, ""),
        ("आप सामान डिलीवरी के 30 दिनों के भीतर वापस कर सकते हैं", HINDI, ""),
        ("आप डिलीवरी के 60 दिनों के भीतर सामान वापस कर सकते हैं", HINDI, "number 60"),
        ("आप डिलीवरी के 30 दिनों के भीतर सामान वापस नहीं कर सकते", HINDI, "opposite"),
        ("يمكنكم خلال 30 يوما من الاستلام إرجاع المنتجات", ARABIC, ""),
        ("يمكنكم إرجاع المنتجات خلال 90 يوما", ARABIC, "number 90"),
        (
            "Vous pouvez utiliser la machine électrique",
            "La machine électrique : vous pouvez l'utiliser et utiliser la tasse",
            "",
        ),
    ],
)
def test_claims_are_read_in_other_scripts_and_digits_too(
    text: str, evidence: str, reason: str
) -> None:
    found = problem(text, evidence)
    assert reason in found if reason else found == ""


def test_a_number_is_the_same_in_any_digits() -> None:
    assert numbers_in("३० दिन") == numbers_in("٣٠ يوما") == numbers_in("30 days") == ["30"]


def test_a_claim_without_a_passage_does_not_hold() -> None:
    assert not check(Claim("You may return it.", None), None).holds


@given(st.data())
def test_an_answer_with_any_changed_digit_is_refused(data: st.DataObject) -> None:
    evidence = data.draw(st.sampled_from([RETURNS, STEPS, "Plans: 12 GB for 9.99 EUR a month."]))
    units = [unit.text for unit in units_of(evidence) if re.search(r"\d", unit.text[3:])]
    sentence = data.draw(st.sampled_from(units))
    places = [match.start() for match in re.finditer(r"\d", sentence) if match.start() > 2]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("0123456789"))
    changed = f"{sentence[:place]}{digit}{sentence[place + 1 :]}"
    assume(sorted(numbers_in(changed)) != sorted(numbers_in(sentence)))
    assert check(Claim(sentence, "p"), evidence).holds
    assert not check(Claim(changed, "p"), evidence).holds


@given(st.sampled_from([RETURNS, STEPS]), st.data())
def test_whatever_is_quoted_word_for_word_holds(evidence: str, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(units_of(evidence)))
    assert check(Claim(unit.text, "p"), evidence).holds


@pytest.mark.parametrize(
    "text",
    [
        "I've refunded your order.",
        "We have cancelled the subscription for you.",
        "I'll send you a replacement.",
        "I will check with my manager and get back to you.",
        "Your refund has been processed.",
        "Your replacement is on its way.",
        "Consider it done!",
    ],
)
def test_promises_and_claimed_deeds_are_noticed(text: str) -> None:
    assert promise_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "You can cancel your subscription in the settings.",
        "Refunds take 5 to 10 days.",
        "Click Send to submit the form.",
        "The order can be changed until it is shipped.",
    ],
)
def test_instructions_are_no_promises(text: str) -> None:
    assert not promise_in(text)


def test_a_deed_that_a_tool_did_may_be_told() -> None:
    assert promise_in("I have cancelled your order.", frozenset({"cancel"})) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Your card 4111 1111 1111 1111 is charged.", "card"),
        ("Pay to DE89 3704 0044 0532 0130 00.", "bank account"),
        ("The SSN is 078-05-1120.", "social security"),
        ("Use the key sk-live-4f3c2b1a0987654321fedcba.", "secret"),
        ("The password is hunter2!x", "secret"),
        ("Write to anna.other@mail.example.", "email"),
        ("Call her at +49 151 23456789.", "phone"),
        ("See https://evil.example/login.", "evil.example"),
        ("[Open](javascript:alert(1))", "javascript"),
        ("Hello\u202e there", "invisible"),
    ],
)
def test_what_must_not_leave_does_not(text: str, reason: str) -> None:
    verdict = check_outgoing(text, ["shop.example"])
    assert not verdict.allowed
    assert any(reason in one for one in verdict.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "You have 30 days. See https://help.shop.example/returns.",
        "Order 2024-000123-77 left on 12.05.2026 at 10:30.",
        "Write to support@shop.example.",
        "Your tracking number is 00340434161094022115.",
        "Dial *100# and choose 3.",
        "See [our page](/help/returns).",
    ],
)
def test_ordinary_answers_leave(text: str) -> None:
    assert check_outgoing(text, ["shop.example"]).allowed


def test_what_stands_in_the_documents_or_is_the_customers_own_may_leave() -> None:
    text = "Call +49 30 1234567 or write to partner@other.example: https://other.example/help"
    assert not check_outgoing(text).allowed
    assert check_outgoing(text, sources=text).allowed
    assert check_outgoing("We'll write to me@mail.example.", own=["me@mail.example"]).allowed


def test_private_data_is_masked_by_kind() -> None:
    text = "I am anna@mail.example, card 4111-1111-1111-1111, order 12345."
    assert mask(text) == "I am [email], card [card], order 12345."


@given(st.text(alphabet="0123456789 -+().@abcXY:/", max_size=80))
def test_masking_never_fails_and_leaves_nothing_to_find_of_what_it_found(text: str) -> None:
    kinds = {found.kind for found in find_private(text)}
    assert not kinds & {found.kind for found in find_private(mask(text))} - {"phone", "ip"}
