"""Jobs of sending website chats by email."""

from core.db import reading, transaction
from core.log import log
from core.queue import job, wake
from delivery import transcripts


@job("transcript.send")
def send(transcript_id: str) -> None:
    transcripts.send(transcript_id)


@job("transcripts.forget", expires=600)
def forget() -> None:
    with transaction() as session:
        gone = transcripts.forget(session)
    log.info("transcripts_forgotten", rows=gone)


@job("transcripts.due", expires=20)
def due() -> None:
    """Find what a lost job or a crash left lying."""
    with transaction() as session:
        transcripts.recover(session)
    with reading() as session:
        waiting = transcripts.due(session)
    for transcript_id in waiting:
        wake("transcript.send", transcript_id)
