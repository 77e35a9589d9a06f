"""Everything that runs by the clock: (job, seconds between runs), each at the start for once."""

from datetime import UTC, datetime

SCHEDULE = (
    ("turns.due", 0.5),
    ("outbox.due", 0.5),
    ("sweep", 5.0),
    ("mailboxes.poll", 10.0),
    ("mailboxes.renew", 60.0),
    ("hooks.due", 2.0),
    ("transcripts.due", 10.0),
    ("calls.sweep", 10.0),
    ("turns.recover", 5.0),
    ("conversations.unsnooze", 30.0),
    ("uploads.resume", 15.0),
    ("knowledge.reconcile", 300.0),
    ("templates.sync_all", 3600.0),
    ("tokens.renew", 3600.0),
    ("visitors.forget", 3600.0),
    ("hooks.forget", 3600.0),
    ("transcripts.forget", 3600.0),
)


def beat_schedule() -> dict[str, dict[str, object]]:
    """The same list as Celery's beat wants it; a run that comes late is dropped, not queued."""
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    return {
        name: {
            "task": name,
            "schedule": seconds,
            "last_run_at": long_ago,
            "options": {"expires": max(seconds * 2, 1.0)},
        }
        for name, seconds in SCHEDULE
    }
