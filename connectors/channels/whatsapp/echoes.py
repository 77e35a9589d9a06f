"""What a person of the business wrote in the WhatsApp app, beside us."""

from dataclasses import replace

from connectors.channels.whatsapp.item import Item
from connectors.channels.whatsapp.messages import content, message_type
from connectors.channels.whatsapp.people import addresses
from connectors.json_values import child, text
from desk.envelope import Envelope, Kind


def read_echo(item: Item) -> Envelope:
    """A message becomes an echo to the customer in `recipients`; edits, deletions and reactions
    stay what they are, with the business as sender."""
    body, contact = item.body, item.contact
    user_id = text(body, "to_user_id") or text(contact, "user_id")
    start = Envelope(
        id=item.id,
        kind=Kind.MESSAGE,
        at=item.at,
        sender=addresses("", text(body, "from")) or item.business,
        recipients=addresses(user_id, text(body, "to"), text(contact, "wa_id")),
        reply_to=text(child(body, "context"), "id"),
    )
    written = content(message_type(body), body, start)
    return replace(written, kind=Kind.ECHO) if written.kind is Kind.MESSAGE else written
