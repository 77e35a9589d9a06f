"""Settling accounts after a storm: what the providers' books say against what a service holds."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.simulator.books import Books, Brought, Fate, Held, What
from connectors.simulator.nameless import owners, recognised


@dataclass(frozen=True)
class Settlement:
    """The verdict: how many there were of each, and everything that is wrong."""

    brought: int
    stored: int
    sent: int
    failed: int
    unknown: int
    outstanding: int
    dead: int
    wrongs: Mapping[str, Sequence[str]]
    """By kind of wrong, what it concerns."""

    @property
    def is_clean(self) -> bool:
        return not self.wrongs


def settle(books: Books, held: Held) -> Settlement:
    found: dict[str, list[str]] = defaultdict(list)
    books = replace(books, taken=recognised(books, held))
    for check in CHECKS:
        for name, what in check(books, held):
            found[name].append(what)
    fates = Counter(reply.fate for reply in held.replies)
    return Settlement(
        brought=len(books.brought),
        stored=len({message.id for message in held.messages}),
        sent=fates[Fate.SENT],
        failed=fates[Fate.FAILED],
        unknown=fates[Fate.UNKNOWN],
        outstanding=fates[Fate.WAITING] + held.unfinished,
        dead=len(held.dead),
        wrongs=dict(found),
    )


Wrongs = Iterator[tuple[str, str]]


def _messages(books: Books, held: Held) -> Wrongs:
    """Every message is there once, in a conversation of its sender's alone, and only one."""
    times = Counter(message.id for message in held.messages)
    homes: dict[str, set[str]] = defaultdict(set)
    people: dict[str, set[str]] = defaultdict(set)
    sender = {one.id: one.person for one in books.brought if one.what == What.MESSAGE}
    yield from (("lost", id) for id in sender if id not in times)
    yield from (("stored twice", id) for id, count in times.items() if count > 1)
    for message in held.messages:
        if message.id in sender:
            homes[sender[message.id]].add(message.conversation)
            people[message.conversation].add(sender[message.id])
    yield from (("conversation of two people", id) for id, who in people.items() if len(who) > 1)
    yield from (("one matter in two conversations", w) for w, ids in homes.items() if len(ids) > 1)


def _order(books: Books, held: Held) -> Wrongs:
    at = {one.id: one.at for one in books.brought if one.id not in books.arrived}
    last: dict[str, int] = {}
    for message in held.messages:
        moment = at.get(message.id, 0)
        if moment and moment < last.get(message.conversation, 0):
            yield "out of order", message.id
        last[message.conversation] = max(moment, last.get(message.conversation, 0))


def _order_of_arrival(books: Books, held: Held) -> Wrongs:
    """Where no time is named: what was surely taken before another was first tried comes first."""
    tried: dict[str, float] = {}
    for message in held.messages:
        if message.id in books.arrived:
            began, taken = books.arrived[message.id]
            if taken < tried.get(message.conversation, 0.0):
                yield "out of order", message.id
            tried[message.conversation] = max(began, tried.get(message.conversation, 0.0))


def _changes(books: Books, held: Held) -> Wrongs:
    """Edits, deletions and reactions had their effect, the last one of each counting."""
    last: dict[tuple[What, str], Brought] = {}
    for one in sorted(books.brought, key=lambda one: one.at):
        last[one.what, one.about] = one
    for message in held.messages:
        edit = last.get((What.EDIT, message.id))
        reaction = last.get((What.REACTION, message.id))
        if edit and not message.deleted and edit.text != message.text:
            yield "edit without effect", edit.id
        if ((What.DELETE, message.id) in last) != message.deleted:
            yield "wrongly deleted or kept", message.id
        if (reaction.text if reaction else "") != message.reaction:
            yield "wrong reaction", message.id


def _sends(books: Books, held: Held) -> Wrongs:
    """Each reply was taken once, or is known not to have been, or is doubtful before a person."""
    times = Counter(taken.id for taken in books.taken)
    written = {reply.id: reply for reply in held.replies}
    yield from (("delivered twice", id) for id, count in times.items() if count > 1)
    yield from (("delivered though nobody wrote it", id) for id in times if id not in written)
    for reply in held.replies:
        if reply.fate == Fate.SENT and not times[reply.id]:
            yield "said to be sent and never taken", reply.id
        if reply.fate == Fate.FAILED and times[reply.id]:
            yield "said to have failed and taken", reply.id
        if reply.fate in (Fate.FAILED, Fate.UNKNOWN) and not reply.seen_by_person:
            yield "failed or unknown and nobody was told", reply.id
        if reply.id in books.seen and not reply.read:
            yield "read by the customer and not known to be", reply.id


def _recipients(books: Books, held: Held) -> Wrongs:
    owner = owners(books, held)
    home = {reply.id: reply.conversation for reply in held.replies}
    for taken in books.taken:
        if owner.get(home.get(taken.id, "")) != taken.person:
            yield "delivered to somebody else", taken.id


def _order_of_sends(books: Books, held: Held) -> Wrongs:
    place = {reply.id: number for number, reply in enumerate(held.replies)}
    last: dict[str, int] = {}
    for taken in books.taken:
        number = place.get(taken.id, -1)
        if number < last.get(taken.person, -1):
            yield "sent out of order", taken.id
        last[taken.person] = max(number, last.get(taken.person, -1))


def _people(books: Books, held: Held) -> Wrongs:
    """What teammates wrote is kept once and in order, and nobody talks over them."""
    place: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, reply in enumerate(held.replies):
        place[reply.conversation, reply.text].append(number)
    last: dict[str, int] = {}
    for one in books.written:
        kept = place[one.conversation, one.text]
        if len(kept) != 1:
            yield "a teammate's words kept twice" if kept else "a teammate's words lost", one.text
        elif kept[0] < last.get(one.conversation, -1):
            yield "a teammate's words out of order", one.text
        last[one.conversation] = max([*kept, last.get(one.conversation, -1)])
    yield from (("talked over a person", id) for id in held.talked_over)


def _loose_ends(books: Books, held: Held) -> Wrongs:
    garbled = {one.id for one in books.brought if one.what == What.GARBLED}
    yield from (("dead letter without a cause", id) for id in held.dead if id not in garbled)
    yield from (("dead letter unexplained", id) for id, why in held.dead.items() if not why)
    yield from (("garbled and not kept", id) for id in garbled if id not in held.dead)
    yield from (("waits for nobody", id) for id in held.unanswered)
    yield from (("answered twice", id) for id in held.answered_twice)
    waiting = sum(reply.fate == Fate.WAITING for reply in held.replies) + held.unfinished
    yield from (("unfinished", str(number)) for number in range(waiting))


CHECKS: tuple[Callable[[Books, Held], Wrongs], ...] = (
    _messages,
    _order,
    _order_of_arrival,
    _changes,
    _sends,
    _recipients,
    _order_of_sends,
    _people,
    _loose_ends,
)
