"""Questions and answers in a table or list, recognised by what the columns are called."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingestion.parse.document import Document, FaqRow, clean, document_of

LABEL_WORDS = 4

_QUESTION = """
question questions q faq query prompt frage fragen pregunta preguntas pergunta perguntas
domanda domande vraag pytanie otázka kérdés întrebare spørgsmål spørsmål fråga kysymys soru
вопрос питання ερώτηση سؤال السؤال שאלה प्रश्न 问题 問題 質問 질문 pertanyaan
"""
_ANSWER = """
answer answers a response reply antwort antworten respuesta respuestas réponse réponses
reponse resposta respostas risposta risposte antwoord odpowiedź odpověď válasz răspuns svar
vastaus cevap yanıt ответ відповідь απάντηση إجابة الإجابة תשובה उत्तर 答案 回答 답변
jawaban
"""


def faq_columns(header: Sequence[object]) -> tuple[int, int] | None:
    """Which columns hold question and answer, or None where this is no FAQ."""
    names = ["" if cell is None else str(cell) for cell in header]
    question = _column(names, frozenset(_QUESTION.split()))
    answer = _column(names, frozenset(_ANSWER.split()))
    return None if question is None or answer is None else (question, answer)


def faq_document(header: Sequence[object], rows: Sequence[Sequence[str]]) -> Document | None:
    """The document of an FAQ table; None where its header names no question and answer."""
    columns = faq_columns(header)
    if columns is None:
        return None
    others = [i for i in range(len(header)) if i not in columns and any(_cell(r, i) for r in rows)]
    labels = {i: str(header[i] or f"column {i + 1}") for i in others}
    telling = [i for i in others if _is_telling(rows, i)]
    asked = [_row(row, columns, {i: labels[i] for i in telling}) for row in rows]
    complete = tuple(row for row in asked if row.question and row.answer)
    warnings = []
    if lost := sum(any(row[:2]) for row in asked) - len(complete):
        warnings.append(f"{lost} rows without a question or without an answer were left out.")
    if unused := [labels[i] for i in others if i not in telling]:
        warnings.append(f"Columns that are not used: {', '.join(unused)}.")
    return replace(document_of([], warnings=tuple(warnings)), faq=complete)


def _row(row: Sequence[str], columns: tuple[int, int], telling: Mapping[int, str]) -> FaqRow:
    """The row's question and answer, and what its other columns say about them."""
    said = [(label, _cell(row, i)) for i, label in telling.items()]
    notes = "\n\n".join(f"{label}: {text}" for label, text in said if text)
    return FaqRow(clean(_cell(row, columns[0])), clean(_cell(row, columns[1])), clean(notes))


def _is_telling(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column says something, more than a label or a number does."""
    texts = [text for row in rows if (text := _cell(row, column))]
    return sum(len(text.split()) for text in texts) > LABEL_WORDS * len(texts)


def _column(names: list[str], words: frozenset[str]) -> int | None:
    folded = [name.strip().strip(":?*").casefold() for name in names]
    exact = [i for i, name in enumerate(folded) if name in words]
    loose = [i for i, name in enumerate(folded) if words & set(name.replace("_", " ").split())]
    return next(iter(exact or loose), None)


def _cell(row: Sequence[object], column: int) -> str:
    return str(row[column] or "").strip() if column < len(row) else ""
