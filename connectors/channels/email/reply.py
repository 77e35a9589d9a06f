"""What the customer wrote now, apart from what was quoted, forwarded or signed below it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from connectors.channels.email import markers
from connectors.channels.email.html import QUOTATION, SIGNATURE


@dataclass(frozen=True)
class Reply:
    """A mail's text in two: the reply itself, and what was cut off, in its order."""

    reply: str
    quoted: str


class Line(Enum):
    """What one line of a mail is."""

    BLANK = "blank"
    TEXT = "text"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    HEADER = "header"
    FORWARD = "forward"
    DASHES = "dashes"
    RULE = "rule"
    DEVICE = "device signature"


_MARKS = {QUOTATION: Line.ATTRIBUTION, SIGNATURE: Line.DASHES}
_BREAKS = (Line.ATTRIBUTION, Line.HEADER, Line.FORWARD)
_ATTRIBUTION_LINES = 4
_ATTRIBUTION_LENGTH = 300
_SIGNATURE_LINES = 14
_WRAPPED = 55
_ROUNDS = 12
_LOOK_BACK = 150


def split_reply(text: str) -> Reply:
    """Cut quotations, forwards and signatures off; the whole text where nothing else is left."""
    lines = _normalised(text).split("\n")
    kinds = _classify(lines)
    if not any(kind is not Line.BLANK and kind is not Line.QUOTE for kind in kinds):
        return Reply("", "\n".join(lines).strip())
    kept = _without_ends(kinds, _without_quotations(kinds), lines)
    reply = "\n".join(lines[index] for index in kept).strip("\n")
    if not reply.strip():
        return Reply("\n".join(lines).strip(), "")
    chosen = set(kept)
    rest = "\n".join(
        line
        for index, line in enumerate(lines)
        if index not in chosen and line.strip() not in _MARKS
    )
    return Reply(reply.rstrip(), rest.strip("\n"))


def _normalised(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    text = re.sub(r"[\u200b-\u200f\u202a-\u202e\ufeff]", "", text)
    return re.sub(r"(?<=\w)&lt;(?=\S+@\S+&gt;)|(?<=\s)&lt;(?=\S+@\S+&gt;)", "<", text)


def _classify(lines: Sequence[str]) -> list[Line]:
    kinds = [_kind_of(line) for line in lines]
    for start, end in _header_blocks(lines):
        kinds[start:end] = [Line.HEADER] * (end - start)
    index = 0
    while index < len(lines):
        length = _attribution_length(lines, kinds, index)
        kinds[index : index + length] = [Line.ATTRIBUTION] * length
        index += length or 1
    for index in range(1, len(lines) - 1):
        if _is_wrapped_quote(lines, kinds, index):
            kinds[index] = Line.QUOTE
    return kinds


def _kind_of(line: str) -> Line:
    bare = line.strip()
    if not bare:
        return Line.BLANK
    if bare in _MARKS:
        return _MARKS[bare]
    if (bare[0] in ">|" and not bare.startswith("||")) or markers.INITIALS.match(bare):
        return Line.QUOTE
    if len(bare) < _ATTRIBUTION_LENGTH:
        if markers.FORWARD.match(bare):
            return Line.FORWARD
        if markers.DEVICE_SIGNATURE.match(bare) and len(bare) < 120:
            return Line.DEVICE
    if bare in ("--", "—", "–", "\\--", "__"):
        return Line.DASHES
    if len(bare) > 2 and set(bare) <= set("-_=—–~*#· \\"):
        return Line.RULE
    return Line.TEXT


def _header_blocks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of From/Sent/To/Subject lines as mail programs copy them above a quotation."""
    index = 0
    while index < len(lines):
        end = _header_block_end(lines, index)
        if end:
            yield index, end
        index = end or index + 1


def _header_block_end(lines: Sequence[str], start: int) -> int:
    first = markers.ANY_HEADER.match(lines[start])
    if not first or lines[start].lstrip().startswith(">"):
        return 0
    labels = {first["label"].lower()}
    has_from = bool(markers.FROM_HEADER.match(lines[start]))
    end, gap = start + 1, 0
    for index in range(start + 1, min(start + 14, len(lines))):
        header = markers.ANY_HEADER.match(lines[index])
        if header:
            labels.add(header["label"].lower())
            has_from = has_from or bool(markers.FROM_HEADER.match(lines[index]))
            end, gap = index + 1, 0
        elif gap == 0:
            gap = 1
        else:
            break
    return end if has_from and len(labels) >= 3 else 0


def _attribution_length(lines: Sequence[str], kinds: Sequence[Line], start: int) -> int:
    """How many lines from `start` form an "On … wrote:" line, which mail programs wrap."""
    if kinds[start] not in (Line.TEXT, Line.DEVICE):
        return 0
    joined = ""
    for length in range(1, _ATTRIBUTION_LINES + 1):
        index = start + length - 1
        if index >= len(lines) or kinds[index] not in (Line.TEXT, Line.DEVICE):
            return 0
        joined = f"{joined} {lines[index].strip()}".strip()
        if len(joined) > _ATTRIBUTION_LENGTH:
            return 0
        if _is_attribution(joined, _next_kind(kinds, start + length)):
            return length
        if length == 1 and not _may_open_attribution(joined):
            return 0
    return 0


def _is_wrapped_quote(lines: Sequence[str], kinds: Sequence[Line], index: int) -> bool:
    """The tail of a quoted line that a mail program broke without repeating its mark."""
    before = lines[index - 1].rstrip()
    return (
        kinds[index - 1 : index + 2] == [Line.QUOTE, Line.TEXT, Line.QUOTE]
        and len(before) > _WRAPPED
        and before[-1] not in ".?!:;"
    )


def _next_kind(kinds: Sequence[Line], index: int) -> Line:
    while index < len(kinds) and kinds[index] is Line.BLANK:
        index += 1
    return kinds[index] if index < len(kinds) else Line.BLANK


def _may_open_attribution(line: str) -> bool:
    return bool(
        markers.OPENS.match(line)
        or markers.DATE.search(line)
        or markers.EMAIL.search(line)
        or "<" in line
    )


def _is_attribution(line: str, following: Line) -> bool:
    bare = line.strip("-–—*_ \t\\")
    has_email = bool(markers.EMAIL.search(bare))
    has_date = bool(markers.DATE.search(bare))
    has_time = bool(markers.CLOCK.search(bare))
    ends = bare.endswith((":", "："))
    wrote = bool(markers.WROTE.search(bare[-140:])) or bool(markers.WROTE.search(bare[:140]))
    if wrote and (ends or bare != line.strip()):
        return has_email or has_date or has_time or following is Line.QUOTE
    if wrote and has_date and has_time and (has_email or markers.OPENS.match(bare)):
        return bool(markers.WROTE.search(bare[-30:]))
    if ends and following is Line.QUOTE:
        return has_email or (has_date and has_time)
    if ends and has_date and has_email:
        return True
    return bool(markers.STARTS_WITH_DATE.match(bare)) and (has_email or has_time) and not ends


def _without_quotations(kinds: Sequence[Line]) -> list[int]:
    """The lines up to where a quotation runs to the end; answers between quotes stay in."""
    kept: list[int] = []
    index = 0
    while index < len(kinds):
        if kinds[index] not in _BREAKS:
            kept.append(index)
            index += 1
            continue
        after = _end_of_break(kinds, index)
        opened = any(kinds[line] in (Line.TEXT, Line.DEVICE) for line in kept)
        if opened and not _is_answered_inline(kinds, index, after):
            return kept
        if not opened:
            kept = [line for line in kept if kinds[line] is Line.QUOTE]
        index = _answer_below(kinds, after) if not opened and not kept else after
    return kept


def _answer_below(kinds: Sequence[Line], start: int) -> int:
    """Where the answer starts if all of it stands below the one quotation, else `start`."""
    below = start
    while below < len(kinds) and kinds[below] in (Line.BLANK, Line.QUOTE):
        below += 1
    rest = kinds[below:]
    return start if Line.QUOTE in rest or Line.TEXT not in rest else below


def _end_of_break(kinds: Sequence[Line], index: int) -> int:
    """Where a run of attribution, headers and forward marks (with blanks between) ends."""
    end = index
    while index < len(kinds) and kinds[index] in (*_BREAKS, Line.BLANK, Line.RULE):
        if kinds[index] in _BREAKS:
            end = index + 1
        index += 1
    return end


def _is_answered_inline(kinds: Sequence[Line], start: int, after: int) -> bool:
    """Whether the sender wrote below or between the quoted lines that follow."""
    if kinds[start] is not Line.ATTRIBUTION or _next_kind(kinds, after) is not Line.QUOTE:
        return False
    for index in range(after, len(kinds)):
        if kinds[index] not in (Line.BLANK, Line.QUOTE):
            return kinds[index] is Line.TEXT
    return False


def _without_ends(kinds: Sequence[Line], kept: list[int], lines: Sequence[str]) -> list[int]:
    """Drop signature, footers, trailing quotes and blanks from the end, until nothing changes."""
    for _ in range(_ROUNDS):
        shorter = _without_signature(kinds, kept, lines)
        end = len(shorter)
        while end and kinds[shorter[end - 1]] is not Line.TEXT:
            end -= 1
        if end == len(kept):
            break
        kept = shorter[:end]
    return kept


def _without_signature(kinds: Sequence[Line], kept: list[int], lines: Sequence[str]) -> list[int]:
    for position in range(len(kept) - 1, max(0, len(kept) - _LOOK_BACK), -1):
        kind = kinds[kept[position]]
        if kind not in (Line.DASHES, Line.RULE, Line.DEVICE):
            continue
        tail = [lines[index] for index in kept[position + 1 :] if lines[index].strip()]
        under_quotation = _kind_before(kinds, kept, position) is Line.QUOTE
        if _is_footer(kind, tail, under_quotation):
            return kept[:position]
    return kept


def _kind_before(kinds: Sequence[Line], kept: Sequence[int], position: int) -> Line:
    """What stands above a line, blanks left out."""
    above = (kinds[index] for index in reversed(kept[:position]))
    return next((kind for kind in above if kind is not Line.BLANK), Line.BLANK)


def _is_footer(kind: Line, tail: Sequence[str], under_quotation: bool) -> bool:
    if kind is Line.DASHES or (kind is Line.RULE and under_quotation):
        return len(tail) <= _SIGNATURE_LINES or bool(markers.BOILERPLATE.search("\n".join(tail)))
    if kind is Line.RULE:
        return bool(markers.BOILERPLATE.search("\n".join(tail)))
    return len(tail) <= 3
