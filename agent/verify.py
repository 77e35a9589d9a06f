"""Whether a sentence says no more than the passage it cites. Rules only, no model."""

import re
from dataclasses import dataclass

from agent.turn import Claim
from agent.words import STOPWORDS, content_words, sentences_of
from knowledge.words import LETTER, folded, stem

ENOUGH_COVER = 0.6


@dataclass(frozen=True)
class Checked:
    """A claim with what is wrong with it, "" when it holds, and how much of it is covered."""

    claim: Claim
    problem: str
    cover: float

    @property
    def holds(self) -> bool:
        return not self.problem


def check(claim: Claim, evidence: str | None, *, done: frozenset[str] = frozenset()) -> Checked:
    """Hold a claim against the text of the passage it cites.

    `done` names what tools did in this turn; any other claim of an action is refused.
    """
    if not evidence:
        return Checked(claim, "it cites no passage that was found", 0.0)
    if _plain(claim.text) in _plain(evidence):
        return Checked(claim, "", 1.0)
    promised = promise_in(claim.text, done)
    if promised:
        return Checked(claim, f"it promises or claims an action: “{promised}”", 0.0)
    cover = _cover(claim.text, evidence)
    problem = (
        _speaks_of_itself(claim.text, evidence)
        or _unfounded_link(claim.text, evidence)
        or _unfounded_number(claim.text, evidence)
        or _unfounded_name(claim.text, evidence)
        or ("" if cover >= ENOUGH_COVER else f"only {cover:.0%} of its words stand in the passage")
        or _turned_round(claim.text, evidence)
    )
    return Checked(claim, problem, cover)


def promise_in(text: str, done: frozenset[str] = frozenset()) -> str:
    """The words by which a text claims that we did or will do something; "" when none."""
    found = _PROMISE.search(text.replace("’", "'"))
    if not found or any(verb in found.group().lower() for verb in done):
        return ""
    return found.group().strip()


def numbers_in(text: str) -> list[str]:
    """Numbers, amounts and dates in one form: "1,000.50" and "1000.5" are the same."""
    found = [_number(match.group()) for match in _NUMBER.finditer(text)]
    words = (_number_word(word) for word in re.findall(rf"{LETTER}+(?:-{LETTER}+)?", text))
    return found + [word for word in words if word]


def _plain(text: str) -> str:
    return re.sub(r"[\s*_`]+", " ", folded(text)).strip()


def _cover(claim: str, evidence: str) -> float:
    words = set(content_words(claim))
    return len(words & set(content_words(evidence))) / len(words) if words else 1.0


def _speaks_of_itself(claim: str, evidence: str) -> str:
    """No document knows what an assistant thinks, feels or was told."""
    said = set(_SELF.findall(claim)) - set(_SELF.findall(evidence))
    return f"it speaks of itself: “{min(said)}”" if said else ""


def _unfounded_link(claim: str, evidence: str) -> str:
    for link in _LINK.findall(claim):
        if link.rstrip(".,;:!?").casefold() not in evidence.casefold():
            return f"the address {link} is not in the passage"
    return ""


def _unfounded_number(claim: str, evidence: str) -> str:
    """Each number must stand in the passage, and count the same thing there."""
    known = _numbered_things(evidence)
    for number, things in _numbered_things(claim).items():
        if number not in known:
            return f"the number {number} is not in the passage"
        if things and known[number] and not things & known[number]:
            return f"the number {number} stands for something else in the passage"
    return ""


def _numbered_things(text: str) -> dict[str, set[str]]:
    """What each number counts: the words after it, a currency on either side."""
    pieces = [piece for piece in _PIECE.findall(_LINK.sub(" ", _plain(text))) if piece]
    things: dict[str, set[str]] = {}
    for place, piece in enumerate(pieces):
        number = _number(piece) if piece[0].isdigit() else _number_word(piece)
        if number:
            after = [_thing(word) for word in pieces[place + 1 : place + 5] if _means(word)][:2]
            before = [_thing(word) for word in pieces[max(0, place - 1) : place]]
            named = {*after, *(word for word in before if word in _CURRENCIES.values())}
            things.setdefault(number, set()).update(named)
    return things


def _thing(word: str) -> str:
    return _CURRENCIES.get(word.lower(), stem(word.lower()))


def _means(word: str) -> bool:
    return (word[0].isalpha() and word.lower() not in STOPWORDS) or word in _CURRENCIES


def _number(text: str) -> str:
    text = folded(text).strip(".,:/-")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,\d{1,2}", text):
        text = text.replace(",", ".")
    if re.fullmatch(r"\d+\.\d+", text):
        text = text.rstrip("0").rstrip(".")
    return text.lstrip("0") or "0"


def _number_word(word: str) -> str:
    """The number a word names, such as seven, ninety or twenty-four; "" when none."""
    first, _, second = word.lower().partition("-")
    unit = "1" if second == "one" else _NUMBER_WORDS.get(second, "")
    if unit and first in _NUMBER_WORDS:
        return str(int(_NUMBER_WORDS[first]) + int(unit))
    return "" if second else _NUMBER_WORDS.get(first, "")


def _unfounded_name(claim: str, evidence: str) -> str:
    known = {stem(word) for word in re.findall(rf"{LETTER}+", folded(evidence))}
    for sentence in sentences_of(claim):
        # Where a script has no capitals, every word may be a name.
        for name in re.findall(rf"(?<=\s){LETTER}{{2,}}", sentence):
            word = folded(name)
            if not name[0].islower() and word not in STOPWORDS and stem(word) not in known:
                return f"the name {name} is not in the passage"
    return ""


def _turned_round(claim: str, evidence: str) -> str:
    """Whether the sentence that says it says the opposite."""
    wanted = set(content_words(claim))
    sentences = [piece for line in evidence.splitlines() for piece in sentences_of(line)]
    nearest = max(sentences, key=lambda piece: _closeness(wanted, piece), default="")
    if _closeness(wanted, nearest) < 0.5:
        return ""
    if bool(_NEGATION.search(claim)) != bool(_NEGATION.search(nearest)):
        return "the passage says the opposite"
    return ""


def _closeness(wanted: set[str], sentence: str) -> float:
    words = set(content_words(sentence))
    return len(wanted & words) / len(wanted | words) + 0.5 * len(wanted & words) / max(
        1, len(wanted)
    )


_SELF = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Mm]ine|[Ii]ch|[Mm]ein\w{0,2})\b")
_LINK = re.compile(r"(?:https?://|www\.)[^\s)\]>\"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_PIECE = re.compile(
    rf"{_NUMBER.pattern}|[€$£¥%₹.;!?]|(?:twen|thir|for|fif|six|seven|eigh|nine)ty-[a-z]+|{LETTER}+",
    re.IGNORECASE,
)
_CURRENCIES = {
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "$": "usd", "usd": "usd",
    "dollar": "usd", "dollars": "usd", "£": "gbp", "gbp": "gbp", "¥": "jpy", "₹": "inr",
    "%": "percent", "percent": "percent",
}  # fmt: skip
# "One" is mostly a pronoun, and "zero" is written "no".
_COUNTED = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn",
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety hundred",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
)
_NUMBER_WORDS = {
    **{word: str(n) for line in _COUNTED for n, word in enumerate(line.split(), start=2)},
    **{word: str(10 * n) for line in _TENS for n, word in enumerate(line.split(), start=2)},
}
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|can't|don't|doesn't|didn't|won't|isn't"
    r"|aren't|wasn't|weren't"
    r"|shouldn't|mustn't|wouldn't|couldn't|unable|unless|except|excluded?|excluding|unavailable"
    r"|impossible|nicht|kein\w*|nie|ohne"
    r"|pas|jamais|aucun\w*|sans|nunca|sin|ningun\w*|nao|não|sem|non|mai|senza|niet|geen|nooit|nie"
    r"|bez|nigdy|żad\w+|değil|yok|hayır|asla|لا|لن|لم|ليس|ليست|غير|بدون|tidak|bukan|tanpa|belum"
    r"|jangan)\b"
    # Ends in a mark, which is no word's end to Python.
    r"|n't\b|नहीं|बिना|(?<!\S)(?:न|मत)(?!\S)",
    re.IGNORECASE,
)
_DEED = (
    r"(?:refund|cancel|sen[dt]|ship|reship|replace|issue|process|updat|chang|reset|unlock|activat"
    r"|deactivat|delet|book|schedul|creat|open"
    r"|escalat|forward|submit|fil|credit|reimburs|transfer|appl|arrang|extend|upgrad|approv|complet"
    r"|initiat|register|remov|add|order|call"
    r"|email|contact|inform|notif|check|look|investigat|ask|pass|mak|fix|resolv|set up|get back"
    r"|follow up|confirm|return|waiv|adjust|correct)"
)
_PROMISE = re.compile(
    rf"\b(?:i|we)(?:'ve| have|'ll| will|'m going to| am going to|'re going to| are going to|'d"
    rf"| just| already)"
    rf"(?: \w+ly| just| already| now| also| gladly| personally)* (?:been )?{_DEED}\w*"
    rf"|\b(?:i|we)(?: just| already| have)? (?:refunded|cancell?ed|sent|shipped|replaced|issued"
    rf"|processed|updated|changed|reset|unlocked|deleted|booked"
    rf"|scheduled|escalated|forwarded|submitted|credited|reimbursed|transferred|arranged|extended"
    rf"|approved)\b"
    rf"|\byour (?:refund|order|request|account|replacement|payment|return|subscription|complaint"
    rf"|booking|card|money)\b.{{0,30}}\b"
    rf"(?:has|have|had) (?:now |just |already )?been (?:\w+ly )?{_DEED}\w*"
    rf"|\byour (?:refund|replacement|order|package|parcel|money) (?:is|are) (?:now )?(?:on (?:its"
    rf"|the) way|being \w+ed|approved|confirmed)"
    rf"|\byou will (?:be refunded|receive (?:your|a|the) (?:refund|replacement"
    rf"|credit))\b(?= (?:shortly|soon|today|tomorrow|within))"
    rf"|\b(?:consider it|all) done\b|\b(?:a|my|our) (?:colleague|manager|agent|team) (?:will"
    rf"|is going to) (?:refund|cancel|call|send|fix)",
    re.IGNORECASE,
)
