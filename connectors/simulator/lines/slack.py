"""People in a Slack workspace, who write to the app directly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectors.simulator.books import Brought, What
from connectors.simulator.line import Delivery, Letter, Line, person_of
from connectors.simulator.server import Post
from connectors.simulator.slack import FakeSlack
from connectors.simulator.slack_customer import SlackCustomer


@dataclass
class SlackLine(Line):
    slack: FakeSlack
    secret: str
    kind = "slack"
    can = (What.EDIT, What.DELETE, What.REACTION, What.GARBLED)
    emoji = (":+1:", ":heart:", ":joy:", ":pray:")

    def _customer(self, person: int) -> SlackCustomer:
        return SlackCustomer(f"U0CROWD{person:05}", self.secret, self.slack.team)

    def names(self, person: int) -> Sequence[str]:
        return (self._customer(person).direct,)

    def id(self, person: int, what: What, at: int, number: int) -> str:
        """What is said is known by its channel and time, everything else by its event."""
        if what in (What.MESSAGE, What.GARBLED):
            return f"{self.names(person)[0]}:{at}.{number % 1_000_000:06}"
        return f"Ev{number:032X}"[:24]

    def item(self, person: int, brought: Brought) -> Any:
        customer = self._customer(person)
        _, _, ts = (brought.about or brought.id).rpartition(":")
        said = customer.message(brought.text, ts=ts)
        now = f"{brought.at}.000000"
        match brought.what:
            case What.EDIT:
                return customer.edited(said | {"text": ""}, brought.text, now)
            case What.DELETE:
                return customer.deleted(said, now)
            case What.REACTION:
                return customer.reacted(brought.text.strip(":"), customer.direct, ts, now)
            case What.GARBLED:
                del said["user"]
        return said

    def pack(self, deliveries: Sequence[Delivery]) -> Post:
        (only,) = deliveries
        customer = self._customer(person_of(only.brought))
        return customer.event(only.item, only.brought.id.replace(":", "-"))

    def taken(self) -> Sequence[Letter]:
        return [
            Letter(
                channel := sent.answer["channel"],
                sent.body.get("text", ""),
                name=f"{channel}:{sent.answer['ts']}",
            )
            for sent in list(self.slack.sent)
            if sent.method == "chat.postMessage"
        ]
