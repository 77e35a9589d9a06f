"""Which mails belong together, which never do, and what teammates are told about it."""

import pytest

from connectors.simulator.mail_customer import MailCustomer, signed_headers
from core.db import transaction
from delivery import outbox
from delivery.loops import MOST_ANSWERS
from desk import conversations, inboxes, messages
from desk.inboxes import Inbox
from desk.messages import Author, Message
from tests.delivery.conftest import TRUSTED, Desk

ANSWER = "Your kettle can be repaired free of charge within two years of the purchase."
QUOTE = f"Good, do that.\n\nOn Monday Support <support@shop.example> wrote:\n> {ANSWER}\n"


def _sales(desk: Desk) -> Inbox:
    config = {**desk.email.config, "address": "sales@shop.example", "trusted_authserv": TRUSTED}
    with transaction() as session:
        return inboxes.open_inbox(
            session, "email", "Sales", config=config, secrets=desk.email.secrets
        )


def _answered(desk: Desk) -> Message:
    desk.writes_mail("bo@mail.example", "Kettle", "It leaks.")
    return desk.answers(desk.conversations()[0], ANSWER)


def test_a_reply_tells_why_it_joined(desk: Desk) -> None:
    answer = _answered(desk)
    desk.writes_mail("bo@mail.example", "Other words", "Good.", reply_to=answer.provider_id or "")
    assert "In-Reply-To" in desk.messages()[-1].details["joined"]
    assert "joined" not in desk.messages()[0].details


@pytest.mark.parametrize(("forged", "conversations"), [(False, 1), (True, 2)])
def test_a_reply_without_headers_is_found_by_what_it_quotes_if_its_sender_is_proven(
    desk: Desk, forged: bool, conversations: int
) -> None:
    _answered(desk)
    desk.writes_mail("bo@mail.example", "no subject of ours", QUOTE, forged=forged)
    assert len(desk.conversations()) == conversations
    if not forged:
        assert "quotes" in desk.messages()[-1].details["joined"]


def test_quoted_boilerplate_means_the_mail_in_which_it_was_sent_last(desk: Desk) -> None:
    first = _answered(desk)
    with transaction() as session:
        conversations.resolve(session, conversations.lock(session, first.conversation_id), "t")
    desk.writes_mail("bo@mail.example", "Toaster", "It smokes.")
    second = desk.conversations()[-1]
    assert second.id != first.conversation_id
    desk.answers(second, ANSWER)
    desk.writes_mail("bo@mail.example", "x", QUOTE)
    assert desk.texts(second)[-1] == "Good, do that."


def test_strangers_with_one_subject_or_one_quotation_stay_apart(desk: Desk) -> None:
    _answered(desk)
    desk.writes_mail("eve@other.example", "Re: Kettle", QUOTE)
    assert len(desk.conversations()) == 2


def test_people_who_quote_the_same_newsletter_stay_apart_and_so_do_its_issues(desk: Desk) -> None:
    quote = "Wow.\n\nOn Monday News <news@list.example> wrote:\n> " + "all new lamps are here " * 3
    for number, sender in enumerate(["bo@mail.example", "eve@other.example"]):
        desk.writes_mail(sender, "Re: News", quote, reply_to="<issue-1@list.example>")
        assert len(desk.conversations()) == number + 1
    headers = {"List-Id": "<news.list.example>", "Precedence": "bulk"}
    desk.writes_mail("news@list.example", "News", "one", headers=headers)
    desk.writes_mail("news@list.example", "News", "two", headers=headers)
    issues = [c for c in desk.conversations() if desk.messages(c)[0].automatic == "mailing list"]
    assert len(issues) == 2
    assert all(c.turn_due_at is None for c in issues)


def test_one_mail_to_two_mailboxes_is_one_message_answered_by_the_one_it_was_written_to(
    desk: Desk,
) -> None:
    sales = _sales(desk)
    bo = MailCustomer(desk.folder, "bo@mail.example", authserv_id=TRUSTED)
    raw = bo.write("sales@shop.example", "Lamps", "Ten, please.")
    to_sales = raw.replace(b"To: sales@", b"Cc: support@shop.example\r\nTo: sales@", 1)
    desk.delivers(to_sales)
    _post_to(desk, sales, to_sales)
    _post_to(desk, sales, to_sales)

    [conversation] = desk.conversations()
    [message] = desk.messages(conversation)
    assert message.details["inboxes"] == ["Support", "Sales"]
    assert message.inbox_id == sales.id
    answer = desk.answers(conversation, "With pleasure.")
    assert answer.inbox_id == sales.id
    assert desk.sink.mails[-1].sender == "sales@shop.example"


def _post_to(desk: Desk, inbox: Inbox, raw: bytes) -> None:
    desk.post(inbox, raw, signed_headers(raw, "inbound-secret"))
    desk.receive_all()


def test_a_reply_that_reaches_another_mailbox_joins_and_is_answered_from_there(desk: Desk) -> None:
    sales = _sales(desk)
    answer = _answered(desk)
    bo = MailCustomer(desk.folder, "bo@mail.example", authserv_id=TRUSTED)
    reply = bo.write("sales@shop.example", "Re: Kettle", "Yes.", reply_to=answer.provider_id or "")
    _post_to(desk, sales, reply)
    first = desk.conversations()[0]
    assert desk.texts(first)[-1] == "Yes."
    assert desk.answers(first, "Fine.").inbox_id == sales.id


def test_two_machines_that_answer_each_other_are_stopped_and_a_person_is_told(desk: Desk) -> None:
    desk.writes_mail("bot@mail.example", "Ticket", "We got your mail.")
    first = desk.conversations()[0]
    for _ in range(MOST_ANSWERS):
        last = desk.answers(desk.conversations()[0], "Thanks.")
        desk.writes_mail("bot@mail.example", "Re: Ticket", "Got it", reply_to=last.provider_id)
    stopped = next(c for c in desk.conversations() if c.id == first.id)
    assert stopped.with_person
    assert stopped.turn_due_at is None
    assert any("A machine may be" in text for text in desk.texts(stopped))


def test_what_a_person_writes_by_hand_does_not_count_as_a_loop(desk: Desk) -> None:
    desk.writes_mail("bo@mail.example", "Kettle", "It leaks.")
    first = desk.conversations()[0]
    for _ in range(MOST_ANSWERS):
        with transaction() as session:
            locked = conversations.lock(session, first.id)
            thread = messages.thread_to_answer(session, first.id)
            assert thread
            sent = messages.write(session, locked, thread, "Hm?", author=Author.TEAMMATE)
        outbox.send(sent.id)
    desk.writes_mail(
        "bo@mail.example", "Re: Kettle", "Yes", reply_to=desk.message(sent.id).provider_id
    )
    assert not desk.conversations()[0].with_person
