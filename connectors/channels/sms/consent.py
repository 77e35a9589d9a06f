"""STOP and START: the words by which people refuse and allow texts again."""

OUT = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE", "ARRET"}
IN = {"START", "UNSTOP"}
"""Not YES, which Twilio counts too: most people who write it answer a question."""


def wish(text: str, twilio_says: str) -> str:
    """out, in, or "" for a text that is about something else.

    Twilio names it where advanced opt-out is on; else it goes by the same words as we do, and only
    where they are the whole text.
    """
    named = {"STOP": "out", "START": "in", "HELP": ""}
    if twilio_says.upper() in named:
        return named[twilio_says.upper()]
    word = text.strip().strip(".!\"'").upper()
    if word in OUT:
        return "out"
    return "in" if word in IN else ""
