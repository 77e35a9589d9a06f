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
        r"(?:转|找|接|要|联系|呼叫|叫|换|需要|轉|聯繫|聯絡|跟|和|与|與|同|请|請).{0,6}(?:人工"
        r"|真人|客服|活人|专员|專員|經理|经理|主管)"
        r"(?:[^吗嗎么]{0,8}$|.{0,6}(?:聊|谈|說|说|讲|講|沟通|通话|服务|服務|客服))|人工(?:客服"
        r"|服务|服務|座席)(?!.{0,6}(?:是什么|几点"
        r"|幾點))"
        r"|(?:跟|和|与|與|找).{0,6}(?:真人|人|真正的人|活人)"
        r"(?:说话|說話|聊|交谈|交談|沟通|對話|对话|讲话|談)|^(?:人工|真人)[。!! ]*$"
        r"|不想.{0,6}(?:机器人|機器人)"
    ),
    "ja": (
        r"(?:人間|人|担当者|オペレーター|オペレータ|スタッフ|係の方|係員|誰か|有人|責任者|店員"
        r"|サポート担当)(?:の方|の人|さん)?(?:と|に|へ|を"
        r"|で).{0,10}"
        r"(?:話|はな|つな|繋|代わ|替わ|変わ|相談|お願い|対応|転送|呼ん|連絡|チャット|切り替え"
        r"|出し)|有人(?:チャット|対応|サポート)"
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
# Somebody may call, take it over or look after it; the boss; no machine.
_SOMEBODY_ACTS = {
    "de": (
        r"\b(?:jemand|mensch|mitarbeiter(?:in)?|kolleg(?:e|in)|berater(?:in)?|person)\b.{0,40}"
        r"\b(?:zurückruf\w*|anruf(?:en|t)|ruft .{0,15}(?:an|zurück)|meldet|melden|kümmer\w+"
        r"|übernehm\w+"
        r"|anschau\w+|ansehen)\b|\b(?:rufen sie|ruf|ruft) mich (?:bitte )?(?:an|zurück)\b"
        r"|\b(?:bitte um|hätte gern\w*|möchte|brauche) (?:einen )?(?:rückruf|ansprechpartner\w*)\b"
        r"|\b(?:kolleg(?:e|in|en)|mitarbeiter\w*|vorgesetzte\w*"
        r"|menschen)\b.{0,15}\bweiter(?:leiten|geben)?\b"
        r"|\bleiten sie\b.{0,30}\b(?:kolleg\w+|vorgesetzte\w*)\b"
        r"|\b(?:vorgesetzte\w*|chef|filialleiter\w*)\b.{0,20}\b(?:sprechen|reden|verbinden)\b"
        r"|^(?:nein,? )?(?:einen? )?(?:mensch|mitarb\w{0,6}) bitte\b|\b(?:kein|nicht der) (?:bot"
        r"|roboter)\b"
        r"|\bgibt es hier\b.{0,20}\b(?:menschen|jemanden)\b"
    ),
    "es": (
        r"\b(?:alguien|una persona|un agente|un asesor|un compañero)\b.{0,30}\b(?:me llam\w+"
        r"|llamarme"
        r"|me contact\w+|contactarme|me atiend\w+|atenderme|me pued\w+ atender)\b"
        r"|\bme pued\w+ (?:llamar|atender|contactar) (?:alguien|una persona|un \w+)\b"
        r"|\bque (?:me |lo |la )?(?:atienda|vea|revise|llame|mire|trate) (?:una persona|alguien"
        r"|un humano"
        r"|un agente|un asesor|un empleado)\b|\b(?:supervisor|encargado|gerente"
        r"|jefe) (?:por favor|ya)\b"
        r"|\b[hk]?ablar? con (?:un[ao]? )?(?:h?umano|persona|alguien)\b|\bh?umano por favor\b"
        r"|\b(?:quiero|necesito|exijo)\b.{0,15}\b(?:supervisor|encargado|gerente|jefe)\b"
    ),
    "fr": (
        r"\b(?:quelqu'un|un conseiller|une personne|un collègue"
        r"|un employé)\b.{0,30}\b(?:me (?:rappel\w+"
        r"|rappeler|contact\w+|téléphon\w+|répond\w+)|s'en (?:occup\w+|charg\w+))\b"
        r"|\brappelez[- ]moi\b"
        r"|\bêtre rappelée?\b|\b(?:transmett\w+|transmis\w*|relation|contact)\b.{0,20}\b(?:à"
        r"|avec) (?:un|une"
        r"|votre) (?:employée?|collègue|conseill\w+|humain|responsable|personne)\b"
        r"|\b(?:veux|voudrais|exige) (?:voir |parler à )?(?:votre|un|le) (?:responsable|supérieur"
        r"|chef)\b"
        r"|\b(?:y a-t-il|il y a)\b.{0,15}\b(?:être humain|humain|quelqu'un)\b"
        r"|\bpasse[rz]?[- ]moi (?:un|une|votre|le)\b"
        r"|\bparler? [aà] (?:un |une )?(?:vrai |vraie )?(?:conseil\w*|humain|personne)\b"
        r"|\b(?:pas un|pas de|plus de) (?:robot|bot)\b"
    ),
    "it": (
        r"\b(?:qualcuno|un operatore|un collega|una persona)\b.{0,25}\b(?:mi (?:può |potrebbe "
        r"|puo )?(?:"
        r"richiam\w+|chiam\w+|contatt\w+|ricontatt\w+|aiut\w+|rispond\w+)|richiamarmi|contattarmi)"
        r"|\brichiamatemi\b|\bmi (?:richiami|chiami) (?:qualcuno|un)\b|\bin carne e ossa\b"
        r"|\bocc?up\w+\b.{0,12}\b(?:collega|persona|operatore|umano)\b"
        r"|\bparl\w{1,4} con (?:un |una |qualcuno|il |l')\s?(?:persona|operatore|umano"
        r"|responsabile|collega)?\b"
        r"|\b(?:basta|niente|no) (?:ai |con i )?(?:bot|robot)\b"
        r"|\b(?:voglio|vorrei|serve) (?:il |un |una )?(?:umano|vostro responsabile|responsabile"
        r"|capo)\b"
    ),
    "pt": (
        r"\b(?:alguém|alguem|uma pessoa|um atendente|um colega"
        r"|um funcionário)\b.{0,25}\b(?:me (?:ligar|ligue"
        r"|liga|retornar|contatar|atender|atenda|chamar)|ligar[- ](?:me|pra mim|para mim)"
        r"|ligar-me|contactar-me)\b"
        r"|\b(?:me liga|me ligue|liguem-me|me liguem)\b|\b(?:chama|chame|quero"
        r"|exijo)\b.{0,12}\b(?:gerente"
        r"|supervisor|responsável|chefe)\b|\b(?:trat\w+|resolv\w+"
        r"|resolver)\b.{0,12}\bcom (?:uma pessoa|alguém"
        r"|um humano|um colega|um atendente)\b|\bn[aã]o quero\b.{0,20}\b(?:rob[ôo]|bot"
        r"|m[áa]quina)\b"
        r"|\b(?:chega de|sem) (?:rob[ôo]s?|bots?)\b"
    ),
    "nl": (
        r"\b(?:iemand|medewerker|collega|mens)\b.{0,25}\b(?:me|mij) (?:\w+ )?(?:terug)?bell?en\b"
        r"|\b(?:bel|bellen) (?:me|mij) (?:\w+ )?terug\b|\bteruggebeld\b|\bterugbelverzoek\b"
        r"|\bmed\w{2,4}rker (?:graag|aub|alsjeblieft|alstublieft)\b|\bgeen (?:ro)?bot\b"
        r"|\becht (?:persoon|mens)\b(?!\?)"
        r"|\b(?:collega|medewerker|leidinggevende|manager|baas|chef)\b.{0,15}\b(?:bespreken"
        r"|spreken|overleggen)\b"
        r"|\bdoor(?:sturen|geven|zetten)\b.{0,20}\b(?:collega|medewerker|mens|leidinggevende)\b"
        r"|\b(?:een|met) (?:collega|medewerker|mens)\b.{0,20}\b(?:bespreken|bekijken|kijken"
        r"|oppakken)\b"
    ),
    "pl": (
        r"\b(?:ktoś|ktos|konsultant|pracownik|kolega"
        r"|człowiek)\b.{0,25}\b(?:do mnie (?:\w+ )?(?:za)?dzwoni\w*"
        r"|zadzwoni\w* do mnie|oddzwoni\w*|skontaktuje|skontaktował|zajął|zajmie)\b"
        r"|\bproszę o telefon\b"
        r"|\boddzwoń\w*\b|\b(?:z|do) (?:czlowieki?em|człowieka|człowiekiem)\b(?=[.! ]*$)"
        r"|\b(?:kierownik\w+"
        r"|przełożon\w+)\b(?=[.! ]*$)|\bnie chc[ęe]\b.{0,20}\bz (?:botem|robotem|maszyną"
        r"|automatem)\b"
        r"|\bz (?:kimś|kims|pracownikiem|kierownikiem|przełożonym)\b.{0,15}\b(?:po)?rozmawia\w*"
    ),
    "tr": (
        r"\b(?:biri|birisi|bir yetkili|bir temsilci|temsilci|birileri)\b.{0,20}\b(?:beni ara"
        r"|bana dön|bana ulaş|ilgilen)\w*"
        r"|\bbeni (?:geri )?arayın\b|\b(?:müdür|yönetici|amir|patron|şef)\w*\b.{0,20}\b(?:görüş"
        r"|konuş|bağla)\w*"
        r"|\b(?:robot|bot|makine)\w*\b.{0,12}\b(?:istemiyorum|değil)\b"
        r"|\bger[cç]ek (?:bir )?(?:insan|ki[sş]i|temsilci)\b(?! m[iı])"
    ),
    "ar": (
        r"(?:أحد|احد|حد|شخص|موظف|أحدكم|أحدهم).{0,15}(?:يتصل بي|يكلمني|الاتصال بي|يتواصل معي"
        r"|يرد علي)"
        r"|(?:اتصلوا|اتصل) بي|(?:يتابع|يراجع|يحل|يهتم|يعالج).{0,15}(?:إنسان|انسان|موظف"
        r"|شخص)(?!\s*آخر)"
        r"|لا (?:أريد|اريد).{0,20}(?:روبوت|آلة|بوت)|(?:أريد|اريد|أطلب) (?:مديرك|المدير|المسؤول)"
        r"|(?:التحدث|الحديث|أتحدث|اتحدث|التكلم).{0,10}(?:المدير|مديرك|المسؤول|المشرف)"
        r"|(?:^|\s)(?:موظف|إنسان|شخص حقيقي) (?:من فضلك|لو سمحت)"
    ),
    "hi": (
        r"(?:कोई|किसी को|एजेंट|आदमी|इंसान).{0,20}(?:मुझे|मुझको) (?:वापस )?(?:कॉल|फ़ोन|फोन)"
        r"|मुझे (?:वापस )?(?:कॉल|फ़ोन|फोन)"
        r" (?:कर|करें|करो|कीजिए|करवा)|(?:रोबोट|बॉट|मशीन) से .{0,12}(?:नहीं|मत)|(?:रोबोट|बॉट) नहीं"
        r"|(?:मैनेजर|सुपरवाइज़र|सुपरवाइजर|टीम|स्टाफ).{0,25}(?:बात|कॉल)|(?:केयर|सपोर्ट) वाले"
        r"|\b(?:insaan|insan|agent|manager|kisi) se baat"
    ),
    "id": (
        r"\b(?:ada yang|seseorang|orang|petugas|staf|admin|tim)\b.{0,20}\b(?:telepon|telpon"
        r"|hubungi|menelepon"
        r"|menghubungi) saya\b|\btelepon (?:saya )?balik\b|\b(?:cs|orang|manusia|admin"
        r"|petugas) (?:asli|beneran)\b"
        r"|\b(?:atasan|manajer|supervisor|pimpinan)\b.{0,10}\b(?:anda|kamu|kalian)\b|\b(?:minta"
        r"|panggil\w*|mau) (?:ke )?"
        r"(?:admin|cs|petugas|manajer|atasan|staf)\b|\b(?:jangan|bukan) (?:ro)?bot\b"
        r"|\b(?:petugas|staf|orang|manusia|admin)\b.{0,12}\b(?:yang )?(?:bisa|dapat) (?:membantu"
        r"|bantu|dihubungi)\b"
    ),
    "sv": (
        r"\bnågon\b.{0,15}\bringa?\b.{0,10}\bmig\b|\bring (?:upp )?mig\b"
        r"|\binte\b.{0,20}\bmed en (?:ro)?bot\b"
        r"|\b(?:chef|människa|medarbetare|riktig person)\b(?: tack)?[.! ]*$"
    ),
    "ru": (
        r"(?:кто-нибудь|кто-то|оператор|менеджер).{0,20}(?:перезвон\w+|позвон\w+)|перезвоните мне"
        r"|не хочу.{0,25}(?:бот|робот)\w*|позовите"
    ),
    "uk": (
        r"(?:хтось|оператор).{0,20}(?:передзвон\w+|подзвон\w+)|передзвоніть|живою людиною"
        r"|не хочу.{0,20}бот\w*"
    ),
    "zh": (
        r"(?:给我|給我)(?:回)?(?:电话|電話)|(?:叫|找)(?:你们|你們)?(?:经理|經理|主管|领导)"
        r"|不要(?:机器人|機器人)"
    ),
    "ja": r"(?:折り返し|電話して|お電話ください)|(?:店長|上司|責任者)を",
    "ko": r"(?:전화|연락) (?:주세요|해 ?주세요|부탁)|(?:로봇|봇|챗봇) (?:말고|싫)",
}
PERSON_WORDS = {
    code: re.compile("|".join(filter(None, (pattern, _SOMEBODY_ACTS.get(code)))))
    for code, pattern in _WORDS.items()
}

# Must I call somebody for it? No need to pass me on. What your employee said.
_NO_REQUEST = {
    "de": (
        r"\b(?:muss|müssen|soll|sollte) (?:ich|man|wir)\b.{0,30}\b(?:jemand\w*|mitarbeiter\w*"
        r"|mensch\w*|person)\b"
        r"|\b(?:bitte|brauche?|möchte|will|muss|sie mich|mich) (?:nicht"
        r"|kein\w*)\b(?!.{0,20}\b(?:bot|robot\w*|maschine"
        r"|computer|ki)\b).{0,30}\b(?:mitarbeiter\w*|mensch\w*|berater\w*|kolleg\w+|jemand\w*)\b"
        r"|\b(?:mitarbeiter\w*|kolleg\w+|berater\w*) (?:\w+ ){0,2}(?:sagte|gesagt|meinte"
        r"|versprochen|bekommen)\b"
        r"|\bkein\w* (?:mitarbeiter\w*|mensch\w*|rückruf) (?:nötig|mehr|notwendig|erforderlich)\b"
    ),
    "es": (
        r"\b(?:tengo que|debo|hay que|necesito) (?:hablar|llamar"
        r"|contactar)\b[^?]{0,40}\bpara\b[^?]*\?"
        r"|\bno (?:hace falta|es necesario|necesito|quiero|me)\b(?!.{0,25}\b(?:robot|bot"
        r"|m[aá]quina)\b).{0,30}"
        r"\b(?:nadie|agente|persona|humano|asesor|operador)\b"
        r"|\b(?:agente|asesor\w*|operador\w*|persona) (?:me|que me) (?:dijo|atendió|comentó"
        r"|prometió)\b"
    ),
    "fr": (
        r"\b(?:dois-je|faut-il|est-ce que je dois|je dois)\b[^?]{0,50}\bpour\b[^?]*\?"
        r"|\b(?:inutile|pas besoin|pas la peine|pas nécessaire)\b.{0,40}\b(?:humain|conseill\w+"
        r"|personne|agent|quelqu'un)\b"
        r"|\b(?:conseill\w+|agent|collègue|opérat\w+) (?:m'a|m'avait|a) (?:dit|indiqué|promis"
        r"|confirmé)\b"
    ),
    "it": (
        r"\b(?:devo|bisogna|occorre|è necessario) (?:parlare|chiamare"
        r"|contattare)\b[^?]{0,40}\bper\b[^?]*\?"
        r"|\bnon (?:serve|ho bisogno|mi serve|occorre|voglio)\b(?!.{0,25}\b(?:robot|bot"
        r"|macchina)\b).{0,30}"
        r"\b(?:operatore|persona|umano|nessuno|collega)\b"
        r"|\b(?:operatore|collega|consulente)\b.{0,12}\bmi (?:ha|aveva) (?:detto|promesso"
        r"|confermato)\b"
    ),
    "pt": (
        r"\b(?:preciso|tenho que|tenho de|devo|é preciso) (?:falar|ligar|contatar"
        r"|contactar)\b[^?]{0,40}\b(?:para|pra)\b"
        r"[^?]*\?|\bn[ãa]o (?:precisa|preciso|é preciso|quero"
        r"|é necessário)\b(?!.{0,25}\b(?:rob[ôo]|bot|m[áa]quina)\b)"
        r".{0,30}\b(?:ninguém|atendente|pessoa|humano|agente)\b"
        r"|\b(?:atendente|agente|funcionári\w+)\b.{0,8}\b(?:disse|falou|prometeu|informou)\b"
    ),
    "nl": (
        r"\bmoet ik\b.{0,30}\b(?:iemand|medewerker|klantenservice)\b|\b(?:hoef|wil"
        r"|hoeft)\b.{0,8}\b(?:geen|niet|niemand)\b"
        r"(?!.{0,20}\b(?:ro)?bot\b).{0,25}\b(?:medewerker|mens|persoon|collega|iemand)\b"
        r"|\b(?:medewerker|collega) (?:\w+ )?(?:zei|vertelde|beloofde)\b"
    ),
    "pl": (
        r"\b(?:czy )?(?:muszę|trzeba|musimy) (?:z kimś |do kogoś )?(?:rozmawiać|dzwonić|zadzwonić"
        r"|kontaktować|się kontaktować)"
        r"|\bnie (?:potrzebuj\w+|chc\w+|trzeba)\b(?!.{0,25}\b(?:bot\w*|robot\w*"
        r"|maszyn\w*)\b).{0,25}\b(?:konsultant\w*"
        r"|człowiek\w*|osob\w+|pracownik\w*|łączyć)\b|\b(?:konsultant\w*"
        r"|pracownik\w*) (?:mi )?(?:powiedzia\w+|mówi\w+|obieca\w+)\b"
    ),
    "tr": (
        r"\b(?:gerek|gerekiyor|gerekli|lazım|zorunda) ?(?:mu|mı|mi|mıyım|muyum)\b"
        r"|\b(?:temsilci\w*|insan\w*|kimse\w*)"
        r" (?:\w+ )?(?:gerek yok|istemiyorum|bağlamayın)\b|\b(?:temsilci\w*"
        r"|yetkili\w*)\b.{0,15}\b(?:dedi|söyledi)\b"
    ),
    "ar": (
        r"هل (?:يجب|علي|عليّ|لازم|يلزم).{0,40}؟|(?:لا|مش|ما) (?:أحتاج|احتاج|أريد|اريد"
        r"|محتاج)(?!.{0,20}(?:روبوت|آلة|بوت))"
        r".{0,20}(?:موظف|شخص|إنسان|أحد)|(?:قال|أخبرني|اخبرني|وعدني).{0,10}(?:موظف|الموظف|المندوب"
        r"|شخص)"
    ),
    "hi": (
        r"क्या.{0,40}(?:पड़ेगी|पड़ेगा|पड़ती|ज़रूरी|जरूरी|ज़रूरत).{0,6}\?|(?:एजेंट|इंसान|व्यक्ति"
        r"|किसी).{0,12}(?:नहीं चाहिए|ज़रूरत नहीं"
        r"|जरूरत नहीं|मत जोड़)|(?:एजेंट|प्रतिनिधि|अधिकारी|कर्मचारी) ने .{0,10}(?:कहा|बताया|बोला)"
    ),
    "id": (
        r"\bapakah saya (?:harus|perlu|wajib)\b|\b(?:tidak|nggak|gak|tak) (?:perlu|usah|butuh"
        r"|mau)\b(?!.{0,15}\b(?:ro)?bot\b)"
        r".{0,15}\b(?:agen|orang|petugas|admin|cs|manusia)\b|\b(?:agen|petugas|admin"
        r"|cs)\b.{0,8}\b(?:bilang|berkata|mengatakan|janji)\b"
    ),
    "ru": (
        r"(?:нужно|надо|должен|должна) ли|не (?:нужен|надо|нужно).{0,20}(?:оператор|человек"
        r"|менеджер)|(?:оператор|менеджер) (?:мне )?(?:сказал|обещал)"
    ),
    "zh": (
        r"(?:需要|要|必须)(?:跟|和|找|联系).{0,10}(?:吗|才能)|不(?:用|需要)(?:转|找|接)?(?:人工"
        r"|真人|客服)|客服(?:说|告诉)"
    ),
    "ja": (
        r"(?:必要|しないと|なければ).{0,8}(?:ですか|ますか|いけません)|(?:担当者"
        r"|オペレーター)(?:が|に)(?:言|聞)"
    ),
    "ko": (
        r"(?:해야|야) (?:하나요|되나요|합니까)|상담원(?:이|은) .{0,15}(?:했|말)"
        r"|상담원.{0,4}필요 ?없"
    ),
    "sv": (
        r"\bmåste jag\b|\b(?:behöver|vill) (?:inte"
        r"|ingen)\b(?!.{0,15}\b(?:ro)?bot\b).{0,20}\b(?:människa|medarbetare|någon|person)\b"
    ),
}  # fmt: skip
NO_REQUEST = {code: re.compile(pattern) for code, pattern in _NO_REQUEST.items()}

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
