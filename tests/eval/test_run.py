"""A suite from end to end: read, ingested, asked, measured, fitted, and nothing left behind."""

import json
from pathlib import Path

import pytest

from core.errors import Invalid
from core.settings import Settings, settings
from eval.intents import run_eval_intents
from eval.run import fit_head, run_eval
from eval.suites import distractors, read_documents, read_suite
from eval.track import quietly

THINGS = ["kettle", "lantern", "tent", "hammock", "compass", "stove", "anorak", "paddle"]
KEYS = {
    "n", "hit_at_1", "hit_at_5", "recall_at_5", "mrr_at_10", "ndcg_at_10", "decision_macro_f1",
    "confusion", "auroc", "aurc", "aurc_oracle", "ece", "ece_band", "risk_coverage",
    "answered_on_miss", "false_refusal", "citation_precision", "claim_recall", "latency_ms",
    "docs_per_s", "passages_per_s", "cases",
}  # fmt: skip


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Eight articles; for each a question it answers and one that nothing answers."""
    folder = tmp_path / "camping"
    folder.mkdir()
    write_lines(
        folder / "kb.jsonl",
        [
            {"id": thing, "title": f"Care of the {thing}", "url": f"https://shop.example/{thing}",
             "text": f"Wash the {thing} by hand. Dry the {thing} in the shade. "
                     f"The {thing} has a guarantee of two years."}
            for thing in THINGS
        ],
    )  # fmt: skip
    asked: list[dict[str, object]] = [
        {"id": f"{thing}-{n}", "label": label, "gold": [thing] if label == "answer" else [],
         "answer": f"Wash the {thing} by hand." if label == "answer" else None, "note": "ignored",
         "turns": [{"role": "customer", "text": text}]}
        for thing in THINGS
        for n, (label, text) in enumerate(
            [("answer", f"How do I wash the {thing}?"),
             ("answer", f"Is there a guarantee on the {thing}?"),
             ("escalate", f"Why was my {thing} order charged twice in Norway?"),
             ("escalate", "Who won the election?")]
        )
    ]  # fmt: skip
    write_lines(folder / "cases.jsonl", asked)
    return folder


@pytest.fixture
def at_home(small_installation: Settings, exported_model: Path) -> Settings:
    return small_installation


def test_a_suite_gives_all_the_numbers_and_leaves_the_installation_alone(
    suite: Path, at_home: Settings, tmp_path: Path
) -> None:
    before = (at_home.data / "onethread.db").read_bytes()
    report = run_eval(suite, fit_to=tmp_path / "head.json")
    numbers = report.as_json()
    assert set(numbers) == KEYS
    assert numbers["n"] == 32
    assert numbers["hit_at_1"] == 1
    assert {"think", "embed", "search"} <= set(numbers["latency_ms"])
    assert numbers["passages_per_s"] > 0
    first = numbers["cases"][0]
    assert set(first) == {
        "id", "label", "decision", "confidence", "retrieved", "cited", "answer", "latency_ms",
    }  # fmt: skip
    assert first["retrieved"][0] == "kettle"
    assert numbers["auroc"] > 0.7
    json.dumps(numbers)
    assert settings() is at_home
    assert (at_home.data / "onethread.db").read_bytes() == before
    assert not (at_home.data / "index").exists()

    again = run_eval(suite, head=tmp_path / "head.json").as_json()
    assert again["hit_at_1"] == 1
    assert {case["id"] for case in again["cases"]} == {case["id"] for case in numbers["cases"]}


def test_other_knowledge_bases_are_distractors_under_ids_of_their_own(
    suite: Path, tmp_path: Path
) -> None:
    other = tmp_path / "boats"
    other.mkdir()
    write_lines(
        other / "kb.jsonl",
        [
            {"id": "paddle", "title": "Renting a paddle", "text": "Paddles cost ten euros a day."},
            {"id": "canoe", "title": "Canoes", "text": "Canoes hold three people."},
        ],
    )
    more = list(distractors(read_suite(suite), [suite, other, other / "kb.jsonl"]))
    assert [document.id for document in more[:2]] == ["boats:paddle", "canoe"]
    assert not {document.id for document in more} & {d.id for d in read_documents(suite)}


def test_a_knowledge_base_without_cases_is_no_error(suite: Path, at_home: Settings) -> None:
    (suite / "cases.jsonl").unlink()
    numbers = run_eval(suite).as_json()
    assert numbers["n"] == 0
    assert numbers["auroc"] is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 1 is not JSON"),
        ('{"id": "1"}', "lacks the key 'turns'"),
        ('{"id": "1", "turns": [], "label": "answer"}', "customer's turn"),
        (
            '{"id": "1", "turns": [{"role": "customer", "text": "x"}], "label": "maybe"}',
            "unknown label 'maybe'",
        ),
    ],
)
def test_a_broken_suite_says_where(suite: Path, line: str, complaint: str) -> None:
    (suite / "cases.jsonl").write_text(line)
    with pytest.raises(Invalid, match=complaint):
        read_suite(suite)


def test_messages_are_told_apart_by_who_wants_a_person_and_what_is_in_scope(
    at_home: Settings, tmp_path: Path
) -> None:
    examples = {
        "returns": [
            "how do I send it back",
            "return my order",
            "refund please",
            "how do returns work",
            "I want to return a jacket",
            "can I give it back",
            "get my money back",
        ],
        "shipping": [
            "where is my parcel",
            "track my delivery",
            "when will it arrive",
            "was it delivered",
            "has my order been sent",
            "delivery status please",
            "where is my order",
        ],
    }
    write_lines(
        tmp_path / "examples.jsonl",
        [{"text": text, "intent": intent} for intent, texts in examples.items() for text in texts],
    )
    write_lines(
        tmp_path / "messages.jsonl",
        [
            {"text": "let me talk to a human", "wants_person": True, "in_scope": None},
            {"text": "I want to return my jacket", "wants_person": False, "in_scope": True},
            {"text": "has my parcel been delivered", "wants_person": False, "in_scope": True},
            {"text": "what is the capital of Peru", "wants_person": False, "in_scope": False},
        ],
    )
    numbers = run_eval_intents(tmp_path / "messages.jsonl", in_scope=tmp_path / "examples.jsonl")
    assert numbers["wants_person_recall"] == 1
    assert numbers["wants_person_false_alarms"] == 0
    assert numbers["out_of_scope_auroc"] == 1
    assert [row["wants_person"] for row in numbers["rows"]] == [True, False, False, False]
    assert numbers["rows"][-1]["in_scope"] is False


@pytest.mark.slow
@pytest.mark.usefixtures("at_home")
def test_a_suite_of_files_is_read_as_uploads_are_and_names_them(tmp_path: Path) -> None:
    articles = tmp_path / "shop" / "articles"
    articles.mkdir(parents=True)
    (articles / "tent.md").write_text("# Tents\n\n## Care\n\nDry the tent in the shade.")
    (articles / "faq.csv").write_text("question,answer\nDo you sell stoves?,No stoves at all.\n")
    asked = {"tent.md": "How do I dry a tent?", "faq.csv#Do you sell stoves?": "do you sell stoves"}
    rows: list[dict[str, object]] = [
        {
            "id": name,
            "gold": [name],
            "label": "answer",
            "turns": [{"role": "customer", "text": text}],
        }
        for name, text in asked.items()
    ]
    write_lines(tmp_path / "shop" / "cases.jsonl", rows)
    report = run_eval(tmp_path / "shop")
    assert [one.retrieved[0] for one in report.outcomes] == list(asked)
    assert [one.best_cited for one in report.outcomes] == [(name,) for name in asked]
    assert report.ingested.documents == 2
    (articles / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(Invalid, match=r"broken\.pdf"):
        run_eval(tmp_path / "shop")


@pytest.mark.slow
@pytest.mark.usefixtures("at_home")
def test_one_head_is_fitted_on_several_suites_also_among_other_documents(
    suite: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("kb.jsonl", "cases.jsonl"):
        (other / name).write_text((suite / name).read_text())
    alone = fit_head([suite, other], track=quietly)
    among = fit_head([suite, other], kbs=[suite], track=quietly)
    assert alone.fitted_on["suites"] == ["camping", "other"]
    assert among.fitted_on["answers"] == 2 * int(str(alone.fitted_on["answers"]))
