"""Jobs of the outbound webhooks."""

from core.db import transaction
from core.log import log
from core.queue import job, wake
from delivery import hooks


@job("hooks.due", expires=10)
def due() -> None:
    """Put what happened on its way, and wake whatever is to be posted now."""
    hooks.collect()
    for delivery_id in hooks.due():
        wake("hook.post", delivery_id)


@job("hooks.forget", expires=600)
def forget() -> None:
    with transaction() as session:
        gone = hooks.forget(session)
    log.info("hook_deliveries_forgotten", rows=gone)


@job("hook.post", expires=120)
def post(delivery_id: str) -> None:
    hooks.post(delivery_id)
