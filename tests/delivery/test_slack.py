"""Slack through the real desk: each answer in its place, and an account that is gone is told."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from connectors.simulator.faults import Fault
from connectors.simulator.server import Post
from connectors.simulator.slack import FakeSlack
from connectors.simulator.slack_customer import SlackCustomer
from core.db import reading, transaction
from delivery import outbox
from desk import inboxes
from desk.conversations import Conversation, Thread
from desk.envelope import DeliveryState
from desk.inboxes import Inbox
from tests.delivery.conftest import Desk

ANNA = SlackCustomer("U0ANNA", "signing-secret")
BEN = SlackCustomer("U0BEN", "signing-secret")


@dataclass
class Slack:
    desk: Desk
    provider: FakeSlack
    inbox: Inbox

    def brings(self, post: Post) -> int:
        new = self.desk.post(self.inbox, post.body, post.headers)
        self.desk.receive_all()
        return new

    @property
    def conversation(self) -> Conversation:
        (only,) = self.desk.conversations()
        return only


@pytest.fixture
def slack(desk: Desk) -> Iterator[Slack]:
    with FakeSlack() as provider:
        with transaction() as session:
            inbox = inboxes.open_inbox(
                session,
                "slack",
                "Slack",
                config={"api_base": provider.api_base},
                secrets={"bot_token": provider.token, "signing_secret": "signing-secret"},
            )
        yield Slack(desk, provider, inbox)


def test_a_mention_and_its_message_get_one_answer_below_them(slack: Slack) -> None:
    said = ANNA.message("<@U0DEMOBOT> where is my lamp?", channel="C1")
    slack.brings(ANNA.event(said | {"type": "app_mention"}))
    assert slack.brings(ANNA.event(said)) == 0
    slack.desk.answers(slack.conversation, "On its way.")

    assert slack.desk.texts() == ["where is my lamp?", "On its way."]
    body = slack.provider.sent[0].body
    assert (body["channel"], body["thread_ts"]) == ("C1", said["ts"])


def test_a_channels_thread_is_one_thread_however_late_it_goes_on(slack: Slack) -> None:
    said = ANNA.message("where is my lamp?", channel="C1")
    slack.brings(ANNA.event(said))
    slack.brings(ANNA.text("Anybody?", channel="C1", thread_ts=said["ts"]))
    slack.brings(ANNA.text("Another thing", channel="C1"))
    with reading() as session:
        places = session.scalars(select(Thread.place).order_by(Thread.created_at)).all()
    assert places[0] == f"C1:{said['ts']}"
    assert len(places) == 2


def test_what_was_asked_in_private_is_not_answered_in_public(slack: Slack) -> None:
    slack.brings(ANNA.text("Where is my lamp?", channel="C1"))
    slack.brings(ANNA.text("Where is my lamp? I am Anna."))
    private = slack.desk.answers(slack.conversation, "for you alone")
    slack.brings(ANNA.text("Where is my lamp? Again.", channel="C1"))

    assert private.state == DeliveryState.SENT
    assert slack.provider.sent[0].body["channel"] == ANNA.direct
    assert "thread_ts" not in slack.provider.sent[0].body


def test_two_people_in_one_thread_are_two_customers(slack: Slack) -> None:
    said = ANNA.message("where is my lamp?", channel="C1")
    slack.brings(ANNA.event(said))
    slack.brings(BEN.text("mine too", channel="C1", thread_ts=said["ts"]))
    assert len(slack.desk.conversations()) == 2


def test_edits_deletions_and_reactions_find_their_message(slack: Slack) -> None:
    said = ANNA.message("blue")
    slack.brings(ANNA.event(said))
    answer = slack.desk.answers(slack.conversation, "Sure.")
    _, _, ts = (answer.provider_id or "").rpartition(":")
    slack.brings(ANNA.react("tada", ANNA.direct, ts))
    slack.brings(ANNA.edit(said, "green"))
    slack.brings(ANNA.delete(said))

    asked, answered = slack.desk.messages(slack.conversation)
    assert asked.text == "green"
    assert asked.deleted_at
    assert list(answered.reactions.values()) == [":tada:"]


def test_our_own_words_coming_back_change_nothing(slack: Slack) -> None:
    slack.brings(ANNA.text("hi"))
    answer = slack.desk.answers(slack.conversation, "hello")
    ts = (answer.provider_id or "").rpartition(":")[2]
    ours = {"bot_id": "B0DEMOSHOP", "app_id": "A0DEMOSHOP", "user": "U0DEMOBOT", "ts": ts}
    slack.brings(ANNA.event(ANNA.message("hello") | ours))
    assert slack.desk.texts() == ["hi", "hello"]
    assert not slack.conversation.with_person


@pytest.mark.parametrize("event", ["app_uninstalled", "tokens_revoked"])
def test_an_account_that_is_gone_breaks_the_inbox_and_says_what_to_do(
    slack: Slack, event: str
) -> None:
    slack.brings(ANNA.event({"type": event, "tokens": {"bot": ["U0DEMOBOT"]}}))
    with reading() as session:
        inbox = inboxes.find(session, slack.inbox.id)
    assert inbox.broken_since
    assert "nstall" in inbox.problem


@pytest.mark.parametrize(
    ("fault", "state", "arrived"),
    [
        (Fault(status=429, retry_after="7"), DeliveryState.PENDING, 0),
        (Fault(status=200, words="channel_not_found"), DeliveryState.FAILED, 0),
        (Fault(status=200, words="token_revoked"), DeliveryState.PENDING, 0),
        (Fault(status=200, words="internal_error"), DeliveryState.UNKNOWN, 0),
        (Fault(status=503, taken=True), DeliveryState.UNKNOWN, 1),
        (Fault(drop=True), DeliveryState.UNKNOWN, 0),
        (Fault(drop=True, taken=True), DeliveryState.UNKNOWN, 1),
    ],
)
def test_whatever_happens_to_a_send_it_arrives_once_or_is_told(
    slack: Slack, fault: Fault, state: DeliveryState, arrived: int
) -> None:
    slack.brings(ANNA.text("hi"))
    slack.provider.faults.append(fault)
    answer = slack.desk.answers(slack.conversation, "hello")
    outbox.send(answer.id)

    assert slack.desk.message(answer.id).state == state
    assert len(slack.provider.sent) == arrived
    assert state == DeliveryState.PENDING or slack.desk.message(answer.id).error
