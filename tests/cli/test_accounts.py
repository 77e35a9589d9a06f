"""What an installation says of itself after a storm is what stands in its tables."""

from cli import accounts
from connectors.simulator.books import Fate, Held
from core.clock import now
from core.db import reading, transaction
from desk import conversations, messages, teams
from desk.conversations import Conversation
from desk.messages import Author
from desk.teams import Role
from tests.delivery.conftest import Desk, desk

__all__ = ["desk"]
BEGAN = now()


def held(desk: Desk) -> Held:
    with reading() as session:
        return accounts.held(session, [desk.whatsapp.id, desk.web.id], since=BEGAN)


def says(conversation: Conversation, text: str, author: Author) -> str:
    with transaction() as session:
        locked = conversations.lock(session, conversation.id)
        thread = messages.thread_to_answer(session, locked.id)
        assert thread
        return messages.write(session, locked, thread, text, author=author).id


def test_only_what_the_assistant_says_while_a_person_is_there_is_talked_over(desk: Desk) -> None:
    desk.writes_on_whatsapp("+4915112345678", "Hello?")
    (conversation,) = desk.conversations()
    says(conversation, "Hello.", Author.ASSISTANT)
    with transaction() as session:
        ben = teams.add_teammate(session, "ben@shop.example", "Ben", "a long password", Role.AGENT)
        conversations.take(session, conversations.lock(session, conversation.id), ben.id)
    says(conversation, "I take over.", Author.TEAMMATE)
    over = says(conversation, "As I was saying.", Author.ASSISTANT)
    with transaction() as session:
        conversations.give_back(session, conversations.lock(session, conversation.id))
    says(conversation, "Here I am again.", Author.ASSISTANT)
    assert held(desk).talked_over == [over]


def test_a_reply_is_held_with_its_words_and_what_became_of_it(desk: Desk) -> None:
    desk.writes_on_whatsapp("+4915112345678", "Hello?")
    sent = desk.answers(desk.conversations()[0], "Hello.")
    (reply,) = held(desk).replies
    assert (reply.id, reply.text, reply.fate) == (sent.id, "Hello.", Fate.SENT)
    assert reply.name == desk.meta.sent[0].id
