"""Journeys of customers over several channels, made from a seed: friendly ones and hostile."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from eval.continuity.stories import (
    ELSEWHERE,
    EMPTY_RETURNS,
    GREETINGS,
    PRIVATE_QUESTIONS,
    SEEN,
    UNSEEN,
    VAGUE_SUBJECTS,
    Story,
)

Channel = Literal["whatsapp", "email", "web"]
CHANNELS: tuple[Channel, ...] = ("whatsapp", "email", "web")
FIRST_NAMES = ("Ada", "Bela", "Chidi", "Dalia", "Emre", "Freya", "Goran", "Hana", "Ines", "Jonas")
LAST_NAMES = ("Okafor", "Lindqvist", "Marek", "Silva", "Yilmaz", "Novak", "Brandt", "Costa")
STREETS = ("Ahornweg", "Hafenallee", "Birkenstieg", "Mühlgasse", "Seestraße", "Fliederbogen")


@dataclass(frozen=True)
class Person:
    """A customer with the addresses that the shop has on record, and what is theirs alone."""

    name: str
    phone: str
    email: str
    merchant_id: str
    order: str
    street: str
    on_record: bool = True

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.order, self.street


@dataclass(frozen=True)
class Step:
    """One message. `matter` names what it is about: the same name again must be the same
    conversation, another name another one."""

    channel: Channel
    person: Person
    text: str
    matter: str
    subject: str = ""
    visitor: str = ""
    """On the website: the browser it is written in, where that is not the person's own."""
    signed: bool = True
    """On the website: signed in by the shop."""
    claims: str = ""
    """On the website: an address typed before the chat."""
    forged: bool = False
    """By email: DMARC fails."""
    user_id: str = ""
    """On WhatsApp: the business-scoped id, where it isn't the number's own."""
    was: str = ""
    """On WhatsApp: the id that Meta says became `user_id` just before."""
    photo: bool = False
    """A picture comes with it."""
    replied: str = ""
    """What a teammate has written in this matter before it."""
    resolved: str = ""
    """The matter that a teammate has closed before it."""
    later: timedelta = timedelta()
    """How much later than the step before."""
    weak: bool = False
    """Whoever writes this has proven nothing about the person: nothing of theirs may be within
    reach of the answer, and it belongs to none of their conversations."""


@dataclass(frozen=True)
class Journey:
    kind: str
    steps: tuple[Step, ...]
    secrets: tuple[str, ...] = ()
    """What is nobody else's business."""

    @property
    def is_hostile(self) -> bool:
        return any(step.weak for step in self.steps)


def journeys(seed: int, count: int = 88, *, seen: bool = False) -> list[Journey]:
    """As many journeys, in turn of each kind. `seen`: of the stories that served for tuning."""
    rng = random.Random(seed)
    stories = SEEN if seen else UNSEEN
    return [_KINDS[i % len(_KINDS)](_Teller(rng, stories, i)) for i in range(count)]


@dataclass
class _Teller:
    """Makes people and what they write."""

    rng: random.Random
    stories: Sequence[Story]
    number: int

    def person(self, on_record: bool = True) -> Person:
        rng = self.rng
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        unique = f"{self.number:03d}{rng.randrange(10**4):04d}"
        return Person(
            name=f"{first} {last}",
            phone=f"+4915{rng.randrange(10, 70)}{unique}",
            email=f"{first}.{last}.{unique}@mail.example".lower(),
            merchant_id=f"C-{unique}",
            order=f"MB-{rng.randrange(20000, 99999)}",
            street=f"{rng.choice(STREETS)} {rng.randrange(1, 200)}",
            on_record=on_record,
        )

    def matters(self, count: int) -> list[Story]:
        """Different ones, in one language where there are as many in it."""
        first = self.rng.choice(self.stories)
        others = [story for story in self.stories if story is not first]
        same = [story for story in others if story.language == first.language]
        english = [story for story in others if story.language == "en"]
        return [first, *self.rng.sample(same or english, count - 1)]

    def channels(self, count: int) -> list[Channel]:
        """In an order of chance, each once before any comes again."""
        chosen = self.rng.sample(CHANNELS, min(count, len(CHANNELS)))
        return chosen + [self.rng.choice(CHANNELS) for _ in range(count - len(chosen))]

    def opens(self, channel: Channel, person: Person, story: Story) -> Step:
        step = self._step(channel, person, story, self.rng.choice(story.openings))
        return replace(step, subject=story.subject if channel == "email" else "")

    def returns(self, channel: Channel, person: Person, story: Story, text: str = "") -> Step:
        """Who comes back to a matter by mail names it in the subject or doesn't."""
        step = self._step(channel, person, story, text or self.rng.choice(story.returns))
        subject = self.rng.choice((story.subject, self.rng.choice(VAGUE_SUBJECTS)))
        return replace(step, subject=subject if channel == "email" else "")

    def answers(self, channel: Channel, person: Person, story: Story) -> Step:
        """What they answer to a teammate's question."""
        step = self.returns(channel, person, story, self.rng.choice(story.answers))
        return replace(step, replied=story.question)

    def _step(self, channel: Channel, person: Person, story: Story, text: str) -> Step:
        text = text.format(order=person.order, street=person.street)
        return Step(channel, person, text, story.name)


def _one_matter(teller: _Teller) -> Journey:
    """One matter over two to four channels."""
    person, (story,) = teller.person(), teller.matters(1)
    first, *others = teller.channels(teller.rng.randrange(2, 5))
    steps = [teller.opens(first, person, story)]
    steps += [teller.returns(channel, person, story) for channel in others]
    return Journey("one matter", tuple(steps))


def _impatient(teller: _Teller) -> Journey:
    """Who only asks for news goes on with what is open."""
    person, (story,) = teller.person(), teller.matters(1)
    first, second = teller.channels(2)
    asks = teller.returns(second, person, story, teller.rng.choice(EMPTY_RETURNS))
    return Journey("asks for news only", (teller.opens(first, person, story), asks))


def _two_matters(teller: _Teller) -> Journey:
    """Another matter on another channel is another conversation; each is found again."""
    person, (one, other) = teller.person(), teller.matters(2)
    first, second, third = teller.channels(3)
    steps = (
        teller.opens(first, person, one),
        teller.opens(second, person, other),
        teller.returns(third, person, one),
        teller.returns(second, person, other),
    )
    return Journey("two matters", steps)


def _back_on_the_other(teller: _Teller) -> Journey:
    """A chat that is at one matter is asked about the other."""
    person, (one, other) = teller.person(), teller.matters(2)
    steps = (
        teller.opens("whatsapp", person, one),
        teller.opens("email", person, other),
        teller.returns("web", person, other),
        teller.returns("whatsapp", person, one),
    )
    return Journey("back on the other channel", steps)


def _answers_us(teller: _Teller) -> Journey:
    """A teammate has asked something; the answer comes on another channel."""
    person, (story,) = teller.person(), teller.matters(1)
    first, second, third = teller.channels(3)
    steps = (
        teller.opens(first, person, story),
        teller.answers(second, person, story),
        teller.returns(third, person, story),
    )
    return Journey("answers a teammate elsewhere", steps)


def _answers_one_of_two(teller: _Teller) -> Journey:
    """Two matters are open; a teammate has asked about the older one."""
    person, (one, other) = teller.person(), teller.matters(2)
    first, second, third = teller.channels(3)
    steps = (
        teller.opens(first, person, one),
        teller.opens(second, person, other),
        teller.answers(third, person, one),
    )
    return Journey("answers about one of two", steps)


def _only_a_picture(teller: _Teller) -> Journey:
    """The picture a teammate asked for, without a word, on another channel."""
    stories = [story for story in teller.stories if story.sends_photo]
    person, story = teller.person(), teller.rng.choice(stories)
    other = teller.rng.choice([story for story in teller.stories if not story.sends_photo])
    first: Channel = teller.rng.choice(("whatsapp", "web"))
    shows = replace(teller.answers("email", person, story), text="", subject="", photo=True)
    steps = (teller.opens(first, person, story), teller.opens("email", person, other), shows)
    return Journey("only a picture", steps)


def _two_orders(teller: _Teller) -> Journey:
    """The same trouble with two orders: two matters, told apart by their numbers."""
    person = teller.person()
    other = replace(person, order=f"MB-{teller.rng.randrange(20000, 99999)}")
    about_orders = [s for s in teller.stories if all("{order}" in text for text in s.openings)]
    story = teller.rng.choice(about_orders)
    first, second, third = teller.channels(3)
    again = teller.returns(third, person, story)
    steps = (
        teller.opens(first, person, story),
        replace(teller.opens(second, other, story), matter="the other order"),
        replace(again, text=f"{person.order}: {again.text}"),
    )
    return Journey("the same with two orders", steps)


def _after_a_week(teller: _Teller) -> Journey:
    """Nobody has answered for more than a week; the matter is open still."""
    person, (story,) = teller.person(), teller.matters(1)
    first, second = teller.channels(2)
    late = timedelta(days=teller.rng.randrange(8, 15))
    back = replace(teller.returns(second, person, story), later=late)
    return Journey("back after a week", (teller.opens(first, person, story), back))


def _not_solved(teller: _Teller) -> Journey:
    """Closed by a teammate, and not solved: they say so elsewhere."""
    person, (story,) = teller.person(), teller.matters(1)
    first, second = teller.channels(2)
    back = replace(teller.returns(second, person, story), resolved=story.name)
    return Journey("closed too early", (teller.opens(first, person, story), back))


def _solved(teller: _Teller) -> Journey:
    """One matter is closed; another begins elsewhere the same day."""
    person, (one, other) = teller.person(), teller.matters(2)
    first, second, third = teller.channels(3)
    steps = (
        teller.opens(first, person, one),
        replace(teller.opens(second, person, other), resolved=one.name),
        teller.returns(third, person, other),
    )
    return Journey("another after a closed one", steps)


def _greets_first(teller: _Teller) -> Journey:
    """Something new on a chat, a bare greeting before it."""
    person, (one, other) = teller.person(), teller.matters(2)
    chat: Channel = teller.rng.choice(("whatsapp", "web"))
    opened = teller.opens(chat, person, other)
    greets = replace(opened, text=teller.rng.choice(GREETINGS[other.language]))
    return Journey("greets first", (teller.opens("email", person, one), greets, opened))


def _other_language(teller: _Teller) -> Journey:
    """Begun in one language, gone on with in another."""
    person = teller.person()
    fitting = [s for s in teller.stories if s.language in ELSEWHERE and "{order}" in s.openings[0]]
    story = teller.rng.choice(fitting)
    first, second = teller.channels(2)
    opened = teller.opens(first, person, replace(story, openings=story.openings[:1]))
    text = teller.rng.choice(ELSEWHERE[story.language])
    return Journey("another language", (opened, teller.returns(second, person, story, text)))


def _signs_in(teller: _Teller) -> Journey:
    """A visitor without a name who is signed in later."""
    person, (story,) = teller.person(), teller.matters(1)
    opened = replace(teller.opens("web", person, story), signed=False)
    steps = (opened, teller.returns("web", person, story), teller.returns("email", person, story))
    return Journey("signs in later", steps)


def _new_id(teller: _Teller) -> Journey:
    """WhatsApp says that the customer's id has changed: still the same customer."""
    person, (story,) = teller.person(), teller.matters(1)
    old, new = (f"DE.{teller.rng.randrange(10**17, 10**18)}" for _ in range(2))
    steps = (
        replace(teller.opens("whatsapp", person, story), user_id=old),
        replace(teller.returns("whatsapp", person, story), user_id=new, was=old),
        teller.returns("email", person, story),
    )
    return Journey("WhatsApp id changes", steps)


def _typed_address(teller: _Teller) -> Journey:
    """A stranger types the customer's address before the chat and asks for their business."""
    person, (story,) = teller.person(), teller.matters(1)
    first: Channel = teller.rng.choice(("whatsapp", "email"))
    asks = Step(
        "web",
        person,
        teller.rng.choice(PRIVATE_QUESTIONS),
        "stranger",
        visitor=f"stranger-{teller.number}",
        signed=False,
        claims=teller.rng.choice((person.email, person.phone)),
        weak=True,
    )
    return Journey("typed address", (teller.opens(first, person, story), asks), person.secrets)


def _forged_from(teller: _Teller) -> Journey:
    """A mail in the customer's name that DMARC rejects."""
    person, (story,) = teller.person(), teller.matters(1)
    text = teller.rng.choice(PRIVATE_QUESTIONS)
    asks = Step("email", person, text, "stranger", story.subject, forged=True, weak=True)
    first = teller.rng.choice(CHANNELS)
    return Journey("forged From", (teller.opens(first, person, story), asks), person.secrets)


def _forged_with_number(teller: _Teller) -> Journey:
    """The same, by somebody who has got hold of the order's number."""
    told = _forged_from(teller)
    opened, asks = told.steps
    known = replace(asks, text=f"I wrote to you about {opened.person.order}. {asks.text}")
    return replace(told, kind="forged From with a number", steps=(opened, known))


def _shared_number(teller: _Teller) -> Journey:
    """Another WhatsApp id writes from the number: it changed hands, or two people hold it."""
    person, (story,) = teller.person(), teller.matters(1)
    old, new = (f"DE.{teller.rng.randrange(10**17, 10**18)}" for _ in range(2))
    asks = Step(
        "whatsapp",
        person,
        teller.rng.choice(PRIVATE_QUESTIONS),
        "stranger",
        user_id=new,
        weak=True,
    )
    opened = replace(teller.opens("whatsapp", person, story), user_id=old)
    return Journey("number of somebody else", (opened, asks), person.secrets)


_KINDS: tuple[Callable[[_Teller], Journey], ...] = (
    _one_matter,
    _typed_address,
    _two_matters,
    _forged_from,
    _impatient,
    _shared_number,
    _back_on_the_other,
    _signs_in,
    _new_id,
    _answers_us,
    _forged_with_number,
    _two_orders,
    _answers_one_of_two,
    _after_a_week,
    _typed_address,
    _not_solved,
    _only_a_picture,
    _shared_number,
    _solved,
    _other_language,
    _greets_first,
    _two_matters,
)
