"""Speak, ask back, draft or hand over: the rules, in the order they apply."""

from dataclasses import dataclass
from datetime import timedelta

from agent.aside import ask_same
from agent.booking import about_a_call
from agent.clarify import points_nowhere, question_back
from agent.turn import (
    Answer,
    AskSame,
    Clarify,
    Decision,
    Draft,
    HandOff,
    Reply,
    Resolve,
    SendCode,
    Smalltalk,
    Turn,
)
from agent.understand import Understood
from core.say import say
from delivery.wants_code import wants_code
from desk.inboxes import Policy
from escalation.hours import in_words
from escalation.triggers import REASONS, Risk
from retrieval.found import Found

MOST_CLARIFICATIONS = 2
MOST_FAILURES = 2
AWAY = timedelta(hours=1)
"""Whoever writes again after so long comes back to something."""
CERTAIN = 0.9
"""Sure enough to answer although the customer points at something that nobody named."""


@dataclass(frozen=True)
class Best:
    """The best verified answer there is, how sure it is, and what stood in the way of a better."""

    answer: Answer | None
    confidence: float
    reasons: tuple[str, ...] = ()
    problem: str = ""
    """A reason code when the answer was lost on the way: unsupported, error."""
    certified: bool = False


def before_looking(turn: Turn, understood: Understood) -> Decision | None:
    """What needs no look into the documents."""
    language = understood.language.code
    if call := about_a_call(turn, understood):
        return call
    if understood.person:
        return hand_off(turn, understood, "asked_for_person")
    if turn.policy is Policy.OFF:
        return hand_off(turn, understood, "policy")
    if understood.stakes.topic == "self_harm":
        return hand_off(turn, understood, "self_harm")
    if turn.code == "wrong":
        return Smalltalk(say("code_wrong", language))
    if turn.code == "right" and not understood.asked:
        return Smalltalk(say("code_right", language))
    if turn.offered_code and wants_code(understood.asked):
        return SendCode(say("code_sent", language))
    if turn.failures >= MOST_FAILURES:
        return hand_off(turn, understood, "loop")
    if understood.smalltalk == "about_assistant":
        company = turn.company or say("us", language)
        return Smalltalk(say("about_assistant", language, company=company))
    if understood.smalltalk == "goodbye" and _was_helped(turn):
        return Resolve(say("goodbye", language))
    if understood.smalltalk:
        return Smalltalk(say(understood.smalltalk, language))
    if not understood.asked:
        return hand_off(turn, understood, "no_answer")
    if understood.asks_for_news:
        return hand_off(turn, understood, "news")
    return None


def decide(turn: Turn, understood: Understood, found: Found, best: Best) -> Decision:
    """Everybody gets an answer, a question or a person."""
    risk, topic = understood.stakes.risk, understood.stakes.topic
    sure = best.answer is not None and best.confidence >= turn.threshold
    if risk >= Risk.R3 and not (topic == "manipulation" and sure):
        return hand_off(turn, understood, topic, best)
    if understood.angry and (turn.failures or not sure):
        return hand_off(turn, understood, "angry", best)
    if best.answer is None or not sure or not _is_clear(turn, understood, best):
        return _without_answer(turn, understood, found, best)
    if risk == Risk.R2:
        return Draft(best.answer, best.confidence, REASONS["action"])
    # Orders to the assistant (R3) inside a question it can answer are simply not obeyed.
    return _by_policy(turn, best, best.answer)


def may_speak_early(turn: Turn, understood: Understood, best: Best) -> bool:
    """Whether an answer that is still being made may already be heard."""
    free = turn.policy is Policy.THRESHOLD or (turn.policy is Policy.CERTIFIED and best.certified)
    calm = understood.stakes.risk < Risk.R2 and not understood.angry
    clear = _is_clear(turn, understood, best)
    return free and calm and clear and best.confidence >= turn.threshold


def hand_off(
    turn: Turn, understood: Understood, reason: str, best: Best | None = None, detail: str = ""
) -> HandOff:
    """To a person, with the honest text of what happens next."""
    explanation = REASONS[reason]
    if understood.stakes.topic == reason and understood.stakes.words:
        explanation = f"{explanation} (“{understood.stakes.words}”)"
    return HandOff(
        reason=reason,
        explanation=f"{explanation} {_sentence(detail)}".strip(),
        text=f"{_first_words(reason, understood)} {what_happens_next(turn, understood)}",
        suggestion=best.answer if best else None,
        confidence=best.confidence if best else 0.0,
    )


def _first_words(reason: str, understood: Understood) -> str:
    if reason == "news":
        return say("news", understood.language.code, matter=understood.matter)
    return opening(reason, understood.language.code)


def _sentence(detail: str) -> str:
    detail = detail.strip()
    ended = detail.endswith((".", "!", "?", "”"))
    return detail[:1].upper() + detail[1:] + ("" if ended or not detail else ".")


def what_happens_next(turn: Turn, understood: Understood) -> str:
    language = understood.language.code
    if turn.people_are_there:
        return say("people_now", language)
    if turn.people_return:
        when = in_words(turn.people_return, turn.moment, language)
        return say("people_later", language, when=when)
    return say("people_later_open", language)


def opening(reason: str, language: str) -> str:
    own = {"asked_for_person", "no_answer", "not_sure", "loop", "angry", "error", "self_harm"}
    if reason in own:
        return say(reason, language)
    return say(
        "not_sure" if reason in {"unsupported", "policy", "language"} else "sensitive", language
    )


def _was_helped(turn: Turn) -> bool:
    return any(said.role != "customer" for said in turn.said)


def _is_clear(turn: Turn, understood: Understood, best: Best) -> bool:
    """Whether one may answer without knowing what exactly the customer points at."""
    unclear = bool(understood.pointing) or points_nowhere(understood)
    return not (unclear and _may_ask(turn)) or best.confidence >= CERTAIN


def _may_ask(turn: Turn) -> bool:
    return turn.clarifications < MOST_CLARIFICATIONS


def _has_come_back(turn: Turn) -> bool:
    """Whoever has written about it on another channel, a while ago, or before they wrote of
    something else, isn't asked again: a person has it all."""
    theirs = [said for said in turn.said if said.role == "customer"]
    if any(said.channel not in ("", turn.channel) for said in theirs):
        return True
    times = [said.at for said in theirs if said.at]
    if not times:
        return False
    first, last = times[0], times[-1]
    elsewhere = [said.at for said in turn.history if said.role == "customer" and said.at]
    return last - first > AWAY or any(first < moment < last for moment in elsewhere)


def _without_answer(
    turn: Turn, understood: Understood, found: Found, best: Best
) -> Clarify | AskSame | HandOff:
    may_ask = _may_ask(turn) and not _has_come_back(turn)
    asked_back = question_back(understood, found) if may_ask else None
    if asked_back:
        return ask_same(turn, understood.language.code) or asked_back
    reason = best.problem or ("no_answer" if best.answer is None else "not_sure")
    return hand_off(turn, understood, reason, best, "; ".join(best.reasons[:2]))


def _by_policy(turn: Turn, best: Best, answer: Answer) -> Decision:
    match turn.policy:
        case Policy.THRESHOLD:
            return Reply(answer, best.confidence)
        case Policy.CERTIFIED if answer.mode == "faq" or best.certified:
            return Reply(answer, best.confidence)
        case _:
            return Draft(answer, best.confidence, REASONS["policy"])
