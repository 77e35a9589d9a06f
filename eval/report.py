"""The numbers of one run: the JSON of the design's section 7, and a table for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Group
from rich.table import Table
from rich.text import Text

from eval.answers import LABELS, decision_metrics
from eval.calibrate import Judged, calibration
from eval.outcome import DECISIONS, Outcome
from eval.retrieval import Ranked, ranking_metrics
from eval.store import Ingested

PROXIES = (
    "Proxies: an answer counts as right when it cites a gold article and the case wants an "
    "answer. Certificates use people's labels only."
)


@dataclass(frozen=True)
class Report:
    suite: str
    outcomes: tuple[Outcome, ...]
    ingested: Ingested
    seed: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "n": len(self.outcomes),
            **ranking_metrics([Ranked(one.retrieved, one.case.gold) for one in self.outcomes]),
            **decision_metrics(self.outcomes),
            **calibration(
                [Judged(one.confidence, one.best_is_right) for one in self.outcomes], self.seed
            ),
            "latency_ms": latencies(self.outcomes),
            "docs_per_s": self.ingested.documents_per_s,
            "passages_per_s": self.ingested.passages_per_s,
            "cases": [_case(one) for one in self.outcomes],
        }

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")

    def as_table(self) -> Group:
        return table_of(self.suite, self.as_json())


def latencies(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of each stage, over the cases that went through it."""
    stages: dict[str, list[float]] = {}
    for one in outcomes:
        for stage, took in one.timings.items():
            stages.setdefault(stage, []).append(took)
    return {
        stage: {"p50": float(np.quantile(took, 0.5)), "p95": float(np.quantile(took, 0.95))}
        for stage, took in stages.items()
    }


def _case(one: Outcome) -> dict[str, Any]:
    return {
        "id": one.case.id,
        "label": one.case.label,
        "decision": one.decision,
        "confidence": one.confidence,
        "retrieved": list(one.retrieved),
        "cited": list(one.cited),
        "answer": one.answer,
        "latency_ms": one.timings.get("think", 0.0),
    }


SHOWN = (
    ("hit_at_1", "gold article first"),
    ("hit_at_5", "a gold article in the first five"),
    ("recall_at_5", "gold articles in the first five"),
    ("mrr_at_10", ""),
    ("ndcg_at_10", ""),
    ("decision_macro_f1", "answer, clarify, escalate"),
    ("auroc", "confidence tells right from wrong"),
    ("aurc", "mean error over all coverages; lower is better"),
    ("aurc_oracle", "the lowest it could be"),
    ("ece", "gap between confidence and truth"),
    ("answered_on_miss", "answered though no gold article was found"),
    ("false_refusal", "not answered though one was found"),
    ("citation_precision", "cited and gold, of all cited"),
    ("claim_recall", "reference sentences the answer covers"),
    ("docs_per_s", "parsed, split, embedded, indexed"),
    ("passages_per_s", "what was embedded before comes from the cache"),
)


def table_of(suite: str, numbers: Mapping[str, Any]) -> Group:
    table = Table("metric", "value", "meaning", title=f"{suite}, {numbers['n']} cases")
    for name, meaning in SHOWN:
        value = numbers[name]
        table.add_row(name, "–" if value is None else f"{value:.3f}", meaning)
    if numbers["ece_band"]:
        low, high = numbers["ece_band"]
        table.add_row("ece_band", f"{low:.3f}–{high:.3f}", "the ECE of a perfectly calibrated head")
    return Group(table, _confusion(numbers), _latency(numbers), Text(PROXIES, style="dim"))


def _confusion(numbers: Mapping[str, Any]) -> Table:
    table = Table("label", *DECISIONS, title="decided")
    for label in LABELS:
        counts = numbers["confusion"][label]
        table.add_row(label, *(str(counts[decision]) for decision in DECISIONS))
    return table


def _latency(numbers: Mapping[str, Any]) -> Table:
    table = Table("stage", "p50 ms", "p95 ms", title="latency")
    for stage, took in numbers["latency_ms"].items():
        table.add_row(stage, f"{took['p50']:.1f}", f"{took['p95']:.1f}")
    return table
