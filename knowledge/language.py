"""Which language a message is in: script first, then small words, then a statistical model."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LANGUAGES = (
    "en", "de", "es", "fr", "it", "pt", "nl", "pl", "tr", "ar", "hi", "id",
    "ru", "zh", "ja", "ko", "sv", "cs", "vi", "el", "he", "th", "uk",
)  # fmt: skip
_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "ARABIC": "ar",
    "DEVANAGARI": "hi", "CYRILLIC": "ru", "GREEK": "el", "HEBREW": "he", "THAI": "th",
}  # fmt: skip
# Everyday words that no other language of the set writes the same way, and greetings, which are
# too short for statistics.
_WORDS = {
    "en": "hello hi hey thanks thank please the is my your what how where when why order refund i "
    "you want need from by about tell me give set if no can't don't does do have with and for of"
    " are can it this not would bye help to",
    "de": "hallo moin danke bitte ich nicht mein meine meinen ist wo wie warum wann und der das "
    "ein eine einen für mit kann habe möchte sie wir tschüss servus zurück wird bestellung",
    "es": "hola gracias por favor mi mis el los las dónde donde cuándo cuando cómo quiero puedo "
    "necesito pedido una un buenos buenas días tardes adiós y está qué con para no hablar quisiera",
    "fr": "bonjour salut merci je mon ma mes le les où comment quand pourquoi est une un des et "
    "vous s'il plaît plait veux peux commande avec pour pas bonsoir dans voudrais revoir au mais",
    "it": "ciao grazie buongiorno buonasera vorrei il gli dove quando come perché sono mio mia "
    "voglio posso ordine non che di con per una un è arrivederci parlare ho ordinato salve prego",
    "pt": "olá ola oi obrigado obrigada meu minha onde quando como quero posso preciso pedido não "
    "nao uma um por favor bom boa dia tarde tchau com para está você vocês falar gostaria",
    "nl": "hallo hoi dank bedankt ik mijn niet waar hoe wanneer waarom is het een de en wil kan "
    "graag alstublieft goedemorgen dag jullie bestelling voor met u spreken",
    "pl": "cześć czesc dzień dobry dziękuję dziekuje proszę prosze gdzie jest moje moja mój kiedy "
    "jak dlaczego chcę chce mogę nie się zamówienie czy widzenia rozmawiać",
    "tr": "merhaba selam teşekkürler tesekkurler teşekkür lütfen lutfen nerede nasıl ne zaman "
    "siparişim istiyorum ve bir bu için değil var mı mi günaydın hoşçakal benim biriyle",
    "id": "halo terima kasih tolong saya di mana kapan bagaimana apa pesanan ingin mau bisa tidak "
    "dan yang ini itu untuk dengan selamat pagi siang sore malam kak orang bicara",
    "sv": "hej tack jag mitt inte var hur när och är vill kan med för snälla en ett beställning",
    "cs": "ahoj děkuji prosím dobrý den kde kdy moje můj objednávka chci nemohu potřebuji",
    "vi": "xin chào cảm ơn tôi của không đơn hàng ở đâu làm sao khi nào muốn vui lòng",
}
_VOICES = {
    word: tuple(language for language, words in _WORDS.items() if word in words.split())
    for words in _WORDS.values()
    for word in words.split()
}
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}\b(?:/\S*)?"
)
_QUOTED = re.compile(
    r"^>.*$|\"[^\"\n]{4,}\"|“[^”\n]{4,}”|„[^“”\n]{4,}[“”]|«[^»\n]{4,}»|「[^」\n]{4,}」",
    re.MULTILINE,
)
_CODE = re.compile(r"\b(?=[\w-]*\d)[\w-]+|\b[A-Z]+(?:[-_][A-Z]+)+\b")
_NAME = re.compile(
    r"(?<=[^\W\d_][ ,])\s?[A-ZÀ-Þ][\w'’-]+(?: (?:de|da|do|dos|del|di|la|le|du|des|van|von|der|of"
    r"|the|e|y))*"
    r"(?: (?:de|da|do|dos|del|di|la|le|du|des|van|von|der|of|the|e|y)"
    r"| [A-ZÀ-Þ][\w'’-]+)+(?: [A-ZÀ-Þ][\w'’-]+)"
)
_CERTAIN = 0.85
LONGEST = 2_000
"""Characters by which a text is judged: more tell no more, and take their time."""


@dataclass(frozen=True)
class Language:
    """A language code and how sure we are of it, 0 to 1."""

    code: str
    sure: float


def language_of(text: str, known: str = "") -> Language:
    """The language of a text. Too little to go by: the one `known`, else English.

    Addresses, codes, names and what is quoted say nothing about who writes.
    """
    text = _own_words(text)
    by_script = _by_script(text)
    if by_script:
        return Language(by_script, 1.0)
    votes = _votes(text)
    best, second = (*sorted(votes.values(), reverse=True), 0.0, 0.0)[:2]
    if best >= 1 and best >= 2 * second:
        return Language(max(votes, key=lambda code: votes[code]), min(1.0, 0.6 + 0.1 * best))
    code, probability = _statistical(text)
    foreign = code != "en" and any(sign > "~" for sign in text if sign.isalpha())
    if probability >= (0.4 if foreign else _CERTAIN) and sum(map(str.isalpha, text)) >= 8:
        return Language(code, probability)
    if known:
        return Language(known, 0.5)
    return Language(max(votes, key=lambda code: votes[code], default="en"), 0.3)


def _own_words(text: str) -> str:
    """A text without what its writer didn't word. Where nothing else is there, names, codes and
    quotations count too, addresses never."""
    written = _ADDRESS.sub(" ", text[:LONGEST])
    unquoted = _QUOTED.sub(" ", written)
    own = _NAME.sub(" ", _CODE.sub(" ", unquoted))
    return next((left for left in (own, unquoted, written) if any(map(str.isalpha, left))), "")


def _by_script(text: str) -> str:
    counts: dict[str, int] = {}
    letters = [sign for sign in text if sign.isalpha()]
    for sign in letters:
        script = unicodedata.name(sign, "").split(" ")[0]
        if script in _SCRIPTS:
            counts[_SCRIPTS[script]] = counts.get(_SCRIPTS[script], 0) + 1
    if counts.get("ja", 0) and counts.get("zh", 0):
        return "ja"
    code = max(counts, key=lambda code: counts[code], default="")
    if not code or counts[code] * 3 < len(letters):
        return ""
    return "uk" if code == "ru" and re.search("[їєґі]", text.lower()) else code


def _votes(text: str) -> dict[str, float]:
    votes: dict[str, float] = {}
    for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower()):
        speakers = _VOICES.get(word.replace("’", "'"), ())
        for code in speakers:
            votes[code] = votes.get(code, 0.0) + 1 / len(speakers)
    return votes


def _statistical(text: str) -> tuple[str, float]:
    code, probability = _model().classify(re.sub(r"\d+", " ", text))
    return str(code), float(probability)


@lru_cache(maxsize=1)
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(list(LANGUAGES))
    return model
