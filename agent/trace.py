"""The trace of a turn as it is stored with the run: plain JSON."""

from dataclasses import asdict

from agent.answering import Answered
from agent.turn import Decision, Draft, HandOff
from agent.understand import Understood
from retrieval.found import Found

VERSION = "1"


def trace_of(
    understood: Understood,
    found: Found | None = None,
    answered: Answered | None = None,
    decision: Decision | None = None,
) -> dict[str, object]:
    trace: dict[str, object] = {
        "understood": _understood(understood),
        "versions": {"loop": VERSION},
    }
    if found:
        trace["query"] = found.query
        trace["retrieved"] = [
            {
                "article_id": article.article_id,
                "title": article.title,
                "url": article.url,
                "score": round(article.score, 4),
                "passage": article.best.passage.id,
            }
            for article in found.articles
        ]
    if answered:
        trace["claims"] = [
            {
                "text": one.claim.text,
                "passage_id": one.claim.passage_id,
                "ok": one.holds,
                "problem": one.problem,
            }
            for one in answered.checked
        ]
        trace["features"] = {name: round(value, 5) for name, value in answered.features.items()}
        trace["reasons"] = list(answered.best.reasons)
        trace["versions"] = {"loop": VERSION, "head": answered.head}
        trace["account"] = asdict(answered.account)
    if decision:
        trace["decision"] = type(decision).__name__.lower()
        trace["explanation"] = _explanation(decision)
    return trace


def _explanation(decision: Decision) -> str:
    """Why it came to this, in words for teammates; a reply explains itself."""
    match decision:
        case HandOff(explanation=why) | Draft(reason=why):
            return why
        case _:
            return ""


def _understood(understood: Understood) -> dict[str, object]:
    return {
        "language": understood.language.code,
        "language_sure": round(understood.language.sure, 3),
        "intent": understood.intent,
        "person": understood.person,
        "risk": understood.stakes.risk.name,
        "topic": understood.stakes.topic,
        "words": understood.stakes.words,
        "angry": understood.angry,
        "follow_up": understood.follow_up,
    }
