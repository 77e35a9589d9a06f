"""Logs name ids and places, never what somebody wrote."""

import json
import logging
from collections.abc import Iterator

import pytest

from core.log import about, log, start_logging


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    """The root logger is the process's own; other tests need it as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level


def _lines(capture: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    return [json.loads(line) for line in capture.readouterr().err.splitlines()]


def test_each_line_carries_the_ids_at_hand(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("INFO")
    with about(request="r1"), about(conversation="c1"):
        log.info("answered", seconds=2)
    log.info("idle")

    inside, outside = _lines(capsys)
    assert inside.items() >= {"request": "r1", "conversation": "c1", "event": "answered"}.items()
    assert "request" not in outside


def test_an_exception_is_named_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("INFO")
    try:
        raise ValueError("Ada Writer wrote from ada@mail.example: my PIN is 4711")
    except ValueError:
        log.exception("event_not_understood")

    [line] = _lines(capsys)
    assert line["error"] == "ValueError"
    assert "test_log.py" in line["at"]
    assert not any(word in json.dumps(line) for word in ("Ada", "mail.example", "4711"))
