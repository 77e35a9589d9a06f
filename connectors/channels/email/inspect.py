"""What the channel makes of a mail, for `onethread inspect email`."""

from typing import Any

from connectors.channels.email.authentication import authenticate
from connectors.channels.email.automatic import automatic
from connectors.channels.email.bounce import bounce
from connectors.channels.email.content import read_text
from connectors.channels.email.mime import parse


def inspect_email(raw: bytes, *, trusted: str = "") -> dict[str, Any]:
    """The parts of a raw mail as plain data; `trusted` is our server's authserv-id."""
    mail = parse(raw)
    content = read_text(mail)
    report = bounce(mail)
    proof = authenticate(mail, trusted)
    ids = dict.fromkeys([*mail.references, *filter(None, [mail.in_reply_to])])
    return {
        "from": str(mail.sender),
        "to": [str(box) for box in mail.to],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "references": list(ids),
        "reply": content.reply,
        "quoted": content.quoted,
        "attachments": [
            {
                "kind": f.kind,
                "name": f.name,
                "type": f.type,
                "size": f.size,
                "inline_id": f.inline_id,
            }
            for f in mail.files
        ],
        "automatic": "bounce" if report else automatic(mail),
        "bounce": None
        if report is None
        else {
            "state": report.state.value,
            "message_id": report.message_id,
            "recipient": report.recipient,
            "code": report.code,
            "error": report.error,
        },
        "authentication": {
            "strength": proof.strength.value,
            "source": proof.source,
            "results": [{"method": method, "result": result} for method, result in proof.results],
        },
    }
