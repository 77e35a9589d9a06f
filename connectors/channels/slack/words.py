"""Slack's own markup and ours: what people write as plain text, what we write as mrkdwn."""

import re
from collections.abc import Sequence
from html import unescape

from connectors.cutting import width
from connectors.styled import Run, cut

MARK = re.compile(r"<(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


def plain(words: str, our_bot: str = "") -> str:
    """Links and names as people read them. The mention that called us is not part of it."""
    called = f"<@{our_bot}>" if our_bot else ""
    if called and words.strip().startswith(called):
        words = words.strip().removeprefix(called).lstrip(" :,")
    return unescape(MARK.sub(_shown, words))


def _shown(found: re.Match[str]) -> str:
    what, label = found["what"], found["label"] or ""
    if what.startswith(("@", "#", "!")):
        sign = what[0] if what[0] != "!" else "@"
        return sign + (label or what[1:].partition("^")[0]).removeprefix(sign)
    target = what.removeprefix("mailto:").removeprefix("tel:")
    return target if not label or label == target else f"{label} ({target})"


def mrkdwn(runs: Sequence[Run]) -> str:
    return "".join(_marked(run) for run in runs)


def _marked(run: Run) -> str:
    if run.url:
        words = escape(run.words.replace("\n", " "))
        linked = f"<{escape(run.url).replace('|', '%7C')}|{words}>"
        return f"*{linked}*" if run.bold else linked
    words = escape(run.words)
    return "\n".join(map(_bold, words.split("\n"))) if run.bold else words


def _bold(line: str) -> str:
    """The stars must touch the words, else Slack shows them."""
    bare = line.strip()
    return line.replace(bare, f"*{bare}*", 1) if bare else line


def escape(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sections(runs: Sequence[Run], limit: int) -> list[str]:
    """mrkdwn within the limit. What is escaped or linked is longer than it looks: such a part
    is cut again."""
    found: list[str] = []
    for part in cut(runs, limit):
        marked = mrkdwn(part)
        if width(marked) <= limit:
            found.append(marked)
        else:
            seen = sum(width(run.words) for run in part)
            found += _cut_again(part, limit, seen)
    return found


def _cut_again(part: Sequence[Run], limit: int, seen: int) -> list[str]:
    """One character is never too long: an address has at most 1,000."""
    smaller = max(2, seen // 2)
    cuts = cut(part, smaller)
    return [
        one
        for piece in cuts
        for one in (
            [mrkdwn(piece)]
            if width(mrkdwn(piece)) <= limit or seen <= 2
            else _cut_again(piece, limit, smaller)
        )
    ]
