"""The error codes of Instagram Direct and Messenger: subcodes first, where they say more."""

from connectors.channels.meta.errors import ErrorTable, Meaning, Then
from desk.envelope import Concerns

WINDOW_CLOSED = (
    "The time for an answer is over: 24 hours after the customer last wrote, 7 days for what a "
    "person wrote. Wait until they write, or use another channel."
)
NOT_REACHABLE = "The customer cannot be reached (blocked, left, or not allowed to get messages)."


def table(name: str) -> ErrorTable:
    return ErrorTable(name, _meanings(name), too_fast="613")


def _meanings(name: str) -> dict[str, Meaning]:
    inbox, recipient = Concerns.INBOX, Concerns.RECIPIENT
    token = f"{name} does not accept the access token. Put a new one into the settings."
    nobody = f"{name} does not know this customer for this account."
    return {
        "1": Meaning(f"{name} had an unspecified problem.", Then.UNKNOWN),
        "2": Meaning(f"{name} was briefly unavailable.", Then.UNKNOWN),
        "1200": Meaning(f"{name} failed for the moment.", Then.UNKNOWN),
        "3": Meaning("The app lacks a capability for this call.", concerns=inbox),
        "4": Meaning("The app made too many calls.", Then.TRY_LATER, 300, inbox),
        "10": Meaning(
            "The app may not send this: a permission is missing, or the time to answer is over."
        ),
        "17": Meaning("Too many calls in this account's name.", Then.TRY_LATER, 300, inbox),
        "32": Meaning("Too many calls in this page's name.", Then.TRY_LATER, 300, inbox),
        "80006": Meaning("This account sends more than is allowed.", Then.TRY_LATER, 300, inbox),
        "613": Meaning("Messages go out faster than is allowed.", Then.TRY_LATER, 60, inbox),
        "100": Meaning(f"{name} did not accept a value in this message."),
        "102": Meaning(token, concerns=inbox),
        "190": Meaning(token, concerns=inbox),
        "200": Meaning("The access token lacks the permission to send messages.", concerns=inbox),
        "230": Meaning("The access token lacks the permission to send messages.", concerns=inbox),
        "368": Meaning(f"{name} has blocked this account for breaking a policy.", concerns=inbox),
        "551": Meaning(NOT_REACHABLE, concerns=recipient),
        "1545041": Meaning(NOT_REACHABLE, concerns=recipient),
        "2018108": Meaning(
            "This customer does not get messages from us at the moment (messages turned off, or "
            "the conversation deleted).",
            concerns=recipient,
        ),
        "2018001": Meaning(nobody, concerns=recipient),
        "2534014": Meaning(nobody, concerns=recipient),
        "2018278": Meaning(WINDOW_CLOSED, concerns=recipient),
        "2534022": Meaning(WINDOW_CLOSED, concerns=recipient),
        "2018300": Meaning("Another app has this conversation at the moment.", concerns=recipient),
        "2534037": Meaning("Another app has this conversation at the moment.", concerns=recipient),
        "2018047": Meaning("The file could not be uploaded: its type is not accepted."),
        "2018109": Meaning("The file is larger than is allowed."),
        "1893063": Meaning(
            "The page is restricted and may not send messages. See Page Quality at Meta.",
            concerns=inbox,
        ),
    }
