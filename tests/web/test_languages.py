"""The widget's own words: every language says everything, with the same blanks to fill in."""

import json
import re
from pathlib import Path

import pytest


WIDGET = Path(__file__).resolve().parents[2] / "web" / "widget"
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "ar", "hi", "id")


def words(language: str) -> dict[str, str]:
    return dict(json.loads((WIDGET / "strings" / f"{language}.json").read_text()))


def test_the_languages_we_promise_are_there_and_no_other() -> None:
    found = {path.stem for path in (WIDGET / "strings").glob("*.json")}
    assert found == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_missing_empty_or_left_in_english(language: str) -> None:
    english, there = words("en"), words(language)

    assert list(there) == list(english)
    assert all(text.strip() for text in there.values())
    long = [key for key, text in english.items() if language != "en" and text.count(" ") > 2]
    assert [key for key in long if there[key] == english[key]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_blanks_are_the_same_in_every_language(language: str) -> None:
    def blanks(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w+\}", text))

    there = words(language)
    assert {key: blanks(there[key]) for key in there} == {
        key: blanks(text) for key, text in words("en").items()
    }


def test_every_word_is_used() -> None:
    code = "\n".join(path.read_text() for path in (WIDGET / "frame").glob("*.ts"))
    code += (WIDGET / "loader.ts").read_text()
    counted = re.compile(r"rating[1-5]")
    assert [
        key
        for key in words("en")
        if not counted.fullmatch(key) and not re.search(rf"strings\??\.{key}\b", code) and f'"{key}"' not in code
    ] == []
