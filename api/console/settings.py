"""Settings of the installation that admins make in the console."""

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
    price_in: float
    price_out: float
    api_key_set: bool


class ModelChanges(BaseModel):
    enabled: bool
    base_url: WebAddress
    model: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
    timeout: Annotated[float, Field(ge=1, le=120)] = 30
    """Seconds for one answer in all; a turn is thought about for three minutes at most."""
    price_in: Annotated[float, Field(ge=0, le=100_000)] = 0
    """Per million tokens."""
    price_out: Annotated[float, Field(ge=0, le=100_000)] = 0
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


class Capability(BaseModel):
    name: str
    """chat, stream, json_schema or tools"""
    ok: bool
    message: str


class ModelCheck(BaseModel):
    """`ok`: it can be used. What it lacks beyond that is made up for, as each message says."""

    ok: bool
    message: str
    latency_ms: int | None
    capabilities: list[Capability]


@router.post("/model/test")
def try_model(actor: Admin, wanted: ModelChanges | None = None) -> ModelCheck:
    """Ask the model for real, with these settings or the stored ones: for words, for a stream,
    for structured output, for a tool."""
    with db.reading() as session:
        stored = model_endpoint(session)
    endpoint = stored if wanted is None else _merged(wanted, stored)
    if not (endpoint.base_url and endpoint.model):
        message = "Set an address and a model first."
        return ModelCheck(ok=False, message=message, latency_ms=None, capabilities=[])
    return _check(endpoint)


def _merged(wanted: ModelChanges, stored: ModelEndpoint) -> ModelEndpoint:
    fields = wanted.model_dump()
    if wanted.api_key is None:
        fields["api_key"] = stored.api_key
    return ModelEndpoint(**fields)


def _check(endpoint: ModelEndpoint) -> ModelCheck:
    # LangChain takes seconds to import: it is loaded when a model is tried or used.
    from core.llm import LlmEndpoint
    from core.llm_check import check

    once = LlmEndpoint(
        base_url=endpoint.base_url,
        model=endpoint.model,
        api_key=endpoint.api_key,
        timeout=endpoint.timeout,
    )
    probes = list(check(once))
    failed = next((probe for probe in probes if probe.needed and not probe.ok), None)
    return ModelCheck(
        ok=failed is None,
        message=(failed or probes[0]).message,
        latency_ms=probes[0].latency_ms,
        capabilities=[Capability.model_validate(one, from_attributes=True) for one in probes],
    )


def _model_shape(endpoint: ModelEndpoint) -> ModelShape:
    return ModelShape(
        enabled=endpoint.enabled,
        base_url=endpoint.base_url,
        model=endpoint.model,
        timeout=endpoint.timeout,
        price_in=endpoint.price_in,
        price_out=endpoint.price_out,
        api_key_set=bool(endpoint.api_key),
    )
