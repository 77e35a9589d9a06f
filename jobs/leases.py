"""What a process held that is no more."""

from core import holder
from core.db import transaction
from core.log import log
from delivery import hooks, transcripts
from desk import conversations, inboxes, messages, phone_calls
from ingestion import uploads


def end_leases() -> None:
    """Free what dead processes held at once; without this it is free when its time is up."""
    gone = holder.gone()
    if not gone:
        return
    with transaction() as session:
        held = (conversations, inboxes, messages, phone_calls, uploads, hooks, transcripts)
        for nouns in held:
            nouns.end_claims(session, gone)
    holder.forget(gone)
    log.info("leases_ended", processes=len(gone))
