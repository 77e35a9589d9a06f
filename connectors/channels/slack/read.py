"""One stored request into its envelope."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.channels.slack.ids import message_name, person, place_of
from connectors.channels.slack.words import plain
from connectors.json_values import Json, child, children, facts, moment, text
from desk.envelope import Address, Envelope, File, Kind, RawEvent, ThreadHint


@dataclass(frozen=True)
class Item:
    """One event, and the workspace it is from."""

    id: str
    whole: Json
    body: Json

    @property
    def team(self) -> str:
        return text(self.whole, "team_id") or text(self.whole, "enterprise_id")

    @property
    def our_bot(self) -> str:
        """The user that mentions of us name."""
        granted = children(self.whole, "authorizations")
        return next((text(one, "user_id") for one in granted if one.get("is_bot") is True), "")

    @property
    def at(self) -> datetime:
        return (
            moment(text(self.body, "event_ts"))
            or moment(text(self.body, "ts"))
            or moment(self.whole.get("event_time"))
            or datetime.now(UTC)
        )


def read(event: RawEvent) -> tuple[Envelope, ...]:
    """Raises ValueError, in words, when the event lacks what its kind needs."""
    whole = json.loads(event.body)
    if not isinstance(whole, dict):
        raise ValueError("This is not a Slack event as it was stored.")
    kind = text(whole, "type")
    if kind == "event_callback" or "event" in whole:
        item = Item(event.id, whole, child(whole, "event"))
        return (EVENTS.get(text(item.body, "type"), _other)(item),)
    return (REQUESTS.get(kind, _other)(Item(event.id, whole, whole)),)


def _message(item: Item) -> Envelope:
    return SUBTYPES.get(text(item.body, "subtype"), _other)(item)


def _said(item: Item) -> Envelope:
    """What a person says. An app's words are never answered: two of them would never end."""
    body = item.body
    if text(body, "bot_id"):
        return _from_app(item)
    channel, ts, thread_ts = text(body, "channel"), text(body, "ts"), text(body, "thread_ts")
    place = place_of(channel, ts, thread_ts)
    return Envelope(
        id=message_name(channel, ts) or item.id,
        kind=Kind.MESSAGE,
        at=moment(ts) or item.at,
        sender=person(item.team, text(body, "user")),
        sender_name=_name(child(body, "user_profile")),
        text=plain(text(body, "text"), item.our_bot),
        reply_to=message_name(channel, thread_ts) if thread_ts != ts else "",
        place=place,
        thread_hints=_hints(place),
        files=tuple(_file(one) for one in children(body, "files")),
        details={"channel": channel} if channel else {},
    )


def _hints(place: str) -> tuple[ThreadHint, ...]:
    return (ThreadHint(f"slack:{place}", "the same Slack thread"),) if ":" in place else ()


def _name(profile: Json) -> str:
    return text(profile, "real_name") or text(profile, "display_name") or text(profile, "name")


def _file(about: Json) -> File:
    """Where Slack shares only an id, the address is asked for with it."""
    size, kind = about.get("size"), text(about, "mimetype").partition("/")[0]
    if text(about, "subtype") == "slack_audio":
        kind = "voice"
    address = text(about, "url_private_download") or text(about, "url_private")
    return File(
        kind=kind if kind in ("image", "video", "audio", "voice") else "document",
        name=text(about, "name") or text(about, "title"),
        type=text(about, "mimetype") or "application/octet-stream",
        reference=address or text(about, "id"),
        size=size if isinstance(size, int) else None,
    )


def _from_app(item: Item) -> Envelope:
    """Ours come back as echoes that name nobody, so nothing happens; others' are only kept."""
    body = item.body
    app = text(body, "app_id") or text(child(body, "bot_profile"), "app_id")
    ours = bool(app) and app == text(item.whole, "api_app_id")
    name = text(body, "username") or text(child(body, "bot_profile"), "name")
    about = {"app": name, "text": plain(text(body, "text"))}
    return Envelope(
        id=message_name(text(body, "channel"), text(body, "ts")) or item.id,
        kind=Kind.ECHO if ours else Kind.UNKNOWN,
        at=item.at,
        details={"type": "bot_message"} | {key: value for key, value in about.items() if value},
    )


def _changed(item: Item) -> Envelope:
    """Slack also reports a change when it unfolds a link; only an edit is one."""
    now, before = child(item.body, "message"), child(item.body, "previous_message")
    if text(now, "subtype") == "tombstone":
        return _gone(item, text(now, "ts"))
    unfolded = "edited" not in now and text(now, "text") == text(before, "text")
    if unfolded or text(now, "bot_id"):
        return replace(_other(item), details={"type": "message_changed"})
    edited = moment(text(child(now, "edited"), "ts"))
    return Envelope(
        id=item.id,
        kind=Kind.EDIT,
        at=edited or item.at,
        sender=person(item.team, text(now, "user")),
        subject_id=message_name(text(item.body, "channel"), text(now, "ts")),
        text=plain(text(now, "text"), item.our_bot),
    )


def _deleted(item: Item) -> Envelope:
    ts = text(item.body, "deleted_ts") or text(child(item.body, "previous_message"), "ts")
    return _gone(item, ts)


def _gone(item: Item, ts: str) -> Envelope:
    subject = message_name(text(item.body, "channel"), ts)
    return Envelope(item.id, Kind.DELETE, item.at, subject_id=subject)


def _reaction(item: Item) -> Envelope:
    """An empty text means that the reaction was taken back."""
    about, name = child(item.body, "item"), text(item.body, "reaction")
    if text(about, "type") not in ("", "message"):
        return _other(item)
    added = text(item.body, "type") == "reaction_added"
    return Envelope(
        id=item.id,
        kind=Kind.REACTION,
        at=item.at,
        sender=person(item.team, text(item.body, "user")),
        subject_id=message_name(text(about, "channel"), text(about, "ts")),
        text=f":{name}:" if added else "",
    )


def _uninstalled(item: Item) -> Envelope:
    words = "The app was removed from the Slack workspace. Install it again and enter its token."
    return _account(item, words)


def _revoked(item: Item) -> Envelope:
    """Other people's tokens are none of ours; without the bot's nothing can be sent."""
    bots = child(item.body, "tokens").get("bot")
    lost = isinstance(bots, list) and any(bots)
    words = "Slack has revoked the bot's token. Install the app again and enter its new token."
    return _account(item, words if lost else "")


def _account(item: Item, error: str = "") -> Envelope:
    kind = text(item.body, "type")
    return Envelope(item.id, Kind.ACCOUNT, item.at, error=error, details={"type": kind})


def _limited(item: Item) -> Envelope:
    return _account(item)


def _pressed(item: Item) -> Envelope:
    """A button of ours holds the whole choice as its value."""
    body, container = item.body, child(item.body, "container")
    action = next(iter(children(body, "actions")), {})
    option = child(action, "selected_option")
    channel = text(container, "channel_id") or text(child(body, "channel"), "id")
    ts = text(container, "message_ts")
    label = text(child(action, "text"), "text") or text(child(option, "text"), "text")
    choice = text(action, "value") or text(option, "value")
    place = place_of(channel, ts, text(container, "thread_ts"))
    return Envelope(
        id=item.id,
        kind=Kind.MESSAGE,
        at=moment(text(action, "action_ts")) or item.at,
        sender=_presser(body),
        sender_name=text(child(body, "user"), "name"),
        text=choice or label,
        choice=choice,
        reply_to=message_name(channel, ts),
        place=place,
        thread_hints=_hints(place),
    )


def _presser(body: Json) -> tuple[Address, ...]:
    team = text(child(body, "team"), "id") or text(child(body, "enterprise"), "id")
    return person(team, text(child(body, "user"), "id"))


def _other(item: Item) -> Envelope:
    """Kept as it came; the log of the inbox shows that it was there."""
    kind = text(item.body, "subtype") or text(item.body, "type")
    return Envelope(item.id, Kind.UNKNOWN, item.at, details=facts(item.body) | {"type": kind})


SUBTYPES: dict[str, Callable[[Item], Envelope]] = {
    "": _said,
    "file_share": _said,
    "thread_broadcast": _said,
    "me_message": _said,
    "bot_message": _from_app,
    "message_changed": _changed,
    "message_deleted": _deleted,
}
EVENTS: dict[str, Callable[[Item], Envelope]] = {
    "message": _message,
    "app_mention": _message,
    "reaction_added": _reaction,
    "reaction_removed": _reaction,
    "app_uninstalled": _uninstalled,
    "tokens_revoked": _revoked,
}
REQUESTS: dict[str, Callable[[Item], Envelope]] = {
    "block_actions": _pressed,
    "app_rate_limited": _limited,
}
