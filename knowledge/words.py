"""Texts to weighted words for lexical search: the same ones for every index."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

K1 = 2.0
B = 0.9
USUAL_WORDS = 90
"""What BM25 takes as the average passage, so that a weight never changes with its neighbours."""
WEIGHING = f"bm25-{K1}-{B}-{USUAL_WORDS}-scripts"
"""Names the weights: those of another name are made anew."""

# Python's \w leaves out the vowel signs that Hindi, Bengali, Tamil or Thai words are written with.
_MARK = "".join(
    sign for sign in map(chr, range(0x300, 0x20000)) if unicodedata.category(sign).startswith("M")
)
LETTER = rf"(?:[^\W\d_][{_MARK}]*)"
"""A pattern: one letter with its marks."""
_MARKS = frozenset(_MARK)
_WORD = re.compile(r"[^\W_]+(?:[.'’_-][^\W_]+)*")
_MARKED_WORD = re.compile(rf"(?:[^\W_][{_MARK}]*)+(?:[.'’_-](?:[^\W_][{_MARK}]*)+)*")
_PART = re.compile(r"[.'’_-]")
# Written or left out as one likes: joiners, soft hyphens, Arabic and Hebrew vowel signs, the nukta.
_OPTIONAL = re.compile(
    "[\u00ad\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u0652\u0670\u093c\u200c\u200d]"
)
# Scripts without blanks between words: Thai, Lao, Burmese, Khmer, kana and Chinese signs.
_UNSPACED = re.compile(
    rf"(?:[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff][{_MARK}]*)+"
)
_SYLLABLE = re.compile(rf".[{_MARK}]*")
_SMALL_TEXT = """
    a an the of to in on for and or is are was were be been being it its this that these those
    with as at by from i you we they he she my your our their me us them do does did have has had
    can could will would should may might must not no if but so than then there here what which
    who whom how when where why about into over out up down all any some such only own same too
    very just also am
"""
SMALL = frozenset(_SMALL_TEXT.split())
"""The small words of English, which are in every text."""


def words(text: str) -> list[str]:
    """Stems in order, small words left out; a compound counts whole and by its parts.

    Where words aren't written apart, each two neighbouring syllables or signs count as one.
    """
    found: list[str] = []
    text = folded(text)
    pattern = _WORD if _MARKS.isdisjoint(text) else _MARKED_WORD
    for word in pattern.findall(text):
        if word in SMALL:
            continue
        if not word.isascii() and _UNSPACED.search(word):
            found.extend(_pairs(word))
            continue
        found.append(stem(word))
        if len(word) > 2 and _PART.search(word):
            parts = (part for part in _PART.split(word) if part and part not in SMALL)
            found.extend(stem(part) for part in parts)
    return found


def folded(text: str) -> str:
    """A text as it is compared: small letters, one spelling of each sign, digits 0 to 9."""
    if text.isascii():
        return text.casefold()
    # NFKC would write the trade mark's sign out as two letters of the word before it.
    text = text.replace("™", " ").replace("℠", " ")
    text = unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i")
    text = unicodedata.normalize("NFC", _OPTIONAL.sub("", text))
    return re.sub(r"(?![0-9])\d", lambda digit: str(unicodedata.decimal(digit.group())), text)


def _pairs(word: str) -> list[str]:
    """Two by two; what is written apart in between (a brand, a number) stays whole."""
    found: list[str] = []
    end = 0
    for run in _UNSPACED.finditer(word):
        found += [stem(part) for part in _PART.split(word[end : run.start()]) if part]
        signs = _SYLLABLE.findall(run.group())
        pairs = [first + second for first, second in pairwise(signs)]
        found += pairs or signs
        end = run.end()
    return found + [stem(part) for part in _PART.split(word[end:]) if part]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A light English stem: plural, -ing, -ed, -ly and a final e fall off."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) <= 3 or not word.isalpha():
        return word
    word = _singular(word)
    for ending, least in (("ing", 6), ("ed", 5), ("ly", 6)):
        if word.endswith(ending) and len(word) >= least:
            word = _undoubled(word.removesuffix(ending))
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undoubled(word: str) -> str:
    return word[:-1] if word[-1] == word[-2] and word[-1] not in "lsz" else word


def passage_weights(stems: Iterable[str]) -> dict[int, float]:
    """BM25's share of a passage, by word number; the index adds how rare each word is."""
    counts = Counter(stems)
    length = B * sum(counts.values()) / USUAL_WORDS + 1 - B
    return {number(stem): n * (K1 + 1) / (n + K1 * length) for stem, n in counts.items()}


def query_weights(stems: Iterable[str]) -> dict[int, float]:
    return {number(stem): float(n) for stem, n in Counter(stems).items()}


@lru_cache(maxsize=100_000)
def number(stem: str) -> int:
    """The word's dimension: its hash, so that no list of words has to be kept."""
    return int.from_bytes(blake2b(stem.encode(), digest_size=4).digest(), "big")


def rarity(passages_with: int, passages: int) -> float:
    """BM25's inverse document frequency."""
    return math.log(1 + (passages - passages_with + 0.5) / (passages_with + 0.5))


def cover(wanted: Mapping[str, float], having: Iterable[str]) -> float:
    """The share of the wanted words' weight that is there, 0 to 1."""
    total = sum(wanted.values())
    there = set(having)
    return sum(w for stem, w in wanted.items() if stem in there) / total if total else 0.0
