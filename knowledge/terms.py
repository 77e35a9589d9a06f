"""How many indexed passages hold each word: what makes a word of a question rare."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base
from knowledge.words import rarity

ALL = ""
"""The row that counts the passages themselves."""


class Term(Base):
    __tablename__ = "term"

    word: Mapped[str] = mapped_column(primary_key=True)
    passages: Mapped[int]


def count_passages(
    session: Session, *, added: Iterable[set[str]] = (), removed: Iterable[set[str]] = ()
) -> None:
    """Note the words of passages that came into the index or left it."""
    change: Counter[str] = Counter()
    for words in added:
        change.update([ALL, *words])
    for words in removed:
        change.subtract([ALL, *words])
    # In one order everywhere, so that two writers never wait for each other's words.
    rows = [{"word": word, "passages": n} for word, n in sorted(change.items()) if n]
    if rows:
        session.execute(_add_to_counts(session), rows)


def rarities(session: Session, words: Iterable[str]) -> dict[str, float]:
    """Inverse document frequencies; words in no passage are the rarest."""
    wanted = set(words)
    rows = select(Term.word, Term.passages).where(Term.word.in_([ALL, *wanted]))
    counts = dict(session.execute(rows).all())
    total = counts.get(ALL, 0)
    return {word: rarity(counts.get(word, 0), total) for word in wanted}


def _add_to_counts(session: Session) -> Insert:
    if session.get_bind().dialect.name == "sqlite":
        lite = sqlite.insert(Term)
        return lite.on_conflict_do_update(
            index_elements=[Term.word], set_={"passages": Term.passages + lite.excluded.passages}
        )
    grown = postgresql.insert(Term)
    return grown.on_conflict_do_update(
        index_elements=[Term.word], set_={"passages": Term.passages + grown.excluded.passages}
    )
