"""Events that are kept in the transaction in which they take effect."""

from sqlalchemy import func, select

from core.db import reading, transaction
from core.settings import Settings
from delivery import inbound
from delivery.inbound import Event
from desk import inboxes
from desk.envelope import RawEvent

TOLD = RawEvent("CA1 heard 0f", '{"step": "heard?turn=1", "form": {"SpeechResult": "a \\u0000"}}')


def _inbox() -> str:
    with transaction() as session:
        return inboxes.open_inbox(session, "voice", "Phone").id


def _event() -> Event:
    with reading() as session:
        assert session.scalar(select(func.count(Event.id))) == 1
        return session.scalars(select(Event)).one()


def test_one_that_failed_and_is_told_again_is_no_dead_letter_any_more(
    installation: Settings,
) -> None:
    inbox = _inbox()
    with transaction() as session:
        inbound.keep_dead(session, inbox, TOLD, "The step failed with OSError.")
    assert _event().dead_at
    with transaction() as session:
        inbound.keep(session, inbox, TOLD)
    assert (_event().dead_at, _event().reason, bool(_event().done_at)) == (None, "", True)


def test_one_that_took_effect_stays_done_whatever_fails_later(installation: Settings) -> None:
    inbox = _inbox()
    for _ in range(2):
        with transaction() as session:
            inbound.keep(session, inbox, TOLD)
    with transaction() as session:
        inbound.keep_dead(session, inbox, TOLD, "The step failed with OSError.")
    assert (_event().dead_at, bool(_event().done_at)) == (None, True)
    assert _event().body == TOLD.body
