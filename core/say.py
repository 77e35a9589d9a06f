"""Set texts for customers: what is said in our own name, one file per language."""

import json
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "phrases"


def say(key: str, in_language: str, /, **values: str) -> str:
    """A set text in a language, English where there is none in it."""
    text = _phrases(in_language).get(key) or _phrases("en")[key]
    return text.format(**values)


def spoken() -> tuple[str, ...]:
    """The languages there are texts in."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


@lru_cache
def _phrases(language: str) -> dict[str, str]:
    path = _FOLDER / f"{language}.json"
    if not language.isalpha() or not path.exists():
        path = _FOLDER / "en.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))
