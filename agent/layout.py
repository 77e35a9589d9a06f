"""How verified claims are put together as one neutral text, piece by piece."""

import re
from collections.abc import Sequence

from agent.turn import Claim

_LISTED = re.compile(r"(?:[-*•·–▪]|(?:step )?\d{1,2}[.):])\s+\S", re.IGNORECASE)


def pieces(claims: Sequence[Claim]) -> list[str]:
    """One piece per claim; joined they are the answer's text."""
    found: list[str] = []
    for place, claim in enumerate(claims):
        found.append(piece(claim, claims[:place]))
    return found


def piece(claim: Claim, before: Sequence[Claim]) -> str:
    """A claim as it goes behind those said before it."""
    text = _row(claim.text, before) if claim.text.startswith("|") else claim.text
    if not before:
        return text
    return f"{_gap(claim, before[-1])}{text}"


def _gap(claim: Claim, last: Claim) -> str:
    if last.passage_id is None or claim.passage_id is None:
        return "\n\n"
    listed = bool(_LISTED.match(claim.text)) or claim.text.startswith("|")
    was_listed = bool(_LISTED.match(last.text)) or last.text.startswith("|")
    if listed:
        return "\n" if was_listed else "\n\n"
    return "\n\n" if was_listed else " "


def _row(text: str, before: Sequence[Claim]) -> str:
    """A table's row as a line: chats show no tables. Its first row names the others' cells."""
    cells = _cells(text)
    rows = [claim.text for claim in before if claim.text.startswith("|")]
    if not rows:
        return "**" + " | ".join(cells) + "**"
    names = _cells(rows[0])
    if len(names) != len(cells):
        return "- " + " | ".join(cells)
    others = [f"{name}: {cell}" for name, cell in zip(names[1:], cells[1:], strict=True) if cell]
    return "- " + " | ".join([cells[0], *others])


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]
