"""What a machine sent: auto-replies, lists, loops. None of it is ever answered."""

import re

from connectors.channels.email.mime import Mail

MESSAGE_ID_MARK = "onethread."

_AUTO_REPLY_HEADERS = (
    "x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-autoreply-from",
    "x-mail-autoreply", "x-autorespond-to", "x-fc-machinegenerated", "x-vacation",
)  # fmt: skip
_LIST_HEADERS = (
    "list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list", "x-mailing-list",
    "x-mailman-version", "x-campaign", "x-campaignid", "x-mailer-recptid",
)  # fmt: skip
_MACHINE = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|autoresponder|bounces?)(?:[+.-].*)?@",
)
_SUBJECT = re.compile(
    r"^\W*(?:(?:re|aw|sv|antw|fwd?)\s*:\s*)*(?:"
    r"auto(?:matic|mated)?[\s-]*(?:re(?:ply|sponse)|response|answer)\b|autoresponder\b|auto\s*:|"
    r"out\s+of\s+(?:the\s+)?office\b|(?:i\s+am\s+)?(?:away\s+from\s+(?:the\s+)?office|on\s+(?:annual\s+leave|vacation))\b|"
    r"(?:abwesenheits(?:notiz|nachricht|meldung|assistent)|automatische\s+(?:antwort|abwesenheit)|"
    r"außer\s+haus|nicht\s+im\s+büro|ich\s+bin\s+(?:im\s+urlaub|abwesend))\b|"
    r"(?:réponse\s+automatique|absence\s+du\s+bureau|message\s+d['’]absence|absent\s+du\s+bureau)\b|"
    r"(?:respuesta\s+automática|fuera\s+de\s+(?:la\s+)?oficina|ausente\s+de\s+la\s+oficina)\b|"
    r"(?:resposta\s+automática|fora\s+do\s+escritório|ausência\s+temporária)|"
    r"(?:risposta\s+automatica|fuori\s+(?:sede|ufficio))\b|"
    r"(?:automatisch\s+antwoord|afwezigheidsbericht|afwezig(?:heid)?)\b|"
    r"(?:autosvar|automatiskt?\s+svar|frånvaro|fraværsmelding|ikke\s+på\s+kontoret)\b|"
    r"(?:automaattinen\s+vastaus|poissa(?:olo)?)\b|"
    r"(?:automatyczna\s+odpowiedź|odpowiedź\s+automatyczna|poza\s+biurem)|"
    r"(?:automatická\s+odpověď|automatická\s+odpoveď|automatikus\s+válasz|răspuns\s+automat)|"
    r"(?:otomatik\s+yanıt|ofis\s+dışında)|(?:автоматический\s+ответ|автоответ|автоматична\s+відповідь)|"
    r"自动(?:回复|答复)|自動(?:返信|応答|回覆)|자동\s*(?:회신|응답)|부재중"
    r")",
    re.IGNORECASE,
)


def automatic(mail: Mail, own_address: str = "") -> str:
    """Why a machine sent this ("loop", "mailing list", "auto-reply"), empty for a person's mail.

    Bounces are told apart before, in bounce.py.
    """
    if own_address and _is_own(mail, own_address.lower()):
        return "loop"
    submitted = mail.first("auto-submitted").partition(";")[0].strip().lower()
    if submitted.startswith("auto-replied") or _says_auto_reply(mail):
        return "auto-reply"
    if _is_list(mail, own_address.lower()):
        return "mailing list"
    if (submitted and submitted != "no") or mail.content_type == "multipart/report":
        return "auto-reply"
    if _suppresses_answers(mail) or _has_null_sender(mail) or _MACHINE.match(mail.sender.address):
        return "auto-reply"
    return ""


def is_own_message_id(message_id: str, own_address: str) -> bool:
    """Whether a Message-ID has the shape of those we give at this mailbox's domain."""
    domain = own_address.rpartition("@")[2].lower()
    return message_id.startswith(f"<{MESSAGE_ID_MARK}") and message_id.lower().endswith(
        f"@{domain}>"
    )


def _is_own(mail: Mail, own_address: str) -> bool:
    if is_own_message_id(mail.message_id, own_address):
        return True
    if any(own_address in value.lower() for value in mail.all("x-loop")):
        return True
    # A web form that writes in our name says in Reply-To who really wrote.
    answers_elsewhere = any(box.address != own_address for box in mail.reply_to)
    return mail.sender.address == own_address and not answers_elsewhere


def _says_auto_reply(mail: Mail) -> bool:
    if any(mail.first(name).strip().lower() not in ("", "no") for name in _AUTO_REPLY_HEADERS):
        return True
    if mail.first("precedence").strip().lower().replace("-", "_") == "auto_reply":
        return True
    if "autoresponder" in mail.first("x-post-messageclass").lower():
        return True
    return bool(_SUBJECT.match(mail.subject))


def _is_list(mail: Mail, own_address: str) -> bool:
    if own_address and _is_own_list(mail, own_address):
        return False
    if any(mail.first(name) for name in _LIST_HEADERS):
        return True
    return mail.first("precedence").strip().lower() in ("bulk", "list", "junk")


def _is_own_list(mail: Mail, own_address: str) -> bool:
    """A group address that is this mailbox itself, so its members' mail is customers' mail."""
    post = mail.first("list-post").lower()
    group = re.sub(r"[^a-z0-9]+", ".", own_address)
    identifier = re.sub(r"[^a-z0-9]+", ".", mail.first("list-id").lower()).strip(".")
    return f"mailto:{own_address}>" in post or (bool(identifier) and identifier.endswith(group))


def _suppresses_answers(mail: Mail) -> bool:
    wanted = {part.strip().lower() for part in mail.first("x-auto-response-suppress").split(",")}
    return bool(wanted & {"all", "oof", "autoreply"})


def _has_null_sender(mail: Mail) -> bool:
    return any(value.strip() == "<>" for value in mail.all("return-path"))
