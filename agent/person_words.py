"""How people ask for a person in languages other than English, one pattern each."""

import re

_DE_WHO = (
    r"(?:einem|einen|ein|einer|eine|der|dem|den|ihrem|eurem|mit|jemand\w*|echte\w*|richtige\w*"
    r"|menschliche\w*|lebende\w*|anderen?|vom|support|kompetenten?|zuständigen?)"
)
_WORDS = {
    "de": (
        r"\b(?:sprechen|reden|chatten|telefonieren|verbinden|verbinde[nt]?|weiterleiten|leiten sie"
        r"|kontaktieren|durchstellen|schreiben)\b.{0,50}\b(?:menschen?|person|mitarbeiter\w*"
        r"|jemande?[mn]?"
        r"|berater\w*|agent\w*|kollegen|kundenberater\w*|kundendienst|kundenservice|vorgesetzten?"
        r"|support)\b"
        rf"|\b{_DE_WHO} (?:\w+ )?(?:menschen?|person|mitarbeiter\w*|berater\w*|kundenberater\w*"
        rf"|kundendienst"
        r"|kundenservice|vorgesetzten?|support|jemande?[mn]?|agent\w*"
        r"|kollegen)\b.{0,40}\b(?:sprechen|reden"
        r"|chatten|telefonieren|verbinden|verbunden|verbinde|weitergeleitet|weiterleiten"
        r"|kontaktieren"
        r"|durchstellen|schreiben|haben)\b"
        r"|\b(?:jemand(?:en|em)?) (?:\w+ )?(?:sprechen|reden|erreichen)\b|\b(?:echte[nr]?"
        r"|richtige[nr]?"
        r"|menschliche[nr]?) (?:menschen?|person|mitarbeiter\w*|berater\w*"
        r"|ansprechpartner)\b(?!.{0,3}\?$)"
        r"|^(?:bitte |einen? )?(?:mensch(?:en)?|mitarbeiter(?:in)?|berater)(?: bitte)?[.! ]*$"
        r"|\b(?:nicht|kein\w*)\b.{0,30}\bmit (?:einem|einer|dem) (?:bot|maschine|computer|roboter"
        r"|ki)\b"
        r"|\bmenschen? statt\b|\bverbinden sie mich\b|\bmenschliche[nr]? (?:hilfe|support"
        r"|unterstützung)\b"
    ),
    "es": (
        r"\b(?:hablar|chatear|conversar|comunicar\w*|contactar|conectar\w*|conéct\w+|conect\w+"
        r"|p[aá]s[ae]\w*"
        r"|transfier\w+|transferir\w*|ponga\w*|póngame|comunique\w*|comuníqu\w+|atienda|escribir)\b"
        r".{0,40}\b(?:persona|humano|humana|agente|alguien|asesor\w*|operador\w*|representante"
        r"|encargad\w+"
        r"|supervisor\w*|gerente|ser humano|empleado|servicio al cliente|atención al cliente)\b"
        r"|\b(?:quiero|necesito|deseo|prefiero|dame|d[eé]me|exijo"
        r"|quisiera)\b.{0,20}\b(?:una? )?(?:persona"
        r" (?:real|de verdad|humana)|humano|agente(?: humano)?|operador\w*|asesor\w*|representante"
        r"|ser humano)\b"
        r"|^(?:un |una )?(?:humano|agente(?: humano)?|persona real|operador\w*"
        r"|asesor\w*)(?:,? por favor)?[.! ]*$"
        r"|\bno (?:quiero|deseo)\b.{0,25}\b(?:robot|bot|m[aá]quina)\b"
    ),
    "fr": (
        r"\b(?:parler|discuter|échanger|joindre|contacter|parle|mettez[- ]moi en (?:relation"
        r"|contact|ligne)"
        r"|passez[- ]moi|transf[eé]re[rz]\w*|connecte[rz]\w*|mettre en (?:relation"
        r"|contact))\b.{0,40}"
        r"\b(?:humaine?|personne|conseill\w+|agent|quelqu'un|opérat\w+|responsable|employée?"
        r"|être humain"
        r"|service client|vrai\w*)\b"
        r"|\b(?:je veux|je voudrais|j'aimerais|je souhaite|besoin d'|donnez[- ]moi"
        r"|je préfère)\b.{0,25}"
        r"\b(?:un humain|une (?:vraie |)personne(?: réelle| humaine)|un (?:vrai )?conseiller"
        r"|un agent|un opérateur"
        r"|une vraie personne|être humain)\b"
        r"|^(?:un |une )?(?:humain|agent(?: humain)?|vraie personne|conseiller"
        r"|opérateur)(?:,? s'il (?:vous|te)"
        r" pla[iî]t|,? svp)?[.! ]*$|\b(?:pas|marre|plus)\b.{0,30}\b(?:à|avec|d')\s?(?:un |une |ce "
        r"|cette )?"
        r"(?:robot|bot|machine|chatbot)\b"
    ),
    "it": (
        r"\b(?:parlare|parlo|chattare|contattare|comunicare|collegar\w*|mett\w+ in contatto"
        r"|mettimi in contatto"
        r"|pass\w+|trasferi\w+|connett\w+|discutere)\b.{0,40}\b(?:persona|umano|umana|operat\w+"
        r"|qualcuno"
        r"|agente|addett\w+|responsabile|consulente|essere umano|assistenza clienti"
        r"|servizio clienti|rappresentante)\b"
        r"|\b(?:voglio|vorrei|ho bisogno di|mi serve|preferisco|datemi"
        r"|dammi)\b.{0,20}\b(?:un (?:operatore|umano"
        r"|agente|essere umano)|una persona (?:reale|vera|umana|in carne))\b"
        r"|^(?:un |una )?(?:operatore|umano|persona (?:reale|vera)"
        r"|agente(?: umano)?)(?:,? (?:per favore|grazie))?[.! ]*$"
        r"|\bnon (?:voglio|vorrei)\b.{0,30}\b(?:robot|bot|macchina)\b"
    ),
    "pt": (
        r"\b(?:falar|conversar|contatar|contactar|conectar\w*|conect\w+|transfer\w+|transfir\w+"
        r"|pass[ae]\w*"
        r"|lig(?:ar|ue)\w*|coloque|encaminh\w+|fale)\b.{0,40}\b(?:pessoa|humano|humana|atendente"
        r"|alguém|alguem"
        r"|agente|operador\w*|representante|assistente humano|gerente|supervisor\w*|ser humano"
        r"|funcionári\w+"
        r"|colaborador\w*|atendimento humano)\b"
        r"|\b(?:quero|preciso|gostaria|prefiro|desejo|exijo)\b.{0,20}\b(?:de )?(?:um "
        r"|uma )?(?:atendente|humano"
        r"|pessoa (?:real|de verdade|humana)|agente|operador\w*|atendimento humano|ser humano)\b"
        r"|^(?:um |uma )?(?:atendente|humano|pessoa real|operador\w*|agente humano"
        r"|atendimento humano)(?:,? por favor)?[.! ]*$"
        r"|\bnão quero\b.{0,30}\b(?:robô|robo|bot|máquina)\b"
    ),
    "nl": (
        r"\b(?:spreken|praten|chatten|verbinden|doorverbinden|contact|bellen|overleggen"
        r"|doorverbonden)\b.{0,40}"
        r"\b(?:mens|persoon|medewerker\w*|iemand|agent|collega|echt\w* (?:mens|persoon)"
        r"|klantenservice)\b"
        r"|\b(?:een|echte?|met|menselijke|de) (?:mens|persoon|medewerker\w*|iemand|agent|collega"
        r"|klantenservice"
        r"|echt\w* (?:mens|persoon)|menselijke medewerker)\b.{0,30}\b(?:spreken|praten|chatten"
        r"|verbinden"
        r"|doorverbinden|doorverbonden|bellen|contact|overleggen|hebben|krijgen|aan de lijn)\b"
        r"|\biemand (?:te )?(?:spreken|aan de lijn)\b"
        r"|\bverbind (?:me|mij)\b|^(?:een )?(?:echt )?(?:mens|medewerker|echte persoon)(?: graag"
        r"| alstublieft| aub)?[.! ]*$"
        r"|\b(?:niet|geen)\b.{0,25}\bmet (?:een |deze |die )?(?:bot|robot|machine|computer)\b"
        r"|\bmenselijke (?:hulp|medewerker)\b"
    ),
    "pl": (
        r"\b(?:rozmawia\w*|porozmawia\w*|pogada\w*|połącz\w*|polacz\w*|skontaktowa\w*|przełącz\w*"
        r"|przelacz\w*"
        r"|mówić|pomówić|przekier\w+|kontakt\w*|rozmow\w+)\b.{0,40}\b(?:człowiek\w*|czlowiek\w*"
        r"|osob\w+|konsultant\w*"
        r"|kimś|kims|pracownik\w*|agent\w*|operator\w*|doradc\w+|przedstawiciel\w*|kierownik\w*"
        r"|obsług\w+)\b"
        r"|\b(?:chcę|chce|potrzebuję|potrzebuje|poproszę|proszę o|wolę"
        r"|dajcie mi)\b.{0,20}\b(?:człowieka|czlowieka"
        r"|konsultanta|żywego|prawdziw\w+ (?:człowiek\w*|osob\w+)|operatora|pracownika)\b"
        r"|^(?:człowiek|konsultant|operator|żywy człowiek)(?:,? proszę)?[.! ]*$"
        r"|\bnie chcę\b.{0,30}\bz (?:botem|robotem|maszyną)\b"
    ),
    "tr": (
        r"\b(?:insan\w*|temsilci\w*|yetkili\w*|birisi\w*|biri(?:yle|si|ne)\b|biriyle|kişi\w*"
        r"|operatör\w*|çalışan\w*"
        r"|danışman\w*|müşteri hizmet\w+|canlı destek\w*|gerçek (?:bir )?(?:insan"
        r"|kişi)\w*)\b.{0,40}\b(?:konuş\w*|görüş\w*"
        r"|bağla\w*|aktar\w*|iste\w*|ulaş\w*|yazış\w*|iletişim\w*|yönlendir\w*)\b|\bcanlı destek\b"
        r"|\b(?:robot|bot|makine)\w* (?:ile |la |le )?(?:konuşmak|görüşmek) istemiyorum\b"
        r"|\bgerçek bir (?:insan|kişi|temsilci)\b(?! mi)|^(?:insan|temsilci"
        r"|müşteri temsilcisi)(?: lütfen)?[.! ]*$"
    ),
    "ar": (
        r"(?:التحدث|اتحدث|أتحدث|نتحدث|اتكلم|أتكلم|التكلم|اكلم|أكلم|التواصل|أتواصل|اتواصل|تحويلي"
        r"|حولني|حوّلني|وصلني|توصيلي|محادثة|الكلام|احكي|أحكي)"
        r".{0,30}(?:شخص|إنسان|انسان|موظف|ممثل|بشري|أحد|احد|خدمة العملاء|وكيل|مسؤول|مدير|مندوب|حد )"
        r"|(?:أريد|اريد|ابغى|أبغى|عايز|بدي|أحتاج|احتاج) (?:إلى |الى )?(?:شخص|إنسان|انسان|موظف|ممثل)"
        r"|(?:موظف|شخص|إنسان|انسان) (?:حقيقي|بشري)(?!\s*؟)"
    ),
    "hi": (
        r"(?:इंसान|व्यक्ति|एजेंट|प्रतिनिधि|किसी से|किसी (?:असली |वास्तविक )?(?:आदमी|इंसान|व्यक्ति)"
        r"|कर्मचारी|ऑपरेटर|मनुष्य|मैनेजर|अधिकारी|कस्टमर केयर|ग्राहक सेवा).{0,30}"
        r"(?:बात|बोलना|जोड़|कनेक्ट|संपर्क|चाहिए|ट्रांसफर|मिलना|चैट)"
        r"|(?:insaan|insan|agent|kisi (?:insaan |vyakti |aadmi )?|vyakti|executive"
        r"|customer care) (?:se|ko) (?:\w+ )?(?:baat|connect|bat)"
    ),
    "id": (
        r"\b(?:bicara|berbicara|ngobrol|ngomong|chat|hubungkan|sambungkan|terhubung|kontak"
        r"|menghubungi|disambungkan|berkomunikasi|dihubungkan)\b.{0,35}"
        r"\b(?:orang|manusia|agen|petugas|staf|operator|seseorang|cs|customer service"
        r"|layanan pelanggan|admin|perwakilan|manajer)\b"
        r"|\b(?:mau|ingin|butuh|perlu|minta)\b.{0,15}\b(?:orang (?:asli|sungguhan|beneran)|manusia"
        r"|agen manusia|operator|petugas)\b"
        r"|^(?:manusia|agen|petugas|operator|orang asli)(?: tolong| dong| ya)?[.! ]*$"
        r"|\b(?:tidak|nggak|gak) mau\b.{0,20}\b(?:robot|bot|mesin)\b"
    ),
    "ru": (
        r"(?:поговор\w+|говорить|пообща\w+|общаться|соедин\w+|связа\w+|свяж\w+|переключ\w+"
        r"|переведи\w*|перевед\w+|позов\w+|позва\w+|дайте|чат)"
        r".{0,35}(?:человек\w*|оператор\w*|сотрудник\w*|менеджер\w*|кем-то|кем-нибудь|специалист\w*"
        r"|представител\w*|агент\w*|консультант\w*|поддержк\w+)"
        r"|(?:нужен|хочу|требую|позовите|мне) (?:\w+ )?(?:человек\w*|оператор\w*|менеджер\w*"
        r"|живо\w+)(?!\s*\?)|живо[йгм]\w* (?:человек\w*|оператор\w*|сотрудник\w*)(?!\s*\?)"
        r"|^(?:оператор|человек|менеджер)(?:,? пожалуйста)?[.! ]*$|не хочу.{0,25}с (?:ботом|роботом"
        r"|машиной)"
    ),
    "uk": (
        r"(?:поговор\w+|говорити|поспілку\w+|спілкува\w+|з'єдна\w+|зв'яза\w+|переключ\w+|покли\w+)"
        r".{0,35}(?:людин\w+|оператор\w*|співробітник\w*|менеджер\w*|кимось|спеціаліст\w*|агент\w*"
        r"|консультант\w*|підтримк\w+)"
        r"|(?:потрібен|потрібна|хочу) (?:\w+ )?(?:людин\w+|оператор\w*)"
    ),
    "zh": (
        r"(?:转|找|接|要|联系|呼叫|叫|换|需要|轉|聯繫|聯絡|跟|和|与|與|同|请|請).{0,6}(?:人工|真人|客服|活人|专员|專員|經理|经理|主管)"
        r"(?:[^吗嗎么]{0,8}$|.{0,6}(?:聊|谈|說|说|讲|講|沟通|通话|服务|服務|客服))|人工(?:客服|服务|服務|座席)(?!.{0,6}(?:是什么|几点"
        r"|幾點))"
        r"|(?:跟|和|与|與|找).{0,6}(?:真人|人|真正的人|活人)"
        r"(?:说话|說話|聊|交谈|交談|沟通|對話|对话|讲话|談)|^(?:人工|真人)[。!! ]*$"
        r"|不想.{0,6}(?:机器人|機器人)"
    ),
    "ja": (
        r"(?:人間|人|担当者|オペレーター|オペレータ|スタッフ|係の方|係員|誰か|有人|責任者|店員|サポート担当)(?:の方|の人|さん)?(?:と|に|へ|を"
        r"|で).{0,10}"
        r"(?:話|はな|つな|繋|代わ|替わ|変わ|相談|お願い|対応|転送|呼ん|連絡|チャット|切り替え|出し)|有人(?:チャット|対応|サポート)"
        r"|オペレーター(?:希望|お願い)|(?:ボット|機械|ロボット|AI)(?:とは|じゃなく|ではなく)"
    ),
    "ko": (
        r"(?:상담원|상담사|사람|직원|담당자|실제 사람|매니저)"
        r"(?:과|와|이랑|랑|하고|에게|한테|을|를|으로)?.{0,12}(?:연결|통화|이야기|얘기|대화|상담"
        r"|말하|바꿔|필요|원해)"
    ),
    "sv": (
        r"\b(?:prata|tala|chatta|koppla|kontakta|få)\b.{0,35}\b(?:människa|person|medarbetare|någon"
        r"|handläggare"
        r"|kundtjänst|agent|riktig person|operatör)\b"
    ),
    "cs": (
        r"\b(?:mluvit|promluvit|spojte|spojit|přepojte|přepojit|kontaktovat"
        r"|bavit)\b.{0,35}\b(?:člověk\w*|osob\w+"
        r"|operátor\w*|někým|pracovník\w*|agent\w*|zaměstnanc\w+|podpor\w+)\b"
    ),
    "vi": (
        r"(?:nói chuyện|gặp|chat|kết nối|liên hệ|trao đổi|chuyển).{0,25}(?:người thật|con người"
        r"|nhân viên|tư vấn viên"
        r"|tổng đài viên|ai đó|người quản lý|với người)"
    ),
    "el": r"(?:μιλήσω|επικοινωνήσω|συνδέσ\w+|μιλήσουμε).{0,30}(?:άνθρωπο|κάποιον|εκπρόσωπο"
    "|υπάλληλο|πρόσωπο)",
    "he": r"(?:לדבר|לשוחח|להתחבר|תעבירו|העבירו|חברו).{0,25}(?:נציג|אדם|מישהו|בן אדם|בנאדם|אנושי"
    "|מנהל)|נציג אנושי",
    "th": r"(?:คุย|พูด|ติดต่อ|ต่อสาย|โอน|สนทนา).{0,20}(?:คน|เจ้าหน้าที่|พนักงาน|มนุษย์|แอดมิน)",
}  # fmt: skip
PERSON_WORDS = {code: re.compile(pattern) for code, pattern in _WORDS.items()}

# "Is this a person?" asks, it doesn't ask for one.
ASKS_ABOUT_BOT = re.compile(
    r"\b(?:bist du|sind sie|spreche ich|rede ich|eres|es usted|estoy hablando|hablo con"
    r"|êtes[- ]vous|es[- ]tu"
    r"|est[- ]ce que (?:je parle|vous êtes|tu es)|je parle|parlo con|sto parlando|sei|siete|você é"
    r"|voce é|é um"
    r"|estou falando|estou a falar|ben je|bent u|spreek ik|praat ik|czy (?:jesteś|rozmawiam|to)"
    r"|apakah (?:ini|kamu"
    r"|anda|saya)|är du|jste|jsi)\b[^.!]{0,60}\?"
    r"|(?:mısın|misin|musun|mısınız|misiniz|musunuz|(?<=konuşuyor )muyum|(?<=görüşüyor )muyum)\b"
    r"|\bbiriyle mi\b|^(?:هل|ты|вы|это|я говорю|क्या (?:आप|मैं|यह)"
    r"|你是|您是|你们是|我是在|あなたは|これは|당신은|ви"
    r"|ти)"
    r"(?!.{0,12}(?:يمكن|могу|можете|можешь|можно|أستطيع|بإمكان|मुझे|मैं किसी|能|可以))"
)
