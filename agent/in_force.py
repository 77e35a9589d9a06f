"""What this installation answers with: its model, if one is set up, and its confidence head."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from agent.answer.answerer import Answerer
from agent.confidence import Head
from core import audit, events, stored_settings
from core.model_endpoint import ModelEndpoint, model_endpoint
from core.settings import settings
from desk.envelope import Strength
from retrieval.library import Library

_KEY = "head"


@dataclass(frozen=True)
class InForce:
    """None means the default: quoting from the documents, the shipped head."""

    answerer: Answerer | None
    head: Head | None


def in_force(session: Session, library: Library, proof: Strength) -> InForce:
    """As set in the console and by `onethread head use`, for a customer proven this well."""
    stored = model_endpoint(session)
    answerer = _model(stored, library, proof) if stored.enabled else None
    return InForce(answerer, _head(session))


def _model(stored: ModelEndpoint, library: Library, proof: Strength) -> Answerer:
    # LangChain takes seconds to import: only an installation that uses a model waits for it.
    from agent.answer.llm import LlmAnswerer
    from agent.tools.search_knowledge import search_knowledge
    from core.llm import LlmEndpoint, open_llm

    endpoint = LlmEndpoint(
        base_url=stored.base_url,
        model=stored.model,
        api_key=stored.api_key,
        timeout=stored.timeout,
        price_in=stored.price_in,
        price_out=stored.price_out,
    )
    return LlmAnswerer(open_llm(endpoint), (search_knowledge(library),), proof)


def use_head(session: Session, path: Path, by: str) -> Head:
    """Weigh answers with this head from now on; the former one stays where it is."""
    head = Head.load(path)
    folder = settings().data / "heads"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{head.mode}-{head.version}.json"
    head.save(kept)
    former = stored_settings.load(session, _KEY).get("file", "")
    stored_settings.store(session, _KEY, {"file": kept.name, "former": former})
    audit.record(session, by, "head.used", "head", version=head.version, former=former)
    events.append(session, "settings.changed", topic="head")
    return head


def use_former_head(session: Session, by: str) -> str:
    """Undo `use_head`: back to the head before, or to the shipped one. Returns its file name."""
    known = stored_settings.load(session, _KEY)
    former = str(known.get("former", ""))
    stored_settings.store(session, _KEY, {"file": former, "former": ""})
    audit.record(session, by, "head.used", "head", file=former, former=known.get("file", ""))
    events.append(session, "settings.changed", topic="head")
    return former or "the shipped head"


def _head(session: Session) -> Head | None:
    file = stored_settings.load(session, _KEY).get("file", "")
    return Head.load(settings().data / "heads" / str(file)) if file else None
