"""What the customer wrote now, without what stood there before."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from mailparser_reply import EmailReplyParser

from connectors.channels.email.reply import split_reply

ATTRIBUTIONS = [
    "On Mon, 2 Nov 2026 at 10:00, Shop Support <support@shop.example> wrote:",
    "On Nov 2, 2026, at 10:00 AM, Shop Support\n<support@shop.example> wrote:",
    "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Shop Support <support@shop.example>:",
    "Am 02.11.26 um 10:00 schrieb Shop Support:",
    "Shop Support <support@shop.example> schrieb am Mo., 2. Nov. 2026, 10:00:",
    "Le lun. 2 nov. 2026 à 10:00, Shop Support <support@shop.example> a écrit :",
    "El lun, 2 nov 2026 a las 10:00, Shop Support (<support@shop.example>) escribió:",
    "Il giorno lun 2 nov 2026 alle ore 10:00 Shop Support <support@shop.example> ha scritto:",
    "Op ma 2 nov 2026 om 10:00 schreef Shop Support <support@shop.example>:",
    "Em seg., 2 de nov. de 2026 às 10:00, Shop Support <support@shop.example> escreveu:",
    "pon., 2 lis 2026 o 10:00 Shop Support <support@shop.example> napisał(a):",
    "Den mån 2 nov. 2026 kl 10:00 skrev Shop Support <support@shop.example>:",
    "man. 2. nov. 2026 kl. 10.00 skrev Shop Support <support@shop.example>:",
    "ma 2. marrask. 2026 klo 10.00 Shop Support (support@shop.example) kirjoitti:",
    "po 2. 11. 2026 v 10:00 odesílatel Shop Support <support@shop.example> napsal:",
    "пн, 2 нояб. 2026 г. в 10:00, Shop Support <support@shop.example>:",
    "понеділок, 2 листопада 2026 р. 10:00 Shop Support <support@shop.example> пише:",
    "Shop Support <support@shop.example>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:",
    "Shop Support <support@shop.example> 于2026年11月2日周一 10:00写道：",
    "2026年11月2日(月) 10:00 Shop Support <support@shop.example>:",
    "2026년 11월 2일 (월) 오전 10:00, Shop Support <support@shop.example>님이 작성:",
    "-------- Original Message --------\nFrom: Shop <s@shop.example>\nTo: Ana\nSubject: Order",
    "________________________________\nVon: Shop Support <support@shop.example>\n"
    "Gesendet: Montag, 2. November 2026 10:00\nAn: Ana\nBetreff: Ihre Bestellung",
    "De : Shop Support <support@shop.example>\nEnvoyé : lundi 2 novembre 2026 10:00\n"
    "À : Ana\nObjet : Votre commande",
    "**From:** Shop Support <support@shop.example>\n**Sent:** Monday, November 2, 2026\n"
    "**To:** Ana\n**Subject:** Your order",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_a_reply_in_any_language_loses_its_quote(attribution: str) -> None:
    mail = f"Yes, two of them please.\n\nThanks\n\n{attribution}\n\n> Do you want\n> two of them?\n"
    assert split_reply(mail).reply == "Yes, two of them please.\n\nThanks"
    assert "two of them?" in split_reply(mail).quoted


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna Ruiz\nClient Ltd\n+44 20 7946 0000",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn Samsung-apparaat",
        "Gesendet mit der GMX Mail App",
        "Get Outlook for Android<https://aka.ms/x>",
        "发自我的iPhone",
        "iPhoneから送信",
        "Отправлено с iPhone",
    ],
)
def test_signatures_are_cut_off(signature: str) -> None:
    split = split_reply(f"It arrived broken.\n\n{signature}\n")
    assert split.reply == "It arrived broken."
    assert signature.strip() in split.quoted


@pytest.mark.parametrize(
    "text",
    [
        "On this day I bought two lamps.\n\nI wrote to you already, on Monday.",
        "My data:\n\nName: Ana Ruiz\nOrder: 123\nDate: 2.11.2026\n\nWhat now?",
        "Sent from Germany last Monday, and nothing came.",
        "I tried:\n\n- restart\n- reset\n\n--------\n\nNothing helps, see the line above.",
        "The error says\n\n    From: disk\n\nand stops.",
        "Am Montag schrieb ich Ihnen schon: keine Antwort!",
        "The parcel was posted by you on 2 Nov 2026 at 10:00 and the note said:\nhandle with care",
    ],
)
def test_text_that_only_looks_like_a_quotation_stays(text: str) -> None:
    assert split_reply(text).reply == text


def test_answers_between_quoted_lines_stay_with_what_they_answer() -> None:
    mail = (
        "On 2 Nov 2026 at 10:00, Shop <s@shop.example> wrote:\n"
        "> Which size?\n\nLarge.\n\n> Which colour?\n\nBlue.\n"
    )
    assert split_reply(mail).reply == "> Which size?\n\nLarge.\n\n> Which colour?\n\nBlue."


def test_a_quoted_line_broken_by_the_mail_program_is_still_quoted() -> None:
    mail = (
        "Yes.\n\nOn 2 Nov 2026 at 10:00, Shop <s@shop.example> wrote:\n"
        "> We could send the other lamp instead if that one would be a\ngood choice\n> for you?\n"
    )
    assert split_reply(mail).reply == "Yes."


def test_an_answer_below_the_whole_quotation_stands_alone() -> None:
    mail = "On 2 Nov 2026 at 10:00, Shop <s@shop.example> wrote:\n> Which size?\n\nLarge.\n"
    split = split_reply(mail)
    assert split.reply == "Large."
    assert "> Which size?" in split.quoted


def test_a_quotation_under_its_writers_initials_and_the_signature_below_it_go() -> None:
    mail = "Blue.\n\nSP> Which colour?\nSP>\n\n__________\nAna Ruiz\n"
    assert split_reply(mail).reply == "Blue."


def test_a_mail_of_quotations_only_is_empty_and_nothing_is_lost() -> None:
    split = split_reply("> one\n> two\n")
    assert (split.reply, split.quoted) == ("", "> one\n> two")


def test_where_everything_would_go_the_whole_text_stays() -> None:
    assert split_reply("Sent from my iPhone").reply == "Sent from my iPhone"


def test_the_published_trimmer_examples_are_met_far_better_than_by_the_library(
    shared: Path,
) -> None:
    folder = shared / "data/email/reply/email_reply_trimmer/test"
    names = sorted(path.name for path in (folder / "emails").iterdir())
    cases = [
        ((folder / "emails" / n).read_text(), (folder / "trimmed" / n).read_text()) for n in names
    ]
    ours = _score(cases, lambda text: split_reply(text).reply)
    library = _score(cases, _by_library)
    untouched = _score(cases, lambda text: text)
    assert ours[0] >= 34 / 35 > 0.3 > library[0] > untouched[0]
    assert ours[1] >= 0.94 > library[1]


def _by_library(text: str) -> str:
    languages = ["en", "de", "fr", "it", "nl", "pl", "sv", "da", "es", "cs", "ja", "ko", "zh"]
    return EmailReplyParser(languages=languages).parse_reply(text=text) or ""


def _score(cases: list[tuple[str, str]], cut: Callable[[str], str]) -> tuple[float, float]:
    """(share equal up to blanks, mean token F1)"""
    results = [(cut(text), wanted) for text, wanted in cases]
    exact = sum(got.split() == wanted.split() for got, wanted in results)
    return exact / len(cases), sum(_f1(got, wanted) for got, wanted in results) / len(cases)


def _f1(got: str, wanted: str) -> float:
    left, right = (Counter(re.findall(r"\w+", text.lower())) for text in (got, wanted))
    if not left and not right:
        return 1.0
    return 2 * (left & right).total() / (left.total() + right.total())
