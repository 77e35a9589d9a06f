"""Set texts for customers, in every language we speak."""

import json
import string
from pathlib import Path

import pytest

from core import say as module
from core.say import say, spoken

FOLDER = Path(module.__file__).parent / "phrases"
ENGLISH = json.loads((FOLDER / "en.json").read_text("utf-8"))
ONLY_WHERE_SPOKEN = ("phone_", "callback_")
"""Said on the phone, and of calls asked for: in languages that we hear."""


@pytest.mark.parametrize("language", spoken())
def test_what_is_written_is_there_in_each_language_with_the_same_blanks(language: str) -> None:
    own = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    written = {key for key in ENGLISH if not key.startswith(ONLY_WHERE_SPOKEN)}
    assert written <= set(own) <= set(ENGLISH)
    for key, text in own.items():
        assert _blanks(text) == _blanks(ENGLISH[key]), key


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_where_there_is_no_text_in_a_language_english_is_said() -> None:
    assert say("thanks", "xx") == say("thanks", "../en") == ENGLISH["thanks"]
