"""Settings of the installation that admins make in the console."""

from time import perf_counter
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints, model_validator

from api.auth import Admin, Agent
from api.problems import problems
from api.transactions import Reading, Writing
from core import audit, db, events
from core.model_endpoint import ModelEndpoint, keep_model_endpoint, model_endpoint
from desk.company import Company, company, keep_company

router = APIRouter(prefix="/api/settings", tags=["settings"], responses=problems(401, 403))

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
WebAddress = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=r"^(https?://\S+)?$")
]


class CompanyShape(BaseModel):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    website: WebAddress
    tagline: Words
    disclosure: Words


class CompanyNow(BaseModel):
    name: str
    website: str
    tagline: str
    disclosure: str


@router.get("/company")
def get_company(actor: Agent, session: Reading) -> CompanyNow:
    return CompanyNow.model_validate(company(session), from_attributes=True)


@router.put("/company")
def set_company(wanted: CompanyShape, actor: Admin, session: Writing) -> CompanyNow:
    keep_company(session, Company(**wanted.model_dump()))
    audit.record(session, actor.id, "company.changed", "company", **wanted.model_dump())
    events.append(session, "settings.changed", topic="company")
    return CompanyNow.model_validate(company(session), from_attributes=True)


class ModelShape(BaseModel):
    enabled: bool
    base_url: str
    model: str
    timeout: float
    api_key_set: bool


class ModelChanges(BaseModel):
    enabled: bool
    base_url: WebAddress
    model: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
    timeout: Annotated[float, Field(ge=1, le=600)] = 30
    api_key: Annotated[str, StringConstraints(max_length=1000)] | None = Field(
        default=None, repr=False
    )
    """Left out: the key stays; empty: it is removed."""

    @model_validator(mode="after")
    def can_be_reached(self) -> "ModelChanges":
        if self.enabled and not (self.base_url and self.model):
            raise ValueError("an enabled model needs its address and its name")
        return self


@router.get("/model")
def get_model(actor: Admin, session: Reading) -> ModelShape:
    return _model_shape(model_endpoint(session))


@router.put("/model")
def set_model(wanted: ModelChanges, actor: Admin, session: Writing) -> ModelShape:
    endpoint = _merged(wanted, model_endpoint(session))
    keep_model_endpoint(session, endpoint)
    audit.record(session, actor.id, "model.changed", "model", **_model_shape(endpoint).model_dump())
    events.append(session, "settings.changed", topic="model")
    return _model_shape(endpoint)


class ModelCheck(BaseModel):
    ok: bool
    message: str
    latency_ms: int | None


@router.post("/model/test")
def try_model(actor: Admin, wanted: ModelChanges | None = None) -> ModelCheck:
    """Ask the model something for real, with these settings or the stored ones."""
    with db.reading() as session:
        stored = model_endpoint(session)
    endpoint = stored if wanted is None else _merged(wanted, stored)
    if not (endpoint.base_url and endpoint.model):
        return ModelCheck(ok=False, message="Set an address and a model first.", latency_ms=None)
    started = perf_counter()
    if problem := _problem(endpoint):
        return ModelCheck(ok=False, message=problem, latency_ms=None)
    took = round((perf_counter() - started) * 1000)
    return ModelCheck(ok=True, message=f"{endpoint.model} answers.", latency_ms=took)


def _merged(wanted: ModelChanges, stored: ModelEndpoint) -> ModelEndpoint:
    fields = wanted.model_dump()
    if wanted.api_key is None:
        fields["api_key"] = stored.api_key
    return ModelEndpoint(**fields)


def _problem(endpoint: ModelEndpoint) -> str:
    """Why the model does not answer; empty when it does."""
    # LangChain takes seconds to import: it is loaded when a model is tried or used.
    from core.llm import Llm, LlmEndpoint, LlmFailed

    once = LlmEndpoint(
        base_url=endpoint.base_url,
        model=endpoint.model,
        api_key=endpoint.api_key,
        timeout=endpoint.timeout,
        retries=0,
    )
    try:
        Llm(once).check()
    except LlmFailed as failed:
        return failed.message
    return ""


def _model_shape(endpoint: ModelEndpoint) -> ModelShape:
    return ModelShape(
        enabled=endpoint.enabled,
        base_url=endpoint.base_url,
        model=endpoint.model,
        timeout=endpoint.timeout,
        api_key_set=bool(endpoint.api_key),
    )
