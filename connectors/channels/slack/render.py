"""Neutral text into Slack messages within every limit. Pure: no network, no account."""

from collections.abc import Sequence

from connectors.channels.slack.words import sections
from connectors.cutting import shorten
from connectors.json_values import Json, clean
from connectors.styled import Run, runs_of
from desk.envelope import Outgoing

SECTION_LIMIT = 3000
BUTTONS, LABEL_LIMIT, VALUE_LIMIT = 25, 75, 2000


def render(message: Outgoing) -> list[Json]:
    """Bodies of chat.postMessage in the order to send them, without channel; [] for no text."""
    runs, choices = runs_of(message.text, message.sources), _distinct(message.choices)
    if len(choices) > BUTTONS:
        numbered = "\n".join(f"{n}. {one}" for n, one in enumerate(choices, 1))
        runs, choices = [*runs, Run("\n\n" if runs else ""), Run(numbered)], []
    texts = sections(runs or ([Run("…")] if choices else []), SECTION_LIMIT)
    bodies: list[Json] = [{"text": one} | QUIET for one in texts]
    if choices:
        bodies[-1]["blocks"] = [_section(texts[-1]), _actions(choices)]
    return bodies


QUIET = {"unfurl_links": False, "unfurl_media": False}
"""Previews of our own sources would be longer than the answer."""


def _section(words: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def _actions(choices: Sequence[str]) -> Json:
    buttons = [_button(number, choice) for number, choice in enumerate(choices, 1)]
    return {"type": "actions", "elements": buttons}


def _button(number: int, choice: str) -> Json:
    label = {"type": "plain_text", "text": shorten(choice, LABEL_LIMIT)}
    value = shorten(choice, VALUE_LIMIT)
    return {"type": "button", "action_id": f"choice_{number}", "text": label, "value": value}


def _distinct(choices: Sequence[str]) -> list[str]:
    tidy = (" ".join(clean(choice).split()) for choice in choices)
    return [choice for choice in dict.fromkeys(tidy) if choice]
