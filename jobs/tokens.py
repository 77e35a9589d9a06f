"""Jobs of the credentials that run out."""

from core.queue import job, wake
from delivery import tokens


@job("tokens.renew", expires=600)
def renew() -> None:
    for inbox_id in tokens.expiring():
        wake("token.look", inbox_id)


@job("token.look", expires=600)
def look(inbox_id: str) -> None:
    tokens.look(inbox_id)
