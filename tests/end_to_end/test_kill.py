"""kill -9 at any point: after the restart nothing is lost and nothing is done twice."""

import time
from collections import Counter

import httpx
import pytest
from sqlalchemy import func, select

from connectors.simulator.faults import Fault
from core.db import reading
from core.installation import installation
from desk.conversations import Conversation
from desk.envelope import DeliveryState
from desk.messages import Author, Direction, Message
from ingestion.uploads import Upload
from knowledge.articles import Article, Kind
from knowledge.passages import PassageRow
from tests.end_to_end.conftest import SOON, World
from tests.lab.service import free_port, wait_for


def _inbound(world: World) -> Counter[str]:
    with installation(world.service.settings), reading() as session:
        texts = session.scalars(select(Message.text).where(Message.direction == Direction.IN))
        return Counter(texts)


def _turns_in_hand(world: World) -> int:
    with installation(world.service.settings), reading() as session:
        claimed = Conversation.turn_claimed_until.is_not(None)
        return session.scalar(select(func.count(Conversation.id)).where(claimed)) or 0


def _outbound(world: World) -> list[Message]:
    with installation(world.service.settings), reading() as session:
        return list(session.scalars(select(Message).where(Message.direction == Direction.OUT)))


@pytest.mark.slow
def test_killed_while_receiving_it_keeps_every_message_once(world: World) -> None:
    posts = [world.customer(n).text(f"message {n}") for n in range(40)]
    accepted = []
    for number, post in enumerate(posts):
        if number == 25:
            world.service.kill()
            world.service.start()
        assert world.post(post) == 200
        accepted.append(f"message {number}")
    for post in posts[::3]:
        world.post(post)

    wait_for(lambda: sum(_inbound(world).values()) >= 40, "all messages to be received")
    assert _inbound(world) == Counter(accepted)


@pytest.mark.slow
@pytest.mark.parametrize("later", [0.0, 0.05, 0.1, 0.2, 0.4])
def test_killed_while_answering_every_customer_gets_one_answer(world: World, later: float) -> None:
    for number in range(8):
        world.post(world.customer(number).text("How long does shipping to Norway take?"))
    wait_for(lambda: _turns_in_hand(world) > 0, "the assistant to think")
    time.sleep(later)
    world.service.kill()
    world.service.start()

    def all_answered() -> bool:
        done = {DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.READ}
        answered = {m.conversation_id for m in _outbound(world) if m.state in done}
        return len(answered) == 8

    wait_for(all_answered, "every conversation to be answered", SOON)
    time.sleep(3)
    assert all(len(world.answers_to(number)) <= 1 for number in range(8))
    unknown = [m for m in _outbound(world) if m.state == DeliveryState.UNKNOWN]
    silent = [number for number in range(8) if not world.answers_to(number)]
    assert len(silent) <= len(unknown)
    written = Counter(
        m.conversation_id for m in _outbound(world) if m.author == Author.ASSISTANT and not m.draft
    )
    assert set(written.values()) == {1}


@pytest.mark.slow
def test_killed_while_sending_it_says_that_nobody_knows_and_sends_nothing_twice(
    world: World,
) -> None:
    world.meta.faults.append(Fault(status=200, taken=True, delay=30))
    world.post(world.customer(1).text("How long does shipping to Norway take?"))
    wait_for(lambda: len(world.meta.sent) == 1, "the answer to reach the provider")
    world.service.kill()
    world.service.start()

    def is_unknown() -> bool:
        return [m.state for m in _outbound(world)] == [DeliveryState.UNKNOWN]

    wait_for(is_unknown, "the half-sent message to stand as unknown", SOON)
    assert len(world.meta.sent) == 1


@pytest.mark.slow
def test_stopped_while_sending_it_finishes_first_and_sends_nothing_twice(world: World) -> None:
    world.meta.faults.append(Fault(status=200, taken=True, delay=4))
    world.post(world.customer(1).text("How long does shipping to Norway take?"))
    wait_for(lambda: len(world.meta.sent) == 1, "the answer to reach the provider")
    world.service.stop()
    assert [m.state for m in _outbound(world)] == [DeliveryState.SENT]
    assert "Traceback" not in world.service.log

    world.service.start()
    time.sleep(6)
    assert len(world.meta.sent) == 1


@pytest.mark.slow
def test_stopped_while_answering_every_customer_gets_one_answer(world: World) -> None:
    for number in range(8):
        world.post(world.customer(number).text("How long does shipping to Norway take?"))
    wait_for(lambda: _turns_in_hand(world) > 0, "the assistant to think")
    world.service.stop()
    assert _turns_in_hand(world) == 0, "a turn was neither finished nor handed back"
    world.service.start()

    def all_sent() -> bool:
        return sum(m.state == DeliveryState.SENT for m in _outbound(world)) == 8

    wait_for(all_sent, "every conversation to be answered", SOON)
    assert [len(world.answers_to(number)) for number in range(8)] == [1] * 8


@pytest.mark.slow
def test_killed_while_reading_documents_it_goes_on_and_leaves_no_orphan(world: World) -> None:
    with world.service.client() as client:
        for number in range(6):
            text = f"# Topic {number}\n\n" + f"Fact {number} about topic {number}. " * 80
            client.post("/api/uploads", files={"file": (f"topic-{number}.md", text.encode())})
        rows = [f"What is fact {n}?,Fact {n} is number {n} of all." for n in range(300)]
        faq = "\n".join(["question,answer", *rows]).encode()
        client.post("/api/uploads", files={"file": ("faq.csv", faq)})

        def some_entries_are_there() -> bool:
            return any(u["entries_done"] > 0 for u in client.get("/api/uploads").json())

        wait_for(some_entries_are_there, "the first entries", 120)
    world.service.kill()
    world.service.start()

    with world.service.client() as client:

        def all_done() -> bool:
            states = [u["state"] for u in client.get("/api/uploads").json()]
            return states.count("done") == 7

        wait_for(all_done, "every upload to be done", 120)
    with installation(world.service.settings), reading() as session:
        assert session.scalar(select(func.count(Upload.id))) == 7
        uploaded = select(Article.title).where(Article.source == "upload")
        titles = list(session.scalars(uploaded.where(Article.kind == Kind.TEXT)))
        questions = list(session.scalars(uploaded.where(Article.kind == Kind.FAQ)))
        stale = session.scalar(
            select(func.count(PassageRow.id))
            .join(Article, Article.id == PassageRow.article_id)
            .where(PassageRow.indexed.is_not(None), PassageRow.version != Article.current_version)
        )
    assert sorted(titles) == [f"Topic {number}" for number in range(6)]
    assert Counter(questions) == Counter(f"What is fact {n}?" for n in range(300))
    assert stale == 0


@pytest.mark.slow
def test_the_service_refuses_a_second_owner_of_its_folder(world: World) -> None:
    with pytest.raises(AssertionError, match="already"):
        type(world.service)(world.service.folder, free_port()).start()
    assert httpx.get(f"{world.service.url}/api/me", trust_env=False).status_code == 401
