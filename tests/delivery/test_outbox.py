"""Sending once, or saying honestly that nobody knows."""

import threading
import time
from datetime import timedelta

from sqlalchemy import update

from connectors.simulator.faults import Fault
from core import files
from core.clock import now
from core.db import reading, transaction
from core.installation import installation
from core.settings import settings
from delivery import outbox
from delivery.holds import Hold
from desk import conversations, messages
from desk.conversations import Conversation, Thread
from desk.envelope import DeliveryState
from desk.messages import Attachment, Author, Message
from tests.delivery.conftest import Desk
from tests.lab.s3 import S3

ADA = "+4915112345678"


def _pending(desk: Desk, text: str) -> Message:
    with transaction() as session:
        conversation = conversations.lock(session, desk.conversations()[0].id)
        thread = messages.thread_to_answer(session, conversation.id)
        assert thread is not None
        return messages.write(session, conversation, thread, text, author=Author.ASSISTANT)


def test_a_message_goes_out_once_however_often_its_job_runs(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    message = _pending(desk, "hello")
    for _ in range(3):
        outbox.send(message.id)

    assert len(desk.meta.sent) == 1
    assert desk.message(message.id).state == DeliveryState.SENT
    assert desk.message(message.id).provider_id == desk.meta.sent[0].id


def test_messages_of_a_thread_keep_their_order(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    first, second = _pending(desk, "one"), _pending(desk, "two")
    outbox.send(second.id)
    assert desk.meta.sent == []
    outbox.send(first.id)
    outbox.send(second.id)

    assert [sent.payload["text"]["body"] for sent in desk.meta.sent] == ["one", "two"]


def test_a_rate_limit_is_waited_out_and_then_sent(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    desk.meta.faults.append(Fault(status=400, code=130429))
    message = _pending(desk, "hello")
    outbox.send(message.id)
    waiting = desk.message(message.id)
    assert waiting.state == DeliveryState.PENDING
    assert waiting.send_after is not None

    with transaction() as session:
        session.execute(update(Message).values(send_after=now()))
        session.execute(update(Hold).values(held_until=now()))
    outbox.send(message.id)
    assert desk.message(message.id).state == DeliveryState.SENT


def test_a_server_error_leaves_it_unknown_and_is_never_repeated(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    desk.meta.faults.append(Fault(status=500, taken=True))
    message = _pending(desk, "hello")
    outbox.send(message.id)
    outbox.send(message.id)

    assert desk.message(message.id).state == DeliveryState.UNKNOWN
    assert len(desk.meta.sent) == 1


def test_outside_the_window_nothing_is_sent_and_the_teammate_reads_why(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    with transaction() as session:
        session.execute(update(Thread).values(customer_wrote_at=now() - timedelta(hours=25)))
    message = _pending(desk, "hello")
    outbox.send(message.id)

    failed = desk.message(message.id)
    assert failed.state == DeliveryState.FAILED
    assert "24 hours" in failed.error
    assert desk.meta.sent == []


def test_what_a_crash_left_half_sent_is_unknown_on_whatsapp(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    message = _pending(desk, "hello")
    _crash_while_sending(message)
    with transaction() as session:
        outbox.recover(session)

    assert desk.message(message.id).state == DeliveryState.UNKNOWN


def test_a_send_that_ends_well_after_it_was_given_up_is_known_to_be_sent(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    desk.meta.faults.append(Fault(status=200, taken=True, delay=1))
    message = _pending(desk, "hello")
    sending = threading.Thread(target=outbox.send, args=[message.id])
    sending.start()
    while not desk.meta.sent:
        time.sleep(0.01)
    _crash_while_sending(message)
    with transaction() as session:
        outbox.recover(session)
    assert desk.message(message.id).state == DeliveryState.UNKNOWN
    sending.join()

    assert desk.message(message.id).state == DeliveryState.SENT
    assert len(desk.meta.sent) == 1


def test_what_a_crash_left_half_sent_goes_out_again_on_the_website(desk: Desk) -> None:
    desk.chats("visitor-1", "hi")
    message = _pending(desk, "hello")
    _crash_while_sending(message)
    with transaction() as session:
        outbox.recover(session)
    outbox.send(message.id)

    assert desk.message(message.id).state == DeliveryState.SENT


def test_a_person_can_send_an_unknown_message_again(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    desk.meta.faults.append(Fault(status=500))
    message = _pending(desk, "hello")
    outbox.send(message.id)
    with transaction() as session:
        outbox.resend(session, session.get_one(Message, message.id))
    outbox.send(message.id)

    assert desk.message(message.id).state == DeliveryState.SENT


def test_a_lost_job_is_found_by_looking(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    message = _pending(desk, "hello")
    with reading() as session:
        assert outbox.due(session) == [message.id]


def _crash_while_sending(message: Message) -> None:
    with transaction() as session:
        row = session.get_one(Message, message.id)
        row.state, row.send_claimed_until = DeliveryState.SENDING, now() - timedelta(seconds=1)


def test_a_mail_leaves_with_the_ids_that_bring_its_reply_back(desk: Desk) -> None:
    raw = desk.writes_mail("bo@mail.example", "Kettle", "Does it whistle?")
    conversation: Conversation = desk.conversations()[0]
    desk.answers(conversation, "No, it **hums**.")

    [mail] = desk.sink.mails
    asked = raw.decode().split("Message-ID: ")[1].split("\r\n")[0].strip()
    assert mail.message["Subject"] == "Re: Kettle"
    assert mail.message["In-Reply-To"] == asked
    assert mail.message["Auto-Submitted"] == "auto-replied"


def _with_file(desk: Desk, file_key: str) -> Message:
    desk.writes_on_whatsapp(ADA, "hi")
    message = _pending(desk, "Here is your label.")
    file = Attachment(kind="document", name="a.pdf", type="application/pdf", size=4)
    file.message_id, file.file_key = message.id, file_key
    with transaction() as session:
        session.add(file)
    return message


def test_while_the_file_storage_is_away_a_message_with_a_file_waits(desk: Desk, s3: S3) -> None:
    here = settings()
    with installation(here.model_copy(update=s3.settings())):
        message = _with_file(desk, files.store(b"%PDF"))
    with installation(here.model_copy(update=s3.settings(aws_endpoint_url="http://127.0.0.1:9"))):
        outbox.send(message.id)
        assert desk.message(message.id).state == DeliveryState.PENDING
        assert desk.meta.sent == []
    with installation(here.model_copy(update=s3.settings())):
        with transaction() as session:
            session.execute(update(Message).values(send_after=None))
        outbox.send(message.id)
    assert desk.message(message.id).state == DeliveryState.SENT


def test_a_file_that_is_lost_is_said_to_be_and_nothing_is_sent(desk: Desk) -> None:
    message = _with_file(desk, "ab" * 32)
    outbox.send(message.id)
    failed = desk.message(message.id)
    assert (failed.state, failed.error_code) == (DeliveryState.FAILED, "file_lost")
    assert "no longer in the file store" in failed.error
    assert desk.meta.sent == []


def test_an_unknown_message_is_settled_by_the_providers_report(desk: Desk) -> None:
    desk.writes_on_whatsapp(ADA, "hi")
    desk.meta.faults.append(Fault(status=500, taken=True))
    message = _pending(desk, "hello")
    outbox.send(message.id)
    assert desk.message(message.id).state == DeliveryState.UNKNOWN
    post = desk.meta.report(desk.meta.sent[0], "delivered")
    desk.post(desk.whatsapp, post.body, post.headers)
    desk.receive_all()

    settled = desk.message(message.id)
    assert (settled.state, settled.error) == (DeliveryState.DELIVERED, "")
    assert settled.provider_id == desk.meta.sent[0].id
