"""Jobs of phone calls."""

from agent import calls
from core.db import reading, transaction
from core.queue import job, wake
from escalation import dialling, phone
from jobs.library import library


@job("turn.speak")
def speak(call_id: str, turn: int) -> None:
    """Where the process that talks to the carrier has no index of its own."""
    calls.answer(call_id, turn, library())


@job("call.dial")
def dial(call_id: str) -> None:
    dialling.dial(call_id)


@job("calls.sweep", expires=10)
def sweep() -> None:
    with transaction() as session:
        dialling.recover(session)
        phone.broken_off(session)
    with reading() as session:
        due = dialling.due(session)
    for call_id in due:
        wake("call.dial", call_id)
