"""Tables as Markdown pipe rows."""

from collections.abc import Iterable, Sequence


def pipe_table(rows: Iterable[Sequence[object]]) -> str:
    """Rows of equal or unequal width; the first is the header. Empty rows are left out."""
    cells = [[_cell(value) for value in row] for row in rows]
    cells = _trim([row for row in cells if any(row)])
    if not cells:
        return ""
    head, *body = cells
    lines = [_line(head), _line(["---"] * len(head)), *map(_line, body)]
    return "\n".join(lines)


def below_titles(rows: Sequence[Sequence[str]]) -> tuple[list[str], Sequence[Sequence[str]]]:
    """What stands alone in the first rows, above the header, and the rows from there on."""
    titles: list[str] = []
    for row in rows:
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) != 1 or len(titles) + 1 == len(rows) or max(map(len, rows)) == 1:
            break
        titles.append(filled[0])
    return titles, rows[len(titles) :]


def is_rule(line: str) -> bool:
    """Whether a line is the `| --- | --- |` below a table's header."""
    return "-" in line and not line.strip("|-: \t")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    return " ".join(text.split()).replace("|", "\\|")


def _trim(rows: list[list[str]]) -> list[list[str]]:
    """The same width for all rows, without the empty columns at the right."""
    width = max((i + 1 for row in rows for i, cell in enumerate(row) if cell), default=0)
    return [(row + [""] * width)[:width] for row in rows]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
