"""Neutral text into Telegram messages within every limit. Pure: no network, no account."""

import json
from collections.abc import Sequence
from html import escape

from connectors.cutting import shorten, width
from connectors.json_values import Json, clean
from connectors.styled import Run, cut, runs_of
from desk.envelope import Outgoing

TEXT_LIMIT = 4096
"""Of what is shown; markup does not count."""
CAPTION_LIMIT = 1024
PAYLOAD_BYTES = 64
LABEL_LIMIT = 64
BUTTONS = 10


def parts(message: Outgoing, limit: int = TEXT_LIMIT) -> list[list[Run]]:
    """The text in the order to send it; [] for none."""
    runs = runs_of(message.text, message.sources)
    choices = distinct(message.choices)
    if any(width(one) > LABEL_LIMIT for one in choices) or len(choices) > BUTTONS:
        numbered = "\n".join(f"{n}. {one}" for n, one in enumerate(choices, 1))
        runs = [*runs, Run("\n\n" if runs else ""), Run(numbered)]
    return cut(runs or ([Run("…")] if choices else []), limit)


def html(runs: Sequence[Run]) -> str:
    return "".join(_html(run) for run in runs)


def _html(run: Run) -> str:
    words = escape(run.words, quote=False)
    if run.url:
        words = f'<a href="{escape(run.url)}">{words}</a>'
    return f"<b>{words}</b>" if run.bold else words


def keyboard(choices: Sequence[str]) -> Json:
    """One button a row, {} for none: more than ten are only written out, as numbers."""
    tidy = distinct(choices)
    if not tidy or len(tidy) > BUTTONS:
        return {}
    rows = [[_button(number, choice)] for number, choice in enumerate(tidy, 1)]
    return {"inline_keyboard": rows}


def _button(number: int, choice: str) -> Json:
    """A pressed button comes back with its message, and so with the whole of its label: the
    payload need not hold the choice, where it is too long for that."""
    fits = len(choice.encode()) <= PAYLOAD_BYTES
    long = width(choice) > LABEL_LIMIT
    return {
        "text": shorten(f"{number}. {choice}", LABEL_LIMIT) if long else choice,
        "callback_data": choice if fits else f"choice {number}",
    }


def distinct(choices: Sequence[str]) -> list[str]:
    tidy = (" ".join(clean(choice).split()) for choice in choices)
    return [choice for choice in dict.fromkeys(tidy) if choice]


def as_form(fields: Json) -> dict[str, str]:
    """Fields beside a file travel as text, objects among them as JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in fields.items()
    }
