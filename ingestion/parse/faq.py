"""Questions and answers in a table or list, recognised by what the columns are called."""

from collections.abc import Sequence

from ingestion.parse.document import Document

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
    pairs = [tuple(_cell(row, column) for column in columns) for row in rows]
    complete = [(question, answer) for question, answer in pairs if question and answer]
    warnings = []
    if lost := sum(any(pair) for pair in pairs) - len(complete):
        warnings.append(f"{lost} rows without a question or without an answer were left out.")
    unused = [str(name) for i, name in enumerate(header) if name and i not in columns]
    if unused:
        warnings.append(f"Columns that are not used: {', '.join(unused)}.")
    return Document("", (), 0, tuple(warnings), faq=tuple(complete))


def _column(names: list[str], words: frozenset[str]) -> int | None:
    folded = [name.strip().strip(":?*").casefold() for name in names]
    exact = [i for i, name in enumerate(folded) if name in words]
    loose = [i for i, name in enumerate(folded) if words & set(name.replace("_", " ").split())]
    return next(iter(exact or loose), None)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
