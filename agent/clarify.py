"""Whether a message says too little to answer, and the one question that would help."""

import re

from agent.turn import Clarify
from agent.understand import Understood
from agent.words import sentences_of
from core.say import say
from retrieval.found import Found

SHORT_STATEMENT = 10
SHORT_QUESTION = 20
MOST_CHOICES = 3
LONGEST_CHOICE = 70


def question_back(understood: Understood, found: Found) -> Clarify | None:
    """What to ask back, with what separates the best candidates as choices."""
    choose = is_bare_statement(understood) or bool(understood.pointing)
    if not (choose or points_nowhere(understood)):
        return None
    choices = choices_between(found)
    language = understood.language.code
    if len(choices) > 1 and choose:
        return Clarify(say("clarify", language), choices)
    return Clarify(say("clarify_open", language), ())


def is_bare_statement(understood: Understood) -> bool:
    """ "My email isn't sending.": a wish or a trouble in a few words, with nothing asked."""
    asked = understood.asked
    short = len(asked.split()) <= SHORT_STATEMENT and len(sentences_of(asked)) == 1
    return short and not understood.context and not asks(asked) and bool(_OWN.search(asked))


def points_nowhere(understood: Understood) -> bool:
    """ "Did it receive updates?" as a first message: nothing was said that "it" could be."""
    asked = understood.asked
    short = len(asked.split()) <= SHORT_QUESTION and len(sentences_of(asked)) == 1
    return short and not understood.context and bool(_POINTS.search(asked))


def asks(text: str) -> bool:
    return bool(_ASKS.search(text.lower()))


def choices_between(found: Found) -> tuple[str, ...]:
    """The titles of the best articles, each once, short enough for a button."""
    titles = (_short(article.title) for article in found.articles[: MOST_CHOICES + 2])
    return tuple(dict.fromkeys(title for title in titles if title))[:MOST_CHOICES]


def _short(title: str) -> str:
    title = re.split(r"\s+[|–—]\s+", title.strip())[0]
    if len(title) <= LONGEST_CHOICE:
        return title
    return f"{title[: LONGEST_CHOICE - 2].rsplit(' ', 1)[0]} …"


_ASKS = re.compile(
    r"\?|^(?:how|what|where|when|who|why|which|can|could|do|does|did|is|are|will|should)\b"
)
_OWN = re.compile(
    r"\b(?:my|our)\b|^(?:hi|hello|hey)?[, ]*(?:i|i'm|i am|i've|we)\b (?:want|need|can't|cannot|have"
    r"|would|am|was|get|got|don't|keep|lost|forgot|locked|having|unable|trying)\b"
    r"|^the\b.*\b(?:isn't|doesn't|won't|can't|not|wrong|broken|missing|fails|failed|error)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"^(?:(?:what|when|where|why|how|which) )?(?:does|do|did|is|are|was|were|has|have|can|could"
    r"|will|should)(?: we| i| you)?(?: \w+)? "
    r"(?:its?\b(?! (?:possible|true|ok|safe|necessary|allowed|required|normal))|he\b|she\b)",
    re.IGNORECASE,
)
