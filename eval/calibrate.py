"""How well a confidence tells right from wrong, and whether it means what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15
DRAWS = 1000
POINTS = 50

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """One answer: how sure it was, and whether it was right."""

    confidence: float
    right: bool


def calibration(answers: Sequence[Judged], seed: int = 0) -> dict[str, object]:
    """AUROC, AURC, ECE and the curve behind them; None where the answers can't tell."""
    confidence = np.array([one.confidence for one in answers], np.float64)
    right = np.array([one.right for one in answers], np.float64)
    if not len(answers):
        return dict.fromkeys(("auroc", "aurc", "aurc_oracle", "ece", "ece_band")) | {
            "risk_coverage": []
        }
    return {
        "auroc": auroc(confidence, right),
        "aurc": aurc(confidence, right),
        "aurc_oracle": aurc(right, right),
        "ece": ece(confidence, right),
        "ece_band": ece_band(confidence, seed),
        "risk_coverage": risk_coverage(confidence, right),
    }


def auroc(confidence: Numbers, right: Numbers) -> float | None:
    """The chance that a right answer is surer than a wrong one; ties count half."""
    positives, negatives = confidence[right == 1], confidence[right == 0]
    if not len(positives) or not len(negatives):
        return None
    below = np.searchsorted(np.sort(negatives), positives, side="left")
    upto = np.searchsorted(np.sort(negatives), positives, side="right")
    return float((below + upto).sum() / (2 * len(positives) * len(negatives)))


def aurc(confidence: Numbers, right: Numbers) -> float:
    """The mean error over all coverages, surest first; among ties in any order alike."""
    wrong = _wrong_so_far(confidence, right)
    return float((wrong / np.arange(1, len(wrong) + 1)).mean())


def risk_coverage(confidence: Numbers, right: Numbers) -> list[dict[str, float]]:
    """What answering above each threshold would cover and get wrong, strictest first."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(1 - right[order])
    ends = np.flatnonzero(np.diff(confidence[order], append=-np.inf))
    if len(ends) > POINTS:
        ends = ends[np.unique(np.linspace(0, len(ends) - 1, POINTS).round().astype(int))]
    return [
        {
            "threshold": float(confidence[order[end]]),
            "coverage": float((end + 1) / len(order)),
            "risk": float(wrong[end] / (end + 1)),
        }
        for end in ends
    ]


def ece(confidence: Numbers, right: Numbers) -> float:
    """The mean gap between what is said and what is true, over bins of equal mass."""
    return float(_eces(confidence, right[None, :])[0])


def ece_band(confidence: Numbers, seed: int = 0) -> list[float]:
    """Where 95 % of ECEs fall if these confidences were exactly true."""
    chance = np.random.default_rng(seed)
    draws = (chance.random((DRAWS, len(confidence))) < confidence).astype(np.float64)
    return [float(bound) for bound in np.quantile(_eces(confidence, draws), (0.025, 0.975))]


def _eces(confidence: Numbers, draws: Numbers) -> Numbers:
    """One ECE for each row of outcomes (rows, answers)."""
    order = np.argsort(confidence, kind="stable")
    bins = min(BINS, len(order))
    edges = np.linspace(0, len(order), bins, endpoint=False).astype(int)
    said = np.add.reduceat(confidence[order], edges)
    true = np.add.reduceat(draws[:, order], edges, axis=1)
    gaps: Numbers = np.abs(said - true).sum(axis=1) / len(order)
    return gaps


def _wrong_so_far(confidence: Numbers, right: Numbers) -> Numbers:
    """Expected wrong ones among the k surest, for each k; ties share theirs evenly."""
    order = np.argsort(-confidence, kind="stable")
    ranked, wrong = confidence[order], 1 - right[order]
    ends = np.flatnonzero(np.diff(ranked, append=-np.inf)) + 1
    starts = np.concatenate([[0], ends[:-1]])
    shared = np.empty(len(wrong))
    for start, end in zip(starts, ends, strict=True):
        shared[start:end] = wrong[start:end].mean()
    return np.cumsum(shared)
