"""The words by which mail programs announce a quotation, a forward or a signature."""

import re

# Each alternative is how one language says "wrote" in the line above a quotation.
_WROTE = (
    r"wrote|writes|schrieb|schreibt|a\s+écrit|écrit|ha\s+scritto|escribi[óo]|va\s+escriure|"
    r"escreveu|schreef|geschreven|napisał(?:\(?a\)?)?|pisze|skrev|skrifaði|kirjoitti|"
    r"написала?|написал\(а\)|пишет|писала?|пише|написав|написала|napsala?|napsal\(a\)|napísala?|"
    r"írta|a\s+scris|yazdı|şunu\s+yazdı|έγραψε|viết|đã\s+viết|menulis|"
    r"zitat\s+von|quoting|quotando|כתב(?:ה)?|מאת|كتب|写道|寫道|のメール|は書きました|さんは書きました|작성|написа|rakstīja|rašė"
)
WROTE = re.compile(rf"(?:(?<=\W)|^)(?:{_WROTE})(?=\W|$)|写道|寫道|書きました|작성", re.IGNORECASE)

EMAIL = re.compile(r"[\w.+=%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\b|\d{1,2}\s?[時点시]")
DATE = re.compile(
    r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}"
    r"|\d{1,2}(?:\.|er|st|nd|rd|th|º)?\s+(?:de\s+)?\w{3,12}\.?,?\s+(?:de\s+)?\d{4}"
    r"|\w{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})\b"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]"
)
STARTS_WITH_DATE = re.compile(r"^\W{0,3}\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b")
OPENS = re.compile(
    r"^\W{0,6}(?:on|am|le|il|el|op|em|no|dne|dnia|w\s+dniu|den|på|d\.|em|a|la|în|în\s+data|"
    r"в|от|у|pada|vào|ngày|om)\b",
    re.IGNORECASE,
)

INITIALS = re.compile(r"[A-Z]{1,3}>(?:\s|$)")
"""The mark of programs that quote a line under its writer's initials."""

FORWARD = re.compile(
    r"^\W*(?:begin\s+forwarded\s+message|forwarded\s+(?:message|by)\b|(?:original|reply)\s+message|"
    r"(?:anfang\s+der\s+)?weitergeleitete\s+(?:nachricht|e-?mail)|ursprüngliche\s+nachricht|"
    r"originalnachricht|message\s+(?:d['’]origine|transféré|original)|"
    r"début\s+du\s+message\s+(?:réexpédié|transféré)|mensaje\s+(?:original|reenviado)|"
    r"inicio\s+del\s+mensaje\s+reenviado|mensagem\s+(?:original|encaminhada|reencaminhada)|"
    r"início\s+da\s+mensagem\s+(?:reencaminhada|encaminhada)|"
    r"messaggio\s+(?:originale|inoltrato)|inizio\s+messaggio\s+inoltrato|"
    r"(?:begin\s+)?doorgestuurd\s+bericht|oorspronkelijk\s+bericht|"
    r"(?:vidarebefordrat|ursprungligt)\s+meddelande|videresendt\s+(?:besked|melding)|"
    r"oprindelig\s+(?:meddelelse|besked)|opprinnelig\s+melding|opprinnelig\s+meddelelse|"
    r"(?:alkuperäinen|välitetty)\s+viesti|wiadomość\s+(?:oryginalna|przekazana)|"
    r"(?:oryginalna|przekazana)\s+wiadomość|(?:původní|přeposlaná)\s+zpráva|pôvodná\s+správa|"
    r"eredeti\s+üzenet|(?:mesaj\s+original|mesajul\s+original)|(?:iletilen|özgün|orijinal)\s+(?:ileti|mesaj)|"
    r"(?:исходное|пересылаемое|оригинальное|переадресованное)\s+(?:сообщение|письмо)|"
    r"(?:пересилається|оригінальне|початкове)\s+повідомлення|"
    r"原始邮件|转发的?邮件|原始郵件|轉寄的?郵件|元のメッセージ|転送されたメッセージ|원본\s*메시지|전달된\s*메시지)"
    r"\s*:?[\W_]*$",
    re.IGNORECASE,
)

_FROM = (
    "from|von|de|da|van|fra|från|från|od|от|від|lähettäjä|feladó|kimden|gönderen|expéditeur|"
    "mittente|remitente|odesílatel|odosielateľ|expeditor|от кого|发件人|寄件者|差出人|"
    "送信者|보낸\\s?사람|"
    "από|dari|người gửi|de la|מאת"
)
_OTHER = (
    "προς|θέμα|στάλθηκε|ημερομηνία|către|אל|נשלח|נושא|תאריך|to|an|à|a|para|aan|til|till|do|кому|komu|vastaanottaja|címzett|kime|alıcı|destinataire|"
    "destinatario|destinatário|收件人|宛先|받는\\s?사람|cc|kopie|copie|cópia|копия|копія|抄送|参照|참조|"
    "sent|gesendet|envoyé|enviado|enviada(?:\\s+em)?|inviato|verzonden|sendt|skickat|wysłano|"
    "odesláno|отправлено|надіслано|lähetetty|küldve|elküldve|gönderildi|gönderme\\s+tarihi|trimis|"
    "发送时间|送信日時|보낸\\s?날짜|"
    "date|datum|data|fecha|dato|дата|päivämäärä|päiväys|dátum|tarih|日期|日付|날짜|"
    "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|temat|předmět|predmet|тема|"
    "aihe|tárgy|konu|subiect|主题|主旨|件名|제목|reply[- ]to|antwort\\s+an|risposta|répondre\\s+à|"
    "responder\\s+a|answer\\s+to|importance|priorität|attachments|anlagen"
)
_LABEL = r"^[\s>|*_]*(?P<label>{words})[*_]*\s*[:：][*_]*(?P<value>.*)$"
FROM_HEADER = re.compile(_LABEL.format(words=_FROM), re.IGNORECASE)
ANY_HEADER = re.compile(_LABEL.format(words=f"{_FROM}|{_OTHER}"), re.IGNORECASE)

_DEVICE = (
    r"iphone|ipad|ipod|android|mobil|mobile|phone|handy|tablet|outlook|\w*mail\b|samsung|galaxy|"
    r"huawei|xiaomi|pixel|nokia|blackberry|mailbox|windows|yahoo|proton|device|gerät|appareil|cell|"
    r"\bapp\b|móvil|celular|dispositiv|telef|téléphone|puhelin|телефон|айфон|移动|手机|手機|스마트폰"
)
_SENT = (
    r"sent\s+(?:wirelessly\s+)?(?:from|with|via|using|by)\b",
    r"(?:diese\s+(?:nachricht|e-?mail)\s+wurde\s+)?(?:gesendet|versendet|verschickt)\s+(?:von|mit|aus|über)\b",
    r"envoyée?\s+(?:depuis|de|à\s+partir|avec|par)\b|enviad[oa]\s+(?:desde|de|do|da|con|com|a\s+partir|via)\b",
    r"inviat[oa]\s+(?:da|dal|con|tramite)\b|inviat[oa]\s+dall['’]|(?:verzonden|verstuurd)\s+(?:vanaf|vanuit|van|met|via|op)\b",
    r"skicka(?:t|des)\s+(?:från|med)\b|sendt\s+(?:fra|med)\b|lähetetty\s|wysłan[eoya]+\s+(?:z|za|przez)\b",
    r"od[eo]slan[oéá]\s+z\b|отправлено\s+(?:с|из|от)\b|надіслано\s+(?:з|із)\b|trimis\s+(?:de|din)\b|küldve\s",
)
DEVICE_SIGNATURE = re.compile(
    r"^[\W_]*(?:"
    r"(?:this\s+(?:message|e-?mail)\s+was\s+)?sent\s+from\s+my\s.{1,60}"
    rf"|(?:{'|'.join(_SENT)})(?=.{{0,80}}(?:{_DEVICE})).{{0,90}}"
    rf"|(?:von|mit|unterwegs)\s.{{0,70}}(?:{_DEVICE}).{{0,40}}\s(?:gesendet|geschickt|verschickt|versendet)\W*"
    rf"|diese\s+(?:nachricht|e-?mail)\s.{{0,70}}(?:{_DEVICE}).{{0,60}}"
    r"|(?:get|download|holen\s+sie\s+sich|téléchargez|télécharger|obtenez|obtener|obter|scarica|ottieni|hent|hämta)"
    r"\s.{0,12}outlook\b.{0,60}|outlook\s+(?:für|voor)\s.{1,40}"
    rf"|(?:\w+\s+)?from\s+(?:my\s+)?(?:{_DEVICE})\b.{{0,12}}"
    r"|.{0,40}(?:iphone|ipad|telefon).{0,14}\s+gönderildi\W*"
    r"|.{0,40}から送信|(?:发自|發自)我的.{1,30}|[从從]我的.{1,30}(?:发送|傳送)|.{1,30}에서\s?보냄"
    r")$",
    re.IGNORECASE,
)

BOILERPLATE = re.compile(
    r"\b(?:to\s+(?:unsubscribe|respond)|reply\s+to\s+this\s+e-?mail|view\s+(?:it\s+)?(?:on|in)\b|"
    r"you\s+(?:received|are\s+receiving)\s+this|unsubscribe|confidential|vertraulich|confidentiel|"
    r"confidencial|riservat|intended\s+(?:only\s+)?(?:for|solely)|antivirus|virus-?free|"
    r"scanned\s+(?:by|for)|mailing\s+list)\b",
    re.IGNORECASE,
)
