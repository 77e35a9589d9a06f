"""Stories that rules and bars were set by."""

from eval.continuity.story import Story

SEEN = (
    Story(
        "late parcel",
        (
            "My order {order} should have arrived on Monday at {street} and the tracking has not "
            "moved for days.",
            "Hi, parcel for {order} still not here. It was meant to go to {street}. Where is it?",
        ),
        (
            "Still no parcel. What is happening with the delivery?",
            "Hello, I wrote to you about {order}. It has not come yet.",
            "The package hasn't turned up and the tracking page shows the same as before.",
            "Any news about my delivery?",
        ),
        "Where is my parcel",
        question="Is there a name on the door bell at that address?",
        answers=("Yes, on the second bell", "my name is on it, yes"),
    ),
    Story(
        "broken burr",
        (
            "The burr of my hand grinder from order {order} has chipped after two weeks.",
            "Something broke off inside my grinder, the burr has a dent. Order {order}.",
        ),
        (
            "About the chipped burr: here is what you asked for, I have had it since two weeks.",
            "Is the grinder covered by the guarantee, with that broken burr?",
            "I already told you about my grinder's burr. Will you replace it?",
        ),
        "Grinder burr chipped",
        question="Could you send us a photo of the burr?",
        answers=("Here is the picture.", "photo is attached"),
        sends_photo=True,
    ),
    Story(
        "invoice address",
        (
            "I need the invoice for {order} made out to my company, Lindqvist Design, {street}.",
            "Please correct the address on my invoice {order}: it should be {street}.",
        ),
        (
            "Did you manage to correct the invoice?",
            "Following up on the invoice address. My accountant needs it this week.",
            "The invoice still shows my old address.",
        ),
        "Invoice with the wrong address",
        question="What should the address be?",
        answers=("Lindqvist Design, {street}", "{street}, please"),
    ),
    Story(
        "machine leaks",
        (
            "My espresso machine drips water from below since this morning. Bought with {order}.",
            "There is a puddle under the espresso machine every time I use it. Order {order}.",
        ),
        (
            "The machine is still leaking, I put a towel under it.",
            "I tried what you said with the gasket and water still comes out at the bottom.",
            "Can a technician look at my leaking espresso machine?",
        ),
        "Espresso machine leaking",
        question="When did you last change the gasket?",
        answers=("never did", "Last summer, I think."),
    ),
    Story(
        "gift card",
        (
            "The gift card code I got for my birthday is refused at the checkout.",
            "I cannot redeem my gift card, the shop says that the code is invalid.",
        ),
        (
            "I tried the gift card code again and it is refused as before.",
            "Any progress on my gift card?",
            "What about the gift card that doesn't work?",
        ),
        "Gift card refused",
        question="What are the first four letters on the card?",
        answers=("QXTP", "It starts with QX4T."),
    ),
    Story(
        "subscription pause",
        (
            "I'd like to pause my coffee bean subscription for August, we are away.",
            "Can you stop the bean deliveries for a month? We are on holiday.",
        ),
        (
            "Is my subscription paused now? I don't want beans standing at the door.",
            "You said you would look into pausing my beans. Is it done?",
            "We leave on Saturday, please confirm that no beans come in August.",
        ),
        "Pause subscription",
        question="From which day on should we pause it?",
        answers=("1 August", "From the first, please."),
    ),
    Story(
        "späte lieferung",
        (
            "Meine Bestellung {order} sollte gestern in {street} ankommen und ist nicht da.",
            "Wo bleibt mein Paket? Bestellnummer {order}, Lieferung an {street}.",
        ),
        (
            "Das Paket ist immer noch nicht da. Gibt es Neuigkeiten?",
            "Ich habe Ihnen schon wegen {order} geschrieben.",
        ),
        "Lieferung fehlt",
        language="de",
        question="Steht Ihr Name am Klingelschild?",
        answers=("Ja, ganz oben", "Nein, da steht Weber."),
    ),
    Story(
        "double charge",
        (
            "You charged my card twice for {order}. Please give me one of the payments back.",
            "My bank statement shows two payments for order {order}.",
        ),
        (
            "I still see both charges on my card. When do I get the money back?",
            "About the double payment: has the refund been sent?",
            "The second charge is still there.",
        ),
        "Charged twice",
        question="Which bank is your card from?",
        answers=("It's a Comdirect card", "ING"),
    ),
    Story(
        "wrong colour",
        (
            "I ordered the kettle in black and got a white one, order {order}.",
            "The kettle in {order} has the wrong colour, it's white and should be black.",
        ),
        (
            "When will the black kettle be sent?",
            "I am still waiting to hear how to exchange the white kettle.",
            "Hi again, it's about the kettle in the wrong colour.",
        ),
        "Wrong colour kettle",
        question="Would you like to keep the white one with a discount?",
        answers=("No thank you", "how much of a discount?"),
    ),
    Story(
        "course booking",
        (
            "Can I move my place in the barista course from the 12th to another day?",
            "I booked the barista workshop on the 12th but can't come. Is another date possible?",
        ),
        (
            "Have you found another date for my workshop?",
            "As I wrote, I can't come to the course on the 12th. Which days are free?",
            "Just following up on the barista course.",
        ),
        "Move my course",
        question="Would the 19th or the 26th suit you?",
        answers=("the 26th", "The 19th would be perfect."),
    ),
    Story(
        "spare part",
        (
            "Which gasket fits a Lawine 58 from 2019, and do you sell it alone?",
            "I'm looking for a new group gasket for my Lawine 58. Do you have it?",
        ),
        (
            "Did you find out which gasket fits?",
            "I asked about a gasket for the Lawine. Is it in stock?",
            "The gasket for my Lawine is worn out completely now, so I'd like to order it.",
        ),
        "Gasket for Lawine 58",
        question="Could you send a photo of the type plate?",
        answers=("Here it is.", "see attached"),
        sends_photo=True,
    ),
    Story(
        "account locked",
        (
            "I can't log in to my account any more, it says that it is locked.",
            "The login page says my account is locked after too many tries.",
        ),
        (
            "My account is still locked.",
            "Any update on unlocking my login?",
            "I tried the login again this morning and it's locked as before.",
        ),
        "Account locked",
        question="Which mail address do you log in with?",
        answers=("the one I'm writing from", "ada.l@mail.example"),
    ),
    Story(
        "pedido equivocado",
        (
            "En mi pedido {order} falta un paquete de café. Vivo en {street}.",
            "Me ha llegado el pedido {order} sin uno de los cafés.",
        ),
        (
            "Todavía no he recibido el paquete de café que falta.",
            "¿Hay novedades sobre el café que faltaba en {order}?",
        ),
        "Falta un café",
        language="es",
        question="¿Qué café falta?",
        answers=("El Etiopía", "Falta el descafeinado."),
    ),
    Story(
        "delivery to pick-up point",
        (
            "Can {order} go to a pick-up point instead of {street}? I'm not at home next week.",
            "Please send {order} to a parcel shop, nobody is at {street} next week.",
        ),
        (
            "Did you change it to the pick-up point?",
            "It's about sending my parcel to a parcel shop. Has that worked?",
            "I still need {order} to go to the pick-up point.",
        ),
        "Deliver to pick-up point",
        question="Which parcel shop should it be?",
        answers=("the one at the station", "Kiosk Brandt, please"),
    ),
    Story(
        "dünne tassen",
        (
            "Eine der vier Tassen aus {order} hat einen Sprung am Henkel.",
            "Guten Tag, meine neue Espressotasse ist gesprungen.",
        ),
        (
            "Bekomme ich eine neue Tasse?",
            "Haben Sie wegen der gesprungenen Tasse schon etwas entschieden?",
            "Der Sprung in der Tasse wird immer länger.",
        ),
        "Tasse gesprungen",
        language="de",
        question="Können Sie uns ein Foto der Tasse schicken?",
        answers=("Hier das Foto.", "siehe Anhang"),
        sends_photo=True,
    ),
    Story(
        "passwort",
        (
            "Ich komme nicht mehr in mein Kundenkonto, das Passwort wird abgelehnt.",
            "Die Mail zum Zurücksetzen des Passworts kommt bei mir nicht an.",
        ),
        (
            "Das Passwort geht weiterhin nicht.",
            "Es geht um mein Kundenkonto: ist es wieder freigeschaltet?",
            "Ich habe alles probiert, was Sie geschrieben haben, komme aber nicht hinein.",
        ),
        "Passwort",
        language="de",
        question="Mit welcher Adresse melden Sie sich an?",
        answers=("mit der hier", "mit meiner alten von web.de"),
    ),
    Story(
        "molinillo ruidoso",
        (
            "El molinillo hace un ruido muy fuerte desde ayer.",
            "Mi molinillo nuevo suena como un avión, ¿es normal?",
        ),
        (
            "El molinillo sigue haciendo ruido.",
            "¿Qué pasa con mi molinillo ruidoso?",
            "Probé lo que me dijisteis y el ruido no se va.",
        ),
        "Molinillo ruidoso",
        language="es",
        question="¿Nos puede decir el modelo?",
        answers=("es el M3", "M2, creo"),
    ),
    Story(
        "abonnement",
        (
            "Je voudrais arrêter mon abonnement de café à la fin du mois.",
            "Comment résilier l'abonnement ? Je ne trouve pas le bouton.",
        ),
        (
            "Mon abonnement est-il bien résilié ?",
            "J'ai encore reçu un paquet alors que j'avais demandé d'arrêter l'abonnement.",
            "Vous m'aviez dit que ce serait fait avant la fin du mois.",
        ),
        "Arrêter l'abonnement",
        language="fr",
        question="Pouvez-vous nous dire pourquoi vous partez ?",
        answers=("trop cher", "Je bois moins de café."),
    ),
    Story(
        "colis ouvert",
        (
            "Mon colis {order} est arrivé ouvert et il manque les filtres.",
            "Le carton était déchiré et les filtres n'étaient pas dedans, commande {order}.",
        ),
        (
            "Quand vais-je recevoir les filtres ?",
            "Toujours pas de filtres chez moi.",
            "Je vous ai écrit au sujet du colis ouvert.",
        ),
        "Colis ouvert",
        language="fr",
        question="Avez-vous une photo du carton ?",
        answers=("la voici", "Oui, ci-joint."),
        sends_photo=True,
    ),
)
