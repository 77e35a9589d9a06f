"""Jobs of receiving and sending."""

from core.db import reading, transaction
from core.queue import job, wake
from delivery import inbound, media, outbox, typing
from delivery import receive as reception
from escalation import called as calls
from escalation import reports
from escalation import undelivered as failures
from jobs.leases import end_leases


@job("event.receive")
def receive(event_id: str) -> None:
    reception.receive(event_id, others={"voice": reports.receive_again})


@job("media.fetch")
def fetch(attachment_id: str) -> None:
    media.fetch(attachment_id)


@job("message.send")
def send(message_id: str) -> None:
    outbox.send(message_id)


@job("conversation.typing", expires=5)
def show_typing(conversation_id: str) -> None:
    typing.show(conversation_id)


@job("message.undelivered")
def undelivered(message_id: str) -> None:
    with transaction() as session:
        failures.tell_people(session, message_id)


@job("conversation.call")
def called(message_id: str) -> None:
    with transaction() as session:
        calls.tell_people(session, message_id)


@job("outbox.due", expires=1)
def due() -> None:
    with reading() as session:
        waiting = outbox.at_their_time(session)
    for message_id in waiting:
        wake("message.send", message_id)


@job("sweep", expires=5)
def sweep() -> None:
    """Find what a lost job or a crash left lying: the database knows it all."""
    end_leases()
    with transaction() as session:
        outbox.recover(session)
    with reading() as session:
        events, messages = inbound.forgotten(session), outbox.due(session)
        undelivered_ones, unanswered = failures.forgotten(session), calls.forgotten(session)
    for event_id in events:
        wake("event.receive", event_id)
    for message_id in messages:
        wake("message.send", message_id)
    for message_id in undelivered_ones:
        wake("message.undelivered", message_id)
    for message_id in unanswered:
        wake("conversation.call", message_id)
