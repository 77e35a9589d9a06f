"""Everything that nobody wrote: how far messages got, consent, who holds the thread, news."""

from connectors.channels.meta.direct.item import Item
from connectors.channels.meta.direct.messages import referral
from connectors.json_values import Json, child, facts, moment, scalar, text
from desk.envelope import DeliveryState, Envelope, Kind

THREAD_EVENTS = (
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "account_linking",
    "policy_enforcement",
    "policy-enforcement",
    "referral",
)
STOPPED = ("stop", "opt_out", "optout", "unsubscribe")


def read_receipt(item: Item, app_id: str) -> tuple[Envelope, ...]:
    """Read or delivered: one message by its id, else all that went out before the watermark."""
    is_read = "read" in item.body
    about = child(item.body, "read" if is_read else "delivery")
    mids = about.get("mids")
    mid = text(about, "mid") or (scalar(mids[0]) if isinstance(mids, list) and mids else "")
    until = moment(about.get("watermark"))
    if not mid and until is None:
        raise ValueError("The report names neither a message nor a time.")
    if not mid and not item.customer:
        raise ValueError("The report does not say who the customer is.")
    return (
        Envelope(
            item.id,
            Kind.READ if is_read else Kind.STATUS,
            item.at,
            item.customer,
            subject_id=mid,
            state=DeliveryState.READ if is_read else DeliveryState.DELIVERED,
            up_to=None if mid else until,
        ),
    )


def read_consent(item: Item, app_id: str) -> tuple[Envelope, ...]:
    """`details` has category and value (stop, resume), as for every channel."""
    stopped = "optout" in item.body
    about = child(item.body, "optout" if stopped else "optin")
    said = " ".join(facts(about).values()).lower()
    told = text(about, "notification_messages_status").lower() or said
    value = "stop" if stopped or any(word in told for word in STOPPED) else "resume"
    details = facts(about) | {"category": text(about, "type") or "messages", "value": value}
    return (Envelope(item.id, Kind.CONSENT, item.at, item.customer, details=details),)


def read_thread_event(item: Item, app_id: str) -> tuple[Envelope, ...]:
    """The thread changes hands, an account is linked, a link brought somebody here."""
    name = next(one for one in THREAD_EVENTS if one in item.body)
    about = child(item.body, name)
    told = referral(about) if name == "referral" else facts(about)
    details = {"event": name} | told
    return (Envelope(item.id, Kind.ACCOUNT, item.at, item.customer, details=details),)


def read_change(item: Item) -> tuple[Envelope, ...]:
    """Comments, mentions, insights: kept, but no messages of this channel."""
    field = text(item.body, "field")
    value: Json = child(item.body, "value")
    return (Envelope(item.id, Kind.UNKNOWN, item.at, details={"field": field} | facts(value)),)


def read_unheard_of(item: Item) -> tuple[Envelope, ...]:
    parts = ", ".join(sorted(item.body.keys() - {"sender", "recipient", "timestamp"}))
    return (Envelope(item.id, Kind.UNKNOWN, item.at, details={"event": parts}),)
