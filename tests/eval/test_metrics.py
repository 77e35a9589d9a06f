"""The numbers of an evaluation, on cases small enough to work out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.answers import decision_metrics, sentences_covered
from eval.calibrate import Judged, calibration, ece, ece_band
from eval.gate import regressions
from eval.outcome import Outcome
from eval.retrieval import Ranked, ranking_metrics
from eval.suites import Case


def outcome(
    label: str,
    decision: str,
    *,
    gold: set[str] | None = None,
    cited: tuple[str, ...] = (),
    retrieved: tuple[str, ...] = (),
    reference: str = "",
    answer: str = "",
) -> Outcome:
    case = Case("1", (("customer", "?"),), frozenset(gold or ()), reference, label)  # type: ignore[arg-type]
    return Outcome(case, decision, 0.5, retrieved, cited, answer, {})


def test_ranking_counts_articles_over_the_cases_that_have_gold() -> None:
    numbers = ranking_metrics(
        [
            Ranked(["a", "b"], {"a"}),
            Ranked(["x", "y", "a", "b"], {"a", "b"}),
            Ranked(["x"], {"a"}),
            Ranked(["x"], set()),
        ]
    )
    assert numbers["hit_at_1"] == pytest.approx(1 / 3)
    assert numbers["hit_at_5"] == pytest.approx(2 / 3)
    assert numbers["recall_at_5"] == pytest.approx(2 / 3)
    assert numbers["mrr_at_10"] == pytest.approx((1 + 1 / 3 + 0) / 3)
    second = (1 / 2 + 1 / np.log2(5)) / (1 + 1 / np.log2(3))
    assert numbers["ndcg_at_10"] == pytest.approx((1 + second) / 3)


def test_answering_everything_and_answering_nothing_both_show() -> None:
    cases = [
        outcome("answer", "answer", gold={"a"}, cited=("a",), retrieved=("a",)),
        outcome("escalate", "answer", cited=("x",), retrieved=("x",)),
        outcome("answer", "escalate", gold={"b"}, retrieved=("b",)),
        outcome("clarify", "clarify"),
    ]
    numbers = decision_metrics(cases)
    assert numbers["answered_on_miss"] == pytest.approx(1 / 2), "two cases had no gold to find"
    assert numbers["false_refusal"] == pytest.approx(1 / 2)
    assert numbers["citation_precision"] == pytest.approx(1 / 2)
    assert numbers["decision_macro_f1"] == pytest.approx((1 / 2 + 1 + 0) / 3)
    assert numbers["confusion"]["escalate"] == {"answer": 1, "clarify": 0, "escalate": 0}  # type: ignore[index]


def test_a_reference_sentence_counts_when_most_of_its_words_are_said() -> None:
    reference = "Refunds take five days. The card gets the money."
    assert sentences_covered(reference, "Refunds need five days to arrive.") == 0.5
    assert sentences_covered(reference, reference) == 1
    assert sentences_covered(reference, "") == 0


def test_a_perfect_order_has_the_lowest_possible_risk() -> None:
    sure = [Judged(0.9, True), Judged(0.8, True), Judged(0.3, False), Judged(0.1, False)]
    numbers = calibration(sure)
    assert numbers["auroc"] == 1
    assert numbers["aurc"] == numbers["aurc_oracle"] == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)
    assert numbers["risk_coverage"][1] == {"threshold": 0.8, "coverage": 0.5, "risk": 0.0}  # type: ignore[index]


def test_a_confidence_that_never_changes_tells_nothing() -> None:
    same = [Judged(0.5, right) for right in (True, False, True, False)]
    numbers = calibration(same)
    assert numbers["auroc"] == 0.5
    assert numbers["aurc"] == 0.5
    assert numbers["ece"] == pytest.approx(0.5), "in bins of one each"


def test_without_right_and_wrong_answers_there_is_no_auroc() -> None:
    assert calibration([Judged(0.5, True)])["auroc"] is None
    assert calibration([])["ece"] is None


def test_a_calibrated_head_lies_in_its_band_and_a_boaster_above_it() -> None:
    chance = np.random.default_rng(3)
    said = chance.random(400)
    true = (chance.random(400) < said).astype(np.float64)
    low, high = ece_band(said)
    assert low <= ece(said, true) <= high
    assert ece(np.minimum(said + 0.3, 1), true) > ece_band(np.minimum(said + 0.3, 1))[1]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=40))
def test_no_order_beats_the_oracle_and_shuffling_changes_nothing(
    answers: list[tuple[float, bool]],
) -> None:
    judged = [Judged(*answer) for answer in answers]
    one, other = calibration(judged), calibration(judged[::-1])
    assert one["aurc"] >= one["aurc_oracle"] - 1e-9  # type: ignore[operator]
    assert one["aurc"] == pytest.approx(other["aurc"])
    assert one["auroc"] == other["auroc"]
    assert one["risk_coverage"] == other["risk_coverage"]


def test_the_gate_stops_what_got_worse_and_lets_noise_pass() -> None:
    def run(firsts: int) -> dict[str, object]:
        cases = [
            {"id": str(n), "label": "answer", "decision": "answer", "cited": ["a"],
             "retrieved": ["a" if n < firsts else "x"]}
            for n in range(40)
        ]  # fmt: skip
        return {"cases": cases}

    gold = {str(n): frozenset({"a"}) for n in range(40)}
    assert regressions(run(40), run(30), gold) == [
        "gold article first: 10 cases lost, 0 won (p = 0.0010)"
    ]
    assert regressions(run(40), run(38), gold) == []
    assert regressions(run(30), run(40), gold) == []
