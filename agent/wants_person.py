"""Whether a customer asks for a person. Precise in English, by set phrases elsewhere."""

import re

from agent.person_words import ASKS_ABOUT_BOT, PERSON_WORDS

EDGE = 500


def wants_person(text: str) -> str:
    """The rule by which a text asks for a person, "" when it doesn't.

    Asking whether one talks to a machine ("are you a bot?") is no such request.
    """
    plain = _plain(text)
    for language, pattern in PERSON_WORDS.items():
        if pattern.search(plain) and not ASKS_ABOUT_BOT.search(plain):
            return f"asks in {language}"
    for sentence in re.split(r"(?<=[.!?;,\n])\s+", plain):
        rule = _in_english(_spelled(sentence))
        if rule:
            return rule
    return _in_english(_spelled(plain))


def _plain(text: str) -> str:
    """Beginning and end: that is where people ask, and a pasted log is no request."""
    text = text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"
    return re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip()


def _in_english(text: str) -> str:
    if _NOT_A_REQUEST.search(text):
        return ""
    return next((name for name, pattern in _ENGLISH if pattern.search(text)), "")


def _spelled(text: str) -> str:
    """The text with slips in the words that matter here put right: "oeprator", "taok to"."""
    text = re.sub(r"(?<=[a-z])(?=(?:speak|talk|chat)(?:ing)? (?:to|with)\b)", " ", text)
    text = re.sub(r"\bhooman", "human", text)
    text = re.sub(r"\b(?:wiht|wth|wirh|whit|wit|w/|wih)(?= )", "with", text)
    text = re.sub(
        r"(?<=ing) ot\b|(?<=talk) ot\b|(?<=chat) ot\b|(?<=speak) ot\b|\btoo(?= an? )", " to", text
    )
    text = re.sub(r"\b(to|with)(some(?:one|body)|an?)\b", r"\1 \2", text)
    return re.sub(r"[a-z]{4,}", lambda match: _nearest(match.group()), text)


def _nearest(word: str) -> str:
    if word in _KEYS or word in _LOOKALIKES:
        return word
    return next((key for key in _KEYS if _one_slip(word, key)), word)


def _one_slip(word: str, key: str) -> bool:
    """Whether one letter was swapped, missed, doubled or (in long words) hit wrongly."""
    if word[0] != key[0] and sorted(word) != sorted(key):
        return False
    if len(word) == len(key):
        wrong = [place for place in range(len(key)) if word[place] != key[place]]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return word[wrong[0]] == key[wrong[1]] and word[wrong[1]] == key[wrong[0]]
        return len(wrong) == 1 and len(key) >= 5
    short, long = sorted((word, key), key=len)
    if len(long) - len(short) != 1 or len(short) < 4:
        return False
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


_KEYS = (
    "speak", "speaking", "talk", "talking", "chat", "chatting", "contact", "contacting",
    "connect", "transfer", "human", "person", "agent", "operator", "someone", "somebody",
    "assistant", "representative", "advisor", "supervisor", "manager", "live", "real",
)  # fmt: skip
_LOOKALIKES_TEXT = """
that what chart cheat walk tall talks speaks chats humans persons agents agenda agency managers
manage managed contract content contacts contacted connects connected connection transfers
transferred operators operate operation operated life love line lives olive alive read deal rear
meal seal area team really reals personal persona parson patent urgent assistants assistance
assist peak sneak spoke spark steak spend coat charts humane agents connector reason season
prison represent spear tale task tank rent cent
"""
_LOOKALIKES = frozenset(_LOOKALIKES_TEXT.split())

_POLITE = r"(?:please|pls|plz|now|asap|immediately|instead|directly|already|to)"
_ART = (
    r"(?:an?|na|the|your|one of your|some|any|another|your other|one of the"
    r"|a member of(?: the| your)?)"
)
_ADJ = (
    r"(?:(?:real|live|actual|human|normal|non[- ]robotic|proper|breathing|competent|different|other"
    r"|customer|support|service|services|sales|bank|bloody|damn|goddamn|fucking|freaking|hotel"
    r"|care|more|senior|physical|living|qualified|fellow|intelligent|free|available)[ -])*"
)
_WHO = (
    r"(?:humans?(?: being)?s?|persons?|people|agents?|operators?|reps?|representatives?"
    r"|advis[eo]rs?"
    r"|assistants?|someone(?: else| real| human)?|somebody(?: else| real| human)?|anyone|anybody"
    r"|managers?|supervisors?|colleagues?|employees?|workers?|staff(?: members?)?"
    r"|team(?: members?)?"
    r"|specialists?|consultants?|clerks?|tellers?|attendants?|reception(?:ist)?|front desk"
    r"|concierge|cleaners|officers?|customer (?:service|care|support)|support(?: team)?"
    r"|room service|helpdesk|help desk|your boss|individual)"
)
_TALK = (
    r"(?:speak|speaking|talk|talking|chat|chatting|have a (?:chat|word|talk|call)|conversation"
    r"|discuss|converse|deal|dealing|complain|communicate)"
)
_PLACE = (
    r"(?:(?:the |your )?(?:\w+ )?(?:team|department|desk|office|branch)|(?:the |your )?(?:bank|spa"
    r"|gym|restaurant|kitchen|bar|housekeeping|concierge|reception|boss|billing|sales|returns))"
)
_HUMAN = (
    r"(?:humans?(?: being)?s?|(?:real|live|actual|normal|living|physical|human|non[- ]robotic)"
    r" (?:person|people|human|agent|operator|rep|representative|assistant|someone|somebody|advisor"
    r"|being|employee|support)s?|operators?|(?:human|live|real) (?:agent|help|support|assistance)"
    r"|representatives?|someone real|supervisor)"
)
_NOT_A_REQUEST = re.compile(
    r"\b(?:are|am|is|were|r) (?:you|u|i|this|it|that)\b(?! possible)[^.!]{0,40}\b(?:human|person"
    r"|robot|bot|ai"
    r"|computer|machine|real|operator|agent)\b(?![^?]*\b(?:let me|connect|transfer|get me|want)\b)"
    r"|\b(?:if|whether|that) (?:you|this|it)(?:'re| are| is)[^.]{0,30}\b(?:human|person|bot|robot)"
    r"|\b(?:don't|do not|didn't|no need to|not need to|without) (?:want(?:ing)? to |need(?:ing)? to"
    r" |have to |having to )?(?:speak|talk|chat|transfer|connect)(?:ing)?\b(?![^.]*\b(?:you|machine"
    r"|bot|robot|ai)\b)"
    r"|\b(?:talk|speak|chat) (?:to|with) (?:you|me)\b(?![^.]*\b(?:human|person|agent|someone)\b)"
    r"|\bin (?:spanish|english|french|german|italian|chinese|mandarin|japanese)\b"
    r"|\bhow (?:do|to) (?:i )?say\b"
)
_ENGLISH = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "talk to a person",
            rf"\b{_TALK}(?: \w+){{0,2}}? (?:to|with|directly to|directly with|na)(?: some of)?"
            rf"(?: {_ART})?(?: |-){_ADJ}{_WHO}\b",
        ),
        (
            "talk to a place",
            rf"\b(?:speak|talk|chat|(?:connect|transfer|forward|redirect|pass|put)(?: me| us)"
            rf"(?: through)?) (?:to|with) {_PLACE}\b(?! about me)",
        ),
        (
            "just connect me",
            rf"^(?:(?:please|just|no|ok|yes|then|i want to|i would like to|i'd like to|can you"
            rf"|could you)[, ]+)*(?:be )?(?:transfer|connect|escalate)(?:red|ed)?(?: me| this)?"
            rf"(?: please| now)*[.!? ]*$"
            rf"|\b(?:connected|transferred|put through) (?:to|with) {_ART}? ?{_ADJ}{_WHO}\b"
            rf"|\b(?:call|callback) (?:back )?from {_ART} {_ADJ}{_WHO}\b|\bput {_ART} {_ADJ}"
            rf"(?:{_HUMAN}|person) on\b|\b(?:speak|talk) 2 (?:{_ART} )?{_ADJ}{_WHO}\b"
            rf"|\b(?:speak|talk) (?:to|with) an? (?:man|woman|guy|lady)\b"
            rf"|\bforward (?:my|the|this) (?:case|ticket|issue|problem|request) to (?:{_ART} )?"
            rf"{_ADJ}{_WHO}\b|\bget me (?:someone|somebody) who\b"
            rf"|\b(?:someone|somebody) from (?:the|your) {_PLACE}",
        ),
        (
            "call me back",
            r"\b(?:someone|somebody|anyone|anybody|a (?:person|colleague|human)|your team|you guys)"
            r" (?:to |please |who can )?(?:call|phone|ring|contact) me\b",
        ),
        (
            "a person's help",
            rf"\b(?:(?:help|assistance|support|answer|reply|response|advice) (?:from|by)"
            rf" {_ART} {_ADJ}{_HUMAN}|{_ART} {_ADJ}(?:{_HUMAN}|colleague)(?: of yours)?"
            rf"(?: please| just| maybe)? (?:to )?(?:help|assist|look|handle|answer|check|take over"
            rf"|deal with|read)|(?:could|can|may|might) (?:i|we) (?:get|have) {_ART} {_ADJ}{_HUMAN}"
            rf"|{_HUMAN} (?:is |be )?available)\b",
        ),
        (
            "give me your manager",
            r"\b(?:get|give|call|bring|fetch|want|need|see)(?: me)? (?:your|the|a) (?:manager"
            r"|supervisor|boss|superior)\b(?! (?:app|tool|account|role|permission|page))",
        ),
        (
            "talk to somebody unnamed",
            rf"\b\w{{3,6}} (?:to|with) (?:{_ART} )?{_ADJ}(?:human|live"
            r"|real) (?:agent|person|operator|being|representative)\b",
        ),
        (
            "talk, misspelt",
            r"\b(?:how (?:to|can i|do i|could i)|want (?:to|help|assistance)|need (?:to|help)|help"
            r"(?: me)?(?: to)?|assistance to|what i need to do to|trying to|try to|can i"
            r"|have to) \w{3,8} (?:to|with) "
            r"(?:an? )?(?:agent|operator|someone|somebody|assistant|person|human)\b(?! (?:about|for"
            r"|else))",
        ),
        (
            "contact a person",
            rf"\b(?:contact|contacting|reach|call|(?:get|getting) (?:hold|a ?hold) of"
            rf"|(?:in )?(?:touch|contact) with|get through to|ask for"
            rf"|message|direct me to|direct to me)(?: to)?(?: {_ART})? {_ADJ}(?:humans?|agents?"
            rf"|operators?|(?:{_HUMAN})|assistants?|someone(?! (?:for|who|to use))|somebody(?! for)"
            rf"|persons?\b(?! (?:who|named))|advis[eo]rs?)\b",
        ),
        (
            "connect me",
            rf"\b(?:connect|transfer|put|pass|hand|forward|switch|direct|redirect|refer|route|patch"
            rf"|escalate|udirect)(?: me| us| this| it| the (?:call|chat))?(?: in touch"
            rf"| in contact)?"
            rf"(?: straight| directly| over| through| on| back)*"
            rf" (?:to|with|through to|through with|onto)(?: me to)?(?: {_ART})? {_ADJ}{_WHO}\b",
        ),
        (
            "put me through",
            r"\b(?:put me through|transfer me to (?:the |your |a |room )|hand me over"
            r"|pass me (?:on|over) to)",
        ),
        (
            "get me a person",
            rf"\b(?:give|get|send|find|want|need|prefer|like|require|bring|demand|see|offer"
            rf"|rather)(?! an? agent )"
            rf"(?: me| us| to have| to be with| to see| in)?(?: with)?(?: {_ART})? {_ADJ}"
            rf"(?:{_HUMAN}|(?:live |human )?agents?|operator|representative|rep)\b(?! error)",
        ),
        (
            "somebody else",
            r"\b(?:get|have|can|could|let|is there|need|want|may)(?: \w+){0,2} (?:someone|somebody"
            r"|another person)(?: else)?(?: \w+){0,3} (?:to help|help me|on the"
            r" line|on the phone|i (?:can|could) (?:speak|talk)|take over"
            r"|to (?:speak|talk|chat) (?:to|with))|\bsomebody else take a look\b"
            r"|\bsomeone else take a look\b|\bget me to (?:someone|somebody)\b",
        ),
        (
            "no machine",
            r"\bno more (?:bots|robots)\b|\b(?:won't|don't|dont|do not|not|rather not|hate|stop"
            r"|tired of|sick of|enough of|no more"
            r"|instead"
            r" of|refuse to)\b[^.!?]{0,60}\b(?:with|to|by|from) (?:a |an |this |these |your |the )?"
            r"(?:\w+ )?(?:machine|robot|bot|chat ?bot|virtual (?:agent|assistant)|ai|computer"
            r"|automated system)s?\b",
        ),
        (
            "person first",
            rf"^(?:(?:no|yes|ok|okay|hi|hello|hey|please|just|i want|i need|want|need|or|meh|nope"
            rf"|still)[,.! ]+)*(?:{_ART} )?{_ADJ}(?:{_HUMAN}|agent|operator|representative"
            rf"|customer (?:service|care|support)|support agent|real person|live chat)"
            rf"(?: {_POLITE})*[.!? ]*$",
        ),
        (
            "somebody to talk to",
            rf"\b(?:who (?:can|do|should|could) (?:i|we) {_TALK}(?:ing)? (?:to|with)"
            rf"|(?:is|are) there {_ART}? ?{_ADJ}{_WHO} (?:i|we|that i|who i|available|there|online"
            rf"|to (?:talk|speak|chat))|(?:someone|somebody) to (?:talk|speak|chat) (?:to|with)"
            rf"|(?:any|some) {_ADJ}(?:{_HUMAN}|agents?|people) (?:available"
            rf"|there"
            r"|online|around))\b(?! help| to help| else)",
        ),
        ("team please", r"^(?:the )?\w+ (?:team|desk|department|manager|staff),? please[.! ]*$"),
        (
            "this goes nowhere",
            r"\bthis (?:conversation|chat|bot|thing) (?:is|isn't|is not|does not|doesn't)\b[^.]*"
            r"\b(?:working|work|leading|helping|useless|going)\b|\byou(?:'re| are) not the right"
            r" person\b|\bsomebody more (?:intelligent|competent)\b",
        ),
        ("frustrated", r"^this is (?:really |so |very |extremely )?frustrating[.! ]*$"),
    )
)
