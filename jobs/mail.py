"""Jobs of the mailboxes."""

from core.queue import job, wake
from delivery import mailboxes


@job("mailboxes.poll", expires=30)
def poll_all() -> None:
    for inbox_id in mailboxes.to_poll():
        wake("mailbox.poll", inbox_id)


@job("mailbox.poll", expires=60)
def poll(inbox_id: str) -> None:
    mailboxes.poll(inbox_id)


@job("mailboxes.renew", expires=60)
def renew_all() -> None:
    for inbox_id in mailboxes.with_sign_in():
        mailboxes.renew(inbox_id)
