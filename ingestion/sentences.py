"""Where sentences end, in the scripts customers and companies write in, and how long text is."""

import re

_END = re.compile(
    r"\n+"
    r"|[.!?…]+[\"'”’)\]»]*[ \t]+(?=[^\s])"
    r"|[。！？؟।]+[”」』）)\"]*\s*"
    # Help-centre exports glue sentences: "users.You can start".
    r"|(?<=[a-z)][.!?:])(?=[A-Z])"
)
_ABBREVIATION = re.compile(
    r"(?:\b[A-Za-z]|\b(?:e\.g|i\.e|z\.B|d\.h|u\.a|p\.ej|par ex|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|No|Nr|Nos"
    r"|Art|Abs|Fig|Vol|Sec|cf|vs|etc|approx|ca|bzw|ggf|inkl|zzgl|usw|Inc|Ltd|Co|Corp|Tel|Str))\.$"
)
# Scripts written without spaces: two characters weigh about one word.
_WIDE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9f]"
)
LETTERS_PER_WORD = 16


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence with the space behind it; together they are the text."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _END.finditer(text):
        if end.end() > start and not _goes_on(text, start, end):
            spans.append((start, end.end()))
            start = end.end()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether a full stop ends no sentence: an abbreviation, or a small letter follows."""
    mark = end.group()
    if not mark.strip() or mark[0] not in ".…":
        return False
    if text[end.end()].islower():
        return True
    stop = end.start() + 1
    return bool(_ABBREVIATION.search(text, max(start, stop - 12), stop))


def count_words(text: str) -> int:
    """Words for sizing: very long ones and scripts without spaces count by their letters."""
    words = text.replace("|", " ").split()
    letters = sum(map(len, words))
    count = max(len(words), -(-letters // LETTERS_PER_WORD))
    if text.isascii():
        return count
    wide = len(_WIDE.findall(text))
    return max(count, len(words) + -(-wide // 2)) if wide else count
