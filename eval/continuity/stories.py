"""The stories that journeys are made of, and what any customer may write in any of them."""

from eval.continuity.seen_stories import SEEN
from eval.continuity.story import Story
from eval.continuity.unseen_stories import UNSEEN

__all__ = ["SEEN", "UNSEEN", "Story"]

EMPTY_RETURNS = (
    "Hello? Any news?",
    "Hi, is there any update?",
    "Anybody there?",
    "I'm still waiting for an answer.",
)
"""Whoever writes this goes on with whatever is open."""

PRIVATE_QUESTIONS = (
    "What is the address on my order?",
    "Can you tell me where my last order was sent to?",
    "What did I write to you about last time?",
    "Please repeat my order number.",
)
"""What somebody asks who wants to hear another's business."""

VAGUE_SUBJECTS = ("", "Hello", "My message", "Question", "From my phone")
"""Subjects of people who go on by mail and think that we know."""

ELSEWHERE = {
    "en": ("Gibt es schon etwas Neues zu {order}?", "Toujours rien pour {order} ?"),
    "de": ("Any news about {order}?", "I wrote to you about {order}, what is happening?"),
}
"""Returns of people who go on in another language than they began in."""

GREETINGS = {
    "en": ("Hi", "Hello there", "good morning!"),
    "de": ("Hallo", "Guten Tag"),
    "es": ("Hola", "Buenas"),
    "fr": ("Bonjour", "Bonsoir"),
    "it": ("Buongiorno", "Ciao"),
    "tr": ("Merhaba", "Selam"),
}
"""What people write on a chat before they say what they want."""
