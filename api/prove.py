"""The signed link of a one-time code: a small page. Looking at it changes nothing, so that mail
scanners that open links use nothing up; confirming is a form."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from api.transactions import Reading, Writing
from delivery import codes
from desk import proofs
from desk.company import company

router = APIRouter(prefix="/prove", include_in_schema=False)

_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}
_OVER = "<h1>This link has run out</h1><p>Ask for a new code in the chat.</p>"


@router.get("/{token}")
def ask_to_confirm(token: str, session: Reading) -> HTMLResponse:
    """What confirming means, before anything is done."""
    name = escape(company(session).name)
    if proofs.of_link(session, token) is None:
        return _page(name, _OVER, 410)
    return _page(name, _FORM)


@router.post("/{token}")
def confirm(
    token: str,
    session: Writing,
    number: Annotated[str, Form(max_length=10)] = "",
    verb: Annotated[str, Form(max_length=10)] = "confirm",
) -> HTMLResponse:
    name = escape(company(session).name)
    row = proofs.of_link(session, token)
    if row is None:
        return _page(name, _OVER, 410)
    if verb == "deny":
        proofs.give_up(session, row)
        return _page(name, "<h1>Thank you</h1><p>The code is void. Nothing was shown.</p>")
    if codes.confirm(session, row, number.strip()):
        return _page(name, "<h1>Confirmed</h1><p>You can go back to where you wrote to us.</p>")
    wrong = "<p><strong>That is not the number shown there.</strong></p>"
    return _page(name, wrong + _FORM, 422)


_FORM = """<h1>Is it you who is writing to us?</h1>
<p>Somebody who is writing to us asked to be shown what we know about you. If that is you, type the
two-digit number that stands beside the answer you got there.</p>
<form method="post"><p><label>Number <input name="number" inputmode="numeric" autocomplete="off"
maxlength="2" size="4"></label> <button name="verb" value="confirm">Yes, it is me</button></p>
<p><button name="verb" value="deny">No, I did not ask for this</button></p></form>"""


def _page(name: str, body: str, status: int = 200) -> HTMLResponse:
    page = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots"
content="noindex"><title>Confirm · {name}</title>
<link rel="stylesheet" href="/help/assets/help.css"></head>
<body><main>{body}</main></body></html>"""
    return HTMLResponse(page, status, headers=_HEADERS)
