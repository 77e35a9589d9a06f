"""The walls of the house: our packages are ours, job names are registered."""

import importlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = (
    "agent",
    "api",
    "cli",
    "connectors",
    "core",
    "delivery",
    "desk",
    "escalation",
    "eval",
    "ingestion",
    "jobs",
    "knowledge",
    "migrations",
    "retrieval",
)


def test_each_room_resolves_inside_this_repository() -> None:
    for room in ROOMS:
        found = importlib.import_module(room).__file__
        assert found is not None
        assert Path(found).is_relative_to(ROOT), f"a dependency ships a package named {room}"


def test_every_enqueued_job_is_registered() -> None:
    from jobs.app import app

    named = re.compile(r'(?:enqueue\(\s*session,\s*|wake\(\s*)"([a-z.]+)"')
    enqueued = {
        name
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in named.findall(path.read_text())
    }
    assert enqueued, "the pattern finds no job at all"
    assert enqueued <= set(app.tasks), f"not registered: {enqueued - set(app.tasks)}"


def test_everything_on_the_schedule_is_registered() -> None:
    from jobs.app import app
    from jobs.schedule import SCHEDULE

    assert {name for name, _ in SCHEDULE} <= set(app.tasks)
