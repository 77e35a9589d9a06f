"""Jobs of the mailboxes."""

from core.queue import celery, wake
from delivery import mailboxes

app = celery()


@app.task(name="mailboxes.poll", expires=30)
def poll_all() -> None:
    for inbox_id in mailboxes.to_poll():
        wake("mailbox.poll", inbox_id)


@app.task(name="mailbox.poll", expires=60)
def poll(inbox_id: str) -> None:
    mailboxes.poll(inbox_id)
