"""What in a message calls for a person, and the codes hand-offs are known by."""

import re
from dataclasses import dataclass
from enum import IntEnum


class Risk(IntEnum):
    """What is at stake. R0 information, R1 the customer's own matters, R2 an action or money,
    R3 law, safety, fraud, the press, identity."""

    R0 = 0
    R1 = 1
    R2 = 2
    R3 = 3


@dataclass(frozen=True)
class Stakes:
    """The risk of a message, the topic it comes from and the words that say so."""

    risk: Risk
    topic: str = ""
    words: str = ""


REASONS = {
    "asked_for_person": "The customer asked for a person.",
    "news": "The customer asks how the matter stands.",
    "no_answer": "The documents don't answer this.",
    "not_sure": "The best answer found is not sure enough.",
    "unsupported": "An answer could not be proven from the documents.",
    "loop": "The last answers did not help.",
    "angry": "The customer is upset.",
    "self_harm": "The customer may harm themselves or be in danger.",
    "legal": "The customer speaks of the law or a lawyer.",
    "fraud": "Fraud, a stolen account or a payment the customer didn't make.",
    "chargeback": "The customer disputes a payment.",
    "media": "The customer speaks of the press or the public.",
    "identity": "A change of identity, bank details or access.",
    "safety": "Somebody may be hurt by a product.",
    "privacy": "A request about personal data.",
    "manipulation": "The message tries to give the assistant orders.",
    "action": "The customer wants something done that only a person can do.",
    "language": "There is no answer in the customer's language.",
    "policy": "The assistant does not answer by itself here.",
    "called": "The customer called.",
    "callback": "The caller is to be called back.",
    "error": "Something went wrong while answering.",
}


def stakes_of(text: str) -> Stakes:
    """The gravest thing a message touches."""
    plain = text.lower().replace("’", "'")
    sentences = re.split(r"[.!?\n]+\s+|\n", plain)
    for risk, topic, pattern in _RULES:
        # What is asked for is a matter of its own sentence; grave words count wherever they stand.
        for part in [plain] if risk is Risk.R3 else sentences:
            found = pattern.search(part)
            if found:
                return Stakes(risk, topic, found.group().strip())
    return Stakes(Risk.R0)


def is_angry(text: str) -> bool:
    """Insults, threats to leave, or shouting."""
    letters = [sign for sign in text if sign.isalpha()]
    shouting = len(letters) > 20 and sum(map(str.isupper, letters)) > 0.8 * len(letters)
    shouting = shouting and text.count(" ") >= 4 and "!" in text
    return shouting or bool(_ANGER.search(text.lower().replace("’", "'")))


_MY = r"(?:my|this|that|the|our|it|me)"
_RULES: tuple[tuple[Risk, str, re.Pattern[str]], ...] = tuple(
    (risk, topic, re.compile(pattern))
    for risk, topic, pattern in (
        (
            Risk.R3,
            "self_harm",
            r"\bkill(?:ing)? my ?self\b|\b(?:commit|committing|attempt) suicide\b|\bsuicidal\b"
            r"|\bend (?:my life|it all)\b"
            r"|\bhurt(?:ing)? my ?self\b|\bself[- ]harm|\b(?:want|going) to die\b"
            r"|\bno reason to live\b"
            r"|\bmich umbringen\b|\bselbstmord|\bsuizid|\bsuicid(?:io|arme|arse|er)\b|\bmatarme\b"
            r"|\bme (?:suicider|tuer)\b|\buccidermi\b|\bme matar\b|\bzelfmoord|\bsamobójstw"
            r"|\bintihar\b"
            r"|\b(?:don't|do not|not) (?:want|wish) to (?:live|be alive|go on living|wake up)\b"
            r"|\bending it all\b"
            r"|\btak(?:e|ing) my own life\b|\bbetter off (?:dead|without me)\b"
            r"|\bcut(?:ting)? my ?self\b(?=.{0,20}"
            r"\b(?:again|on purpose|tonight)\b)|\b(?:want|wish) (?:to be|i (?:was|were)) dead\b"
            r"|\b(?:nicht mehr|nicht länger) (?:leben|weiterleben)\b|\bwill sterben\b"
            r"|\bmir etwas antun\b"
            r"|\bno quiero (?:seguir viviendo|vivir(?: más)?|vivir)\b|\bquitarme la vida\b"
            r"|\bquiero morir(?:me)?(?=[.! ]*$)"
            r"|\bje (?:veux|voudrais) mourir\b|\bplus envie de vivre\b|\b(?:voglio (?:morire"
            r"|farla finita)|non voglio più vivere)\b"
            r"|\b(?:não quero mais viver|quero morrer(?=[.! ]*$)|acabar com a minha vida)\b"
            r"|\bik wil (?:dood|niet meer leven|sterven)\b"
            r"|\bnie chcę już żyć\b|\bnie chcę żyć\b|\bchcę umrzeć\b|\byaşamak istemiyorum\b"
            r"|\bölmek istiyorum\b"
            r"|لا (?:أريد|اريد) (?:أن )?(?:أعيش|اعيش)|أريد أن أموت|اريد ان اموت|(?:जीना नहीं"
            r"|मरना) चाहत|\b(?:tidak mau|tidak ingin)"
            r" hidup\b|\bingin mati\b|\bbunuh diri\b|انتحار|आत्महत्या|самоубий|自杀|自殺",
        ),
        (
            Risk.R3,
            "safety",
            r"\b(?:caught|catches|catching) fire\b|\belectric(?:al)? shock\b|\b(?:exploded"
            r"|on fire now|burn(?:ed|t)"
            r" (?:my|me)|allergic reaction|food poisoning|gas leak|choked|was injured|got injured"
            r"|hospital(?:i[sz]ed)?"
            r" (?:because|after))\b"
            # A child or an animal got at what isn't food.
            r"|\b(?:swallow(?:ed|s)?|drank|drunk|ate|inhaled|got .{0,12}in (?:my|his|her"
            r"|the) eyes?)\b.{0,30}\b(?:descal\w+|clean(?:er|ing \w+)|detergent|batter(?:y|ies)"
            r"|chemicals?|bleach|magnets?)\b|\bswallowed\b.{0,20}\b(?:glass|plastic|metal|tablet)\b"
            r"|\bbleeding (?:badly|heavily|a lot)\b|\b(?:throat|face|tongue)\b.{0,15}\bswell\w*"
            r"|\bcan(?:'t|not) breathe\b"
            r"|\b(?:there (?:was|were|is|are)|found|finding)\b.{0,15}\b(?:glass|metal|plastic"
            r"|shards?|mou?ld|insects?)\b.{0,10}\bin (?:my|the) (?:coffee|tea|food|drink|bag|cup)\b"
            r"|\b(?:hat|habe|haben)\b.{0,30}\b(?:entkalker|reiniger|batterie"
            r"|spülmittel)\b.{0,15}\b(?:getrunken|verschluckt|gegessen)\b"
            r"|\bfeuer gefangen\b|\bstromschlag\b|\ballergische reaktion\b|\b(?:bebió|tragó"
            r"|se tragó|bebi[oó])\b.{0,20}\b(?:descalcific\w+"
            r"|limpiador|detergente|pila|lejía)\b|\breacción alérgica\b|\ba (?:avalé"
            r"|bu)\b.{0,20}\b(?:détartrant|produit|pile|nettoyant)\b"
            r"|\bréaction allergique\b|\bha (?:bevuto|ingerito)\b.{0,20}\b(?:decalcificante"
            r"|detersivo|pila)\b|\breazione allergica\b"
            r"|\b(?:bebeu|engoliu)\b.{0,20}\b(?:descalcificante|detergente|pilha)\b"
            r"|\breação alérgica\b|\b(?:heeft|heb)\b.{0,20}\b(?:ontkalker"
            r"|schoonmaakmiddel|batterij)\b.{0,10}\b(?:gedronken|ingeslikt)\b|\bvlam gevat\b"
            r"|\b(?:wypił|połkn)\w*.{0,20}\b(?:odkamieniacz|środ|płyn|bateri)\w*|\bzapalił\w* się\b"
            r"|\b(?:kireç|deterjan|temizl|pil)\w*.{0,20}\b(?:yuttu|içti)\b"
            r"|شرب .{0,15}(?:مزيل|منظف)|ابتلع|निगल (?:ली|लिया)"
            r"|\b(?:tertelan|menelan|meminum cairan)\b"
            r"|\b(?:i know where|we know where)\b.{0,20}\blives?\b|\byou(?:'ll| will"
            r"| are going to) (?:regret|pay for) (?:this|it)\b|\bthere is smoke coming\b"
            r"|\bverletzt\b.{0,30}\bprodukt\b",
        ),
        (
            Risk.R3,
            "manipulation",
            r"\b(?:ignore|disregard|forget|overlook|bypass|override)\b.{0,40}\b(?:been|were|are"
            r"|was) "
            r"(?:told|instructed|given)\b"
            r"|\b(?:ignoriere|vergiss)\b.{0,20}\banweisungen\b|\bignora\b.{0,25}\binstrucciones\b"
            r"|\bignorez?\b.{0,25}\binstructions\b.{0,15}\bprécédentes\b|\bignore as instruções\b"
            r"|\bignora\b.{0,15}\bistruzioni\b|忽略.{0,8}(?:指令|指示)|игнорируй.{0,20}инструкц"
            r"|\b(?:ignore|disregard|forget|overlook|bypass|override)\b.{0,25}\b(?:all |any |your "
            r"|the "
            r"|my )?(?:previous|prior|above"
            r"|earlier|preceding|former|existing|escalation)\b.{0,20}\b(?:instructions?|prompts?"
            r"|rules?|context|directions?|directives?|messages?)\b"
            r"|\bignore (?:all |your |the )?(?:system prompt|instructions you)"
            r"|\bignore prior context\b"
            r"|\bsystem override\b|\b(?:now|are) in developer mode\b|\bdeveloper mode (?:enabled"
            r"|on)\b"
            r"|\b(?:print|reveal|show|repeat|output|tell me)\b.{0,20}\byour (?:full |entire |whole "
            r"|hidden |original )*(?:system )?"
            r"(?:prompt|system message|initial instructions)\b|\[?instructions? to (?:the )?(?:ai"
            r"|assistant|bot|model)\b"
            r"|\brespond only with\b.{0,20}['\"]|\bskip verification\b|\bauto-?approve\b"
            r"|<\s*/?\s*(?:admin|system)\s*>"
            r"|\bend of ticket\b|\b(?:disable|turn off) (?:all )?(?:content )?(?:moderation|safety"
            r"|filters)\b"
            r"|\byou are (?:now )?(?:dan|jailbroken)\b",
        ),
        (
            Risk.R3,
            "chargeback",
            r"\b(?:fil(?:e|ing)|do|doing|initiate|issue|start|request|open|make|threaten|via|by)"
            r" (?:an? |the )?charge ?-?backs?\b|\bchargeback (?:with|through|at) (?:my|the) bank\b"
            r"|\bdispute\b.{0,20}\b(?:charge|payment"
            r"|transaction)\b(?=.{0,30}\b(?:bank|card|you)\b)"
            r"|\b(?:call|tell|ask) my bank\b.{0,30}\b(?:revers|cancel|back|dispute)|\brückbuchung"
            r"|\blastschrift zurück"
            r"|\bcontracargo|\brétrofacturation\b|\bestorno\b.{0,20}\bcart[ãa]o\b",
        ),
        (
            Risk.R3,
            "fraud",
            r"\b(?:fraud|fraudulent(?:ly)?|scam(?:med|mer)?|phishing"
            r"|identity theft)\b(?!.{0,25}\b(?:policy|protection|prevention"
            r"|detection|filters?|bulletin|settings?)\b)(?=.{0,80}\b(?:my|me|i|account|card|charge"
            r"|order|transaction)\b)"
            r"|\b(?:my|the|mine)\b.{0,25}\b(?:account|card|wallet|identity"
            r"|profile)\b.{0,30}\b(?:hacked|stolen|compromised|taken over)\b"
            r"|\bsomeone (?:else )?(?:has |is )?(?:hacked|using|used|stole|accessed|logged into"
            r"|changed)\b.{0,15}\bmy (?:account|card|email|wallet|profile|identity|password"
            r"|phone)\b"
            r"|\b(?:didn't|did not|never|don't|do not) (?:make|made|authori[sz]e[d]?|recogni[sz]e"
            r"|place[d]?)\b.{0,20}\b(?:charge|payment"
            r"|transaction|purchase|order|withdrawal)\b|\bunauthori[sz]ed (?:charge|payment"
            r"|transaction|purchase|withdrawal|access to my)"
            r"|\b(?:charge|payment|order|transaction|purchase)\b.{0,25}\bi (?:never|didn't"
            r"|did not) (?:made|make|place|placed|authori[sz]ed?)\b"
            r"|\b(?:ordered|bought|paid|charged)\b.{0,20}\b(?:my|with my) (?:credit "
            r"|debit )?(?:card|account)\b.{0,25}\b(?:wasn't me|not me"
            r"|without)\b|\b(?:someone|somebody|they)\b.{0,15}\busing my (?:identity|name|card)\b"
            r"|\b(?:mi tarjeta|mi cuenta)\b.{0,25}\b(?:sin (?:mi )?permiso|robad\w+|clonad\w+"
            r"|hackead\w+)\b|\b(?:robaron|clonaron|hackearon)\b"
            r".{0,15}\b(?:cuenta|tarjeta)\b|\b(?:clonato|rubato|violato)\b.{0,15}\b(?:carta"
            r"|account)\b|\b(?:conta|cartão)\b.{0,15}\b(?:invadid\w+"
            r"|clonad\w+|roubad\w+|hackead\w+)\b|\bwłama\w+ się\b.{0,15}\bkont\w+|\b(?:ukradziono"
            r"|skradziono)\b.{0,15}\b(?:kart\w+|kont\w+)\b"
            r"|\b(?:hesabım|kartım)\b.{0,12}\b(?:çalındı|ele geçirildi|hacklendi)\b|(?:اختراق"
            r"|سرقة|سرق).{0,10}(?:حساب|بطاقت)"
            r"|(?:अकाउंट|खाता|कार्ड).{0,10}(?:हैक|चोरी)|\b(?:akun|kartu) saya\b.{0,10}\b(?:diretas"
            r"|dibobol|dicuri|di-?hack)\b"
            r"|\b(?:i've|i have|i was|been|got) (?:been )?hacked\b|\bbetrug\b|\bbetrüger"
            r"|\bgehackt\b|\bestafa|\bfraude\b|\bhackead[ao]\b"
            r"|\barnaque|\bpiraté|\btruffa|\bgolpe\b.{0,20}\bconta\b|\boplichting|\boszustw"
            r"|\bdolandırıcı|\bpenipuan|احتيال|धोखाधड़ी|мошенни",
        ),
        (
            Risk.R3,
            "legal",
            r"(?<!and )\b(?:my|our) (?:lawyer|attorney|solicitor)s?\b(?!.{0,20}\b(?:website|site"
            r"|template|page)\b)"
            r"|\b(?:sue|suing) (?:you|your|the company|them|over)\b|\bget sued\b|\b(?:take"
            r"|taking) (?:you to court|legal action|this to court)\b"
            r"|\bich zeige (?:sie|euch) an\b|\b(?:erstatte|stelle) (?:ich )?(?:straf)?anzeige\b"
            r"|\bfaccio causa\b|\bvie legali\b"
            r"|\bspotkamy się w sądzie\b|\bdo sądu\b|\bmahkeme\w*\b|\bdava aç\w*|(?:دعوى|مقاضا"
            r"|سأقاضي)|(?:केस|मुकदमा) (?:कर|दर्ज)|कोर्ट"
            r"|\b(?:menuntut (?:kalian|anda)|jalur hukum|ke pengadilan)\b|\bprocess(?:ar"
            r"|o judicial)\b.{0,10}\bvocês\b|\bvou processar\b"
            r"|\b(?:je vous attaque|tribunal|en justice)\b|\baanklag\w+\b|\bnaar de rechter\b"
            r"|\blegal action\b|\bsee you in court\b|\bsmall claims\b|\bclass[- ]action\b"
            r"|\b(?:breach of contract|consumer protection (?:agency|office)"
            r"|trading standards|ombudsman|better business bureau|cease and desist|subpoena"
            r"|court order)\b"
            r"|\b(?:anwalt|anwältin|rechtsanw[aä]lt\w*|klage|verklagen|gericht|verbraucherzentrale"
            r"|abmahnung)\b|\babogad[oa]\b|\bdemandar\w*\b"
            r"|\bavocat\b|\bporter plainte\b|\bavvocato\b|\bdenuncia\b|\badvogad[oa]\b"
            r"|\bprocessar\b.{0,20}\b(?:vocês|empresa)\b|\bprocon\b"
            r"|\badvocaat\b|\brechtszaak\b|\bprawnik\w*\b|\badwokat\w*\b|\bavukat\w*\b"
            r"|\bdava\b.{0,10}\baç|\bpengacara\b|محامي|محكمة|वकील|адвокат|в суд\b|律师|弁護士",
        ),
        (
            Risk.R3,
            "media",
            r"\b(?:go|going|talk|speak|tell|report|contact|contacting) (?:to |this to |with "
            r"|all of this to )?(?:the )?(?:press|media|journalists?|newspapers?|reporters?"
            r"|tv station)\b|\bi(?:'m| am) a (?:journalist|reporter)\b"
            r"|\bpress (?:enquiry|inquiry|request)\b|\b(?:writing|doing|running) (?:a"
            r"|an) (?:story|article|piece|report) (?:about|on)"
            r" (?:you|your)\b|\bich bin journalist\w*\b|\bpresseanfrage\b|\b(?:soy|sono|sou"
            r"|je suis|ik ben|jestem) (?:un |une |een )?"
            r"(?:periodista|giornalista|jornalista|journalist[e]?|dziennikark?\w*)\b|\b(?:an die"
            r"|zur) presse\b"
            r"|\bjournalist\w*\b.{0,30}\b(?:schreib|bericht)",
        ),
        (
            Risk.R3,
            "privacy",
            r"\b(?:delete|erase|remove|wipe)\b.{0,20}\b(?:all )?(?:my|our) (?:personal )?(?:data"
            r"|information|details)\b|\bgdpr\b.{0,40}\b(?:request|delete|data|my)\b"
            r"|\b(?:copy|export) of (?:all )?(?:my|the) personal data\b|\bdata (?:subject"
            r"|protection) (?:request|officer)\b|\bdata breach\b"
            r"|\bmeine (?:personenbezogenen )?daten (?:löschen|gelöscht)\b|\bdsgvo\b"
            r"|\bborrar mis datos\b|\bsupprimer mes données\b",
        ),
        (
            Risk.R3,
            "identity",
            r"^(?!.*\bhow (?:do|can|to|would)\b).*\b(?:change|update|replace)\b.{0,15}\b(?:my"
            r"|the) (?:bank (?:account|details)|iban|payout (?:account|details)"
            r"|account owner|legal name)\b|^(?!.*\bhow (?:do|can|to)\b).*\b(?:change"
            r"|switch) the (?:email|phone number)\b.{0,15}\bon my account\b.{0,40}\b(?:can't"
            r"|cannot|no longer|lost) access\b",
        ),
        (
            Risk.R2,
            "action",
            rf"^(?!.*\b(?:how (?:do|can|to|could|long|much)|what|where|when|why|policy"
            rf"|policies)\b).*(?:"
            rf"\b(?:i want|i need|i'd like|i would like|please|pls|can you|could you|will you"
            rf"|give me|i demand|just)\b.{{0,25}}"
            rf"\b(?:refund|cancel|reimburse|compensat\w+|money back|credit (?:me|my account)"
            rf"|replace(?:ment)?"
            rf"|return)\b"
            rf"|\b(?:refund|cancel|reimburse) (?:{_MY} |me\b)|\bmoney back\b"
            rf"|\bcancel(?:l?ing)? (?:an? |some )?(?:order|purchase|subscription|booking|plan)\b"
            rf"|\b(?:please|can you|could you|i need you to|i want you to) (?:change|update|delete"
            rf"|close|unlock|reset|upgrade|downgrade"
            rf"|re-?send|ship|correct|stop|activate|deactivate|block|freeze) {_MY}\b"
            rf"|^(?:please |pls |now )*(?:delete|close|pause|skip|stop|change|update|reset"
            rf"|unlock) (?:my|the next|our)\b"
            rf"|\b(?:please|i need you to) (?:pause|skip|stop|change|update|delete) (?:my|the|our"
            rf"|this)\b|\bi(?:'ve| have)? moved\b.{{0,30}}\b(?:update|change)\b"
            rf")",
        ),
        (
            Risk.R2,
            "action",
            # An order or a wish, and what is to be done. A question only asks how it is done.
            r"^(?!.*\b(?:wie|wann|was kostet|cómo|cuándo|cuánto|comment|quand|combien"
            r"|come (?:posso|si|faccio)|quando|quanto|como|hoe|wanneer"
            r"|jak|kiedy|nasıl|ne zaman|bagaimana|kapan|kann ich|puedo|puis-je|posso|kan ik"
            r"|czy mogę)\b)(?!.*(?:كيف|متى|कैसे|कब)).*(?:"
            r"\b(?:geld|bestellung|abo|vertrag|konto)\b.{0,20}\b(?:zurück|stornier\w*|kündig\w*"
            r"|lösch\w*)\b"
            r"|\b(?:stornier\w+|kündig\w+|lösch\w+|änder(?:n|e)|erstatten)\b(?! sich).{0,15}"
            r"\b(?:meine?n?|das abo|die bestellung|mir)\b"
            r"|\b(?:reembols\w+|devuelv\w+|cancel(?:ar|en?|o|em)|anul(?:ar|en?)"
            r"|devolución)\b.{0,5}\b(?:mi|el|la|de|me|meu|minha)\b"
            r"|\bcambi(?:ar|en?) (?:mi|la dirección|el (?:correo|pedido))\b"
            r"|\bme devuelvan\b|\b(?:rembours\w+|annul\w+|chang\w+|modifi\w+|résili\w+)[- ](?:ma"
            r"|mon|moi|mes|l')"
            r"|\b(?:rivoglio|rimborsat\w+|voglio (?:il rimborso|indietro))\b|\b(?:annull|cambi"
            r"|disd|modific)\w+\b.{0,5}\b(?:il mio|la mia|l'abbonamento)\b"
            r"|\b(?:meu dinheiro de volta|devolv\w+ (?:o )?meu|mud(?:ar|em) (?:o |a )?(?:meu"
            r"|minha))\b"
            r"|\b(?:wil|graag)\b.{0,10}\bgeld terug\b|\b(?:annuleer|wijzig|verander|stop"
            r"|zeg)\b.{0,5}\b(?:mijn|de bestelling|het abonnement)\b"
            r"|\b(?:proszę o zwrot|zwrot pieniędzy|oddajcie|anuluj\w*|zmieńcie|proszę (?:zmienić"
            r"|anulować))\b"
            r"|\b(?:paramı geri|iade edin|iptal (?:edin|et|ediyorum)|değiştirin)\b|(?:استرداد"
            r"|أعيدوا|استرجاع) (?:أموال|المبلغ|فلوس)"
            r"|(?:ألغوا|إلغاء|الغاء|غيروا) (?:طلب|اشتراك|عنوان)|(?:पैसे वापस|रिफंड) (?:चाहिए|दो"
            r"|दीजिए|करो)|(?:रद्द|कैंसल|बदल) (?:कर|दीजिए|दो)"
            r"|\b(?:uang saya kembali|kembalikan uang|batalkan (?:pesanan|langganan)|ubah alamat"
            r"|ganti alamat|minta refund))",
        ),
        (
            Risk.R1,
            "account",
            r"\b(?:where|when|status|track|has|did|is|was|will)\b.{0,30}\bmy (?:(?:next|last"
            r"|first) )?(?:subscription|order|package|parcel"
            r"|delivery|refund|payment|invoice|shipment|return)\b"
            r"|\bmy (?:order|invoice|ticket|booking) (?:number|no\.?|#|is|was|has|hasn't|never)\b"
            r"|\border #?\d{4,}"
            r"|\b(?:i|i've|i was|i have)\b.{0,20}\b(?:charged|billed) (?:twice|for|again|double)\b"
            r"|\b(?:address|email|card|phone number)\b.{0,15}\bon (?:file|my account)\b"
            r"|\b(?:wann kommt|status) mein\w*\b|\bgdzie (?:jest )?moj[ae]\b|\b(?:siparişim"
            r"|paketim|kargom) (?:nerede|ne zaman)\b"
            r"|أين (?:طلبي|شحنتي|طردي)|मेरा (?:ऑर्डर|पार्सल|पैकेज).{0,5}(?:कहाँ|कब)|\b(?:pesanan"
            r"|paket|kiriman) saya\b.{0,15}\b(?:di ?mana|kapan)\b"
            r"|\bwo (?:ist|bleibt) mein\w*\b|\bdónde está mi\b"
            r"|\boù (?:est|en est) ma?\b|\bdov'è il mio\b|\bonde está (?:o )?meu\b|\bwaar (?:is"
            r"|blijft) mijn\b",
        ),
    )
)  # fmt: skip
_ANGER = re.compile(
    r"\b(?:fuck(?:ing|ed|er)?|shit(?:ty)?|bullshit|asshole|bastards?|idiots?|morons?|crap|wtf|stfu"
    r"|piss(?:ed)? off|screw you)\b"
    r"|\b(?:useless|worthless|pathetic|disgusting|unacceptable|ridiculous|outrageous"
    r"|disgrace(?:ful)?|worst (?:service|company|support|experience)|rip[- ]?off|incompetent"
    r"|absolute joke|terrible service|fed up|sick of (?:this|you|waiting)|furious|livid"
    r"|never (?:buy|order|use)\b.{0,20}\bagain)\b"
    r"|\b(?:scheiße|scheiss\w*|verarsch\w*|unverschämt\w*|frechheit|mierda|puta|vergüenza"
    r"|inaceptable|merde|putain|inadmissible|inacceptable|honteux"
    r"|cazzo|vergogna|inaccettabile|porra|merda|inaceitável|absurdo|schandalig|klote|kurwa|skandal"
    r"|rezalet|berbat|saçmalık|anjing|bangsat|parah banget)\b"
)
