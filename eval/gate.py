"""Holds a run against an earlier one: has anything become worse, beyond chance?"""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.errors import Invalid

ALPHA = 0.05

Numbers = Mapping[str, Any]


def read_run(path: Path) -> dict[str, Any]:
    """An earlier run's JSON. Raises Invalid where there is none."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as wrong:
        raise Invalid(
            f"--gate compares with the run stored in the --json file, but {path} holds none. "
            "Run once without --gate."
        ) from wrong


def regressions(before: Numbers, after: Numbers, gold: Mapping[str, frozenset[str]]) -> list[str]:
    """What became significantly worse on the cases both runs have (exact McNemar, Holm)."""
    old = {case["id"]: case for case in before["cases"]}
    new = {case["id"]: case for case in after["cases"]}
    both = [id for id in new if id in old]
    found = []
    for name, holds in _CHECKS.items():
        lost = sum(holds(old[id], gold[id]) and not holds(new[id], gold[id]) for id in both)
        won = sum(holds(new[id], gold[id]) and not holds(old[id], gold[id]) for id in both)
        found.append((_chance(lost, won), f"{name}: {lost} cases lost, {won} won"))
    worse = []
    for rank, (chance, text) in enumerate(sorted(found)):
        if chance > ALPHA / (len(found) - rank):
            break
        worse.append(f"{text} (p = {chance:.4f})")
    return worse


def _is_first(case: Numbers, gold: frozenset[str]) -> bool:
    return any(article in gold for article in case["retrieved"][:1])


def _is_decided_well(case: Numbers, gold: frozenset[str]) -> bool:
    return bool(case["decision"] == ("answer" if case["label"] == "partial" else case["label"]))


def _is_no_wrong_answer(case: Numbers, gold: frozenset[str]) -> bool:
    return case["decision"] != "answer" or any(article in gold for article in case["cited"])


_CHECKS: dict[str, Callable[[Numbers, frozenset[str]], bool]] = {
    "gold article first": _is_first,
    "decided as labelled": _is_decided_well,
    "no wrong answer": _is_no_wrong_answer,
}


def _chance(lost: int, won: int) -> float:
    """One-sided: how likely so many of the changed cases were lost by luck alone."""
    changed = lost + won
    return float(sum(math.comb(changed, k) for k in range(lost, changed + 1)) / 2**changed)
