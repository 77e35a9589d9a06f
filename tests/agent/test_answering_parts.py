"""The small pieces of an answer: what is quoted, laid out, weighed, rendered, told apart."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.answer.answerer import Question
from agent.answer.extractive import Extractive, quote, rarity
from agent.confidence import Head, Row, fit, shipped
from agent.features import features_of
from agent.inspect import inspect_message
from agent.layout import pieces
from agent.proof import Proof
from agent.render import render
from agent.scope import Scope
from agent.turn import Answer, Claim, Clarify, HandOff, Reply
from agent.understand import understand
from agent.words import sentences_of, units_of
from connectors.base import Norms
from core.errors import Invalid
from core.say import say, spoken
from knowledge.embed import Vectors
from retrieval.found import Found, Section
from tests.agent.conftest import RETURNS, STEPS, asks, found, passage


def test_sentences_end_where_they_end() -> None:
    text = "Use v2.1 (e.g. 8.5.5). It costs 4.95 EUR. Glued.To this. See www.shop.example. Done!"
    assert sentences_of(text) == [
        "Use v2.1 (e.g. 8.5.5).",
        "It costs 4.95 EUR.",
        "Glued.",
        "To this.",
        "See www.shop.example.",
        "Done!",
    ]


def test_a_section_is_known_by_its_parts() -> None:
    kinds = [unit.kind for unit in units_of("# Head\nOne. Two.\n- a\n1. b\n| c |\n| --- |")]
    assert kinds == ["heading", "sentence", "sentence", "item", "step", "row"]


def test_a_quotation_is_about_a_paragraph_of_one_article_in_its_order() -> None:
    long = " ".join(f"Fact {n} is about pumps and valves of kind {n}." for n in range(60))
    best, other = passage("pumps", "Pumps", long), passage("returns", "Returns", RETURNS)
    hit = found(best, other)
    claims = quote("Tell me about valves of kind 17", hit.articles[0], rarity(hit))
    said = " ".join(claim.text for claim in claims)
    assert said in long
    assert "kind 17." in said
    assert len(said.split()) <= 120


def test_a_section_that_only_asks_again_gives_way_to_the_one_that_answers() -> None:
    asked = "### QUESTION\nWhy does the pump of kind 17 whistle?\n\npump; valve; whistle"
    hit = with_sections(
        Section("first", "", asked, "https://shop.example/help/pump"),
        Section("cause", "CAUSE", "Air is in the pump.", "https://shop.example/help/pump#cause"),
        Section("answer", "ANSWER", "Let the air out.", "https://shop.example/help/pump#answer"),
    )
    proposal = Extractive().propose(Question("Why does my pump whistle?"), hit)
    answer = Proof(proposal, hit).answer(tuple(Proof(proposal, hit).checked()), "en")
    assert answer is not None
    assert answer.text.endswith("Let the air out.")
    assert "QUESTION" not in answer.text
    assert answer.sources[0].url.endswith("#answer")


def test_a_section_of_short_notes_is_quoted_although_it_has_no_sentence() -> None:
    hours = "### Opening hours\nMonday to Friday 9 to 17\nSaturday 10 to 14"
    hit = with_sections(Section("a", "", hours), Section("b", "Answers", "We answer mails daily."))
    said = [claim.text for claim in quote("When are you open?", hit.articles[0], rarity(hit))]
    assert said == ["Monday to Friday 9 to 17", "Saturday 10 to 14"]


def test_steps_are_quoted_to_the_end_with_the_words_between_them() -> None:
    steps = (
        "1. Unplug it.\n2. Open the lid.\n\nThe lid is under the tray.\n\n3. Take the valve out."
    )
    hit = found(passage("valve", "Valve", f"To clean the valve:\n\n{steps}\n\nThat is all."))
    said = [claim.text for claim in quote("open lid", hit.articles[0], rarity(hit))]
    assert said[0] == "To clean the valve:"
    assert said[-2:] == ["The lid is under the tray.", "3. Take the valve out."]


def with_sections(*sections: Section) -> Found:
    hit = found(passage("pump", "Pumps", sections[0].text))
    article = replace(
        hit.articles[0], sections=(replace(sections[0], passage_id="pump-1"), *sections[1:])
    )
    return replace(hit, articles=(article,))


def test_a_faq_entry_answers_its_own_question_word_for_word_only() -> None:
    entry = passage("faq", "Repairs", "Yes. We repair it.", kind="faq", question="Do you repair?")
    hit = found(entry)
    curated = replace(hit, articles=(hit.articles[0].as_curated(),))
    asked = Extractive().propose(Question("do you repair"), curated)
    other = Extractive().propose(Question("How much is a repaired table worth?"), hit)
    assert asked.mode == "faq"
    assert [claim.text for claim in asked.claims] == ["Yes.", "We repair it."]
    assert other.mode == "extractive"
    assert [claim.text for claim in other.claims] == ["We repair it."]


def test_lists_and_paragraphs_are_laid_out_apart() -> None:
    claims = [Claim("From “X”:", None)]
    claims += [Claim(unit.text, "p") for unit in units_of(f"{STEPS}\nThen you are in. Well done.")]
    text = "".join(pieces(claims))
    assert text.startswith("From “X”:\n\nTo reset your password:\n\n1. Open the sign-in page.\n2.")
    assert text.endswith("20 minutes.\n\nThen you are in. Well done.")


def test_spoken_channels_hear_no_marks_and_small_ones_no_half_words() -> None:
    answer = Answer(
        "See **this** [page](https://a.example):\n- one\n- two", (), (), ("a",), "extractive"
    )
    voice = Norms(text_limit=500, tone="spoken")
    assert render(Reply(answer, 1.0), voice).text == "See this page: one. two."
    sms = render(
        HandOff("x", "x", "One sentence here. And then another one."), Norms(text_limit=30)
    )
    assert sms.text == "One sentence here. …"
    choices = render(Clarify("Which?", ("a", "b")), Norms(text_limit=100)).choices
    assert choices == ("a", "b")


def test_every_language_has_every_text() -> None:
    languages = {"en", "de", "es", "fr", "it", "pt", "nl", "pl", "tr", "ar", "hi", "id"}
    assert languages == set(spoken())
    for language in spoken():
        for reason in ("asked_for_person", "no_answer", "people_now", "clarify", "greeting"):
            assert say(reason, language)
    assert say("greeting", "xx") == say("greeting", "en")


def rows(n: int = 400) -> list[Row]:
    chance = random.Random(1)
    made = []
    for _ in range(n):
        margin = chance.gauss(0, 1)
        features = {"margin": margin, "noise": chance.gauss(0, 1)}
        if chance.random() < 0.5:
            features["sometimes"] = margin + chance.gauss(0, 1)
        made.append(Row(features, chance.random() < 1 / (1 + np.exp(-2 * margin))))
    return made


def test_a_head_learns_who_is_right_and_is_kept(tmp_path: Path) -> None:
    head = fit(rows())
    sure, unsure = head.probability({"margin": 2.0}), head.probability({"margin": -2.0})
    assert sure > 0.9
    assert unsure < 0.1
    file = tmp_path / "head.json"
    head.save(file)
    assert Head.load(file) == head
    mean = np.mean([head.probability(row.features) - row.right for row in rows()])
    assert abs(mean) < 0.02


def test_a_head_needs_enough_answers_and_a_proper_file(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="at least 20"):
        fit(rows(10))
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(Invalid, match="eval SUITE --fit"):
        Head.load(tmp_path / "x.json")


def test_the_shipped_head_knows_our_features_and_is_uncertified() -> None:
    head = shipped("extractive")
    understood = understand(asks("How long may I return an item?"))
    hits = found(passage("r", "Returns", RETURNS), passage("p", "Password", STEPS))
    features = features_of(understood, hits, ())
    assert not head.certified
    assert set(features) <= set(head.names)
    assert 0 < head.probability(features) < 1
    assert all(isinstance(reason, str) for reason in head.reasons(features))


class Letters:
    """Embeds texts by their letters: enough to tell words apart."""

    name = "letters"
    dimension = 26
    language = ""

    def likeness(self, cosine: float) -> float:
        return cosine

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        counts = [[text.count(chr(97 + n)) for n in range(26)] for text in texts]
        vectors = np.array(counts, np.float32) + 0.01
        normal: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normal


def test_a_scope_knows_its_own_kind() -> None:
    examples = [
        {"text": f"{a} {b}", "intent": a} for a in ("aaa", "bbb") for b in ("ab", "ba", "c")
    ]
    scope = Scope.from_examples(Letters(), examples)
    assert scope.score("aaa ab") > scope.score("xyz xyz")
    with pytest.raises(Invalid, match="two intents"):
        Scope.from_examples(Letters(), examples[:3])


def test_inspecting_a_message_stores_nothing_and_says_all() -> None:
    seen = inspect_message("Ich will mit einem Menschen sprechen, Karte 4111 1111 1111 1111")
    assert seen == {
        "language": "de",
        "intent": "person",
        "wants_person": True,
        "risk": "R0",
        "in_scope": None,
        "outgoing": {"allowed": False, "reasons": ["it holds a card number"]},
    }
