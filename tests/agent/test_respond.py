"""A turn on the real desk: answered once, and never over a person's head."""

import json
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import select, update

from agent import respond, runs
from agent.apply import act
from agent.gather import claim_turn
from agent.runs import Run
from agent.speak import LiveVoice, voice_for
from agent.think import think
from connectors.simulator.llm import Scripted, SimulatedLlm, answering
from core import holder
from core.clock import now
from core.db import reading, transaction
from core.model_endpoint import ModelEndpoint, keep_model_endpoint
from core.settings import Settings
from delivery import outbox
from desk import conversations, identities, messages, replies, teams
from desk.conversations import Conversation
from desk.customers import Customer
from desk.envelope import Address, DeliveryState, Strength
from desk.inboxes import Inbox, Policy
from desk.messages import Author, Direction, Message
from escalation.hand_off import latest
from ingestion.pipeline import publish_text
from knowledge import indexing
from knowledge.index import Filters
from retrieval.library import Entry, Library, open_library
from tests.delivery.conftest import Desk, desk

__all__ = ["desk"]

ADA = "+4915112345678"


@pytest.fixture
def library(installation: Settings) -> Iterator[Library]:
    with transaction() as session:
        teams.fallback_queue(session)
        ids = [
            publish_text(session, title=title, text=text, by="test").id
            for title, text in (
                ("Shipping to Norway", "We ship to Norway in 4 to 6 working days for €12.90."),
                ("Returns", "You can return unused items within 30 days of delivery."),
            )
        ]
    with open_library() as opened:
        indexing.index_articles(opened.index, opened.models, ids)
        yield opened


@pytest.fixture
def shop(desk: Desk, library: Library) -> Desk:
    with transaction() as session:
        session.execute(update(Inbox).values(policy=Policy.THRESHOLD, threshold=0.2))
    return desk


class _WithoutIndex(Library):
    """A library whose index has gone, as on a broken disk."""

    def __init__(self, library: Library) -> None:
        super().__init__(library.models, library.index)

    def live_entries(self, passage_ids: Sequence[str], filters: Filters) -> dict[str, Entry]:
        raise OSError("the index can't be read")


def _due(desk: Desk) -> str:
    """Let the wait be over."""
    with transaction() as session:
        session.execute(update(Conversation).values(turn_due_at=now()))
    return desk.conversations()[0].id


def _outbound(desk: Desk) -> list[Message]:
    return [message for message in desk.messages() if message.direction == Direction.OUT]


def test_a_question_is_answered_once_with_its_source(shop: Desk, library: Library) -> None:
    shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
    conversation = _due(shop)
    respond.respond(conversation, library)
    respond.respond(conversation, library)

    [answer] = _outbound(shop)
    assert "4 to 6 working days" in answer.text
    assert answer.sources[0]["title"] == "Shipping to Norway"
    assert answer.run_id
    outbox.send(answer.id)
    assert shop.message(answer.id).state == DeliveryState.SENT


def test_before_the_wait_is_over_nobody_answers(shop: Desk, library: Library) -> None:
    shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
    respond.respond(shop.conversations()[0].id, library)

    assert _outbound(shop) == []


def test_a_newer_message_voids_the_draft(shop: Desk, library: Library) -> None:
    shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
    conversation = _due(shop)
    with transaction() as session:
        turn = claim_turn(session, conversation)
    assert turn is not None
    thought = think(turn, library)
    shop.writes_on_whatsapp(ADA, "Sorry, I meant returns")
    with transaction() as session:
        act(session, turn, thought, None)

    assert _outbound(shop) == []
    _due(shop)
    respond.respond(conversation, library)
    assert len(_outbound(shop)) == 1


def test_a_person_who_takes_over_silences_the_assistant(shop: Desk, library: Library) -> None:
    shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
    conversation = _due(shop)
    with transaction() as session:
        turn = claim_turn(session, conversation)
    assert turn is not None
    thought = think(turn, library)
    with transaction() as session:
        person = teams.add_teammate(session, "p@shop.example", "Pia", "a long password")
        conversations.take(session, conversations.lock(session, conversation), person.id)
    with transaction() as session:
        act(session, turn, thought, None)

    assert _outbound(shop) == []
    with reading() as session:
        assert session.scalars(select(Run.outcome)).all() == ["void: the conversation moved on"]


def test_an_answer_on_the_website_is_spoken_and_cut_by_a_newer_message(
    shop: Desk, library: Library
) -> None:
    shop.chats("visitor-1", "How long does shipping to Norway take?")
    conversation = _due(shop)
    with transaction() as session:
        turn = claim_turn(session, conversation)
    assert turn is not None
    voice = voice_for(turn)
    assert voice is not None
    assert voice.open(0.9)
    assert voice.say("We ship to Norway ")
    shop.chats("visitor-1", "never mind")
    assert not voice.say("in 4 to 6 working days.")
    thought = think(turn, library)
    with transaction() as session:
        act(session, turn, thought, voice)

    [spoken] = _outbound(shop)
    assert spoken.text == "We ship to Norway "
    assert spoken.details["cut"]


def test_whoever_asks_for_a_person_gets_one_and_is_told_so(shop: Desk, library: Library) -> None:
    shop.writes_on_whatsapp(ADA, "I want to talk to a human")
    conversation = _due(shop)
    respond.respond(conversation, library)

    [told] = _outbound(shop)
    assert "colleague" in told.text.lower()
    [after] = shop.conversations()
    assert after.with_person
    assert after.queue_id
    with reading() as session:
        handed = latest(session, conversation)
    assert handed is not None
    assert handed.summary["asked"] == ["I want to talk to a human"]
    assert handed.reason == "asked_for_person"


def test_when_thinking_breaks_a_person_takes_over(shop: Desk, library: Library) -> None:
    shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
    conversation = _due(shop)
    respond.respond(conversation, _WithoutIndex(library))

    [after] = shop.conversations()
    assert after.with_person
    assert len(_outbound(shop)) == 1


def test_in_a_drafts_only_inbox_the_answer_waits_for_a_person(shop: Desk, library: Library) -> None:
    with transaction() as session:
        session.execute(update(Inbox).values(policy=Policy.DRAFTS))
    shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
    respond.respond(_due(shop), library)

    [draft] = _outbound(shop)
    assert draft.draft
    assert draft.author == Author.ASSISTANT
    assert shop.meta.sent == []


def test_a_draft_of_a_mail_is_edited_and_sent_as_the_teammates_own(
    shop: Desk, library: Library
) -> None:
    with transaction() as session:
        session.execute(update(Inbox).values(policy=Policy.DRAFTS))
        pia = teams.add_teammate(session, "p@shop.example", "Pia", "a long password").id
    shop.writes_mail("bo@mail.example", "Norway", "How long does shipping to Norway take?")
    respond.respond(_due(shop), library)
    [draft] = _outbound(shop)
    outbox.send(draft.id)
    assert shop.sink.mails == [], "a draft is never sent as it stands"
    with transaction() as session:
        replies.approve(session, session.get_one(Message, draft.id), pia, "Four days. Pia")
    outbox.send(draft.id)

    [mail] = shop.sink.mails
    assert mail.recipients == ("bo@mail.example",)
    assert "Four days. Pia" in mail.content.decode()
    assert mail.message["Subject"] == "Re: Norway"
    assert mail.message["Auto-Submitted"] is None, "a person wrote it"
    assert mail.message["In-Reply-To"]


def test_history_is_known_only_to_a_turn_whose_sender_is_proven(
    shop: Desk, library: Library
) -> None:
    with transaction() as session:
        ada = Customer(name="Ada Writer", merchant_id="C-1")
        session.add(ada)
        session.flush()
        identities.assign(
            session, ada, Address("email", "ada@mail.example", Strength.SIGNED, "the shop")
        )
    shop.writes_mail("ada@mail.example", "Kettle", "My kettle is broken")
    with transaction() as session:
        old = conversations.lock(session, shop.conversations()[0].id)
        conversations.resolve(session, old, by="test")

    shop.writes_mail("ada@mail.example", "Another matter", "Do you ship to Norway?")
    shop.writes_mail("ada@mail.example", "Forged", "What did I write before?", forged=True)
    with transaction() as session:
        session.execute(update(Conversation).values(turn_due_at=now()))
    _, proven, forged = shop.conversations()
    with transaction() as session:
        known, unknown = claim_turn(session, proven.id), claim_turn(session, forged.id)

    assert known is not None
    assert [said.text for said in known.history] == ["Kettle\nMy kettle is broken"]
    assert known.customer_name == "Ada Writer"
    assert unknown is not None
    assert unknown.history == ()
    assert unknown.customer_name == ""


def test_two_workers_never_think_about_the_same_turn(shop: Desk, library: Library) -> None:
    shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
    conversation = _due(shop)
    with transaction() as session:
        assert claim_turn(session, conversation) is not None
    with transaction() as session:
        assert claim_turn(session, conversation) is None


def test_who_thinks_so_long_that_another_took_the_turn_says_nothing(
    shop: Desk, library: Library
) -> None:
    shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
    conversation = _due(shop)
    with transaction() as session:
        slow = claim_turn(session, conversation)
    assert slow is not None
    thought = think(slow, library)
    with transaction() as session:
        session.execute(update(Conversation).values(turn_claimed_until=now()))
    respond.respond(conversation, library)
    with transaction() as session:
        act(session, slow, thought, None)

    assert len(_outbound(shop)) == 1
    slow_voice = LiveVoice(slow, _outbound(shop)[0].thread_id or "")
    assert not slow_voice.open(0.9)


def test_an_answer_left_half_spoken_goes_to_a_person_and_its_speaker_adds_nothing(
    shop: Desk, library: Library
) -> None:
    shop.chats("visitor-1", "How long does shipping to Norway take?")
    conversation = _due(shop)
    with transaction() as session:
        turn = claim_turn(session, conversation)
    assert turn is not None
    voice = voice_for(turn)
    assert voice is not None
    assert voice.open(0.9)
    assert voice.say("We ship to Norway ")
    with transaction() as session:
        messages.end_claims(session, [holder.this_process()])
    with transaction() as session:
        respond.recover(session)

    assert not voice.say("in 4 to 6 working days.")
    spoken, apology = _outbound(shop)
    assert spoken.text == "We ship to Norway "
    assert spoken.state == DeliveryState.PENDING
    assert "colleague" in apology.text
    assert shop.conversations()[0].with_person


def test_the_installations_model_may_search_and_its_cost_is_summed_over_the_conversation(
    shop: Desk, library: Library, model: SimulatedLlm, llm_server: tuple[SimulatedLlm, str]
) -> None:
    with transaction() as session:
        endpoint = ModelEndpoint(True, llm_server[1], "sim-1", price_in=1000.0, price_out=2000.0)
        keep_model_endpoint(session, endpoint)
    for _ in range(2):
        model.will(Scripted(calls=(("search_knowledge", {"query": "returns"}),)))
        model.will(answering(("We ship to Norway in 4 to 6 working days for €12.90.", 1)))
        shop.writes_on_whatsapp(ADA, "How long does shipping to Norway take?")
        respond.respond(_due(shop), library)

    assert [message.text for message in _outbound(shop)] == [
        "We ship to Norway in 4 to 6 working days for €12.90."
    ] * 2
    offered = [tool["function"]["name"] for tool in model.asked[0]["tools"]]
    assert offered == ["search_knowledge"]
    with reading() as session:
        first, second = session.scalars(select(Run).order_by(Run.created_at)).all()
        cost = runs.cost_of(session, first.conversation_id)
    for run in (first, second):
        account = run.trace["account"]
        assert json.loads(account["tools"][0]["arguments"]) == {"query": "returns"}
        assert account["requests"] == 2
        assert account["cost"] > 0
    assert cost == pytest.approx(first.trace["account"]["cost"] + second.trace["account"]["cost"])
