"""An inbox keeps its pace, and a refusal holds back whom it is about, and nobody else."""

import itertools
import threading
import time
from datetime import timedelta

from sqlalchemy import select, update

from connectors.base import Pace
from connectors.simulator.faults import Fault
from core.clock import now
from core.db import reading, transaction
from delivery import holds, outbox
from delivery.holds import Hold
from desk import conversations, inboxes, messages
from desk.conversations import Conversation
from desk.envelope import DeliveryState
from desk.messages import Author, Message
from escalation import undelivered
from escalation.hand_off import latest
from jobs import messages as jobs
from tests.delivery.conftest import Desk

ADA, BEN = "+4915112345678", "+4915187654321"


def _pending(desk: Desk, conversation: Conversation, text: str) -> Message:
    with transaction() as session:
        locked = conversations.lock(session, conversation.id)
        thread = messages.thread_to_answer(session, conversation.id)
        assert thread is not None
        return messages.write(session, locked, thread, text, author=Author.ASSISTANT)


def _two_customers(desk: Desk) -> tuple[Conversation, Conversation]:
    desk.writes_on_whatsapp(ADA, "hi")
    desk.writes_on_whatsapp(BEN, "hi")
    ada, ben = desk.conversations()
    return ada, ben


def _wait_is_over() -> None:
    with transaction() as session:
        session.execute(
            update(Message).where(Message.send_after.is_not(None)).values(send_after=now())
        )
        session.execute(update(Hold).values(held_until=now()))


def _hold(recipient: str | None) -> Hold:
    with reading() as session:
        return session.scalars(select(Hold).where(Hold.recipient == (recipient or ""))).one()


def test_a_pair_limit_holds_back_that_customer_and_nobody_else(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    desk.meta.faults.append(Fault(status=400, code=131056))
    to_ada, to_ben = _pending(desk, ada, "one"), _pending(desk, ben, "two")
    outbox.send(to_ada.id)
    outbox.send(to_ben.id)

    assert desk.message(to_ada.id).state == DeliveryState.PENDING
    assert desk.message(to_ben.id).state == DeliveryState.SENT


def test_a_pair_limits_waits_grow_fourfold_and_end_with_success(desk: Desk) -> None:
    ada, _ = _two_customers(desk)
    message = _pending(desk, ada, "one")
    waits = []
    for _ in range(4):
        desk.meta.faults.append(Fault(status=400, code=131056))
        before = now()
        outbox.send(message.id)
        held = _hold(message.identity_id).held_until
        assert held is not None
        waits.append(round((held - before).total_seconds()))
        _wait_is_over()
    outbox.send(message.id)

    assert waits == [4, 16, 64, 256]
    assert desk.message(message.id).state == DeliveryState.SENT
    assert _hold(message.identity_id).refusals == 0


def test_a_rate_limit_of_the_number_holds_back_everybody_of_that_inbox_only(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    desk.writes_mail("eva@example.org", "Order", "Where is it?")
    eva = desk.conversations()[2]
    desk.meta.faults.append(Fault(status=400, code=130429))
    to_ada, to_ben, to_eva = (_pending(desk, one, "hello") for one in (ada, ben, eva))
    for message in (to_ada, to_ben, to_eva):
        outbox.send(message.id)

    assert desk.message(to_ada.id).state == DeliveryState.PENDING
    held = desk.message(to_ben.id)
    assert held.state == DeliveryState.PENDING
    assert "faster than WhatsApp allows" in held.error
    assert desk.message(to_eva.id).state == DeliveryState.SENT


def test_an_expired_token_breaks_the_inbox_and_keeps_what_waits(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    desk.meta.faults.append(Fault(status=401, code=190))
    first, second = _pending(desk, ada, "one"), _pending(desk, ben, "two")
    outbox.send(first.id)
    outbox.send(second.id)

    for message in (first, second):
        kept = desk.message(message.id)
        assert kept.state == DeliveryState.PENDING
        assert "token has expired" in kept.error
        assert kept.attempts == 0
    with reading() as session:
        inbox = inboxes.find(session, desk.whatsapp.id)
        assert inbox.broken_since is not None
        assert "token has expired" in inbox.problem
    assert desk.meta.sent == []


def test_people_hear_once_of_an_inbox_that_cannot_send(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    desk.meta.faults.extend([Fault(status=401, code=190), Fault(status=401, code=190)])
    first, second = _pending(desk, ada, "one"), _pending(desk, ben, "two")
    outbox.send(first.id)
    outbox.send(second.id)
    with transaction() as session:
        session.execute(update(Message).values(created_at=now() - timedelta(minutes=1)))
    with reading() as session:
        assert undelivered.forgotten(session) == [first.id]
    for _ in range(2):
        jobs.undelivered(first.id)
    _wait_is_over()
    outbox.send(first.id)

    with reading() as session:
        assert undelivered.forgotten(session) == []
        handed = latest(session, ada.id)
        assert handed is not None
        assert "goes out by itself" in handed.explanation
        assert latest(session, ben.id) is None


def test_a_broken_inbox_tries_with_one_message_and_then_sends_all(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    desk.meta.faults.append(Fault(status=401, code=190))
    first, second = _pending(desk, ada, "one"), _pending(desk, ben, "two")
    outbox.send(first.id)
    outbox.send(second.id)
    _wait_is_over()
    outbox.send(first.id)
    outbox.send(second.id)

    assert desk.message(second.id).state == DeliveryState.SENT
    assert len(desk.meta.sent) == 2
    with reading() as session:
        inbox = inboxes.find(session, desk.whatsapp.id)
        assert (inbox.problem, inbox.broken_since) == ("", None)


def test_while_one_message_tries_a_broken_inbox_the_others_wait(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    desk.meta.faults.append(Fault(status=401, code=190))
    first, second = _pending(desk, ada, "one"), _pending(desk, ben, "two")
    outbox.send(first.id)
    _wait_is_over()
    with transaction() as session:
        row = session.get_one(Message, first.id)
        assert holds.wait_for(session, row, str(row.identity_id), Pace()) is None
    outbox.send(second.id)

    assert desk.message(second.id).state == DeliveryState.PENDING
    assert desk.meta.sent == []


def test_a_crash_of_the_message_that_tries_lets_the_next_one_try(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    desk.meta.faults.append(Fault(status=401, code=190))
    first, second = _pending(desk, ada, "one"), _pending(desk, ben, "two")
    outbox.send(first.id)
    _wait_is_over()
    with transaction() as session:
        row = session.get_one(Message, first.id)
        assert holds.wait_for(session, row, str(row.identity_id), Pace()) is None
        row.state, row.send_claimed_until = DeliveryState.SENDING, now() - timedelta(seconds=1)
    with transaction() as session:
        outbox.recover(session)
    outbox.send(second.id)

    assert desk.message(first.id).state == DeliveryState.UNKNOWN
    assert desk.message(second.id).state == DeliveryState.SENT


def test_a_report_that_overtakes_the_send_ends_the_hold_all_the_same(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    desk.meta.faults.extend(
        [Fault(status=429, code=130429), Fault(status=200, taken=True, delay=1)]
    )
    first, second = _pending(desk, ada, "one"), _pending(desk, ben, "two")
    outbox.send(first.id)
    _wait_is_over()
    sending = threading.Thread(target=outbox.send, args=[first.id])
    sending.start()
    while not desk.meta.sent:
        time.sleep(0.01)
    post = desk.meta.report(desk.meta.sent[0], "delivered")
    desk.post(desk.whatsapp, post.body, post.headers)
    desk.receive_all()
    assert desk.message(first.id).state == DeliveryState.DELIVERED
    sending.join()

    assert _hold(None).held_until is None
    outbox.send(second.id)
    assert desk.message(second.id).state == DeliveryState.SENT


def test_a_mended_account_sends_at_once(desk: Desk) -> None:
    ada, _ = _two_customers(desk)
    desk.meta.faults.append(Fault(status=401, code=190))
    message = _pending(desk, ada, "one")
    outbox.send(message.id)
    with transaction() as session:
        holds.mended(session, desk.whatsapp.id)
    with reading() as session:
        assert outbox.at_their_time(session) == [message.id]
    outbox.send(message.id)

    assert desk.message(message.id).state == DeliveryState.SENT


def test_the_pace_lets_a_second_s_worth_through_and_gives_the_rest_a_place(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    pace = Pace(per_second=4)
    with transaction() as session:
        written = [_message(session, conversation) for conversation in (ada, ben) * 4]
        waits = [holds.wait_for(session, one, str(one.identity_id), pace) for one in written]

    assert waits[:4] == [None] * 4
    places = [wait.until for wait in waits[4:] if wait]
    steps = [(later - sooner).total_seconds() for sooner, later in itertools.pairwise(places)]
    assert len(places) == 4
    assert all(abs(step - 0.25) < 0.01 for step in steps)


def test_a_recipient_s_pace_lets_others_pass(desk: Desk) -> None:
    ada, ben = _two_customers(desk)
    pace = Pace(per_recipient=timedelta(seconds=5))
    with transaction() as session:
        first, again, other = (_message(session, one) for one in (ada, ada, ben))
        waits = [
            holds.wait_for(session, m, str(m.identity_id), pace) for m in (first, again, other)
        ]

    assert waits[0] is None
    assert waits[2] is None
    assert waits[1] is not None
    assert timedelta(seconds=4) < waits[1].until - now() <= timedelta(seconds=5)


def test_a_message_keeps_its_place_in_the_pace_until_it_is_sent(desk: Desk) -> None:
    ada, _ = _two_customers(desk)
    message = _pending(desk, ada, "one")
    with transaction() as session:
        row = session.get_one(Message, message.id)
        row.error_code, row.send_after = holds.PACED, now()
        slow = Pace(per_second=0.01)
        assert holds.wait_for(session, row, str(row.identity_id), slow) is None
    outbox.send(message.id)
    assert desk.message(message.id).state == DeliveryState.SENT


def _message(session: object, conversation: Conversation) -> Message:
    thread = messages.thread_to_answer(session, conversation.id)  # type: ignore[arg-type]
    assert thread is not None
    return Message(inbox_id=thread.inbox_id, identity_id=thread.identity_id, error_code="")
