"""What customers of a shop write about: each story's opening, how they come back to it, what a
teammate asks back and what they answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One matter. `{order}` is the customer's own order number, `{street}` where they live."""

    name: str
    openings: tuple[str, ...]
    returns: tuple[str, ...]
    subject: str
    question: str
    """What a teammate asks back."""
    answers: tuple[str, ...]
    """What the customer writes then."""
    sends_photo: bool = False
    """Whether a picture alone answers the question."""
    language: str = "en"
