"""Stories that nobody has set a rule or a bar by: what the suite reports."""

from eval.continuity.story import Story

UNSEEN = (
    Story(
        "missing lid",
        (
            "hi, just unpacked {order} and the lid of the bean container isn't in the box",
            "There was no lid for the bean hopper in my parcel ({order}). Can you send one?",
            "Unboxed my grinder today, everything there except the lid for the beans",
        ),
        (
            "any chance you can tell me when the lid goes out?",
            "Just checking in about the missing hopper lid.",
            "the lid came today, thank you! you can close this",
            "I can't use the grinder without that lid, beans fly everywhere",
        ),
        "Lid missing in the box",
        question="Sorry about that! Which colour is your grinder, black or silver?",
        answers=("it's the black one", "Black, please.", "silver"),
    ),
    Story(
        "cancel order",
        (
            "I ordered the wrong size this morning, please cancel {order} before it ships",
            "Can I still cancel order {order}? My wife already bought the same thing.",
        ),
        (
            "Did the cancellation go through?",
            "I just got a shipping notice although I asked you to cancel!",
            "please confirm that my order is cancelled",
        ),
        "Please cancel my order",
        question="We can cancel it. Shall we refund to the card you paid with?",
        answers=("Yes, back to the same card please", "yes the card is fine"),
    ),
    Story(
        "descaling",
        (
            "The descaling light on my machine stays on although I ran the whole programme twice.",
            "my descale lamp won't go off. I've done it two times with your liquid",
        ),
        (
            "ran it a third time, the light is still on",
            "So I've tried the reset you described and the descale lamp keeps blinking.",
            "Is it safe to keep making coffee with the descaling light on?",
        ),
        "Descaling light stays on",
        question="How long does the machine pump water when you run the programme?",
        answers=("about two minutes, then it stops", "It pumps for roughly 90 seconds."),
    ),
    Story(
        "wholesale",
        (
            "We run a small café in {street} and would like to buy 20 kg of beans a month. Do you "
            "have prices for businesses?",
            "Do you offer a discount for offices? We'd need about 20 kilos of coffee monthly.",
        ),
        (
            "Have you had a chance to put together a quote for the café?",
            "Regarding our 20 kg a month: we'd also take decaf, if that changes the price.",
            "My partner asks what the monthly beans would cost us.",
        ),
        "Prices for a café",
        question="Happy to help. Do you want the beans whole or ground?",
        answers=("whole beans only", "Whole please, we have our own grinder."),
    ),
    Story(
        "newsletter",
        (
            "How do I stop your newsletter? The unsubscribe link gives an error page.",
            "I keep getting your marketing mails, the unsubscribe button does nothing",
        ),
        (
            "another newsletter arrived today. please take me off the list for good",
            "Why am I still on your mailing list?",
            "I got one more marketing email this morning, so unsubscribing did not work.",
        ),
        "Unsubscribe does not work",
        question="Which address do the newsletters go to?",
        answers=("to this one, the gmail", "The one I'm writing from."),
    ),
    Story(
        "return label",
        (
            "I'd like to send back the scale from {order}, how do I get a return label?",
            "want to return my scale, never opened. where do I print the label?",
        ),
        (
            "I haven't received the return label by mail.",
            "The label you sent can't be opened, the PDF is empty",
            "dropped the scale off at the post office yesterday, when do I get my money?",
        ),
        "Return label for scale",
        question="Of course. May I ask why you are returning it?",
        answers=("too big for my drip tray", "It's simply larger than I thought."),
    ),
    Story(
        "app pairing",
        (
            "Your app doesn't find my kettle over bluetooth. Phone is a Pixel 8.",
            "kettle won't pair with the app, it searches forever",
        ),
        (
            "The pairing works now after the update, thanks a lot!",
            "I reinstalled the app and the kettle still isn't found.",
            "bluetooth problem is back since yesterday",
        ),
        "App does not find the kettle",
        question="Which version of the app do you see under Settings, About?",
        answers=("it says 3.2.1", "3.2.0 I think"),
    ),
    Story(
        "price drop",
        (
            "I bought the Lawine 40 in {order} last week and now it's 80 euros cheaper. Do I get "
            "the difference back?",
            "Two days after my order {order} you put the machine on sale. Can you match the price?",
        ),
        (
            "What did you decide about the price difference?",
            "the sale ends tomorrow, so I'd like to know about those 80 euros",
            "I was told somebody would check whether I get the difference back.",
        ),
        "Cheaper after I bought it",
        question="I can offer you a voucher for the difference. Would that be all right?",
        answers=("I'd rather have it in cash", "A voucher is fine, thanks."),
    ),
    Story(
        "smell of plastic",
        (
            "The water from my new kettle tastes of plastic, even after boiling it five times",
            "My new kettle smells terribly of plastic. Is that dangerous?",
        ),
        (
            "boiled it with lemon as you said, taste hasn't changed",
            "The plastic taste is gone now. Thank you for the tip!",
            "I don't want to drink from that kettle any more, can I give it back?",
        ),
        "Kettle tastes of plastic",
        question="Could you send us a photo of the label under the kettle?",
        answers=("here it is", "Photo attached."),
        sends_photo=True,
    ),
    Story(
        "engraving",
        (
            "Can you engrave a name on the hand grinder? It's a wedding present.",
            "I'd like {order} with an engraving, is that still possible?",
        ),
        (
            "The wedding is on the 14th, will the engraved grinder be ready?",
            "I've thought about it: the engraving should say Mara & Tom.",
            "hello, what about my engraving?",
        ),
        "Engraving on a grinder",
        question="Gladly. What should it say?",
        answers=("Mara & Tom, with the date below", "Just 'For Papa'"),
    ),
    Story(
        "tax exempt",
        (
            "I was charged VAT on {order} though we have a VAT number in the Netherlands.",
            "Our company is in Belgium, could you take the VAT off order {order}?",
        ),
        (
            "Has the VAT on my order been taken care of?",
            "our accounting needs the corrected tax before the end of the month",
            "You asked for the VAT number, I sent it on Tuesday.",
        ),
        "VAT charged by mistake",
        question="Please tell us your VAT number.",
        answers=("NL859123456B01", "It's BE0123456749."),
    ),
    Story(
        "broken on arrival",
        (
            "The glass jug in {order} arrived in a thousand pieces",
            "My parcel came today and the carafe is shattered. Order {order}.",
        ),
        (
            "here are the pictures of the broken glass you wanted",
            "Will I get a new carafe or my money?",
            "I've swept up the glass, what do I do with the packaging?",
        ),
        "Carafe broken on arrival",
        question="Oh no! Could you send us a photo of the parcel and of the glass?",
        answers=("sure, see picture", "Here you go."),
        sends_photo=True,
    ),
    Story(
        "loyalty points",
        (
            "My points from the last three purchases don't show in my account.",
            "I have 0 loyalty points but bought for 400 euros this year, how come?",
        ),
        (
            "the points are still not there",
            "Will my missing points be added before they expire?",
            "I can see 200 points now, but it should be 400.",
        ),
        "Points missing",
        question="Did you order as a guest or signed in?",
        answers=("as a guest, I think", "Signed in, always."),
    ),
    Story(
        "falsche mühle",
        (
            "Ich habe eine andere Mühle bekommen als bestellt, Bestellung {order}.",
            "In meinem Paket war die falsche Kaffeemühle. Was nun?",
        ),
        (
            "Wann wird die falsche Mühle abgeholt?",
            "Ich warte immer noch auf die richtige Mühle.",
            "Die neue Mühle ist da, vielen Dank!",
        ),
        "Falsche Mühle geliefert",
        language="de",
        question="Das tut uns leid. Haben Sie die Originalverpackung noch?",
        answers=("Ja, die ist noch da", "Leider nein, schon im Altpapier."),
    ),
    Story(
        "rechnung fehlt",
        (
            "Könnten Sie mir die Rechnung zu {order} als PDF schicken? Ich finde sie nirgends.",
            "Mir fehlt die Rechnung für meine Steuererklärung.",
        ),
        (
            "Die Rechnung ist bis heute nicht gekommen.",
            "Ich hatte um eine Rechnung gebeten, wann kommt die?",
            "Haben Sie die Rechnung schon geschickt?",
        ),
        "Rechnung",
        language="de",
        question="Sollen wir die Rechnung auf Ihren Namen oder auf eine Firma ausstellen?",
        answers=("Auf meinen Namen bitte", "Auf die Firma."),
    ),
    Story(
        "machine en panne",
        (
            "Ma machine ne chauffe plus depuis ce matin. Commande {order}.",
            "Bonjour, la machine à café reste froide, que faire ?",
        ),
        (
            "La machine ne chauffe toujours pas.",
            "Avez-vous des nouvelles pour la réparation de ma machine ?",
            "J'ai essayé ce que vous disiez, elle reste froide.",
        ),
        "Machine froide",
        language="fr",
        question="Le voyant rouge est-il allumé ?",
        answers=("Oui, il clignote", "Non, rien ne s'allume."),
    ),
    Story(
        "cambio de dirección",
        (
            "Me he mudado, ¿podéis enviar {order} a otra dirección?",
            "Necesito cambiar la dirección de envío de mi pedido.",
        ),
        (
            "¿Habéis cambiado ya la dirección?",
            "Sigo sin saber si la dirección nueva está puesta.",
            "El pedido ha llegado a la dirección correcta, gracias.",
        ),
        "Cambiar dirección",
        language="es",
        question="Claro. ¿Cuál es la nueva dirección?",
        answers=("Calle Mayor 5, Toledo", "Avenida del Puerto 12, 3B"),
    ),
    Story(
        "rimborso",
        (
            "Ho restituito la tazza due settimane fa e non vedo il rimborso. Ordine {order}.",
            "Quando arriva il rimborso per la tazza che ho rimandato?",
        ),
        (
            "Il rimborso non è ancora arrivato.",
            "Ci sono novità sul mio rimborso?",
            "Ho ricevuto il rimborso, grazie mille.",
        ),
        "Rimborso tazza",
        language="it",
        question="Con quale metodo ha pagato?",
        answers=("Con PayPal", "Carta di credito."),
    ),
    Story(
        "garanti",
        (
            "Kahve makinem garantide mi? Siparişim {order}.",
            "Makinenin garantisi ne kadar sürüyor?",
        ),
        (
            "Garanti hakkında bir haber var mı?",
            "Garanti belgesini hâlâ almadım.",
        ),
        "Garanti",
        language="tr",
        question="Makineyi hangi tarihte aldınız?",
        answers=("Geçen yıl mayısta", "2023 haziran"),
    ),
)
