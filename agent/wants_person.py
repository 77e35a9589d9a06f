"""Whether a customer asks for a person. Precise in English, by set phrases elsewhere.

A request is to speak or write with somebody, to be called or looked after by one, or a refusal to
go on with a machine. None is: asking whether one talks to a machine, whether one must call somebody
to get a thing done, telling what an employee said, and not wanting to be passed on.
"""

import re

from agent.person_words import ASKS_ABOUT_BOT, NO_REQUEST, PERSON_WORDS

EDGE = 500
_SENTENCE_END = r"(?<=[.!?])\s+|(?<=[。！？।؟])"


def wants_person(text: str) -> str:
    """The rule by which a text asks for a person, "" when it doesn't."""
    plain = _plain(text)
    rule = next(filter(None, map(_in_another_language, re.split(_SENTENCE_END, plain))), "")
    if rule:
        return rule
    for sentence in re.split(r"(?<=[.!?;,\n])\s+", plain):
        rule = _in_english(_spelled(sentence))
        if rule:
            return rule
    return _in_english(_spelled(plain))


def _plain(text: str) -> str:
    """Beginning and end: that is where people ask, and a pasted log is no request."""
    text = text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"
    return re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip()


def _in_another_language(sentence: str) -> str:
    if ASKS_ABOUT_BOT.search(sentence):
        return ""
    clauses = [sentence, *(clause.strip() for clause in re.split(r"[,،、，:;]", sentence))]
    for language, pattern in PERSON_WORDS.items():
        refused = language in NO_REQUEST and NO_REQUEST[language].search(sentence)
        if not refused and any(map(pattern.search, clauses)):
            return f"asks in {language}"
    return ""


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
    r"|technicians?|owner|superior|grown[- ]?up|barista|roaster|expert"
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
_SOMEBODY = (
    r"(?:someone|somebody|anyone|anybody|one of (?:you|your \w+)|"
    rf"(?:someone|somebody) (?:real|human|in charge|responsible)|"
    rf"(?:{_ART} )?{_ADJ}(?:humans?(?: being)?|persons?|people|consultants?|representatives?"
    rf"|colleagues?|co-?workers?|employees?|managers?"
    r"|supervisors?|specialists?|agents?|advis[eo]rs?|staff(?: members?)?|team(?: lead| leader)?))"
    r"(?: of yours| (?:from|in|on|of) (?:the |your |customer )?\w+(?: \w+)?)?"
)
# Who can only be one of us.
_OURS = (
    r"(?:(?:one|any|some(?:one|body)?) of (?:you|your \w+)(?: guys| people)?|your (?:colleague"
    r"|team ?mate|co-?worker"
    r"|employee|expert|specialist|staff|people|team)s?|an? (?:colleague|team ?mate|co-?worker"
    r"|employee|expert|specialist"
    r"|human)(?: of yours)?|(?:someone|somebody|anyone|anybody|a person|people|[a-z]+) (?:from|on"
    r"|in|at) (?:your|the"
    r" (?:support|service|returns|billing)) ?\w*|(?:the )?(?:person|people|one|whoever|agent"
    r"|colleague)(?: is)? (?:who|that"
    r"|in charge|responsible|handles|i had|from before)|the responsible person"
    r"|(?:the )?same (?:agent|person|colleague)"
    r"|(?:yesterday's|my previous|the previous|the last) (?:agent|person|colleague))"
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
    r"|\b(?:send|ship|deliver|gift|transfer) (?:it|this|that|them|my \w+) to another person\b"
    r"|\bsays\b.{0,10}\b(?:call|contact|error)\b"
    # Must I, to get it done? That asks how it is done.
    rf"|\b(?:must i|must we|(?:do|would|will) (?:i|we) (?:have|need) to|should i) (?:{_TALK}|call"
    r"|contact|phone|ring)\b|\bbefore i (?:talk|speak)\b"
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
            "somebody may get in touch",
            rf"\b(?:want|need|like|prefer|have|let|ask|tell|get|please|could|can|may|might|if"
            rf"|would)"
            rf"\b[^.!?]{{0,20}}?\b{_SOMEBODY}(?: (?:please|just|to|could|can|would|should))*"
            rf" (?:get back to|get in (?:touch|contact) with|call|phone|ring|e-?mail"
            rf"|write(?: back)?"
            rf"(?: to)?|contact|reply to|reach out to) (?:me|us)\b"
            rf"|\b(?:be |have (?:this|it|that|my \w+) )(?:contacted|called|phoned|helped"
            rf"|looked after|reviewed|checked"
            rf"|handled|answered|looked at) by {_SOMEBODY}\b"
            rf"|\b(?:get|ask|have|need|find)(?: me)? (?:someone|somebody) (?:to (?:look (?:at"
            rf"|into) (?:this|it)"
            rf"|help me|take (?:over|care|this)|review|answer)|who (?:can (?:help|answer|speak)"
            rf"|understands?|knows?|speaks?))\b",
        ),
        (
            "reach somebody",
            rf"\b(?:want|like|can|could|may|let|how|possible|need|rather|way|trying|try|prefer"
            rf"|please)\b"
            rf"[^.!?]{{0,25}}?\b(?:reach|write to|hear from|get through to|get (?:a ?)?hold of"
            rf"|(?:get|be|put me) in (?:touch|contact) with|be (?:handed|passed|put|forwarded"
            rf"|sent|assigned)"
            rf" (?:over |on |through )?to|be assigned) {_SOMEBODY}(?: (?:in charge|real|human"
            rf"|responsible))?"
            rf"(?=[.!?,]*$| (?:here|please|about|now|today|directly|quickly|there|regarding"
            rf"|by phone|on the"
            rf" phone|instead|who (?:can|could|will)|that can|right|at your))",
        ),
        (
            "give it to somebody",
            rf"\b(?:hand|pass|send|forward|give|show|assign|escalate|bring) (?:this|it|me|us"
            rf"|my \w+|this \w+)"
            rf"(?: over| on| up)? to {_SOMEBODY}\b(?! else)|\b(?:assign|bring in|loop in|get"
            rf"|put)(?: me)? (?:{_ART} )"
            rf"{_ADJ}(?:humans?|person|colleague|co-?worker|employee|staff member|supervisor"
            rf"|specialist|team member"
            rf"|member of your team|consultant|advis[eo]r)(?: of yours)?(?: to| on)?\b(?! (?:an?"
            rf"|for|as|number|card|role|discount))",
        ),
        (
            "a person should do it",
            rf"\b(?:want|need|like|prefer|have|let|ask|tell|get|please|could|can|would"
            rf"|if) (?:\w+ )?"
            rf"(?:{_ART} )?{_ADJ}(?:humans?(?: being)?|person|colleague|co-?worker|employee|manager"
            rf"|supervisor|specialist|staff member)(?: of yours)?(?: (?:please|just|to|could|can"
            rf"|would"
            rf"|should))* (?:help|assist|look|handle|answer|reply|respond|check|review|read|confirm"
            rf"|explain|take (?:care|over|this|it)|deal with|decide|see)\b(?! (?:food|drink))",
        ),
        (
            "call me",
            r"\b(?:call|ring|phone) me back\b(?! (?:if|when|once))"
            r"|^(?:(?:please|pls|can|could|would|will|you|just|then|ok|and|no)[, ]+)*(?:call|ring"
            r"|phone) (?:me|us)"
            r"(?=[.!? ]*$| (?:please|now|asap|today|tomorrow|directly|on|at|about|this|in the)\b)"
            r"|^(?:phone |a )*(?:callback|call[- ]?back|phone call)(?: please| pls"
            r"| requested)+[.! ]*$"
            r"|\b(?:want|like|prefer|need) to be (?:(?:called|phoned)(?: back)?(?=[.!? ]*$"
            r"| by (?:phone|someone|you))|rung)\b"
            r"|\b(?:talk|speak|do this|discuss \w+|can i have a (?:phone )?call"
            r"|call back)\b.{0,25}\b(?:by phone"
            r"|over the phone|on the phone)\b|\b(?:can|could) (?:i|we) (?:have"
            r"|get) a (?:phone )?call(?=[.!? ]*$)|\b(?:give me|like|want|request"
            r"|arrange|schedule|book) (?:an? |the )?(?:phone )?(?:callback|call[- ]?back|call)\b(?="
            r"[.!?, ]*$| (?:with|from|please|about)\b)",
        ),
        (
            "instead of the machine",
            r"\b(?:person|human|people|someone|somebody|employee|colleague|team)\b.{0,60}\b(?:not"
            r"|instead"
            r" of|rather than) (?:a |an |this |the |to a )?(?:machine|bot|robot|computer"
            r"|assistant|ai)\b"
            r"|\b(?:stop|switch off|turn off|no|without|skip|quit|exit|leave|(?:get|go) (?:past"
            r"|around|out of)"
            r"|bypass|don't trust|do not trust|fed up with|done with|hate|only get"
            r"|all i get (?:is|are))"
            r" (?:(?:a|the|this|your|these|from) )?(?:stupid )?(?:bots?|robots?|chat ?bots?"
            r"|machines?|automat\w+"
            r" (?:replies|answers|messages|responses))\b(?! (?:vacuum|for|settings))"
            r"|\bno more automated\b"
            r"|\b(?:skip|go|straight|through|over)(?: directly)? to (?:an? |the )?(?:human"
            r"|person)s?\b"
            r"|\bcan(?:'t|not) (?:deal|stand|bear|use|talk|handle)\b.{0,20}\b(?:bots?|machines?"
            r"|robots?)\b"
            r"|\bhad it with (?:this|the|your) (?:assistant|bot|chat ?bot|machine)\b"
            r"|\bnot you\b.{0,8}\b(?:person|human)\b",
        ),
        (
            "this needs a person",
            rf"\b(?:this|it|that|my (?:case|problem|issue|request)) (?:needs|requires|calls for"
            rf"|is (?:something|a matter|one)"
            rf" for) (?:an? |the )?{_ADJ}(?:human|person)\b|\bonly (?:an? )?{_ADJ}(?:human"
            rf"|person) (?:can|could|will)\b"
            rf"|\b(?:i(?: think i)? (?:need|want)|i meant|i said) (?:an? )?{_ADJ}(?:person"
            rf"|human)(?: for (?:this|that))?[.!? ]*$"
            rf"|\b(?:any|do you have|are there|have you got)(?: any)? {_ADJ}(?:humans?"
            rf"|people)(?: staff)?"
            rf" (?:there|here|working|staff|i can)\b|\bdo you have (?:any )?human staff\b"
            rf"|\bchance of (?:a |getting a )?human\b"
            rf"|\b(?:talk|speak|connect) (?:human|agent|operator|person)[.!? ]*$|^(?:agent|human"
            rf"|operator)(?:[, ]+(?:agent"
            rf"|human|operator))+[.! ]*$|^(?:hand ?over|transfer|escalate)(?: (?:my|this) (?:case"
            rf"|ticket|chat|call|issue|problem|request|conversation)"
            rf"| to (?:an? )?human)?(?: please)?"
            rf"[.! ]*$|(?:^|[,.!?] ?)(?:an? )?(?:real )?(?:person|human)(?: please| now)?[.! ]*$"
            rf"|^(?:i want )?(?:someone"
            rf"|somebody) else(?: please)?[.! ]*$|\bqueue for (?:an? )?{_ADJ}(?:human|agent"
            rf"|person|representative)\b"
            rf"|\b(?:explain|report|file|submit|tell|show)\b.{{0,15}} (?:to"
            rf"|with) (?:an? )?{_ADJ}(?:person|human|manager"
            rf"|supervisor|colleague)\b(?! named)",
        ),
        (
            "a human, asked for",
            r"^(?!(?:does|do|did|is it|will|are|am|if|what|why|when|who) )[^.!?]*\b(?:want|need"
            r"|please|pls|can i|could i|may i|let"
            r"|get|give|prefer|like|rather|have|ask\w*|demand|where|how|is there|instead|only"
            r"|just)\b[^.!?]{0,60}\b(?:humans?"
            r"(?: being)?|(?:real|actual|live) (?:person|people|employee|agent"
            r"|colleague))\b(?! (?:resources|rights|food|body"
            r"|error|consumption|size))|\b(?:want|need|please|let|prefer|rather|demand|ask\w*"
            r"|can i (?:have|get))\b[^.!?]{0,60}"
            r"\b(?:with|to|by|from|have|get) an? (?:person|human)[.!? ]*$",
        ),
        (
            "one of us",
            rf"\b(?:can|could|may|might|would|let|please|kindly|want|like|prefer|rather|need|have"
            rf"|ask|tell|if)\b[^.!?]{{0,25}}"
            rf"\b{_OURS}[^.!?]{{0,15}} (?:take (?:this|it|over)|step in|speak|talk|chat|answer"
            rf"|handle|call|phone|write|contact"
            rf"|get in|look (?:at|into)|help|reply|respond|check|sort|solve|e-?mail|continue)\b"
            rf"|\b(?:can|could|may|might|would|let|please|kindly|want|like|prefer|rather|need"
            rf"|if)\b[^.!?]{{0,25}}\b(?:talk|speak"
            rf"|chat|call|sort|discuss|advice|opinion|help|helped|hear|forward|pass|transfer|move"
            rf"|switch|go back|put me"
            rf"|connect|continue)\b[^.!?]{{0,30}} (?:to|with|from|by) {_OURS}(?! (?:else|account"
            rf"|address|phone|e-?mail))\b"
            rf"|\b(?:i want|get me|give me|put me back to) (?:the )?(?:same|previous) (?:agent"
            rf"|person|colleague)\b",
        ),
        (
            "somebody available",
            rf"\b(?:is|are) (?:a|an|any|your|some) {_ADJ}(?:persons?|people|agents?|staff"
            rf"|colleagues?|employees?|operators?"
            rf"|representatives?) (?:available|online|around|free)(?: right now| now"
            rf"| to \w+)?[.!? ]*$"
            rf"|\bany(?:one|body) from (?:the |your )?(?:support|team|service|staff)\b"
            rf"|^any {_ADJ}(?:agents?|staff|people)"
            rf" (?:available|online|around|free)\b|\bwho else can i (?:speak|talk|turn) to\b"
            rf"|\bis there a colleague(?! \w+ (?:for|code)| discount| price)\b",
        ),
        (
            "assign somebody",
            rf"\bassign me an? {_ADJ}(?:agent|person|specialist)\b|\b(?:specialist|agent|somebody"
            rf"|someone|person|human) (?:be )?"
            rf"assigned to (?:me|my)\b|\b(?:hop on|set up|arrange|book|schedule"
            rf"|have)(?: me)? a (?:phone |video )?(?:call|conversation)"
            rf"(?=[.!? ]*$| (?:with|for me)\b)|^(?:just |please )*(?:someone"
            rf"|somebody) (?:competent|real|human|with \w+(?: \w+)?)"
            rf"(?: please)?[.! ]*$|\bwant (?:someone|somebody|people) to (?:answer|call|help"
            rf"|reply|read|look)\b"
            rf"|\b(?:human|person) (?:should|must|has to|needs to) (?:read|look|decide|answer"
            rf"|check)\b",
        ),
        (
            "whoever is in charge",
            rf"\b(?:{_TALK}|connect me|transfer me|put me through|get me) (?:to "
            rf"|with )?(?:whoever|the one"
            r" who|the (?:person|people)) (?:is|are|who|in|that|responsible)\b",
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
            r"\b(?:get|give|call|bring|fetch|want|need|see)(?: me)? (?:your|ur|the|a) (?:manager"
            r"|team lead"
            r"|supervisor|boss|superior)\b(?! (?:app|tool|account|role|permission|page|login"
            r"|access))",
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
            rf"(?:{_HUMAN}|(?:live |human )?agents?|operator|representative|rep)\b(?! error)"
            rf"|\b(?:get|give|bring|send) (?:me|us) (?:(?:{_ART} )?{_ADJ}(?:person|colleague"
            rf"|employee"
            rf"|consultant|advis[eo]r|team member)|(?:someone"
            rf"|somebody)(?: in charge)?(?=[.!? ]*$))\b"
            rf"|\b(?:i(?:'m| am) asking for|i (?:demand|request|insist on|want|need)) (?:an?"
            rf"|your) {_ADJ}(?:person"
            rf"|colleague|employee|staff member|supervisor|team member|consultant"
            rf"|advis[eo]r)(?: of yours)?"
            rf"(?=[.!?,]*$| (?:now|please|here|to (?:help|look|check|handle|call|decide|talk"
            rf"|speak))\b)"
            rf"|\b(?:request\w*|asking for|ask for|demand) (?:{_ADJ})(?:human|live"
            rf"|personal) (?:help"
            rf"|support|assistance)\b|\bwhere(?:'s| is| are) (?:the|your) (?:humans?|people)\b",
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
            rf"|still)[,.! ]+)*(?:{_ART} )?{_ADJ}(?:{_HUMAN}|agent|operator|representative|rep"
            rf"|cust(?:omer|\.)? (?:service|care|support)(?: (?:person|agent))?|support agent"
            rf"|real person|person(?= please| pls| plz)|live chat)(?: {_POLITE})*[.!? ]*$"
            rf"|^(?:is )?any(?:one|body)? (?:real )?humans?(?: around| there| here)?[.!? ]*$",
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
