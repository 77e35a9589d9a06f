"""Updates and what they mean."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Request
from connectors.simulator.server import Post
from desk.envelope import Address, Kind, Strength
from tests.connectors.telegram.bot_api_types import BotApi
from tests.connectors.telegram.conftest import ANNA, CHANNEL, SECRET, account_of, received, split

BOT = "7000000001"


def test_a_text_comes_from_a_number_that_telegram_vouches_for() -> None:
    found = received(ANNA.text("Where is my lamp?", at=1763820000))
    assert (found.kind, found.text, found.language) == (Kind.MESSAGE, "Where is my lamp?", "en")
    assert found.sender == (Address("telegram", "501", Strength.ASSERTED, "Telegram"),)
    assert found.sender_name == "Anna"
    assert found.at == datetime(2025, 11, 22, 14, 0, tzinfo=UTC)
    assert found.id.startswith(f"{BOT}:501:")


def test_two_bots_of_one_company_number_their_messages_apart() -> None:
    post = ANNA.text("hi")
    ((event,),) = (split(post).events,)
    (one,) = CHANNEL.read(account_of(token="1:a"), event)
    (other,) = CHANNEL.read(account_of(token="2:b"), event)
    assert one.id != other.id


def test_a_reply_names_the_message_it_answers() -> None:
    earlier = {"message_id": 9, "date": 1, "chat": ANNA.chat, "text": "Which one?"}
    found = received(ANNA.text("The blue one", reply_to_message=earlier))
    assert found.reply_to == f"{BOT}:501:9"


def test_a_photo_comes_in_its_largest_size() -> None:
    found = received(ANNA.photo("AgAC1", "look"))
    (file,) = found.files
    assert (file.kind, file.type, file.reference, found.text) == (
        "image",
        "image/jpeg",
        "AgAC1",
        "look",
    )


MEDIA = {
    "video": "video",
    "video_note": "video",
    "voice": "voice",
    "audio": "audio",
    "document": "document",
    "animation": "video",
    "live_photo": "video",
    "sticker": "sticker",
}


@pytest.mark.parametrize("kind", MEDIA)
def test_every_kind_of_file_is_kept_as_what_it_is(bot_api: BotApi, kind: str) -> None:
    name = {"video_note": "VideoNote", "live_photo": "LivePhoto"}.get(kind, kind.capitalize())
    content: dict[str, Any] = {kind: bot_api.example(name) | {"file_size": 12}}
    if kind == "animation":
        content["document"] = bot_api.example("Document")
    found = received(ANNA.message(content))
    (file,) = found.files
    assert (found.kind, file.kind, file.size) == (Kind.MESSAGE, MEDIA[kind], 12)
    assert file.reference


def test_a_place_and_a_venue_are_files_any_map_opens() -> None:
    place = {"latitude": 48.2, "longitude": 16.37}
    plain = received(ANNA.message({"location": place}))
    venue = {"location": place, "title": "Café", "address": "Ring 1"}
    named = received(ANNA.message({"location": place, "venue": venue}))
    assert [one.type for one in plain.files] == ["application/geo+json"]
    assert (named.files[0].name, named.details["address"]) == ("Café", "Ring 1")


def test_ones_own_card_proves_the_phone() -> None:
    found = received(ANNA.contact("49 151 12345678"))
    assert [(one.kind, one.value, one.strength) for one in found.sender] == [
        ("telegram", "501", Strength.ASSERTED),
        ("phone", "+4915112345678", Strength.ASSERTED),
    ]
    assert found.files[0].kind == "contact"


def test_anybody_elses_card_proves_nothing() -> None:
    theirs = ANNA.contact("+4915112345678", user_id=502)
    nobodys = ANNA.message({"contact": {"phone_number": "+4915112345678", "first_name": "B"}})
    card = {"phone_number": "+4915112345678", "first_name": "Anna", "user_id": 501}
    origin = {"type": "user", "date": 1, "sender_user": ANNA.user}
    old = ANNA.message({"contact": card, "forward_origin": origin})
    for post in (theirs, nobodys, old):
        found = received(post)
        assert [one.kind for one in found.sender] == ["telegram"]
        assert found.files[0].kind == "contact"


def test_polls_dice_and_lists_are_shown_in_words() -> None:
    poll = {"question": "Which?", "options": [{"text": "a"}, {"text": "b"}]}
    assert received(ANNA.message({"poll": poll})).text == "Which?\n- a\n- b"
    assert received(ANNA.message({"dice": {"emoji": "🎲", "value": 4}})).text == "🎲 4"
    tasks = {"title": "To do", "tasks": [{"id": 1, "text": "pay"}]}
    assert received(ANNA.message({"checklist": tasks})).text == "To do\n- pay"


def test_addresses_behind_words_are_kept() -> None:
    mark = {"type": "text_link", "offset": 0, "length": 4, "url": "https://x.example"}
    assert received(ANNA.text("here", entities=[mark])).details["links"] == "https://x.example"


def test_an_edit_is_about_its_message() -> None:
    found = received(ANNA.edit(9, "the green lamp"))
    assert (found.kind, found.subject_id, found.text) == (
        Kind.EDIT,
        f"{BOT}:501:9",
        "the green lamp",
    )


def test_a_reaction_comes_and_goes() -> None:
    came, went = received(ANNA.react(9, "👍")), received(ANNA.react(9))
    assert (came.kind, came.text, came.subject_id) == (Kind.REACTION, "👍", f"{BOT}:501:9")
    assert (went.kind, went.text) == (Kind.REACTION, "")


def test_a_pressed_button_says_what_stood_on_it() -> None:
    rows = [[{"text": "The blue lamp", "callback_data": "choice 1"}], [{"text": "b"}]]
    asked = {"message_id": 9, "date": 1, "chat": ANNA.chat, "text": "Which?"}
    found = received(ANNA.press(asked | {"reply_markup": {"inline_keyboard": rows}}, "choice 1"))
    assert (found.kind, found.text, found.choice) == (Kind.MESSAGE, "The blue lamp", "choice 1")
    assert found.reply_to == f"{BOT}:501:9"


def test_a_button_whose_message_is_gone_still_says_its_payload() -> None:
    asked = {"message_id": 9, "date": 0, "chat": ANNA.chat}
    assert received(ANNA.press(asked, "Yes")).text == "Yes"


def test_blocking_the_bot_takes_the_consent_back() -> None:
    found = received(ANNA.block())
    assert (found.kind, found.details["value"]) == (Kind.CONSENT, "stop")
    assert found.sender[0].value == "501"


def test_what_is_said_in_a_group_is_kept_but_is_no_conversation() -> None:
    group = {"id": -100, "type": "supergroup", "title": "Fans"}
    for kind in ("message", "edited_message", "channel_post"):
        body = {"message_id": 1, "date": 1, "chat": group, "from": ANNA.user, "text": "hi"}
        found = received(ANNA.update(kind, body))
        assert (found.kind, found.sender, found.details["chat"]) == (Kind.UNKNOWN, (), "Fans")


def _business(**more: Any) -> dict[str, Any]:
    start = {"message_id": 5, "date": 1, "chat": ANNA.chat, "from": ANNA.user, "text": "hi"}
    return start | {"business_connection_id": "conn1"} | more


def test_a_business_accounts_chat_is_a_place_of_its_own() -> None:
    found = received(ANNA.update("business_message", _business()))
    assert (found.kind, found.place, found.id) == (Kind.MESSAGE, "conn1", f"{BOT}:conn1:501:5")


def test_what_the_owner_writes_there_is_an_echo() -> None:
    owner = {"id": 900, "is_bot": False, "first_name": "Olga"}
    found = received(ANNA.update("business_message", _business(**{"from": owner})))
    assert (found.kind, [one.value for one in found.recipients]) == (Kind.ECHO, ["501"])


def test_each_deleted_business_message_is_an_event() -> None:
    about = {"business_connection_id": "conn1", "chat": ANNA.chat, "message_ids": [5, 6, 7]}
    events = split(ANNA.update("deleted_business_messages", about)).events
    found = [CHANNEL.read(account_of(), one)[0] for one in events]
    assert [one.kind for one in found] == [Kind.DELETE] * 3
    assert [one.subject_id[-1] for one in found] == ["5", "6", "7"]
    assert found[0].subject_id == received(ANNA.update("business_message", _business())).id


def test_telegrams_own_notices_are_shown_and_ask_for_no_answer() -> None:
    found = received(ANNA.message({"write_access_allowed": {"from_request": True}}))
    assert (found.kind, found.automatic) == (Kind.UNKNOWN, "Telegram notice")
    unheard = received(ANNA.message({"hologram": {"size": 3}}))
    assert (unheard.kind, unheard.automatic) == (Kind.UNKNOWN, "")
    assert unheard.details == {"type": "hologram", "size": "3"}
    assert unheard.sender


def test_every_kind_of_update_there_is_comes_in_as_one_event(bot_api: BotApi) -> None:
    fields = [one for one in bot_api.types["Update"]["fields"] if one["name"] != "update_id"]
    for one in fields:
        body = bot_api.example(one["types"][0])
        assert not bot_api.problems(body, one["types"][0])
        found = received(ANNA.update(one["name"], body))
        assert found.kind in Kind


def test_every_content_a_message_may_have_comes_in_as_one_event(bot_api: BotApi) -> None:
    needed = bot_api.example("Message") | {"from": ANNA.user, "chat": ANNA.chat}
    for one in bot_api.types["Message"]["fields"]:
        if not one["required"] and one["name"] != "from":
            found = received(ANNA.message(needed | {one["name"]: bot_api.example(one["types"][0])}))
            assert found.kind in (Kind.MESSAGE, Kind.UNKNOWN), one["name"]
            assert found.sender


def test_what_the_simulated_customer_writes_has_telegrams_form(bot_api: BotApi) -> None:
    asked = {"message_id": 9, "date": 1, "chat": ANNA.chat, "text": "Which?"}
    posts = (
        ANNA.text("hi"),
        ANNA.photo("AgAC", "look"),
        ANNA.contact("+4915112345678"),
        ANNA.press(asked, "Yes"),
        ANNA.react(9, "👍"),
        ANNA.edit(9, "no"),
    )
    for post in posts:
        assert not bot_api.problems(json.loads(post.body), "Update")


def test_only_the_secret_opens() -> None:
    post = ANNA.text("hi")
    header = "x-telegram-bot-api-secret-token"
    for secret in ("", "blue", SECRET + "x", SECRET.upper(), "blaü"):
        assert not CHANNEL.is_authentic(account_of(), Request(post.body, {header: secret}, {}))
    assert not CHANNEL.is_authentic(account_of(), Request(post.body, {}, {}))
    nothing_set = account_of()
    bare = type(nothing_set)("i", {}, {})
    assert not CHANNEL.is_authentic(bare, Request(post.body, {header: ""}, {}))


def test_several_updates_in_one_body_are_several_events() -> None:
    updates = [json.loads(ANNA.text(str(n)).body) for n in range(100)]
    for whole in (updates, {"ok": True, "result": updates}):
        batch = split(Post(json.dumps(whole).encode()))
        assert len({one.id for one in batch.events}) == 100
    mixed = split(Post(json.dumps([updates[0], {"no": "id"}, 7]).encode()))
    assert (len(mixed.events), len(mixed.dead_letters)) == (1, 2)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.binary(max_size=200) | json_values.map(lambda one: json.dumps(one).encode()))
def test_no_body_breaks_the_splitter(body: bytes) -> None:
    batch = CHANNEL.split(Request(body, {}, {}))
    whole = body.lstrip()[:1] not in (b"[", b"{")
    assert not whole or len(batch.events) + len(batch.dead_letters) == 1


KINDS = ["message", "edited_message", "business_message", "callback_query", "message_reaction"]


@given(st.sampled_from(KINDS), st.dictionaries(st.text(), json_values, max_size=4))
def test_no_update_breaks_the_reader(kind: str, more: dict[str, Any]) -> None:
    body = {"message_id": 1, "from": ANNA.user, "chat": ANNA.chat, "date": 1} | more
    (event,) = split(ANNA.update(kind, body)).events
    with suppress(ValueError):
        assert len(CHANNEL.read(account_of(), event)) == 1
