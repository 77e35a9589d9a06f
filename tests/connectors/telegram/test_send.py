"""Sending through the fake Telegram: what is taken, refused, and what nobody can know."""

import socket
from dataclasses import replace
from typing import Any

import httpx
import pytest

from connectors.base import Account
from connectors.simulator.faults import Fault
from connectors.simulator.telegram import FakeTelegram
from desk.envelope import Address, Concerns, DeliveryState, File, Outgoing
from tests.connectors.telegram.bot_api_types import BotApi
from tests.connectors.telegram.conftest import ANNA, CHANNEL, account_of, received

TO = Address("telegram", "501")
HELLO = Outgoing(id="our-1", to=TO, text="Hello **Anna**")
MB = 1024 * 1024


def test_a_text_goes_out_and_comes_back_with_telegrams_number(
    telegram: FakeTelegram, account: Account
) -> None:
    receipt = CHANNEL.send(account, replace(HELLO, reply_to="7000000001:501:9"))
    (sent,) = telegram.sent
    assert (receipt.state, receipt.provider_id) == (
        DeliveryState.SENT,
        f"7000000001:501:{sent.id}",
    )
    assert sent.fields["text"] == "Hello <b>Anna</b>"
    assert sent.fields["reply_parameters"]["message_id"] == 9


def test_a_message_of_another_chat_is_not_quoted(telegram: FakeTelegram, account: Account) -> None:
    for name in ("7000000001:777:9", "7000000001:pressed:501", "nonsense", ""):
        CHANNEL.send(account, replace(HELLO, reply_to=name))
    assert not any("reply_parameters" in one.fields for one in telegram.sent)


def test_a_business_accounts_customer_is_answered_through_its_connection(
    telegram: FakeTelegram, account: Account
) -> None:
    receipt = CHANNEL.send(account, replace(HELLO, place="conn1"))
    assert telegram.sent[0].fields["business_connection_id"] == "conn1"
    assert receipt.provider_id.startswith("7000000001:conn1:501:")


def test_a_reaction_finds_what_we_sent(telegram: FakeTelegram, account: Account) -> None:
    receipt = CHANNEL.send(account, HELLO)
    assert received(ANNA.react(telegram.sent[0].id, "👍")).subject_id == receipt.provider_id


def test_a_pressed_button_brings_the_whole_choice_back(
    telegram: FakeTelegram, account: Account
) -> None:
    long = "Die große blaue Lampe mit dem schönen Holzfuß für draußen, bitte"
    CHANNEL.send(account, replace(HELLO, choices=(long, "No")))
    (sent,) = telegram.sent
    payload = sent.fields["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert len(long) <= 64 < len(long.encode())
    assert received(ANNA.press(sent.answer, payload)).text == long


def test_a_short_text_goes_under_a_single_picture(telegram: FakeTelegram, account: Account) -> None:
    file = File("image", "lamp.png", "image/png", content=b"\x89PNG")
    CHANNEL.send(account, replace(HELLO, files=(file,), choices=("Yes",)))
    (sent,) = telegram.sent
    assert (sent.method, sent.fields["caption"]) == ("sendPhoto", "Hello <b>Anna</b>")
    assert sent.fields["reply_markup"]["inline_keyboard"]


def test_a_long_text_goes_before_its_file(telegram: FakeTelegram, account: Account) -> None:
    file = File("document", "a.pdf", "application/pdf", content=b"%PDF")
    CHANNEL.send(account, replace(HELLO, text="A sentence. " * 100, files=(file,)))
    assert [one.method for one in telegram.sent] == ["sendMessage", "sendDocument"]


def test_files_travel_as_what_telegram_can_show(telegram: FakeTelegram, account: Account) -> None:
    files = (
        File("image", "big.png", "image/png", content=b"x" * (10 * MB + 1)),
        File("image", "a.gif", "image/gif", content=b"GIF"),
        File("voice", "a.ogg", "audio/ogg; codecs=opus", content=b"Ogg"),
        File("audio", "a.mp3", "audio/mpeg", content=b"ID3"),
        File("video", "a.mp4", "video/mp4", reference="BAAC1"),
    )
    CHANNEL.send(account, replace(HELLO, files=files))
    methods = ["Message", "Document", "Animation", "Voice", "Audio", "Video"]
    assert [one.method for one in telegram.sent] == [f"send{one}" for one in methods]


def test_a_picture_telegram_cannot_show_goes_as_a_document(
    telegram: FakeTelegram, account: Account
) -> None:
    telegram.faults.append(Fault(status=400, words="Bad Request: PHOTO_INVALID_DIMENSIONS"))
    file = File("image", "thin.png", "image/png", content=b"\x89PNG")
    receipt = CHANNEL.send(account, replace(HELLO, files=(file,)))
    assert receipt.state is DeliveryState.SENT
    assert [one.method for one in telegram.sent] == ["sendDocument"]


def test_a_file_over_fifty_megabytes_is_refused_before_anything_is_sent(
    telegram: FakeTelegram, account: Account
) -> None:
    file = File("video", "long.mp4", "video/mp4", content=b"x" * (50 * MB + 1))
    receipt = CHANNEL.send(account, replace(HELLO, files=(file,)))
    assert receipt.state is DeliveryState.FAILED
    assert "50 MB" in receipt.error
    assert not telegram.sent


@pytest.mark.parametrize(
    ("fault", "concerns"),
    [
        (Fault(status=403), Concerns.RECIPIENT),
        (Fault(status=403, words="Forbidden: user is deactivated"), Concerns.RECIPIENT),
        (Fault(status=400), Concerns.RECIPIENT),
        (Fault(status=400, words="Bad Request: can't parse entities"), Concerns.MESSAGE),
        (Fault(status=413), Concerns.MESSAGE),
        (Fault(status=401), Concerns.INBOX),
        (Fault(status=404), Concerns.INBOX),
    ],
)
def test_a_refusal_for_good_says_whom_it_is_about(
    telegram: FakeTelegram, account: Account, fault: Fault, concerns: Concerns
) -> None:
    telegram.faults.append(fault)
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.error_code) == (DeliveryState.FAILED, str(fault.status))
    assert (receipt.retry_after, receipt.concerns) == (None, concerns)
    assert receipt.error


def test_too_many_messages_hold_the_inbox_back_as_long_as_telegram_says(
    telegram: FakeTelegram, account: Account
) -> None:
    telegram.faults.append(Fault(status=429, retry_after="37"))
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, 37)
    assert receipt.concerns is Concerns.INBOX


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=502, taken=True),
        Fault(drop=True),
        Fault(drop=True, taken=True),
    ],
)
def test_what_nobody_can_know_is_unknown_and_never_sent_again(
    telegram: FakeTelegram, account: Account, fault: Fault
) -> None:
    telegram.faults.append(fault)
    receipt = CHANNEL.send(account, HELLO)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert len(telegram.sent) == int(fault.taken)


def test_when_a_later_part_fails_the_whole_is_unknown_and_says_which(
    telegram: FakeTelegram, account: Account
) -> None:
    long = replace(HELLO, text="A sentence of this long text. " * 200)
    telegram.faults.extend([Fault(status=200, taken=True), Fault(status=429, retry_after="3")])
    receipt = CHANNEL.send(account, long)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.UNKNOWN, None)
    assert receipt.error.startswith("Of 2 parts, 1 went out; part 2 did not: Telegram asks")
    assert receipt.provider_id.endswith(str(telegram.sent[0].id))


def test_when_nothing_listens_it_may_be_tried_again_and_no_token_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        receipt = CHANNEL.send(account_of(nowhere), HELLO)
        with pytest.raises(OSError, match="could not be reached") as raised:
            CHANNEL.fetch(account_of(nowhere), File("image", reference="AgAC"))
    assert receipt.state is DeliveryState.FAILED
    assert receipt.retry_after is not None
    assert "demo-token" not in receipt.error + str(raised.value)


@pytest.mark.parametrize("base", ["ftp://x", "no address", "http://[", "http://x:99999"])
def test_a_wrong_api_address_is_refused_in_words(base: str) -> None:
    receipt = CHANNEL.send(account_of(base), HELLO)
    assert receipt.state is DeliveryState.FAILED
    assert receipt.error


def test_an_address_of_another_channel_or_an_empty_message_is_refused(
    telegram: FakeTelegram, account: Account
) -> None:
    for wrong in (replace(HELLO, to=Address("email", "a@x.example")), replace(HELLO, text=" ")):
        receipt = CHANNEL.send(account, wrong)
        assert (receipt.state, receipt.retry_after) == (DeliveryState.FAILED, None)
    assert not telegram.sent


def test_a_customers_file_is_fetched(telegram: FakeTelegram, account: Account) -> None:
    file_id = telegram.upload(b"picture")
    assert CHANNEL.fetch(account, File("image", reference=file_id)) == b"picture"
    with pytest.raises(OSError, match="invalid file_id"):
        CHANNEL.fetch(account, File("image", reference="../etc"))


def test_a_file_that_telegram_will_not_hand_out_says_so(
    telegram: FakeTelegram, account: Account
) -> None:
    file_id = telegram.upload(b"x" * (20 * MB + 1))
    with pytest.raises(OSError, match="20 MB"):
        CHANNEL.fetch(account, File("video", reference=file_id))
    with pytest.raises(OSError, match="20 MB"):
        CHANNEL.fetch(account, File("video", reference=file_id, size=20 * MB + 1))


def test_typing_shows_and_tells_that_a_button_was_pressed(
    telegram: FakeTelegram, account: Account
) -> None:
    CHANNEL.typing(account, TO, "7000000001:501:9")
    CHANNEL.typing(account, TO, "7000000001:conn1:501:9")
    CHANNEL.typing(account, TO, "7000000001:pressed:abc")
    assert telegram.actions == [
        ("sendChatAction", {"chat_id": 501, "action": "typing"}),
        ("sendChatAction", {"chat_id": 501, "action": "typing", "business_connection_id": "conn1"}),
        ("answerCallbackQuery", {"callback_query_id": "abc"}),
        ("sendChatAction", {"chat_id": 501, "action": "typing"}),
    ]
    with pytest.raises(OSError, match="bot token"):
        CHANNEL.typing(account_of(telegram.base_url, "1:wrong"), TO, "")


def test_the_self_test_tells_telegram_where_to_post(
    telegram: FakeTelegram, account: Account, bot_api: BotApi
) -> None:
    before = CHANNEL.check(account)
    assert [(one.name, one.ok) for one in before] == [
        ("Bot token", True),
        ("Webhook secret", True),
        ("Webhook", False),
    ]
    url = "https://desk.example/webhooks/1"
    config: dict[str, str] = {**account.config, "webhook_url": url}
    ready = replace(account, config=config)
    assert all(one.ok for one in CHANNEL.check(ready))
    assert telegram.webhook["url"] == url
    assert telegram.webhook["secret_token"] == "blue-door"
    assert "message_reaction" in telegram.webhook["allowed_updates"]
    assert not bot_api.problems_of_call(telegram.webhook, "setWebhook", set())
    assert "posts to" in CHANNEL.check(account)[-1].message
    CHANNEL.check(replace(ready, secrets={**account.secrets, "webhook_secret": "red-door"}))
    assert telegram.webhook["secret_token"] == "red-door"


def test_the_self_test_says_what_is_wrong(telegram: FakeTelegram, account: Account) -> None:
    (bot, secret) = CHANNEL.check(account_of(telegram.base_url, "1:wrong"))
    assert (bot.ok, secret.ok) == (False, True)
    odd = replace(account, secrets={**account.secrets, "webhook_secret": "a b"})
    assert "letters" in CHANNEL.check(odd)[1].message
    plain = replace(account, config={**account.config, "webhook_url": "http://x"})
    assert "HTTPS" in CHANNEL.check(plain)[2].message
    telegram.webhook = {"url": "https://x", "allowed_updates": []}
    telegram.pending, telegram.last_error = 4, "Connection refused"
    assert "Connection refused" in CHANNEL.check(account)[2].message


def test_what_we_send_and_what_the_simulator_answers_has_telegrams_form(
    telegram: FakeTelegram, account: Account, bot_api: BotApi
) -> None:
    files = (
        File("image", "a.png", "image/png", content=b"x"),
        File("document", "a.pdf", "application/pdf", content=b"x"),
        File("voice", "a.ogg", "audio/ogg", content=b"x"),
        File("audio", "a.mp3", "audio/mpeg", content=b"x"),
        File("video", "a.mp4", "video/mp4", content=b"x"),
        File("image", "a.gif", "image/gif", content=b"x"),
    )
    CHANNEL.send(account, replace(HELLO, files=files, choices=("a",), reply_to="1:501:9"))
    CHANNEL.send(account, replace(HELLO, place="conn1", files=files[:1]))
    for one in telegram.sent:
        file = {one.method.removeprefix("send").lower()} - {"message"}
        fields: dict[str, Any] = one.fields
        if isinstance(fields["chat_id"], str):
            fields = fields | {"chat_id": int(fields["chat_id"])}
        assert not bot_api.problems_of_call(fields, one.method, file), one
        assert not bot_api.problems(one.answer, "Message"), one
    CHANNEL.typing(account, TO, "7000000001:pressed:abc")
    for method, fields in telegram.actions:
        assert not bot_api.problems_of_call(fields, method, set())
    base = f"{telegram.base_url}/bot{telegram.token}"
    for method, kind in (("getMe", "User"), ("getWebhookInfo", "WebhookInfo")):
        assert not bot_api.problems(httpx.get(f"{base}/{method}").json()["result"], kind)
    file_id = {"file_id": telegram.upload(b"x")}
    assert not bot_api.problems(
        httpx.post(f"{base}/getFile", json=file_id).json()["result"], "File"
    )
