"""Every conversation finds a queue, and the most particular rule decides which."""

from datetime import timedelta
from typing import Any

from core.clock import now
from core.db import reading, transaction
from core.settings import Settings
from desk import conversations, inboxes, recognition, roster, teams
from desk.conversations import Conversation
from desk.envelope import Address
from desk.teams import Queue
from escalation.routing import people_are_there, people_return, queue_for


def _queue(name: str, *rules: dict[str, Any], hours: dict[str, Any] | None = None) -> str:
    with transaction() as session:
        queue = Queue(name=name, rules=list(rules), hours=hours or {})
        session.add(queue)
        session.flush()
        return queue.id


def _inbox(name: str, queue_id: str | None = None) -> str:
    with transaction() as session:
        return inboxes.open_inbox(session, "web", name, queue_id=queue_id).id


def _conversation(*inbox_ids: str, **facts: str) -> str:
    """The customer wrote to these inboxes, to the last one most recently."""
    with transaction() as session:
        identity = recognition.recognise(session, [Address("visitor", "v1")])
        conversation = conversations.open_for(session, identity.customer_id)
        for place, inbox_id in enumerate(inbox_ids):
            thread = conversations.open_thread(session, conversation, inbox_id, identity.id, "")
            thread.customer_wrote_at = now() + timedelta(minutes=place)
        for name, value in facts.items():
            setattr(conversation, name, value)
        return conversation.id


def _routed(conversation_id: str) -> str:
    with transaction() as session:
        return queue_for(session, session.get_one(Conversation, conversation_id)).name


def test_what_no_rule_takes_goes_to_the_fallback_even_on_a_fresh_desk(
    installation: Settings,
) -> None:
    assert _routed(_conversation(_inbox("chat"))) == "Everyone"
    with reading() as session:
        assert [queue.is_fallback for queue in teams.queues(session)] == [True]


def test_an_inbox_of_its_own_queue_beats_the_fallback(installation: Settings) -> None:
    sales = _queue("Sales")
    assert _routed(_conversation(_inbox("chat", queue_id=sales))) == "Sales"


def test_the_most_particular_rule_wins(installation: Settings) -> None:
    chat = _inbox("chat")
    _queue("German", {"language": "de"})
    _queue("German and grave", {"language": "de", "risk": ["R2", "R3"]})
    _queue("Chat", {"inbox": chat})

    assert _routed(_conversation(chat, language="de", risk="R3")) == "German and grave"
    assert _routed(_conversation(chat, language="fr", risk="R3")) == "Chat"
    assert _routed(_conversation(_inbox("mail"), language="de", risk="R0")) == "German"


def test_a_rule_that_says_nothing_takes_nothing(installation: Settings) -> None:
    _queue("Careless", {}, {"language": ""}, {"topic": []})
    assert _routed(_conversation(_inbox("chat"), language="de")) == "Everyone"


def test_the_inbox_that_counts_is_where_the_customer_wrote_last(installation: Settings) -> None:
    first, last = _inbox("mail"), _inbox("chat")
    _queue("Mail", {"inbox": first})
    _queue("Chat", {"inbox": last})
    assert _routed(_conversation(first, last)) == "Chat"


def test_a_thread_in_which_the_customer_never_wrote_does_not_count(
    installation: Settings,
) -> None:
    wrote, called = _inbox("mail"), _inbox("phone")
    _queue("Mail", {"inbox": wrote})
    _queue("Phone", {"inbox": called})
    conversation_id = _conversation(wrote)
    with transaction() as session:
        conversation = session.get_one(Conversation, conversation_id)
        identity = recognition.recognise(session, [Address("visitor", "v1")])
        conversations.open_thread(session, conversation, called, identity.id, "")
    assert _routed(conversation_id) == "Mail"


def test_a_retired_queue_takes_nothing(installation: Settings) -> None:
    queue_id = _queue("German", {"language": "de"})
    with transaction() as session:
        roster.retire_queue(session, session.get_one(Queue, queue_id), by="ada")
    assert _routed(_conversation(_inbox("chat"), language="de")) == "Everyone"


def test_a_queue_says_when_people_return_only_while_they_are_away() -> None:
    always, never = Queue(name="a", hours={}), Queue(name="n", hours={"days": {"mon": []}})
    assert (people_are_there(always), people_return(always)) == (True, None)
    assert (people_are_there(never), people_return(never)) == (False, None)
