"""Twilio's error codes: what they mean for a person, and what may be done next."""

from dataclasses import dataclass
from enum import Enum, auto

from desk.envelope import Concerns

OPTED_OUT = "21610"


class Then(Enum):
    """What an error allows."""

    GIVE_UP = auto()
    TRY_LATER = auto()


@dataclass(frozen=True)
class Meaning:
    words: str
    then: Then = Then.GIVE_UP
    concerns: Concerns = Concerns.MESSAGE
    wait: float | None = None
    """Seconds before the next try, for TRY_LATER."""


def _recipient(words: str) -> Meaning:
    return Meaning(words, concerns=Concerns.RECIPIENT)


def _inbox(words: str) -> Meaning:
    return Meaning(words, concerns=Concerns.INBOX)


MEANINGS = {
    "20003": _inbox("Twilio does not accept the account SID and auth token. Check both."),
    "20005": _inbox("The Twilio account is not active."),
    "20404": _inbox("Twilio does not know this account or number. Check the account SID."),
    "20429": Meaning("Twilio got too many requests.", Then.TRY_LATER, Concerns.INBOX, 5),
    "21211": _recipient("This is not a valid phone number."),
    "21212": _inbox("The number to send from is not valid. Check it in the settings."),
    "21219": _inbox("A trial account writes to verified numbers only. Upgrade it at Twilio."),
    "21264": _inbox("The number to send from is not valid. Check it in the settings."),
    "21265": _recipient("A short code cannot receive this message."),
    "21266": _recipient("A number cannot write to itself."),
    "21408": _recipient("Sending to this country is switched off in Twilio's geo permissions."),
    "21421": _inbox("The number to send from is not valid. Check it in the settings."),
    "21601": _inbox("The number to send from cannot send texts."),
    "21602": Meaning("The message is empty."),
    "21603": _inbox("No number to send from is set."),
    "21604": _recipient("The message has no number to go to."),
    "21605": Meaning("The message is too long for a text."),
    "21606": _inbox("The number to send from is not one of this Twilio account."),
    "21608": _inbox("A trial account writes to verified numbers only. Upgrade it at Twilio."),
    OPTED_OUT: _recipient(
        "The customer has opted out by replying STOP. They must text START before "
        "anything can be sent to them again."
    ),
    "21611": Meaning("Too many texts wait at Twilio.", Then.TRY_LATER, Concerns.INBOX, 30),
    "21612": _recipient("Twilio cannot reach this number from ours."),
    "21614": _recipient("This is not a mobile number: it cannot receive texts."),
    "21617": Meaning("The message is longer than 1,600 characters."),
    "21620": Meaning("Twilio could not load the file: its address is not valid."),
    "21623": Meaning("Twilio takes at most ten files with a message."),
    "21635": _recipient("This is a landline: it cannot receive texts."),
    "21701": _inbox("Twilio does not know the messaging service."),
    "21703": _inbox("The messaging service has no number to send from."),
    "30001": Meaning("The text waited too long at Twilio and was dropped."),
    "30002": _inbox("The Twilio account is suspended."),
    "30003": _recipient("The phone is off, out of reach or does not take texts."),
    "30004": _recipient("The phone or its network blocks our texts."),
    "30005": _recipient("The number does not exist or is no longer in use."),
    "30006": _recipient("This is a landline or its network cannot be reached."),
    "30007": Meaning("The phone's network filtered the text as unwanted. Word it differently."),
    "30008": Meaning("The phone's network did not say why it refused the text."),
    "30010": Meaning("The text would cost more than the highest price set for it."),
    "30022": Meaning("The brand sends more than the US networks allow it per second."),
    "30023": _inbox("The brand has sent as much as the US networks allow it for today."),
    "30032": _inbox("The toll-free number is not verified. Verify it at Twilio."),
    "30034": _inbox("The number is not registered for texts in the US (A2P 10DLC)."),
    "30410": Meaning("The network took too long to take the text."),
    "30450": _recipient("Twilio held the text back because of unusual traffic to this country."),
    "63003": _recipient("The customer cannot be reached at this address."),
    "63007": _inbox("Twilio knows no WhatsApp sender of this number."),
    "63016": Meaning(
        "More than 24 hours have passed since the customer last wrote on WhatsApp: "
        "only an approved template can be sent."
    ),
    "63018": Meaning("WhatsApp's limit is reached.", Then.TRY_LATER, Concerns.INBOX, 10),
    "63024": _recipient("The customer cannot be reached on WhatsApp."),
}
"""What is not listed here is refused for good: sending it again would fail again."""


def meaning(code: str) -> Meaning:
    return MEANINGS.get(code, Meaning("Twilio refused the message."))


def explain(code: str, detail: str = "") -> str:
    """Plain words, then what Twilio said, for the teammate who looks at the message."""
    words = meaning(code).words
    return f"{words} ({detail})" if detail else words
