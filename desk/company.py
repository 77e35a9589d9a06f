"""The one company this installation serves."""

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from core import stored_settings

_KEY = "company"


@dataclass(frozen=True)
class Company:
    name: str = ""
    website: str = ""
    tagline: str = ""
    disclosure: str = ""
    """Said once at the start of a thread, where the inbox has no disclosure of its own."""


def company(session: Session) -> Company:
    return Company(**stored_settings.load(session, _KEY))


def keep_company(session: Session, company: Company) -> None:
    stored_settings.store(session, _KEY, asdict(company))
