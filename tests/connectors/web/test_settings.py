"""What an operator writes into a website chat's settings, and what it means."""

import json

from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Account
from connectors.channels.web import WebChannel
from connectors.channels.web_settings import Question, invitations, questions


def check(name: str, **config: str) -> tuple[bool, str]:
    found = {one.name: one for one in WebChannel().check(Account("inbox", config, {}))}
    return found[name].ok, found[name].message


def test_questions_come_in_the_order_written_each_once() -> None:
    asked = questions({"pre_chat": " Email, name (optional),phone(optional), email,"})

    assert asked == (
        Question("email", required=True),
        Question("name", required=False),
        Question("phone", required=False),
    )


def test_nothing_written_asks_for_nothing() -> None:
    assert questions({}) == questions({"pre_chat": ""}) == ()


def test_a_question_nobody_knows_fails_the_self_test_and_is_not_asked() -> None:
    assert questions({"pre_chat": "name, shoe size"}) == (Question("name", required=True),)
    ok, message = check("Ask before the chat", pre_chat="name, shoe size")
    assert not ok
    assert "shoe size" in message
    assert check("Ask before the chat", pre_chat="name, phone (optional)")[0]


@given(st.text())
def test_whatever_is_written_can_be_read(written: str) -> None:
    config = {"pre_chat": written, "invitations": written}
    assert len(questions(config)) <= 3
    assert len(invitations(config)) <= 20


def test_an_invitation_is_read_as_the_console_writes_it() -> None:
    rule = {"page": "/pricing*", "seconds": 20, "once": "day", "text": " Questions? "}
    one = invitations({"invitations": json.dumps([rule, {"page": "*", "text": ""}])})

    assert [(i.page, i.seconds, i.daily, i.text) for i in one] == [
        ("/pricing*", 20, True, "Questions?")
    ]


def test_an_invitation_keeps_its_name_until_it_says_something_else() -> None:
    def named(text: str, seconds: int) -> str:
        rule = {"page": "*", "seconds": seconds, "text": text}
        return invitations({"invitations": json.dumps([rule])})[0].id

    assert named("Hello", 5) == named("Hello", 50) != named("Hi", 5)
