"""One turn of the assistant: gather, think, act. The database is locked only at both ends."""

from sqlalchemy.orm import Session

from agent.apply import act, recover_speaking
from agent.gather import claim_turn
from agent.in_force import in_force
from agent.speak import LiveVoice, abandoned, voice_for
from agent.think import think
from agent.turn import HandOff, Thought, Turn
from core import live
from core.db import reading, transaction
from core.log import about, log
from core.queue import wake
from core.say import say
from retrieval.library import Library


def respond(conversation_id: str, library: Library) -> None:
    """Answer the customer's turn, ask back, or hand over. Every way out reaches somebody."""
    with about(conversation=conversation_id):
        with transaction() as session:
            turn = claim_turn(session, conversation_id)
        if turn is None:
            return
        live.publish(live.ASSISTANT_TYPING, conversation_id)
        wake("conversation.typing", conversation_id)
        voice = voice_for(turn)
        try:
            thought = _think(turn, library, voice)
        except Exception as wrong:
            log.exception("thinking_failed")
            thought = _trouble(turn, wrong)
        with transaction() as session:
            act(session, turn, thought, voice)


def _think(turn: Turn, library: Library, voice: LiveVoice | None) -> Thought:
    with reading() as session:
        using = in_force(session, library, turn.proof)
    return think(turn, library, answerer=using.answerer, head=using.head, voice=voice)


def _trouble(turn: Turn, wrong: Exception) -> Thought:
    decision = HandOff(
        reason="error",
        explanation=f"The assistant broke off with {type(wrong).__name__}.",
        text=say("trouble", turn.language or "en"),
    )
    return Thought(decision, confidence=0.0, best=None, trace={"error": type(wrong).__name__})


def recover(session: Session) -> None:
    """Bring answers that a crash interrupted to a person."""
    for message in abandoned(session):
        recover_speaking(session, message)
