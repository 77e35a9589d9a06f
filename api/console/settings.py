"""Settings of the installation that admins make in the console."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints, model_validator

from api.auth import Admin, Agent
from api.problems import problems
from api.transactions import Reading, Writing
from core import audit, events
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
    fields = wanted.model_dump()
    if wanted.api_key is None:
        fields["api_key"] = model_endpoint(session).api_key
    endpoint = ModelEndpoint(**fields)
    keep_model_endpoint(session, endpoint)
    audit.record(session, actor.id, "model.changed", "model", **_model_shape(endpoint).model_dump())
    events.append(session, "settings.changed", topic="model")
    return _model_shape(endpoint)


def _model_shape(endpoint: ModelEndpoint) -> ModelShape:
    return ModelShape(
        enabled=endpoint.enabled,
        base_url=endpoint.base_url,
        model=endpoint.model,
        timeout=endpoint.timeout,
        api_key_set=bool(endpoint.api_key),
    )
