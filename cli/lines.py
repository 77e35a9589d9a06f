"""Which customers an inbox has in a simulated storm."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.simulator.line import Line
from connectors.simulator.lines.api import ApiLine
from connectors.simulator.lines.direct import DirectLine
from connectors.simulator.lines.email import MailLine
from connectors.simulator.lines.slack import SlackLine
from connectors.simulator.lines.sms import SmsLine
from connectors.simulator.lines.telegram import TelegramLine
from connectors.simulator.lines.web import WebLine
from connectors.simulator.lines.whatsapp import WhatsAppLine
from desk.inboxes import Inbox


def _email(inbox: Inbox, sink: Any) -> Line:
    config = inbox.config
    secret = inbox.secrets["inbound_secret"]
    return MailLine(sink, config["address"], config["trusted_authserv"], secret)


LINES: Mapping[str, Callable[[Inbox, Any], Line]] = {
    "whatsapp": lambda inbox, fake: WhatsAppLine(fake),
    "instagram": lambda inbox, fake: DirectLine(fake),
    "messenger": lambda inbox, fake: DirectLine(fake),
    "email": _email,
    "sms": lambda inbox, fake: SmsLine(fake),
    "telegram": lambda inbox, fake: TelegramLine(fake, inbox.secrets["webhook_secret"]),
    "slack": lambda inbox, fake: SlackLine(fake, inbox.secrets["signing_secret"]),
    "web": lambda inbox, chat: WebLine(chat),
    "api": lambda inbox, fake: ApiLine(fake),
}
"""By kind, given the inbox and who plays its provider (cli.simulate)."""
