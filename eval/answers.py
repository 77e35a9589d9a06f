"""How well it was decided and answered. Proxies: people's labels alone make certificates."""

from collections.abc import Callable, Sequence

from agent.words import content_words
from eval.outcome import DECISIONS, Outcome
from ingestion.sentences import sentence_spans

LABELS = ("answer", "partial", "clarify", "escalate")
COVERED = 0.6


def decision_metrics(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """None where no case can tell."""
    return {
        "decision_macro_f1": macro_f1(outcomes),
        "confusion": confusion(outcomes),
        "answered_on_miss": _share(
            outcomes, of=lambda one: not one.found, are=lambda one: one.answered
        ),
        "false_refusal": _share(
            outcomes,
            of=lambda one: one.case.label == "answer" and one.found,
            are=lambda one: not one.answered,
        ),
        "citation_precision": citation_precision(outcomes),
        "claim_recall": claim_recall(outcomes),
    }


def confusion(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Counts by label, then by decision."""
    counts = {label: dict.fromkeys(DECISIONS, 0) for label in LABELS}
    for one in outcomes:
        counts[one.case.label][one.decision] += 1
    return counts


def macro_f1(outcomes: Sequence[Outcome]) -> float | None:
    """Over the decisions that labels ask for; a partial answer is an answer."""
    wanted = ["answer" if one.case.label == "partial" else one.case.label for one in outcomes]
    made = [one.decision for one in outcomes]
    scores = [_f1(wanted, made, decision) for decision in DECISIONS if decision in wanted]
    return sum(scores) / len(scores) if scores else None


def _f1(wanted: Sequence[str], made: Sequence[str], decision: str) -> float:
    both = sum(a == b == decision for a, b in zip(wanted, made, strict=True))
    return 2 * both / (wanted.count(decision) + made.count(decision))


def _share(
    outcomes: Sequence[Outcome], *, of: Callable[[Outcome], bool], are: Callable[[Outcome], bool]
) -> float | None:
    some = [one for one in outcomes if of(one)]
    return sum(map(are, some)) / len(some) if some else None


def citation_precision(outcomes: Sequence[Outcome]) -> float | None:
    """Cited and gold, of all that was cited."""
    cited = [article in one.case.gold for one in outcomes for article in one.cited]
    return sum(cited) / len(cited) if cited else None


def claim_recall(outcomes: Sequence[Outcome]) -> float | None:
    """The mean share of a reference's sentences that the answer sent covers; unsent covers none."""
    shares = [
        sentences_covered(one.case.answer, one.answer if one.answered else "")
        for one in outcomes
        if one.case.label in ("answer", "partial") and content_words(one.case.answer)
    ]
    return sum(shares) / len(shares) if shares else None


def sentences_covered(reference: str, answer: str) -> float:
    """The share of the reference's sentences whose content words are mostly in the answer."""
    said = set(content_words(answer))
    sentences = (reference[start:end] for start, end in sentence_spans(reference))
    wanted = [words for sentence in sentences if (words := set(content_words(sentence)))]
    covered = sum(len(words & said) >= COVERED * len(words) for words in wanted)
    return covered / len(wanted) if wanted else 0.0
