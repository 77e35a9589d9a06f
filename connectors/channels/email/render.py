"""A reply as mail: plain text with an HTML version, headers that keep the thread together."""

import hashlib
import html
import re
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Any

from markdown_it import MarkdownIt

from connectors.channels.email.mime import message_ids
from connectors.channels.email.settings import setting
from connectors.channels.email.threading import own_message_id
from connectors.channels.email.words import clean
from desk.envelope import Outgoing

_GREETINGS = {
    "en": "Hello {name},", "de": "Hallo {name},", "fr": "Bonjour {name},", "es": "Hola {name}:",
    "it": "Buongiorno {name},", "pt": "Olá {name},", "nl": "Hallo {name},", 
    "pl": "Dzień dobry {name},",
    "sv": "Hej {name},", "da": "Hej {name},", "no": "Hei {name},", "fi": "Hei {name},",
    "cs": "Dobrý den {name},", "tr": "Merhaba {name},", "ru": "Здравствуйте, {name}!",
    "uk": "Вітаємо, {name}!", "ja": "{name} 様", "zh": "{name}，您好：", 
    "ko": "{name} 님, 안녕하세요.",
}  # fmt: skip
_SOURCES = {
    "en": "Sources", "de": "Quellen", "fr": "Sources", "es": "Fuentes", "it": "Fonti",
    "pt": "Fontes", "nl": "Bronnen", "pl": "Źródła", "sv": "Källor", "da": "Kilder",
    "no": "Kilder", "fi": "Lähteet", "cs": "Zdroje", "tr": "Kaynaklar", "ru": "Источники",
    "uk": "Джерела", "ja": "参考", "zh": "参考资料", "ko": "출처",
}  # fmt: skip
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
)
_REPLY_PREFIX = re.compile(
    r"^\s*(?:re|aw|sv|antw|rif|odp|vs|ynt|ref)\s*(?:\[\d+\])?\s*:", re.IGNORECASE
)
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_GREETED = re.compile(r"^\S.{0,48}[,!:：，]$")
_OLDEST_AND_NEWEST = 12


class _IdList(UnstructuredHeader, BaseHeader):
    """Message ids, one a line: the standard folding would break long ones into encoded words."""

    def fold(self, *, policy: "Policy[Any]") -> str:
        return f"{self.name}: {f'{policy.linesep} '.join(str(self).split())}{policy.linesep}"


_registry = HeaderRegistry()
for _name in ("references", "in-reply-to"):
    _registry.map_to_type(_name, _IdList)
_POLICY = SMTP.clone(header_factory=_registry, cte_type="7bit")
_MARKDOWN = MarkdownIt("zero", {"breaks": True, "html": False}).enable(
    ["list", "emphasis", "link", "newline"]
)
# The library has no other way to be told which links are let through.
_MARKDOWN.validateLink = lambda url: url.startswith(("https://", "http://", "mailto:", "tel:"))  # type: ignore[method-assign]


def render(message: Outgoing, config: Mapping[str, str], now: datetime) -> EmailMessage:
    """The mail for one outgoing message. Raises ValueError for an address that is none."""
    address = setting(config, "address").lower()
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _mailbox(config.get("display_name", ""), address)
    mail["To"] = _mailbox(message.greeting_name, message.to.value)
    mail["Subject"] = _subject(message, config)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = own_message_id(token(message.id), address)
    if setting(config, "plus_addressing") != "off":
        answers = plus_address(message.thread_token or token(message.id), address)
        mail["Reply-To"] = _mailbox(config.get("display_name", ""), answers)
    _thread(mail, message)
    if not message.by_person:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    text = _document(message)
    signature = clean(config.get("signature", "")).strip()
    mail.set_content(plain_text(text, message, signature))
    mail.add_alternative(_html(text, message, signature), subtype="html")
    for file in message.files:
        main, _, sub = file.type.partition("/")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.type) or main in ("multipart", "message"):
            main, sub = "application", "octet-stream"
        name = _one_line(file.name) or "attachment"
        mail.add_attachment(file.content or b"", maintype=main, subtype=sub, filename=name)
    return mail


def token(outgoing_id: str) -> str:
    """A short form of our message's id that may stand in a Message-ID or an address."""
    if re.fullmatch(r"[a-z0-9-]{1,40}", outgoing_id):
        return outgoing_id
    return hashlib.sha256(outgoing_id.encode("utf-8", "replace")).hexdigest()[:24]


def plus_address(thread_token: str, address: str) -> str:
    """The mailbox's address that leads an answer back to its thread."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{thread_token}@{domain}"


def plain_text(text: str, message: Outgoing, signature: str) -> str:
    """The plain version: links as "text (address)", no marks, sources below, then signature."""
    parts = [_BOLD.sub(r"\1", _LINK.sub(_plain_link, text))]
    if message.sources:
        listed = [f"- {_one_line(s.title)}: {_one_line(s.url)}" for s in message.sources]
        parts.append("\n".join([f"{_words(_SOURCES, message.language)}:", *listed]))
    if signature:
        parts.append(f"-- \n{signature}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _plain_link(match: re.Match[str]) -> str:
    return match[1] if match[1] == match[2] else f"{match[1]} ({match[2]})"


def _mailbox(name: str, address: str) -> HeaderAddress:
    local, _, domain = address.strip().rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    if not _ADDRESS.fullmatch(f"{local}@{domain}") or ".." in local or local.startswith("."):
        raise ValueError("This is not an email address that mail can be sent to.")
    return HeaderAddress(display_name=_one_line(name)[:100], username=local, domain=domain)


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _subject(message: Outgoing, config: Mapping[str, str]) -> str:
    subject = _one_line(message.subject)[:300]
    if not subject:
        return f"Re: {_one_line(config.get('display_name', '')) or 'Your message'}"
    answers = bool(message.reply_to or message.references)
    return f"Re: {subject}" if answers and not _REPLY_PREFIX.match(subject) else subject


def _thread(mail: EmailMessage, message: Outgoing) -> None:
    answered = message_ids(message.reply_to)[:1]
    earlier = [found for reference in message.references for found in message_ids(reference)]
    chain = list(dict.fromkeys([*(id for id in earlier if id not in answered), *answered]))
    if len(chain) > _OLDEST_AND_NEWEST:
        chain = [chain[0], *chain[1 - _OLDEST_AND_NEWEST :]]
    chain = [found for found in chain if _fits_a_header(found)]
    if answered and answered[0] in chain:
        mail["In-Reply-To"] = answered[0]
    if chain:
        mail["References"] = " ".join(chain)


def _fits_a_header(message_id: str) -> bool:
    return message_id.isascii() and message_id.isprintable() and len(message_id) < 900


def _document(message: Outgoing) -> str:
    """Greeting, text and choices as one neutral text."""
    text = clean(message.text).replace("\r\n", "\n").replace("\r", "\n").strip()
    name = _one_line(message.greeting_name)
    parts = [text, "\n".join(f"- {_one_line(choice)}" for choice in message.choices)]
    if name and not _GREETED.match(text.split("\n")[0]):
        parts.insert(0, _words(_GREETINGS, message.language).format(name=name))
    return "\n\n".join(part for part in parts if part)


def _words(table: Mapping[str, str], language: str) -> str:
    return table.get(language.split("-")[0].lower(), table["en"])


def _html(text: str, message: Outgoing, signature: str) -> str:
    parts = [_MARKDOWN.render(text)]
    if message.sources:
        items = "".join(_source_item(_one_line(s.title), _one_line(s.url)) for s in message.sources)
        parts.append(f"<p>{_words(_SOURCES, message.language)}:</p>\n<ul>{items}</ul>")
    if signature:
        lines = "<br>\n".join(html.escape(line) for line in signature.split("\n"))
        parts.append(f'<div class="moz-signature"><p>-- <br>\n{lines}</p></div>')
    head = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n'
    return head + "\n".join(parts) + "\n</body></html>\n"


def _source_item(title: str, url: str) -> str:
    if not url.startswith(("https://", "http://")):
        return f"<li>{html.escape(title)}</li>"
    return f'<li><a href="{html.escape(url)}">{html.escape(title or url)}</a></li>'
