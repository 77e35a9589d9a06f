"""What each kind of webhook item means."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from desk.envelope import Address, DeliveryState, Kind, Strength
from tests.connectors.whatsapp.webhooks import (
    ACCOUNT,
    ANNA,
    CHANNEL,
    change,
    envelope,
    envelopes,
    message,
    split,
    text,
    webhook,
)

ANNAS_ID = Address("whatsapp", "DE.70012345678901234567", Strength.ASSERTED, "WhatsApp")
ANNAS_PHONE = Address("phone", "+4915112345678", Strength.ASSERTED, "WhatsApp")


def of(content: dict[str, Any], **more: Any) -> Any:
    return envelope(webhook(change(messages=[message(content, **more)])))


def test_a_text_says_who_wrote_what_and_when() -> None:
    found = envelope(webhook(change(messages=[text("Is the lamp back?")])))
    assert (found.kind, found.text, found.id) == (Kind.MESSAGE, "Is the lamp back?", "wamid.A1")
    assert found.sender == (ANNAS_ID, ANNAS_PHONE)
    assert found.sender_name == "Anna Berg"
    assert found.at == datetime(2025, 11, 22, 14, 0, tzinfo=UTC)


def test_a_username_is_never_an_address() -> None:
    found = envelope(webhook(change(messages=[text("hi")])))
    assert "anna.b" not in repr(found)


def test_a_customer_who_hides_the_phone_is_known_by_the_user_id_alone() -> None:
    contact = {"profile": {"name": "Anna Berg"}, "user_id": ANNA["user_id"]}
    body = text("hi")
    del body["from"]
    assert envelope(webhook(change(contacts=[contact], messages=[body]))).sender == (ANNAS_ID,)


def test_a_webhook_from_before_user_ids_still_counts() -> None:
    contact = {"profile": {"name": "Anna Berg"}, "wa_id": ANNA["wa_id"]}
    body = text("hi")
    del body["from_user_id"]
    assert envelope(webhook(change(contacts=[contact], messages=[body]))).sender == (ANNAS_PHONE,)


def test_the_contact_supplies_the_user_id_that_the_message_lacks() -> None:
    body = text("hi")
    del body["from_user_id"]
    assert envelope(webhook(change(messages=[body]))).sender == (ANNAS_ID, ANNAS_PHONE)


def test_two_customers_in_one_batch_keep_their_own_names() -> None:
    ben = {"profile": {"name": "Ben"}, "wa_id": "33612345678", "user_id": "FR.1"}
    his = text("two", id="wamid.B", **{"from": "33612345678", "from_user_id": "FR.1"})
    found = envelopes(webhook(change(contacts=[ben, ANNA], messages=[text("one"), his])))
    assert [one.sender_name for one in found] == ["Anna Berg", "Ben"]
    assert found[1].sender[1].value == "+33612345678"


def test_a_message_from_nobody_is_refused_in_words() -> None:
    body = text("hi")
    del body["from"], body["from_user_id"]
    batch = split(webhook(change(contacts=[], messages=[body])))
    with pytest.raises(ValueError, match="neither a user id nor a phone"):
        CHANNEL.read(ACCOUNT, batch.events[0])


def test_a_reply_names_the_message_it_answers() -> None:
    assert of({"type": "text", "text": {"body": "yes"}, "context": {"id": "wamid.Q"}}).reply_to == (
        "wamid.Q"
    )


def test_a_forwarded_text_is_marked() -> None:
    found = of({"type": "text", "text": {"body": "look"}, "context": {"forwarded": True}})
    assert found.details["forwarded"] == "true"


def test_an_advertisement_that_led_here_is_kept() -> None:
    found = of({"type": "text", "text": {"body": "hi"}, "referral": {"headline": "Lamps -20 %"}})
    assert found.details["referral_headline"] == "Lamps -20 %"


@pytest.mark.parametrize("kind", ["image", "video", "document", "sticker"])
def test_media_bring_a_file_to_fetch_and_their_caption(kind: str) -> None:
    media = {"id": "77", "mime_type": "x/y", "caption": "see here", "filename": "a.pdf"}
    found = of({"type": kind, kind: media})
    (file,) = found.files
    assert (file.kind, file.reference, file.type, file.name) == (kind, "77", "x/y", "a.pdf")
    assert found.text == "see here"


def test_a_voice_note_is_told_from_an_audio_file() -> None:
    about = {"id": "5", "mime_type": "audio/ogg; codecs=opus"}
    assert of({"type": "audio", "audio": about | {"voice": True}}).files[0].kind == "voice"
    assert of({"type": "audio", "audio": about | {"voice": False}}).files[0].kind == "audio"


def test_a_place_becomes_a_geojson_file() -> None:
    place = {"latitude": 52.5, "longitude": 13.4, "name": "Warehouse"}
    found = of({"type": "location", "location": place})
    (file,) = found.files
    assert (file.kind, file.name) == ("location", "Warehouse")
    assert json.loads(file.content)["geometry"]["coordinates"] == [13.4, 52.5]
    assert found.details["latitude"] == "52.5"


def test_a_place_without_coordinates_is_refused_in_words() -> None:
    event = split(webhook(change(messages=[message({"type": "location", "location": {}})])))
    with pytest.raises(ValueError, match="coordinates"):
        CHANNEL.read(ACCOUNT, event.events[0])


def test_shared_contacts_become_cards_and_never_addresses_of_the_sender() -> None:
    cards = [
        {"name": {"formatted_name": "Carla; Ruiz"}, "phones": [{"phone": "+34 600 000 000"}]},
        {"vcard": "BEGIN:VCARD\nFN:Dora\nEND:VCARD", "phones": [{"phone": "+34 611"}]},
    ]
    found = of({"type": "contacts", "contacts": cards})
    assert [one.kind for one in found.files] == ["contact", "contact"]
    assert b"FN:Carla\\; Ruiz\r\nTEL:+34 600 000 000" in found.files[0].content
    assert found.files[1].content == b"BEGIN:VCARD\nFN:Dora\nEND:VCARD"
    assert found.sender == (ANNAS_ID, ANNAS_PHONE)


def test_a_reaction_points_at_its_message_and_an_absent_emoji_takes_it_back() -> None:
    found = of({"type": "reaction", "reaction": {"message_id": "wamid.Q", "emoji": "❤️"}})
    assert (found.kind, found.subject_id, found.text) == (Kind.REACTION, "wamid.Q", "❤️")
    assert of({"type": "reaction", "reaction": {"message_id": "wamid.Q"}}).text == ""


def test_a_pressed_button_and_a_chosen_row_bring_their_payload() -> None:
    pressed = {"type": "button_reply", "button_reply": {"id": "yes-1", "title": "Yes"}}
    found = of({"type": "interactive", "interactive": pressed})
    assert (found.text, found.choice) == ("Yes", "yes-1")
    row = {"type": "list_reply", "list_reply": {"id": "dhl", "title": "DHL", "description": "2 d"}}
    found = of({"type": "interactive", "interactive": row})
    assert (found.text, found.choice, found.details["description"]) == ("DHL", "dhl", "2 d")


def test_a_template_button_brings_its_payload() -> None:
    found = of({"type": "button", "button": {"payload": "STOP", "text": "Unsubscribe"}})
    assert (found.text, found.choice) == ("Unsubscribe", "STOP")


def test_a_filled_in_form_keeps_its_answers() -> None:
    form = {"name": "flow", "body": "Sent", "response_json": '{"size": "M", "qty": 2}'}
    found = of({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": form}})
    assert (found.text, found.details) == ("Sent", {"size": "M", "qty": "2"})


def test_a_permission_to_call_is_consent() -> None:
    reply = {"response": "accept", "is_permanent": False}
    content = {"type": "call_permission_reply", "call_permission_reply": reply}
    found = of({"type": "interactive", "interactive": content})
    assert (found.kind, found.details["value"]) == (Kind.CONSENT, "accept")


def test_an_order_lists_its_items() -> None:
    items = [{"product_retailer_id": "LAMP-1", "quantity": 2, "item_price": 30, "currency": "EUR"}]
    found = of({"type": "order", "order": {"text": "Thanks", "product_items": items}})
    assert (found.text, found.details["order"]) == ("Thanks", "2 × LAMP-1 (30 EUR)")


def test_an_edit_carries_the_new_content_and_the_message_it_changes() -> None:
    new = {"type": "image", "image": {"id": "9", "mime_type": "image/png", "caption": "better"}}
    found = of({"type": "edit", "edit": {"original_message_id": "wamid.Q", "message": new}})
    assert (found.kind, found.subject_id, found.text) == (Kind.EDIT, "wamid.Q", "better")
    assert found.files[0].reference == "9"


def test_a_deletion_points_at_the_deleted_message() -> None:
    found = of({"type": "revoke", "revoke": {"original_message_id": "wamid.Q"}})
    assert (found.kind, found.subject_id) == (Kind.DELETE, "wamid.Q")


def test_a_new_number_links_the_old_one_to_it() -> None:
    system = {"type": "user_changed_number", "wa_id": "4915199999999"}
    found = envelope(
        webhook(
            change(
                contacts=[],
                messages=[
                    {"id": "wamid.S", "from": "4915112345678", "type": "system", "system": system}
                ],
            )
        )
    )
    assert found.kind is Kind.IDENTITY_CHANGE
    assert [one.value for one in found.sender] == ["+4915199999999"]
    assert found.previous == ANNAS_PHONE


def test_a_new_user_id_links_the_old_one_to_it() -> None:
    system = {"type": "user_changed_user_id", "user_id": "DE.2", "previous_user_id": "DE.1"}
    body = {"id": "wamid.S", "type": "system", "system": system}
    found = envelope(webhook(change(contacts=[], messages=[body])))
    assert (found.sender[0].value, found.previous and found.previous.value) == ("DE.2", "DE.1")


def test_the_field_for_new_user_ids_says_the_same() -> None:
    update = {"wa_id": "4915112345678", "user_id": {"previous": "DE.1", "current": "DE.2"}}
    found = envelope(webhook(change("user_id_update", contacts=[], user_id_update=[update])))
    assert found.kind is Kind.IDENTITY_CHANGE
    assert [one.value for one in found.sender] == ["DE.2", "+4915112345678"]
    assert found.previous is not None
    assert found.previous.value == "DE.1"


def test_what_whatsapp_cannot_pass_on_is_still_a_message() -> None:
    error = {"code": 131051, "title": "x", "error_data": {"details": "Polls are not supported."}}
    found = of({"type": "unsupported", "errors": [error]})
    assert found.kind is Kind.MESSAGE
    assert found.details == {"unsupported": "true", "problem": "Polls are not supported."}


def test_a_type_nobody_has_heard_of_is_kept_as_unknown() -> None:
    found = of({"type": "hologram", "hologram": {"x": 1}})
    assert (found.kind, found.details["type"]) == (Kind.UNKNOWN, "hologram")
    assert found.sender == (ANNAS_ID, ANNAS_PHONE)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("sent", DeliveryState.SENT),
        ("delivered", DeliveryState.DELIVERED),
        ("read", DeliveryState.READ),
        ("played", DeliveryState.READ),
    ],
)
def test_a_status_moves_our_message_on(status: str, state: DeliveryState) -> None:
    about = {
        "id": "wamid.O",
        "status": status,
        "timestamp": "1763820000",
        "recipient_id": "4915112345678",
        "biz_opaque_callback_data": "our-id",
    }
    found = envelope(webhook(change(contacts=[], statuses=[about])))
    assert (found.kind, found.state, found.subject_id) == (Kind.STATUS, state, "wamid.O")
    assert (found.correlation, found.recipients) == ("our-id", (ANNAS_PHONE,))


def test_a_failure_is_explained_in_plain_words() -> None:
    about = {"id": "wamid.O", "status": "failed", "errors": [{"code": 131047, "title": "Re-eng"}]}
    found = envelope(webhook(change(contacts=[], statuses=[about])))
    assert (found.state, found.error_code) == (DeliveryState.FAILED, "131047")
    assert "24 hours" in found.error


def test_a_status_nobody_has_heard_of_is_kept_as_unknown() -> None:
    found = envelope(webhook(change(statuses=[{"id": "wamid.O", "status": "teleported"}])))
    assert (found.kind, found.state) == (Kind.UNKNOWN, None)


def test_what_a_colleague_wrote_in_the_app_is_an_echo_to_the_customer() -> None:
    echo = {
        "id": "wamid.E",
        "from": "4930111222",
        "to": "4915112345678",
        "to_user_id": ANNA["user_id"],
        "type": "text",
        "text": {"body": "On its way!"},
    }
    found = envelope(webhook(change("smb_message_echoes", message_echoes=[echo])))
    assert (found.kind, found.text) == (Kind.ECHO, "On its way!")
    assert [one.value for one in found.sender] == ["+4930111222"]
    assert found.recipients == (ANNAS_ID, ANNAS_PHONE)


def test_a_colleagues_deletion_in_the_app_stays_a_deletion() -> None:
    echo = {
        "id": "wamid.E",
        "from": "4930111222",
        "to": "4915112345678",
        "type": "revoke",
        "revoke": {"original_message_id": "wamid.O"},
    }
    found = envelope(webhook(change("smb_message_echoes", message_echoes=[echo])))
    assert (found.kind, found.subject_id) == (Kind.DELETE, "wamid.O")
    assert found.recipients == (ANNAS_ID, ANNAS_PHONE)


def test_a_stop_to_marketing_is_consent() -> None:
    wish = {
        "wa_id": "4915112345678",
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": 1763820000,
    }
    found = envelope(webhook(change("user_preferences", user_preferences=[wish])))
    assert (found.kind, found.details["value"]) == (Kind.CONSENT, "stop")
    assert found.sender == (ANNAS_ID, ANNAS_PHONE)


def test_a_call_and_its_ringing_name_the_customer() -> None:
    call = {
        "id": "wacid.1",
        "from": "4915112345678",
        "to": "4930111222",
        "event": "connect",
        "direction": "USER_INITIATED",
        "session": {"sdp": "v=0"},
    }
    found = envelope(webhook(change("calls", contacts=[], calls=[call])))
    assert (found.kind, found.subject_id, found.sender) == (Kind.CALL, "wacid.1", (ANNAS_PHONE,))
    ringing = {
        "id": "wacid.1",
        "type": "call",
        "status": "RINGING",
        "recipient_id": "4915112345678",
    }
    found = envelope(webhook(change("calls", contacts=[], statuses=[ringing])))
    assert (found.kind, found.sender) == (Kind.CALL, (ANNAS_PHONE,))


def test_news_about_templates_and_the_account_is_of_kind_account() -> None:
    value = {"event": "PAUSED", "message_template_id": 5, "message_template_name": "order_sent"}
    found = envelope(webhook({"field": "message_template_status_update", "value": value}))
    assert (found.kind, found.details["event"]) == (Kind.ACCOUNT, "PAUSED")
    found = envelope(webhook({"field": "account_update", "value": {"event": "DISABLED_UPDATE"}}))
    assert found.kind is Kind.ACCOUNT


def test_a_field_nobody_has_heard_of_is_kept_as_unknown() -> None:
    found = envelope(webhook({"field": "telepathy", "value": {"thought": "lunch"}}))
    assert (found.kind, found.details["thought"]) == (Kind.UNKNOWN, "lunch")


def test_a_group_message_hints_at_its_group() -> None:
    found = of({"type": "text", "text": {"body": "hi all"}, "group_id": "G1"})
    assert [hint.key for hint in found.thread_hints] == ["whatsapp-group:G1"]


@pytest.mark.parametrize("garbage", ["", "soon", "-5", None, {}, "9" * 400, 1e300, True, "nan"])
def test_a_garbled_time_counts_as_just_now(garbage: Any) -> None:
    body = text("hi", timestamp=garbage)
    entry = {"changes": [change(messages=[body])]}
    found = envelope(json.dumps({"entry": [entry]}).encode())
    assert found.at.tzinfo is not None
    if garbage is not True:
        assert abs((datetime.now(UTC) - found.at).total_seconds()) < 60


def test_a_time_in_milliseconds_is_understood() -> None:
    found = envelope(webhook(change(messages=[text("hi", timestamp="1763820000123")])))
    assert found.at.replace(microsecond=0) == datetime(2025, 11, 22, 14, 0, tzinfo=UTC)


def test_text_no_database_could_keep_is_made_keepable() -> None:
    found = envelope(webhook(change(messages=[text("a\x00b\ud800c")])))
    assert found.text == "ab?c"


def test_a_mexican_number_is_the_same_with_and_without_its_old_digit() -> None:
    old = envelope(webhook(change(contacts=[], messages=[text("a", **{"from": "5215512345678"})])))
    new = envelope(webhook(change(contacts=[], messages=[text("a", **{"from": "525512345678"})])))
    assert old.sender[1] == new.sender[1]
