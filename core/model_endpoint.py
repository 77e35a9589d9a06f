"""The chat model this installation may use: any OpenAI-compatible endpoint, or none."""

from dataclasses import asdict, dataclass, field

from sqlalchemy.orm import Session

from core import stored_settings

_KEY = "model"


@dataclass(frozen=True)
class ModelEndpoint:
    enabled: bool = False
    base_url: str = ""
    model: str = ""
    timeout: float = 30.0
    """Seconds for one answer in all."""
    price_in: float = 0.0
    """Per million tokens, in whatever currency the provider bills."""
    price_out: float = 0.0
    api_key: str = field(default="", repr=False)


def model_endpoint(session: Session) -> ModelEndpoint:
    known = stored_settings.load(session, _KEY)
    return ModelEndpoint(**known, api_key=stored_settings.secret(session, _KEY))


def keep_model_endpoint(session: Session, endpoint: ModelEndpoint) -> None:
    public = asdict(endpoint)
    stored_settings.store(session, _KEY, public, secret=public.pop("api_key"))
