"""What a message's own words say about where it belongs: back to something, or to something new.

The lists hold how people speak of what was written before, in each language, and no matter's words.
"""

import re

from delivery.smalltalk import smalltalk_of
from knowledge.words import LETTER, SMALL, folded, words

ROOT = 6
"""Letters in which two forms of one word agree."""
LAST = 4
BEFORE = 3
"""Letters of a compound's last word, and of what stands before it."""
SHORT_ANSWER = 3
LONG_ANSWER = 10
"""Words: so few answer whatever was asked; so many do, if they begin as answers do."""
ENGLISH = 5
"""Of so many words of an English text at least one is a small one."""


def refers_back(text: str) -> bool:
    """Whether a text speaks of what its writer and we have said: "as I wrote", "did you"."""
    plain = folded(text)
    return bool(_REFERS.search(plain) or _REFERS_AROUND.search(plain))


def lasts(text: str) -> bool:
    """Whether a text speaks of something that has lasted for a while: "still", "again"."""
    return bool(_LASTS.search(folded(text)))


def goes_on(text: str) -> bool:
    """Whether a text says that it goes on with something."""
    return refers_back(text) or lasts(text)


def is_new(text: str) -> bool:
    """Whether a text says that it is about something new: "another question"."""
    return bool(_NEW.search(folded(text)))


def begins(text: str) -> bool:
    """Whether a text is worded like a first one: "I'd like", "do you sell"."""
    return bool(_BEGINS.search(folded(text)))


def says_nothing(text: str) -> bool:
    """Whether a text names nothing that could be a matter: "Hello? Any news?"."""
    return own_words(text) == 0


def own_words(text: str) -> int:
    """How many different words a text has that could name a matter."""
    return len(set(words(_EMPTY.sub(" ", folded(text)))))


def asks(text: str) -> bool:
    """Whether what we wrote wants an answer."""
    return bool(_ASKS.search(folded(text)))


def answers(text: str, question: str) -> bool:
    """Whether a text reads like the answer to this question: very short, or short and worded as
    answers are, or with a word of the question in it."""
    if not could_answer(text):
        return False
    is_worded_so = bool(_ANSWERS.match(folded(text).strip()))
    takes_up = bool(set(words(text)) & set(words(question)))
    return len(text.split()) <= SHORT_ANSWER or is_worded_so or takes_up


def could_answer(text: str) -> bool:
    """Whether a text may be the answer to something: a few words that ask for nothing."""
    asks_more = "?" in text or is_new(text) or begins(text) or smalltalk_of(text)
    return 0 < len(text.split()) <= LONG_ANSWER and not asks_more


def references(text: str) -> frozenset[str]:
    """Numbers that name one thing: of orders, invoices, parcels, tickets."""
    found = _REFERENCE.finditer(folded(text))
    return frozenset(next(filter(None, one.groups())) for one in found)


def numbers(text: str) -> frozenset[str]:
    """Every number long enough to name something, worded as one or not."""
    return references(text) | frozenset(re.findall(r"\d{3,}", folded(text)))


def without_numbers(text: str) -> str:
    """Two texts are not alike for a number or an address in both."""
    return _NUMBERED.sub(" ", text).strip()


def telling_words(text: str) -> frozenset[str]:
    """The words of a text that say what it is about."""
    plain = _EMPTY.sub(" ", folded(without_numbers(text)))
    return frozenset(word for word in words(plain) if len(word) >= 4 and word not in _FUNCTION)


def shared(some: frozenset[str], others: frozenset[str]) -> int:
    """How many of some words are among others, in whatever form or compound."""
    found = (one for one in some if any(_is_one_word(one, other) for other in others))
    return len({one[:ROOT] for one in found})


def _is_one_word(one: str, other: str) -> bool:
    """ "Mühle" and "Mühlen", and "Kaffeemühle" too."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short[:ROOT]):
        return True
    last = _ENDING.sub("", short)
    whole = (long, _ENDING.sub("", long))
    return len(last) >= LAST and any(one[BEFORE:].endswith(last) for one in whole)


def is_english(text: str) -> bool:
    """Whether a text has as many small words as English has. Nearness in meaning is measured by a
    model of English."""
    plain = folded(text).split()
    return sum(word.strip(".,;:!?") in SMALL for word in plain) >= len(plain) / ENGLISH


_REFERENCE = re.compile(
    rf"(?<![\w.])(?:{LETTER}{{1,5}}[-–]?(?P<code>\d{{4,}})|#\s?(?P<sign>\d{{3,}})|(?P<long>\d{{6,}})"
    r"|(?:order|invoice|ticket|parcel|case|booking|bestellung|auftrag|rechnung|sendung|pedido"
    r"|factura|fatura|commande|facture|ordine|fattura|bestelling)s?[\s:]{1,2}"
    r"(?:(?:number|no\.?|nr\.?|id|nummer|n[º°o]\.?)[\s:]{1,2})?(?P<named>\d{3,}))(?![\w])"
)
_NUMBERED = re.compile(r"(?:\b[^\W\d_a-z][^\W\d_]{3,} )?\S*\d\S*")
"""A number, with the name before it: "Hauptstraße 12"."""
_HAD_SAID = r"(?:(?:had|have|has|was|were|already|just|'ve|’ve)\s*)*"
_SAID = (
    r"(?:wrote|written|asked|called|told|messaged|e-?mailed|contacted|spoke|spoken|talked|said"
    r"|promised|offered|suggested|recommended|described|mentioned|reported|discussed|agreed)"
)
_REFERS = re.compile(
    # English
    r"\b(?:(?:any|an|some|your|further) (?:updates?|news|progress)|updates? on"
    r"|news (?:on|about|from)"
    r"|follow(?:ing)?[ -]up|check(?:ing)? (?:in|back)|picking up|coming back to|circling back"
    rf"|as (?:i|we|you) {_HAD_SAID}{_SAID}|(?:i|we|you|someone|somebody|your colleague)"
    rf" {_HAD_SAID}{_SAID}|you (?:sent|wanted|needed|gave)|i {_HAD_SAID}sent (?:you|it|them|the)"
    r"|did you|have you (?!got|any)\w+|what did you|here (?:is|are|you go|it is)|you can close"
    r"|waiting (?:for|to|since)|my (?:last|previous|earlier|other|first) (?:e-?mail|mail|message"
    r"|question|chat|call|request)|our (?:last )?(?:chat|call|conversation)"
    r"|(?:nobody|no one|anyone|anybody) (?:has )?(?:ever )?(?:answer\w*|repl\w+|wrote|call\w*|got)"
    r"|(?:any|some)(?:body|one) (?:there|here|home)|no (?:answer|reply|response)"
    r"|remind(?:er|ing)?|as promised|continu(?:e|ing) (?:our|with)"
    r"|(?:thanks|thank you) for (?:the|your) (?:tip|help|reply|answer|quick)|what (?:has )?happened"
    r"|what is happening|(?:has|have) (?:it|that|this|they) (?:been|worked|helped|gone|changed))\b"
    # German
    r"|\b(?:wie (?:ich )?(?:schon |bereits )?(?:geschrieben|gesagt|besprochen|vereinbart|erwähnt)"
    r"|mein\w* (?:letzte|vorige|erste|frühere)\w* (?:mail|nachricht|frage|anfrage)|nachfragen"
    r"|nachhaken|stand der dinge|neuigkeit\w*|(?:et)?was neues|keine (?:antwort|rückmeldung)"
    r"|warte\w*|hier (?:ist|sind|das|die|der|kommt))\b"
    # Spanish, Portuguese
    r"|\b(?:novedades?|novidades?|not[ií]cias|como (?:ya )?(?:os |le |les |eu )?(?:escrib|dije"
    r"|disse|coment|escrevi)\w*|(?:ya|j[aá]) (?:os |le |les )?(?:escrib|pregunt|pergunt|llam"
    r"|liguei|ped)\w*"
    r"|(?:me|nos) (?:dijisteis|dijeron|dijo|disseram|disse|prometi\w+|pedisteis|pidieron)"
    r"|hab[ée]is (?:\w+ )?\w+(?:ado|ido|sto|cho)|(?:espero|esperando|aguardando)"
    r"|(?:mi|meu|minha) (?:últim|anterior)\w*|en qué quedó|qu[ée] pasa con"
    r"|(?:nadie|ningu[eé]m) \w*\s?(?:respond|contest)\w*|aqu[ií] (?:está|va|tiene)\w*)\b"
    # French, Italian
    r"|\b(?:des nouvelles|comme (?:convenu|je|vous)|(?:je|j') ?(?:vous )?(?:ai|avais) (?:déjà )?"
    r"(?:écrit|demandé|appelé|dit|envoyé|contacté)|vous (?:m'|nous )?(?:avez|aviez) (?:dit|demandé"
    r"|promis|proposé)|ce que vous (?:disiez|avez)|avez-vous (?:\w+ )?\w+(?:é|i|u|is|it)"
    r"|mon (?:dernier|précédent|premier) (?:mail|message)|où en (?:est|sont)|j'attends"
    r"|personne ne \w*\s?\w*répond\w*|voici|ci-joint|au sujet d\w*"
    r"|novità|come (?:ho|le|vi|dicevo|detto|scritto|già)|(?:ho|avevo) (?:già )?(?:scritto|chiesto"
    r"|chiamato|detto)|(?:mi|ci) av(?:ete|evate) \w+|av(?:ete|evate) (?:\w+ )?\w+(?:ato|uto|ito|sto"
    r"|tto)|aspett(?:o|ando)|nessuno \w*\s?\w*rispo\w*|a che punto|ecco (?:la|il|le|i))\b"
    # Dutch, Polish, Turkish
    r"|\b(?:nieuws over|zoals (?:ik|gezegd|afgesproken)|al eerder|ik wacht\w*"
    r"|mijn (?:vorige|laatste) \w+|hierbij"
    r"|pisał[ae]m|pytał[ae]m|dzwonił[ae]m|czekam|wiadomo coś|jest coś nowego"
    r"|haber var m[ıi]|yazmıştım|sormuştum|aramıştım|(?:söyle|de)miştiniz|bekliyorum)\b"
)
"""Whoever says this has written to us before, and means it."""
_REFERS_AROUND = re.compile(
    r"\b(?:(?:ich|wir|sie|ihr) (?:habe|hatte|haben|hatten|habt) [^.?!]{0,60}(?:geschrieben|gefragt"
    r"|gebeten|angerufen|gesagt|gemeldet|versprochen|gemailt|angeboten|vorgeschlagen)"
    r"|(?:habe|hatte) ich [^.?!]{0,60}(?:geschrieben|gefragt|gebeten|gesagt|gemeldet)"
    r"|was (?:sie|ihr) [^.?!]{0,30}(?:geschrieben|gesagt|empfohlen|geraten)"
    r"|haben sie [^.?!]{0,60}\b(?:\w*ge|ent|be|ver|er)\w+(?:t|en)"
    r"|niemand [^.?!]{0,30}(?:geantwortet|gemeldet)"
    r"|ik (?:heb|had) [^.?!]{0,50}(?:geschreven|gevraagd|gebeld|gemaild|gezegd)"
    r"|(?:heeft u|hebben jullie) [^.?!]{0,50}\bge\w+(?:d|t|en)|niemand [^.?!]{0,30}geantwoord)\b"
)
"""The same in languages that put what they speak about into the middle."""
_LASTS = re.compile(
    r"\b(?:still|yet|again|already|as before|same as|no longer|so far|since then|meanwhile|finally"
    r"|in the meantime|earlier|waiting|now|(?:it'?s|this is) about|what about|just about"
    r"|noch|weiterhin|schon|bereits|nochmal\w*|erneut|wieder|inzwischen|mittlerweile|jetzt|endlich"
    r"|nach wie vor|bis heute|es geht um"
    r"|todav[ií]a|a[uú]n|sigo|sigue\w*|seguimos|otra vez|de nuevo|ahora|por fin|ainda"
    r"|continu[ao]\w*|agora"
    r"|encore|toujours|déjà|à nouveau|enfin|entre-temps|maintenant|ancora|già|di nuovo"
    r"|finalmente|adesso|nog|steeds|weer|inmiddels|eindelijk|nadal|wciąż|jeszcze|znowu|już"
    r"|hâlâ|hala|henüz|tekrar|yine|artık)\b"
)
"""Whoever says this speaks of a while, perhaps of one that we know."""
_NEW = re.compile(
    r"\b(?:(?:another|a different|a separate|an unrelated|a new|one more|a second)"
    r" (?:question|thing|matter|topic|order|issue|problem|request)"
    r"|something (?:else|different)|unrelated|by the way"
    r"|(?:eine )?(?:andere|weitere|neue) (?:frage|sache|bestellung|anliegen)|etwas anderes|übrigens"
    r"|otra (?:pregunta|cosa)|otro (?:tema|pedido)|outra (?:pergunta|coisa)"
    r"|outro (?:assunto|pedido)|autre (?:question|chose|commande)|altra (?:domanda|cosa)"
    r"|andere vraag|iets anders)\b"
)
_BEGINS = re.compile(
    r"\b(?:i['’]?d like to|i would like to|i want to|i['’]?m looking for|(?:can|could|may) i|do you"
    r" (?:have|sell|offer|ship|deliver|know)|how (?:do|can) i|is it possible|where (?:do|can) i"
    r"|i (?:just )?(?:bought|ordered|received)"
    r"|ich (?:möchte|hätte gern|würde gern|suche|brauche)|wie kann ich|kann ich|können sie mir"
    r"|haben sie (?!\w+ ?\w* ?(?:schon|bereits))\w+ ?(?:im|auf|als)|ist es möglich"
    r"|quiero|quisiera|necesito|cómo puedo|puedo|busco|quero|preciso|posso|je voudrais|je cherche"
    r"|comment|puis-je|vorrei|come posso|cerco|ik wil|kan ik|hoe kan ik|chcę|czy mogę"
    r"|istiyorum|nasıl)\b"
)
_EMPTY = re.compile(
    rf"{_REFERS.pattern}|{_LASTS.pattern}|\b(?:i['’]?m|we['’]?re|hi|hello|hey|dear|good|morning"
    r"|afternoon|evening|team|please|pls|thanks?|thank you|anyone|anybody|somebody|someone|there"
    r"|help|question|message|answer|reply|tell|know|get|got|hear|back|regarding|re|sorry|chat|mail"
    r"|e-?mail|whatsapp|phone|sent|attach\w*|photo|picture|update|news|any|hallo|guten|tag|morgen"
    r"|gibt es|ich|habe|ihnen|euch|geschrieben|gefragt|niemand|antwort|hay|est-ce qu'il y a|il y a"
    r"|bitte|danke|frage|nachricht|hola|buenas|gracias|bonjour|merci|ciao|grazie|ol[aá]"
    r"|obrigad[oa]|it|now|today|yesterday|heute|gestern|kind regards|best regards|regards)\b"
)
_ASKS = re.compile(
    r"\?|\b(?:please|could you|can you|tell us|send us|let us know|bitte|por favor|s'il vous|per"
    r" favore|graag|lütfen|proszę)\b"
)
_ANSWERS = re.compile(
    r"(?:yes|yeah|yep|no|nope|sure|ok(?:ay)?|here|it'?s|it is|that'?s|they'?re|the one|both|neither"
    r"|attached|see attached|as (?:a|an)|about|around|from|on|in|at|with|to"
    r"|i think|only|just|never|always|maybe|probably|exactly|correct|right|of course"
    r"|ja|nein|doch|hier|es ist|das ist|auf|mit|am|leider|gern|vielleicht|genau"
    r"|s[ií]|no|es|en|con|aqu[ií]|claro|sim|n[ãa]o|é|oui|non|c'est|avec|la voici|le voici|sì|è|con"
    r"|ecco|nee|het is|met|tak|nie|evet|hayır)\b"
)
"""How answers begin."""
_FUNCTION_WORDS = """
order orders does doing done will been being have much many more most also only with from
nicht mein meine meinen meiner meinem eine einen einer eines einem haben hatte habe wurde werden
wird kann können konnte immer diese dieser dieses keine keinen auch aber oder wenn dass über nach
seit beim sind sein ihre ihnen ihrer mich dich sich wann warum bestellung
para como esta este esto pero porque desde hasta cuando donde tiene tengo hace pedido mucho
pour avec dans votre vous nous mais sont cette depuis quand suis plus commande
della dello delle sono questa questo quando dove perché ordine molto
voor niet mijn deze naar heeft hebben wanneer waarom bestelling
için değil benim olarak kadar zaman nasıl sipariş
"""
_ENDING = re.compile(r"(?<=\w{4})(?:e[nrs]?|[ns])$")
"""How a German or Dutch noun is inflected."""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
"""Words that say nothing about what a text is about, beside those of `knowledge.words`."""
