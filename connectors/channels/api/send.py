"""A reply to the inbox's own address: signed, and taken once however often it comes."""

import json
from base64 import b64encode
from typing import Any

from connectors.base import Account, Check
from connectors.json_values import text
from core import outside, standard_webhooks
from core.clock import now
from core.ids import new_id
from desk.envelope import Concerns, DeliveryState, File, Outgoing, Receipt

FIRST_WAIT = 5.0
"""Seconds before the second try; the outbox doubles it each time."""
REFUSED = {400, 410, 413, 422}
"""Answers that stay the same however often we ask. All others may be a fault that gets mended."""


def send(account: Account, message: Outgoing) -> Receipt:
    """Never raises for what the receiver or the network does. Nothing is ever unknown: the
    receiver knows what it has by webhook-id, so an unclear result is simply tried again."""
    body = json.dumps(_body(message)).encode()
    try:
        answer = _post(account, message.id, body)
    except (outside.NotReached, outside.NoAnswer) as error:
        return _later("no_answer", str(error), FIRST_WAIT)
    if answer.is_success:
        return Receipt(DeliveryState.SENT, provider_id=_their_id(answer.body) or message.id)
    code, words = str(answer.status), f"The callback address answered {answer.status}."
    if answer.status in REFUSED:
        concerns = Concerns.INBOX if answer.status == 410 else Concerns.MESSAGE
        return Receipt(DeliveryState.FAILED, error_code=code, error=words, concerns=concerns)
    return _later(code, words, _wait(answer))


def _post(account: Account, webhook_id: str, body: bytes) -> outside.Answer:
    secrets = standard_webhooks.secrets_in(account.secrets.get("signing_secret", ""))
    headers = standard_webhooks.sign(secrets, webhook_id, body)
    url = account.config.get("callback_url", "")
    return outside.post(url, body, headers | {"content-type": "application/json"})


def _body(message: Outgoing) -> dict[str, Any]:
    return {
        "type": "message",
        "id": message.id,
        "at": now().isoformat(),
        "to": {"kind": message.to.kind, "value": message.to.value},
        "text": message.text,
        "choices": list(message.choices),
        "sources": [{"title": one.title, "url": one.url} for one in message.sources],
        "files": [_file(one) for one in message.files],
        "reply_to": message.reply_to,
        "subject": message.subject,
        "thread": message.thread_token,
        "language": message.language,
        "by_person": message.by_person,
    }


def _file(file: File) -> dict[str, str]:
    known = {"name": file.name, "type": file.type}
    if file.content is not None:
        return known | {"content": b64encode(file.content).decode()}
    return known | {"url": file.reference}


def _their_id(body: bytes) -> str:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return text(found, "id")[:255] if isinstance(found, dict) else ""


def _wait(answer: outside.Answer) -> float:
    try:
        return min(3600.0, max(1.0, float(answer.retry_after)))
    except ValueError:
        return FIRST_WAIT


def _later(code: str, words: str, seconds: float) -> Receipt:
    return Receipt(
        DeliveryState.FAILED, error_code=code, error=words, retry_after=seconds, patient=True
    )


def check(account: Account) -> tuple[Check, ...]:
    """A signed test post, which the receiver takes or not."""
    secrets = standard_webhooks.secrets_in(account.secrets.get("signing_secret", ""))
    long_enough = bool(secrets) and all(len(one) >= 24 for one in secrets)
    words = "Set." if long_enough else "Make it at least 24 characters long."
    secret = Check("Signing secret", long_enough, words)
    try:
        answer = _post(account, new_id(), json.dumps({"type": "test"}).encode())
    except (outside.NotReached, outside.NoAnswer) as error:
        return secret, Check("Callback", False, str(error))
    words = f"The callback address answered {answer.status}."
    if not answer.is_success:
        words += " It must check our signature and answer a test with 2xx."
    return secret, Check("Callback", answer.is_success, words)
