"""A carrier of our own that takes orders to call somebody, and hands out recordings."""

import base64
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.simulator.faults import Fault, dropped
from connectors.simulator.server import Server

RECORDING = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00"
NEEDED = ("To", "From", "Url")
DETECTION = ("Enable", "DetectMessageEnd")


@dataclass(frozen=True)
class Ordered:
    """A call that was ordered."""

    sid: str
    form: dict[str, Any]


@dataclass
class FakeCarrier:
    """Start it with `with`, and point `api_base` of a voice account at `base_url`."""

    account_sid: str = "AC" + "0" * 32
    auth_token: str = "demo-auth-token"
    orders: list[Ordered] = field(default_factory=list)
    redirected: list[tuple[str, str]] = field(default_factory=list)
    """Running calls that are to go on elsewhere: (call, address)."""
    faults: deque[Fault] = field(default_factory=deque)
    """Used up one per order, oldest first."""

    def __post_init__(self) -> None:
        root = f"/2010-04-01/Accounts/{self.account_sid}"
        routes = [
            Route(f"{root}/Calls.json", self._order, methods=["POST"]),
            Route(f"{root}/Calls.json", self._list, methods=["GET"]),
            Route(f"{root}/Calls/{{sid}}.json", self._redirect, methods=["POST"]),
            Route(f"{root}/Recordings/{{sid}}", self._recording, methods=["GET"]),
        ]
        self._lock = threading.Lock()
        self._server = Server(Starlette(routes=routes))

    @property
    def base_url(self) -> str:
        return self._server.base_url

    @property
    def recording_url(self) -> str:
        return f"{self.base_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/RE{uuid4().hex}"

    def __enter__(self) -> "FakeCarrier":
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    async def _order(self, request: Request) -> Response:
        if not self._knows(request):
            return _error(401, 20003, "Authentication Error")
        form = await request.form()
        fault = self._next_fault()
        problem = _problem(form)
        if problem:
            return problem
        if fault is None or fault.taken:
            ordered = self._take({name: form.getlist(name) for name in form})
        if fault and fault.drop:
            return dropped()
        if fault:
            return _error(fault.status, fault.code, "The simulator was told to fail.")
        return JSONResponse(self._resource(ordered), 201)

    def _next_fault(self) -> Fault | None:
        with self._lock:
            return self.faults.popleft() if self.faults else None

    def _take(self, form: dict[str, Any]) -> Ordered:
        ordered = Ordered("CA" + uuid4().hex, form)
        with self._lock:
            self.orders.append(ordered)
        return ordered

    def _resource(self, ordered: Ordered) -> dict[str, object]:
        moment = format_datetime(datetime.now(UTC))
        root = f"/2010-04-01/Accounts/{self.account_sid}/Calls/{ordered.sid}"
        return {
            "sid": ordered.sid,
            "account_sid": self.account_sid,
            "date_created": moment,
            "date_updated": moment,
            "to": ordered.form["To"][0],
            "from": ordered.form["From"][0],
            "status": "queued",
            "direction": "outbound-api",
            "api_version": "2010-04-01",
            "uri": f"{root}.json",
        }

    async def _list(self, request: Request) -> Response:
        if not self._knows(request):
            return _error(401, 20003, "Authentication Error")
        return JSONResponse({"calls": [self._resource(one) for one in self.orders]})

    async def _redirect(self, request: Request) -> Response:
        if not self._knows(request):
            return _error(401, 20003, "Authentication Error")
        form = await request.form()
        sid = str(request.path_params["sid"])
        self.redirected.append((sid, str(form["Url"])))
        known = {"To": ["+49"], "From": ["+49"]}
        return JSONResponse(self._resource(Ordered(sid, known)) | {"status": "in-progress"})

    async def _recording(self, request: Request) -> Response:
        if not self._knows(request):
            return _error(401, 20003, "Authentication Error")
        return Response(RECORDING, media_type="audio/x-wav")

    def _knows(self, request: Request) -> bool:
        expected = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        return request.headers.get("authorization", "") == f"Basic {expected}"


def _problem(form: Any) -> Response | None:
    for name in NEEDED:
        if not form.get(name):
            return _error(400, 21201, f"No '{name}' is given")
    if not str(form["To"]).startswith(("+", "sip:", "client:")):
        return _error(400, 21211, "Invalid 'To' Phone Number")
    if form.get("MachineDetection") and form["MachineDetection"] not in DETECTION:
        return _error(400, 21220, "Invalid MachineDetection")
    return None


def _error(status: int, code: int, message: str) -> Response:
    return JSONResponse({"code": code, "message": message, "status": status}, status)
