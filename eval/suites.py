"""Reads suites: a knowledge base and the cases asked of it (JSON lines, design section 7)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from core.errors import Invalid

Label = Literal["answer", "partial", "clarify", "escalate"]


@dataclass(frozen=True)
class Document:
    id: str
    title: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Case:
    id: str
    turns: tuple[tuple[str, str], ...]
    """(role, text), oldest first; role is customer or assistant; the last is the customer's."""
    gold: frozenset[str]
    answer: str
    label: Label

    @property
    def asked(self) -> str:
        return self.turns[-1][1]

    @property
    def earlier(self) -> tuple[str, ...]:
        """What the customer said before."""
        return tuple(text for role, text in self.turns[:-1] if role == "customer")


@dataclass(frozen=True)
class Suite:
    name: str
    documents: tuple[Document, ...]
    cases: tuple[Case, ...]
    files: tuple[Path, ...] = ()
    """Documents as files, read as uploads are. Their names are their ids; of a FAQ file, each
    entry's is `name#question`."""


def read_suite(folder: Path, cases: Path | None = None) -> Suite:
    """`kb.jsonl` or, where there is none, the files in `articles/`; `cases.jsonl`, if there is,
    or other cases."""
    cases, articles = cases or folder / "cases.jsonl", folder / "articles"
    of_files = articles.is_dir() and not (folder / "kb.jsonl").exists()
    return Suite(
        name=folder.resolve().name,
        documents=() if of_files else tuple(read_documents(folder)),
        cases=tuple(_case(row, cases) for row in _rows(cases)) if cases.exists() else (),
        files=tuple(sorted(articles.iterdir())) if of_files else (),
    )


def read_documents(path: Path) -> Iterator[Document]:
    """Of a knowledge base file, or of the folder that holds one."""
    file = path / "kb.jsonl" if path.is_dir() else path
    if not file.exists():
        raise Invalid(f"There is no {file}. Give a kb.jsonl or the folder that holds it.")
    for row in _rows(file):
        yield Document(
            str(_field(row, "id", file)),
            str(row.get("title") or ""),
            str(row.get("text") or ""),
            str(row.get("url") or ""),
        )


def distractors(suite: Suite, paths: Iterable[Path]) -> Iterator[Document]:
    """The documents of other knowledge bases, under ids of their own; the suite's are left out."""
    taken = {document.id for document in suite.documents}
    known = set(suite.documents)
    for path in paths:
        for document in read_documents(path):
            if document in known:
                continue
            name = path.resolve().name if path.is_dir() else path.resolve().parent.name
            free = document.id if document.id not in taken else f"{name}:{document.id}"
            taken.add(free)
            yield Document(free, document.title, document.text, document.url)


def _case(row: dict[str, Any], file: Path) -> Case:
    turns = tuple((str(turn["role"]), str(turn["text"])) for turn in _field(row, "turns", file))
    label = _field(row, "label", file)
    if label not in get_args(Label):
        raise Invalid(f"{file}: case {row.get('id')} has the unknown label {label!r}.")
    if not turns or turns[-1][0] != "customer":
        raise Invalid(f"{file}: case {row.get('id')} does not end with the customer's turn.")
    gold = frozenset(str(article) for article in row.get("gold") or ())
    return Case(str(_field(row, "id", file)), turns, gold, str(row.get("answer") or ""), label)


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except ValueError as broken:
                raise Invalid(f"{file}, line {number} is not JSON: {broken}") from broken


def _field(row: dict[str, Any], name: str, file: Path) -> Any:
    if name not in row:
        raise Invalid(f"{file}: a row lacks the key {name!r}.")
    return row[name]
