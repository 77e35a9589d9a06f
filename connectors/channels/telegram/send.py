"""Sending one message, told honestly: taken, refused, or nobody can know."""

import time
from collections.abc import Callable

import httpx

from connectors.base import Account
from connectors.channels.telegram import bot_api
from connectors.channels.telegram.ids import PRESSED, message_name
from connectors.channels.telegram.media import MB, UPLOAD_LIMIT, kind_of, size_of
from connectors.channels.telegram.render import (
    CAPTION_LIMIT,
    as_form,
    html,
    keyboard,
    parts,
)
from connectors.json_values import Json, text
from connectors.refused import Refused, failed, partly, unknown
from desk.envelope import Address, DeliveryState, File, Outgoing, Receipt

TIME_FOR_ONE_MESSAGE = 60
"""Seconds. The outbox counts a claim of two minutes as left by a crash: by then this must have
ended, its last call included."""

Step = Callable[[Json], Json]
"""One call that sends a part: given what stands around it, the message as Telegram has it."""


def send(http: httpx.Client, account: Account, message: Outgoing) -> Receipt:
    """One call per part; long texts and files make several. Never raises for what the provider
    or the network does. `provider_id` is the last part's that was taken."""
    deadline = time.monotonic() + TIME_FOR_ONE_MESSAGE
    try:
        around = _around(message)
        steps = _steps(http, account, message)
    except Refused as refused:
        return refused.receipt
    taken = ""
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        extra = _first(message) if number == 0 else {}
        extra |= (
            {"reply_markup": buttons} if last and (buttons := keyboard(message.choices)) else {}
        )
        try:
            _check_time(deadline)
            taken = _name(account, message, step(around | extra))
        except Refused as refused:
            return partly(refused.receipt, taken, number, len(steps))
    return Receipt(DeliveryState.SENT, provider_id=taken)


def _around(message: Outgoing) -> Json:
    """A private chat has its person's number."""
    if message.to.kind != "telegram" or not message.to.value.isdigit():
        raise failed("", f"Telegram cannot reach an address of kind {message.to.kind}.")
    around: Json = {"chat_id": int(message.to.value)}
    return around | ({"business_connection_id": message.place} if message.place else {})


def _first(message: Outgoing) -> Json:
    """What is answered is quoted, if it is still there."""
    chat, _, number = message.reply_to.rpartition(":")
    if not number.isdigit() or PRESSED in chat or chat.rpartition(":")[2] != message.to.value:
        return {}
    return {"reply_parameters": {"message_id": int(number), "allow_sending_without_reply": True}}


def _steps(http: httpx.Client, account: Account, message: Outgoing) -> list[Step]:
    """Text first, then files; a short text goes under a single file as its caption."""
    for file in message.files:
        _check_size(file)
    texts = [html(part) for part in parts(message)]
    captioned = len(message.files) == 1 and len(parts(message, CAPTION_LIMIT)) == 1
    caption = texts[0] if captioned else ""
    files = [_file_step(http, account, file, caption) for file in message.files]
    steps = files if caption else [_text_step(http, account, one) for one in texts] + files
    if not steps:
        raise failed("", "The message is empty; there is nothing to send.")
    return steps


def _check_size(file: File) -> None:
    if size_of(file) > UPLOAD_LIMIT:
        words = (
            f"The file {file.name} is larger than {UPLOAD_LIMIT // MB} MB: Telegram won't take it."
        )
        raise failed("", words)
    if file.content is None and not file.reference:
        raise failed("", f"The file {file.name} has no content.")


def _text_step(http: httpx.Client, account: Account, words: str) -> Step:
    def step(around: Json) -> Json:
        fields = {"text": words, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
        return bot_api.call(http, account, "sendMessage", around | fields)

    return step


NO_PREVIEW = {"is_disabled": True}


def _file_step(http: httpx.Client, account: Account, file: File, caption: str) -> Step:
    under = {"caption": caption, "parse_mode": "HTML"} if caption else {}

    def step(around: Json) -> Json:
        kind = kind_of(file)
        try:
            return _send_file(http, account, file, kind, around | under)
        except Refused as refused:
            if kind != "photo" or not _is_no_photo(refused):
                raise
        return _send_file(http, account, file, "document", around | under)

    return step


def _is_no_photo(refused: Refused) -> bool:
    """Surely not taken, for its form alone: it still travels as a document."""
    receipt = refused.receipt
    words = ("PHOTO_INVALID", "IMAGE_PROCESS_FAILED", "PHOTO_EXT_INVALID")
    return receipt.error_code == "400" and any(one in receipt.error for one in words)


def _send_file(http: httpx.Client, account: Account, file: File, kind: str, fields: Json) -> Json:
    method = f"send{kind.capitalize()}"
    if file.content is None:
        return bot_api.call(http, account, method, fields | {kind: file.reference})
    part = (file.name or "file", file.content, file.type)
    return bot_api.call(http, account, method, fields, data=as_form(fields), files={kind: part})


def _check_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise failed("", "Telegram answered too slowly to go on.", retry_after=60)


def _name(account: Account, message: Outgoing, result: Json) -> str:
    """A business account's message carries its connection, as ours names it."""
    if not text(result, "message_id"):
        raise unknown("", "Telegram answered without a message; it may have been sent.")
    place = {"business_connection_id": message.place} if message.place else {}
    return message_name(bot_api.bot_id(account), result | place)


TYPING_TIME = httpx.Timeout(2)


def show_typing(http: httpx.Client, account: Account, to: Address, answering: str) -> None:
    """ "typing…", and where a button was pressed, that it was. Raises OSError."""
    names = answering.split(":")
    fields: Json = {"chat_id": int(to.value), "action": "typing"} if to.value.isdigit() else {}
    if len(names) == 4:
        fields["business_connection_id"] = names[1]
    calls = [("sendChatAction", fields)]
    if len(names) == 3 and names[1] == PRESSED:
        calls.insert(0, ("answerCallbackQuery", {"callback_query_id": names[2]}))
    try:
        for method, about in calls:
            bot_api.call(http, account, method, about, json=about, timeout=TYPING_TIME)
    except Refused as refused:
        raise OSError(refused.receipt.error) from None
