"""Whose a send was, where the provider is not given our id of it.

We hold the provider's id of what was surely sent. What remains is told by recipient and exact text:
each such send stands for one message that is doubtful.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from connectors.simulator.books import Books, Fate, Held, Taken


def recognised(books: Books, held: Held) -> Sequence[Taken]:
    """What was taken, under our own ids. Of a message in several texts the last speaks for all."""
    if all(taken.id for taken in books.taken):
        return books.taken
    ours = _Ours(books, held)
    last: dict[str, int] = defaultdict(int)
    found = []
    for taken in books.taken:
        id = taken.id or ours.by_name.get(taken.name, "")
        if not id and (taken.person, taken.text) in ours.earlier_parts:
            continue
        id = id or ours.alike(taken, last[taken.person]) or taken.name
        last[taken.person] = max(ours.place.get(id, 0), last[taken.person])
        found.append(replace(taken, id=id))
    return found


class _Ours:
    """Our messages by what a provider knows of them."""

    def __init__(self, books: Books, held: Held) -> None:
        owner = owners(books, held)
        self.place = {reply.id: number for number, reply in enumerate(held.replies)}
        self.by_name = {reply.name: reply.id for reply in held.replies if reply.name}
        self.earlier_parts: set[tuple[str, str]] = set()
        self._doubtful: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._others: dict[tuple[str, str], str] = {}
        for reply in held.replies:
            person = owner.get(reply.conversation, "")
            self.earlier_parts |= {(person, part) for part in reply.parts[:-1]}
            what = (person, "".join(reply.parts[-1:]))
            if reply.fate == Fate.UNKNOWN and not reply.name:
                self._doubtful[what].append(reply.id)
            else:
                self._others[what] = reply.id

    def alike(self, taken: Taken, after: int) -> str:
        """A doubtful message with these words to this person, each once and in their order where
        that can be; then any other, which so is known to have been taken too often."""
        what = (taken.person, taken.text)
        if doubtful := self._doubtful[what]:
            chosen = next((id for id in doubtful if self.place[id] >= after), doubtful[0])
            doubtful.remove(chosen)
            self._others[what] = chosen
        return self._others.get(what, "")


def owners(books: Books, held: Held) -> Mapping[str, str]:
    """Whose each conversation is."""
    sender = {one.id: one.person for one in books.brought}
    return {m.conversation: sender[m.id] for m in held.messages if m.id in sender}
