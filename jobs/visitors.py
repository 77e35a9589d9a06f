"""Jobs of website visitors."""

from datetime import timedelta

from core.clock import now
from core.db import transaction
from core.log import log
from core.queue import job
from core.settings import settings
from desk import passing_visitors


@job("visitors.forget", expires=600)
def forget() -> None:
    before = now() - timedelta(days=settings().forget_visitors_after_days)
    with transaction() as session:
        gone = passing_visitors.forget(session, before)
    log.info("visitors_forgotten", rows=gone)
