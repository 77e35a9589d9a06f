"""Who wants a person, and what is out of scope: measured on labelled messages."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from agent.scope import Scope, scope_in
from agent.wants_person import wants_person
from core.errors import Invalid
from eval.calibrate import auroc
from eval.track import Track, quietly
from knowledge.embed import open_models
from retrieval.library import Library

SPOKEN_OF = 0.45
"""The cosine from which the documents speak of a message: on two suites 95 % of the questions
they answer lie above it, 95 % of CLINC150's out-of-scope messages below."""
HELD_BACK = 5


@dataclass(frozen=True)
class Message:
    text: str
    wants_person: bool | None
    in_scope: bool | None


@dataclass(frozen=True)
class Verdict:
    message: Message
    wants_person: bool
    scope: float | None
    """The higher, the surer in scope; None where nothing defines the scope."""
    in_scope: bool | None


def run_eval_intents(
    file: Path,
    *,
    in_scope: Path | None = None,
    library: Library | None = None,
    track: Track = quietly,
) -> dict[str, Any]:
    """Recall and false alarms for *wants a person*, AUROC for *out of scope*, each row's verdict.

    The scope is what `in_scope` has examples of, else what the library's documents speak of.
    """
    messages = [_message(row, file) for row in _rows(file)]
    judge = _judge(in_scope, library)
    verdicts = [judge.verdict(message) for message in track(messages, "messages")]
    return {"n": len(verdicts), **person_metrics(verdicts), **scope_metrics(verdicts)} | {
        "rows": [_row(verdict) for verdict in verdicts]
    }


def person_metrics(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    """Over the rows that say whether a person is wanted."""
    wanted = [one.wants_person for one in verdicts if one.message.wants_person is True]
    others = [one.wants_person for one in verdicts if one.message.wants_person is False]
    return {
        "wants_person_recall": sum(wanted) / len(wanted) if wanted else None,
        "wants_person_false_alarms": sum(others) / len(others) if others else None,
        "wants_person_n": float(len(wanted)),
        "wants_person_others_n": float(len(others)),
    }


def scope_metrics(verdicts: Sequence[Verdict]) -> dict[str, float | None]:
    known = [one for one in verdicts if one.message.in_scope is not None and one.scope is not None]
    score = np.array([one.scope for one in known], np.float64)
    inside = np.array([one.message.in_scope for one in known], np.float64)
    return {"out_of_scope_auroc": auroc(score, inside), "scope_n": float(len(known))}


@dataclass(frozen=True)
class Judge:
    """`score` is None where nothing defines the scope; from `least` on it counts as in scope."""

    score: Callable[[str], float] | None = None
    least: float = 0.0

    def verdict(self, message: Message) -> Verdict:
        scope = self.score(message.text) if self.score else None
        inside = None if scope is None else scope >= self.least
        return Verdict(message, bool(wants_person(message.text)), scope, inside)


def _judge(in_scope: Path | None, library: Library | None) -> Judge:
    if in_scope:
        return _judge_by(_rows(in_scope))
    return Judge(partial(scope_in, library), SPOKEN_OF) if library else Judge()


def _judge_by(examples: Sequence[dict[str, Any]]) -> Judge:
    """The bar is where nineteen of twenty examples pass that the scope was not made from."""
    model = open_models().for_language("en")
    rest = [row for n, row in enumerate(examples) if n % HELD_BACK]
    texts = [str(row["text"]) for row in examples[::HELD_BACK]]
    held_back = Scope.from_examples(model, rest).scores(texts)
    return Judge(Scope.from_examples(model, examples).score, float(np.quantile(held_back, 0.05)))


def _row(verdict: Verdict) -> dict[str, Any]:
    return {
        "text": verdict.message.text,
        "wants_person": verdict.wants_person,
        "in_scope": verdict.in_scope,
        "in_scope_score": verdict.scope,
    }


def _message(row: Mapping[str, Any], file: Path) -> Message:
    if "text" not in row:
        raise Invalid(f"{file}: a row lacks the key 'text'.")
    return Message(str(row["text"]), row.get("wants_person"), row.get("in_scope"))


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as wrong:
        raise Invalid(f"{file} is not a file of JSON lines: {wrong}") from wrong
