"""Greetings, thanks and goodbyes that ask for nothing, in the languages people use them in."""

import re
from typing import Literal

Kind = Literal["greeting", "thanks", "goodbye", "about_assistant", ""]

_GREETING = (
    r"hi+|hello+|hey+|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|hallo|moin"
    r"|servus|grüß (?:gott|dich)"
    r"|guten (?:tag|morgen|abend)|hola|buen(?:os|as)? (?:d[ií]as?|tardes|noches)|buenas|bonjour"
    r"|bonsoir|salut|coucou|ciao|salve"
    r"|buon(?:giorno| giorno|asera)|ol[áa]|oi|bom dia|boa (?:tarde|noite)|hoi|goede(?:morgen|middag"
    r"|navond)|goedendag|cze[śs][ćc]|hej|siema"
    r"|dzie[ńn] dobry|dobry wiecz[óo]r|merhaba(?:lar)?|selam(?:lar)?|g[üu]nayd[ıi]n"
    r"|iyi (?:g[üu]nler|ak[şs]amlar)|مرحبا|السلام عليكم|اهلا|أهلا|سلام"
    r"|नमस्ते|नमस्कार|हैलो|namaste|halo|hai|selamat (?:pagi|siang|sore|malam)|привет|здравствуйте"
    r"|добрый день|你好|您好|こんにちは|안녕하세요|ahoj|xin chào"
)
_THANKS = (
    r"(?:ok(?:ay)?[,! ]*)?(?:great|perfect|awesome|cool|super|excellent|wonderful|brilliant|nice"
    r"|good)?[,! ]*(?:many |ok |that'?s? )?(?:thanks?(?: you)?(?: (?:so|very) much| a (?:lot|bunch"
    r"|ton|million)"
    r"| again)?|thank u|thx|ty|tysm|cheers|much appreciated|i appreciate (?:it|that|your help)"
    r"|appreciate it)(?: for (?:your|the|all your) (?:help|assistance|time|support))?"
    r"|that (?:helped|worked|works|fixed it|solved it)|it works(?: now)?|(?:problem |issue )?solved"
    r"|(?:vielen |besten |herzlichen )?dank(?:e(?: schön| dir| ihnen)?)?|danke|merci(?: beaucoup"
    r"| bien)?"
    r"|(?:muchas |mil )?gracias|grazie(?: mille)?|(?:muito )?obrigad[oa]|valeu|bedankt"
    r"|dank je(?: wel)?|dank u(?: wel)?|dzi[ęe]kuj[ęe]|dzi[ęe]ki|te[şs]ekk[üu]r(?:ler| ederim)"
    r"|sa[ğg] ?ol(?:un)?"
    r"|شكرا(?: جزيلا)?|شكراً|धन्यवाद|शुक्रिया|dhanyavaad|terima ?kasih(?: banyak)?|makasih"
    r"|спасибо(?: большое)?|谢谢|ありがとう(?:ございます)?|감사합니다|tack|děkuji|cảm ơn"
)
_GOODBYE = (
    r"(?:good ?)?bye+(?: ?bye)?|goodbye|see (?:you|ya)(?: later| soon)?|have a (?:nice|good|great"
    r"|lovely) (?:day|one|evening|weekend)|take care|talk (?:to you )?later|good night"
    r"|that'?s (?:all|it)(?: for (?:now|today))?|nothing else"
    r"|tschü(?:ss|ß)|auf wiedersehen|bis (?:bald|dann)|schönen tag(?: noch)?|adi[óo]s"
    r"|hasta (?:luego|pronto)|au revoir|à bientôt|bonne journée|arrivederci|buona giornata|tchau"
    r"|até (?:logo|mais)"
    r"|tot ziens|doei|fijne dag(?: nog)?|do widzenia|na razie|miłego dnia|ho[şs][çc]a kal(?:ın)?"
    r"|g[öo]r[üu][şs][üu]r[üu]z|مع السلامة|وداعا|अलविदा|sampai jumpa|dadah|до свидания|пока|再见"
    r"|さようなら"
)
_FILLER = (
    r"there|all|everyone|team|sir|madam|friend|again|zusammen|you too|ok(?:ay)?|no|yes|and|so|much"
    r"|please|that'?s all|bot|assistant|folks|guys"
)
_ABOUT = re.compile(
    r"\b(?:are|r) (?:you|u) (?:really |actually |even )?(?:an? )?(?:real |actual |live |human "
    r"|chat)*(?:bot|robot|human|person|ai|machine|computer|real|chatbot)\b"
    r"|\b(?:am i|is this) (?:talking|speaking|chatting)?.{0,20}\b(?:bot|robot|human|person|ai"
    r"|machine|computer|someone real)\b"
    r"|\b(?:bist du|sind sie) (?:ein |eine )?(?:bot|roboter|mensch|maschine|ki|echt)|\beres (?:un "
    r"|una )?(?:robot|bot|humano|persona|máquina)"
    r"|\b(?:es[- ]tu|êtes[- ]vous|tu es) (?:un |une )?(?:robot|bot|humain|personne)|\bsei (?:un "
    r"|una )?(?:robot|bot|umano|persona)|\b(?:você é|voce e) (?:um |uma )?(?:robô|bot|humano"
    r"|pessoa)"
    r"|\bben je (?:een )?(?:bot|robot|mens)|\bwho (?:made|built|created) you\b|\bwhat are you\?"
    r"|\bczy jesteś (?:botem|robotem|człowiekiem)"
)


def smalltalk_of(text: str) -> Kind:
    """Which kind of small talk a whole message is, "" when it also says something else."""
    plain = re.sub(r"[^\w\s'’ऀ-ॿ؀-ۿ]", " ", text.lower()).replace("’", "'")
    plain = re.sub(r"\s+", " ", plain).strip()
    if not plain or len(plain) > 90:
        return ""
    rest = plain
    found: list[Kind] = []
    for kind, pattern in _KINDS:
        rest, count = pattern.subn(" ", rest)
        found += [kind] if count else []
    rest = re.sub(rf"\b(?:{_FILLER})\b", " ", rest) if found else rest
    if found and not rest.strip():
        return found[0]
    return "about_assistant" if _ABOUT.search(text.lower()) and len(plain) <= 80 else ""


_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("goodbye", re.compile(rf"(?<!\w)(?:{_GOODBYE})(?!\w)")),
    ("thanks", re.compile(rf"(?<!\w)(?:{_THANKS})(?!\w)")),
    ("greeting", re.compile(rf"(?<!\w)(?:{_GREETING})(?!\w)")),
)
