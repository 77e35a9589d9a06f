"""Whatever was merged, moved and undone: each thing said stands where its identity points."""

import threading
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from core.clock import now
from core.db import reading, transaction
from core.errors import Conflict, NotFound
from core.installation import installation as at
from core.settings import Settings
from delivery.matters import Choice
from delivery.threads import thread_for
from desk import customers, identities, identity_moves, inboxes, merges, messages, recognition
from desk.conversations import Conversation, Thread
from desk.envelope import Address, Envelope, Kind, Strength
from desk.identities import Identity
from desk.messages import Author, Direction, Message
from migrations.upgrade import upgrade


def _address(place: int) -> Address:
    return Address("instagram", f"ig-{place}", Strength.ASSERTED, "Instagram")


class Undoing(RuleBasedStateMachine):
    """A model without merges beside the real desk."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.there = at(Settings(data=Path(self.folder.name)))
        self.there.__enter__()
        upgrade()
        with transaction() as session:
            self.inboxes = [inboxes.open_inbox(session, "web", name).id for name in ("one", "two")]
        self.origin: dict[str, str] = {}
        """By identity: the customer it was born with."""
        self.written: dict[str, str] = {}
        """By message: the identity that wrote it."""
        self.opened: dict[str, str] = {}
        """By conversation that never had two customers: its first identity."""
        self.merges: list[str] = []
        self.moves: list[str] = []

    def teardown(self) -> None:
        self.there.__exit__(None, None, None)
        self.folder.cleanup()

    @rule(place=st.integers(0, 5), inbox=st.integers(0, 1))
    def somebody_writes(self, place: int, inbox: int) -> None:
        with transaction() as session:
            identity = recognition.recognise(session, [_address(place)])
            self.origin.setdefault(identity.id, identity.customer_id)
            envelope = Envelope("e", Kind.MESSAGE, now(), sender=(_address(place),), text="hi")
            box = inboxes.find(session, self.inboxes[inbox])
            thread = thread_for(session, box, identity, envelope).thread
            message = Message(
                conversation_id=thread.conversation_id,
                thread_id=thread.id,
                identity_id=identity.id,
                direction=Direction.IN,
                author=Author.CUSTOMER,
                at=now(),
                text="hi",
            )
            session.add(message)
            session.flush()
            self.written[message.id] = identity.id

    @precondition(lambda self: len(self.origin) > 1)
    @rule(data=st.data())
    def merged(self, data: st.DataObject) -> None:
        pair = data.draw(st.lists(st.sampled_from(sorted(self.origin)), min_size=2, max_size=2))
        one, other = (self.origin[place] for place in pair)
        with suppress(Conflict), transaction() as session:
            made = merges.merge(session, one, other, source="s", strength="verified", by="lea")
            self.merges.append(made.id)

    @precondition(lambda self: bool(self.merges))
    @rule(data=st.data())
    def unmerged(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(self.merges))
        self.merges.remove(chosen)
        with transaction() as session:
            merges.undo(session, chosen, by="lea")

    @precondition(lambda self: len(self.origin) > 1)
    @rule(data=st.data(), alone=st.booleans())
    def moved(self, data: st.DataObject, alone: bool) -> None:
        names = sorted(self.origin)
        chosen, to = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
        with suppress(Conflict), transaction() as session:
            identity = session.get_one(Identity, chosen)
            made = (
                identity_moves.split(session, identity, source="s", by="lea")
                if alone
                else identity_moves.move(session, identity, self.origin[to], source="s", by="lea")
            )
            self.moves.append(made.id)

    @precondition(lambda self: bool(self.moves))
    @rule(data=st.data())
    def unmoved(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(self.moves))
        self.moves.remove(chosen)
        with transaction() as session:
            identity_moves.undo(session, chosen, by="lea")

    @invariant()
    def every_message_stands_with_whoever_wrote_it(self) -> None:
        with reading() as session:
            for message in session.scalars(select(Message).where(Message.direction == "in")):
                writer = session.get_one(Identity, message.identity_id)
                place = session.get_one(Conversation, message.conversation_id)
                thread = session.get_one(Thread, message.thread_id)
                assert thread.conversation_id == place.id
                assert customers.current_id(session, place.customer_id) == customers.current_id(
                    session, writer.customer_id
                )

    @rule()
    def everything_undone(self) -> None:
        before = self._threads()
        for merge_id in reversed(self.merges):
            with transaction() as session:
                merges.undo(session, merge_id, by="lea")
        for move_id in self.moves:
            with transaction() as session:
                identity_moves.undo(session, move_id, by="lea")
        self.merges, self.moves = [], []
        with reading() as session:
            assert session.query(Message).filter_by(direction="in").count() == len(self.written)
            for identity in session.scalars(select(Identity)):
                assert identity.customer_id == self.origin[identity.id]
                assert customers.all_ids(session, identity.customer_id) == [identity.customer_id]
            for message_id, identity_id in self.written.items():
                message = session.get_one(Message, message_id)
                place = session.get_one(Conversation, message.conversation_id)
                assert place.customer_id == self.origin[identity_id]
        assert self._threads().keys() == before.keys()

    def _threads(self) -> dict[str, str]:
        with reading() as session:
            return dict(session.execute(select(Thread.id, Thread.conversation_id)).all())


def _examples(number: int) -> settings:
    return settings(
        max_examples=number,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


class UndoingAtLength(Undoing):
    """The same, in stories enough to find what is rare."""


TestUndoing = Undoing.TestCase
TestUndoing.settings = _examples(3)
TestUndoingAtLength = pytest.mark.slow(UndoingAtLength.TestCase)
TestUndoingAtLength.settings = _examples(40)


@pytest.fixture
def two(installation: Settings) -> SimpleNamespace:
    """Two customers in one conversation, made so by a merge."""
    with transaction() as session:
        inbox = inboxes.open_inbox(session, "web", "one")
        other = inboxes.open_inbox(session, "web", "two")
        made = SimpleNamespace(messages={})
        joining = None
        for place, box in ((0, inbox), (1, other)):
            identity = recognition.recognise(session, [_address(place)])
            setattr(made, f"person{place}", identity.customer_id)
            if place:
                made.merge = merges.merge(
                    session, identity.customer_id, made.person0, source="s", strength="x", by="lea"
                ).id
            envelope = Envelope("e", Kind.MESSAGE, now(), sender=(_address(place),), text="hi")
            thread = thread_for(session, box, identity, envelope, joining).thread
            joining = Choice(thread.conversation_id)
            message = Message(
                conversation_id=thread.conversation_id,
                thread_id=thread.id,
                identity_id=identity.id,
                direction=Direction.IN,
                author=Author.CUSTOMER,
                at=now(),
                text=f"from {place}",
            )
            session.add(message)
            made.messages[place] = message
        session.flush()
    return made


def test_an_undone_merge_takes_a_shared_conversation_apart(two: SimpleNamespace) -> None:
    assert two.messages[0].conversation_id == two.messages[1].conversation_id
    with transaction() as session:
        merges.undo(session, two.merge, by="lea")

    with reading() as session:
        for place in (0, 1):
            message = session.get_one(Message, two.messages[place].id)
            conversation = session.get_one(Conversation, message.conversation_id)
            assert conversation.customer_id == getattr(two, f"person{place}")
            texts = [m.text for m in messages.of_conversation(session, conversation.id)]
            assert texts == [f"from {place}"]


def test_merged_again_the_conversation_is_whole_again(two: SimpleNamespace) -> None:
    with transaction() as session:
        merges.undo(session, two.merge, by="lea")
    with transaction() as session:
        merges.merge(session, two.person0, two.person1, source="s", strength="x", by="lea")

    with reading() as session:
        places = {session.get_one(Message, m.id).conversation_id for m in two.messages.values()}
        assert places == {two.messages[0].conversation_id}


def test_two_teammates_who_merge_a_into_b_and_b_into_a_make_one_merge(
    installation: Settings,
) -> None:
    for attempt in range(8):
        with transaction() as session:
            people = [
                recognition.recognise(session, [_address(attempt * 3 + place)]).customer_id
                for place in range(3)
            ]
        start = threading.Barrier(3)
        outcomes: list[str] = []

        def merge(
            one: str,
            other: str,
            start: threading.Barrier = start,
            outcomes: list[str] = outcomes,
        ) -> None:
            start.wait()
            try:
                with transaction() as session:
                    merges.merge(session, one, other, source="s", strength="x", by="lea")
                outcomes.append("merged")
            except (Conflict, NotFound):
                outcomes.append("refused")

        a, b, c = people
        workers = [threading.Thread(target=merge, args=pair) for pair in ((a, b), (b, c), (c, a))]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=30)

        assert sorted(outcomes) == ["merged", "merged", "refused"]
        with reading() as session:
            assert len({customers.current_id(session, one) for one in people}) == 1
            assert identities.of_customer(session, a)
