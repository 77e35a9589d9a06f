"""Whatever is sent to the API within its own description, it answers as described."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Browser, Desk

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
LEFT_OUT = {
    "followLive": "never ends",
    "watchChat": "never ends",
    "signOut": "ends the session that the test stands on",
    "askAssistant": "needs an index, which this process has not",
    "tryModel": "reaches for whatever address it is given",
}


@pytest.fixture
def ids(desk: Desk, ada: Browser) -> dict[str, str]:
    """Things that are there, for half of the requests; the other half asks for what is not."""
    opened = desk.customer_writes("Do you ship to Malta?")
    draft = desk.assistant_drafts(opened, "Yes.")
    article = ada.post("/api/articles", json={"title": "Returns", "text": "30 days."}).json()
    upload = ada.post("/api/uploads", files={"file": ("a.md", b"# A")}).json()[0]
    whole = ada.get(f"/api/conversations/{opened}").json()
    people = {teammate["name"]: teammate["id"] for teammate in ada.get("/api/teammates").json()}
    return {
        "conversation_id": opened,
        "message_id": draft,
        "article_id": article["id"],
        "upload_id": upload["id"],
        "customer_id": whole["customer"]["id"],
        "inbox_id": desk.inbox_id,
        "queue_id": ada.post("/api/queues", json={"name": "Returns"}).json()["id"],
        "teammate_id": people["Ben"],
    }


def ask_everything(
    app: FastAPI, ada: Browser, ids: dict[str, str], examples: int
) -> dict[str, str]:
    """Send this many requests to each operation, as an admin. By operation, what was wrong."""
    found_wrong = {}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    sent = {"X-Requested-With": "onethread"}
    cookies = dict(ada.cookies)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if name in LEFT_OUT:
            continue

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), real=st.booleans())
        def answers_as_described(case: Any, real: Any) -> None:
            if real:
                known = {key: ids[key] for key in case.path_parameters if key in ids}
                case.path_parameters.update(known)
            response = case.call(headers=sent, cookies=cookies)
            case.validate_response(response, checks=CHECKS)

        try:
            answers_as_described()
            found_wrong[name] = ""
        except (FailureGroup, Exception) as wrong:
            found_wrong[name] = str(wrong)
    return found_wrong


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_every_operation_answers_as_described(app: FastAPI, ada: Browser, ids: Any) -> None:
    found = ask_everything(app, ada, ids, examples=2)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) > 55
    assert ada.get("/api/me").status_code == 200


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_every_operation_answers_as_described_at_length(
    app: FastAPI, ada: Browser, ids: Any
) -> None:
    found = ask_everything(app, ada, ids, examples=40)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
