"""Giving a decision its effect, if the conversation is still where it was."""

from sqlalchemy.orm import Session

from agent import booking, runs
from agent.aside import NOTHING, Aside, aside, mark_question
from agent.gather import is_still_ours
from agent.runs import Run
from agent.speak import LiveVoice, disclosure
from agent.turn import (
    Answer,
    AskSame,
    BookCall,
    CancelCall,
    Clarify,
    Draft,
    HandOff,
    Reply,
    Resolve,
    SendCode,
    Smalltalk,
    Thought,
    Turn,
)
from core import events
from core.queue import enqueue
from core.say import say
from delivery import codes
from desk import conversations, messages
from desk.conversations import Conversation, Thread
from desk.envelope import DeliveryState
from desk.messages import Author, Message
from escalation.hand_off import hand_off


def act(session: Session, turn: Turn, thought: Thought, voice: LiveVoice | None) -> None:
    """Apply the decision once. A newer message or a person voids what was not yet said."""
    conversation = conversations.lock(session, turn.conversation_id)
    if voice and voice.message_id:
        return _finish_speaking(session, conversation, turn, thought, voice)
    if not is_still_ours(conversation, turn):
        runs.keep(session, turn, thought, "void: the conversation moved on")
        return
    run = runs.keep(session, turn, thought, "applied")
    conversations.turn_is_over(conversation)
    note_what_was_understood(conversation, thought)
    thread = messages.thread_to_answer(session, conversation.id)
    if thread is None:
        return
    _apply(session, conversation, thread, run, turn, thought)


def _apply(
    session: Session,
    conversation: Conversation,
    thread: Thread,
    run: Run,
    turn: Turn,
    thought: Thought,
) -> None:
    match thought.decision:
        case Reply(answer):
            extra = aside(turn, thought, _language(conversation))
            message = _say(session, conversation, thread, run, answer.text + extra.text, answer)
            extra.mark(message)
        case SendCode(text):
            number = codes.request(session, thread, by="assistant")
            _say(session, conversation, thread, run, text.replace("{number}", number))
        case BookCall():
            _book_call(session, conversation, thread, run, thought.decision)
        case CancelCall(text):
            booking.cancel(session, conversation, "The customer took it back.")
            _say(session, conversation, thread, run, text)
        case Smalltalk(text):
            _say(session, conversation, thread, run, text)
        case Clarify(question, choices):
            message = _say(session, conversation, thread, run, question)
            message.choices = list(choices)
        case AskSame(question):
            mark_question(
                turn, _say(session, conversation, thread, run, question), thought.decision
            )
        case Draft(answer, _, reason):
            _draft(session, conversation, thread, run, answer)
            hand_off(session, conversation, "draft", reason, run.id)
        case HandOff(reason, explanation, text, suggestion):
            extra = aside(turn, thought, _language(conversation))
            _hand_over(session, conversation, thread, run, text, suggestion, extra)
            hand_off(session, conversation, reason, explanation, run.id)
        case Resolve(text):
            _say(session, conversation, thread, run, text)
            conversations.resolve(session, conversation, by="assistant")


def _book_call(
    session: Session, conversation: Conversation, thread: Thread, run: Run, wish: BookCall
) -> None:
    language = _language(conversation)
    refused = booking.book(session, conversation, wish, language)
    if not refused:
        _say(session, conversation, thread, run, wish.text)
        return
    _hand_over(session, conversation, thread, run, say("callback_person", language), None)
    asked = f"The customer asks to be called at {wish.at:%Y-%m-%d %H:%M %Z}."
    hand_off(session, conversation, "callback", f"{asked} {refused}", run.id)


def _language(conversation: Conversation) -> str:
    return conversation.language or "en"


def note_what_was_understood(conversation: Conversation, thought: Thought) -> None:
    understood = thought.trace.get("understood")
    if isinstance(understood, dict):
        conversation.language = str(understood.get("language") or conversation.language)
        conversation.risk = str(understood.get("risk") or conversation.risk)
        conversation.topic = str(understood.get("topic") or conversation.topic)


def _say(
    session: Session,
    conversation: Conversation,
    thread: Thread,
    run: Run,
    text: str,
    answer: Answer | None = None,
) -> Message:
    return messages.write(
        session,
        conversation,
        thread,
        disclosure(session, thread) + text,
        author=Author.ASSISTANT,
        run_id=run.id,
        sources=_sources(answer),
    )


def _draft(
    session: Session, conversation: Conversation, thread: Thread, run: Run, answer: Answer
) -> None:
    messages.write(
        session,
        conversation,
        thread,
        answer.text,
        author=Author.ASSISTANT,
        draft=True,
        run_id=run.id,
        sources=_sources(answer),
    )


def _hand_over(
    session: Session,
    conversation: Conversation,
    thread: Thread,
    run: Run,
    text: str,
    suggestion: Answer | None,
    extra: Aside = NOTHING,
) -> None:
    """Tell the customer what happens next, and leave the best answer as a draft. Meanwhile they
    may show who they are or what they go on with, so that whoever takes over can speak freely."""
    waiting_since = conversation.waiting_since
    extra.mark(_say(session, conversation, thread, run, text + extra.text))
    conversation.waiting_since = waiting_since
    if suggestion:
        _draft(session, conversation, thread, run, suggestion)


def _sources(answer: Answer | None) -> list[dict[str, str]]:
    return [{"title": s.title, "url": s.url} for s in answer.sources] if answer else []


def _finish_speaking(
    session: Session,
    conversation: Conversation,
    turn: Turn,
    thought: Thought,
    voice: LiveVoice,
) -> None:
    """The words are out. Whole or cut, they stay; an answer that broke off ends with a person."""
    message = session.get_one(Message, voice.message_id)
    run = runs.keep(session, turn, thought, "cut while speaking" if voice.was_cut else "applied")
    message.run_id = run.id
    if isinstance(thought.decision, Reply):
        message.sources = _sources(thought.decision.answer)
        if not voice.was_cut and message.state == DeliveryState.SPEAKING:
            note_what_was_understood(conversation, thought)
            extra = aside(turn, thought, _language(conversation))
            message.text += extra.text
            extra.mark(message)
    if voice.was_cut:
        message.details = {**message.details, "cut": True}
    _close(session, message)
    if isinstance(thought.decision, HandOff) and not voice.was_cut:
        note_what_was_understood(conversation, thought)
        thread = session.get_one(Thread, message.thread_id)
        _hand_over(session, conversation, thread, run, thought.decision.text, None)
        hand_off(
            session, conversation, thought.decision.reason, thought.decision.explanation, run.id
        )
    elif not voice.was_cut:
        note_what_was_understood(conversation, thought)


def _close(session: Session, message: Message) -> None:
    if message.state != DeliveryState.SPEAKING:
        return
    message.state, message.send_claimed_until = DeliveryState.PENDING, None
    events.append(session, "message.spoken", message.conversation_id, message=message.id)
    enqueue(session, "message.send", message.id)


def recover_speaking(session: Session, message: Message) -> None:
    """A crash cut this answer short: mark it, and let a person go on."""
    message.details = {**message.details, "cut": True}
    _close(session, message)
    conversation = conversations.lock(session, message.conversation_id)
    thread = session.get_one(Thread, message.thread_id)
    if not conversation.with_person:
        apology = say("trouble", _language(conversation))
        messages.write(session, conversation, thread, apology, author=Author.ASSISTANT)
        hand_off(
            session, conversation, "error", "The service stopped while the assistant was answering."
        )
