"""A private Asterisk, and phones that call it with real sound: sipp speaks SIP and RTP."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import pytest

from connectors.speech import espeak
from connectors.speech.sound import RATE, packed, samples
from tests.conftest import ROOT
from tests.lab.mail import free_ports, wait_for

USER, PASSWORD = "onethread", "ari-secret"
RTP_HEADER = 12
_SYSTEM = Path(os.environ.get("ONETHREAD_ASTERISK", ROOT / ".onethread" / "asterisk"))
_LAB = Path(__file__).parent / "asterisk"


@dataclass
class Asterisk:
    """A running exchange: 100 reaches the assistant, all that it dials reaches `people`."""

    folder: Path
    sip: int
    http: int
    people: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def ari(self, method: str, path: str) -> httpx.Response:
        return httpx.request(method, f"{self.url}/ari{path}", auth=(USER, PASSWORD), timeout=5)

    @property
    def channels(self) -> list[str]:
        return [one["id"] for one in self.ari("GET", "/channels").json()]

    def start(self) -> None:
        inside = f"/{self.folder.relative_to(_SYSTEM)}"
        command = ["chroot", str(_SYSTEM), "asterisk", "-f", "-C", f"{inside}/asterisk.conf"]
        with (self.folder / "out.log").open("wb") as out:
            self.process = subprocess.Popen(
                [*command, "-U", "asterisk", "-G", "asterisk"], stdout=out, stderr=out
            )
        wait_for(self._is_ready, "Asterisk")

    def _is_ready(self) -> bool:
        try:
            return self.ari("GET", "/asterisk/info").is_success
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


@pytest.fixture(scope="session")
def asterisk() -> Iterator[Asterisk]:
    if not (_SYSTEM / "usr/sbin/asterisk").exists():
        pytest.skip("needs Asterisk (tests/lab/install_asterisk.sh .onethread/asterisk)")
    if os.geteuid() != 0 or not shutil.which("sipp"):
        pytest.skip("needs root and the Debian package of sip-tester to call Asterisk")
    (_SYSTEM / "tmp").mkdir(exist_ok=True)
    sip, http, people = free_ports(3)
    folder = Path(tempfile.mkdtemp(prefix="onethread-", dir=_SYSTEM / "tmp"))
    running = Asterisk(folder, sip, http, people)
    try:
        _write_settings(running)
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _write_settings(asterisk: Asterisk) -> None:
    inside = f"/{asterisk.folder.relative_to(_SYSTEM)}"
    modules = next((_SYSTEM / "usr/lib").glob("**/asterisk/modules"))
    values = {
        "FOLDER": inside,
        "MODULES": f"/{modules.relative_to(_SYSTEM)}",
        "SIP": str(asterisk.sip),
        "HTTP": str(asterisk.http),
        "PEOPLE": str(asterisk.people),
        "USER": USER,
        "PASSWORD": PASSWORD,
    }
    for name in ("etc", "lib", "spool/recording", "run", "log", "db", "keys"):
        (asterisk.folder / name).mkdir(parents=True)
    for template in _LAB.glob("*.conf"):
        text = template.read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        place = "" if template.name == "asterisk.conf" else "etc/"
        (asterisk.folder / f"{place}{template.name}").write_text(text)
    inside_command = ["chroot", str(_SYSTEM), "chown", "-R", "asterisk:asterisk", inside]
    subprocess.run(inside_command, check=True)


@dataclass
class Ear:
    """Where a phone's sound arrives: a port of ours, named in its SDP."""

    port: int = 0
    sound: bytearray = field(default_factory=bytearray)

    def __enter__(self) -> "Ear":
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port = self._socket.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_wrong: object) -> None:
        self._done.set()
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._done.is_set():
            try:
                packet = self._socket.recv(2048)
            except TimeoutError:
                continue
            if len(packet) > RTP_HEADER and packet[1] & 0x7F == 0:
                self.sound += packed(_from_mu_law(packet[RTP_HEADER:]))

    def loud_seconds(self, since: int = 0) -> float:
        """How much of the sound from this byte on is no silence."""
        values = samples(bytes(self.sound[since:]))
        blocks = values[: len(values) // 160 * 160].reshape(-1, 160)
        return float((np.sqrt((blocks**2).mean(axis=1)) > 0.01).sum() * 0.02)


@dataclass
class Phone:
    """sipp with one scenario; its sound arrives in `ear`."""

    process: subprocess.Popen[bytes]
    ear: Ear
    folder: Path

    def ends(self, within: float = 60) -> int:
        return self.process.wait(timeout=within)

    def stop(self) -> None:
        """Hang up as a phone does whose owner presses the red button, if it still can."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=10)


def calls(asterisk: Asterisk, ear: Ear, folder: Path, *does: str, extension: str = "100") -> Phone:
    """A customer's phone. What it does: seconds to wait, `key:0`, `tone:0`, `say:words`."""
    scenario = (_LAB / "caller.xml").read_text().replace("@DOES@", _actions(folder, does))
    return _sipp(scenario, ear, folder, "-s", extension, f"127.0.0.1:{asterisk.sip}")


def answers(asterisk: Asterisk, ear: Ear, folder: Path, *does: str) -> Phone:
    """A person's phone that rings at the number dialled, and is answered."""
    scenario = (_LAB / "person.xml").read_text().replace("@DOES@", _actions(folder, does))
    return _sipp(scenario, ear, folder, "-p", str(asterisk.people))


def is_busy(asterisk: Asterisk, ear: Ear, folder: Path) -> Phone:
    """A person's phone that refuses whoever rings."""
    folder.mkdir(parents=True, exist_ok=True)
    scenario = (_LAB / "busy.xml").read_text()
    return _sipp(scenario, ear, folder, "-p", str(asterisk.people))


def _actions(folder: Path, does: tuple[str, ...]) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return "\n".join(_action(folder, number, one) for number, one in enumerate(does))


def _action(folder: Path, number: int, what: str) -> str:
    verb, _, given = what.partition(":")
    if verb == "key":
        return f'<nop><action><exec play_dtmf="{given}"/></action></nop>'
    if verb == "tone":
        return _plays(folder / f"tone-{number}.ulaw", _tone(given))
    if verb != "say":
        return f'<pause milliseconds="{int(float(verb) * 1000)}"/>'
    voice = espeak.installed()
    assert voice is not None
    return _plays(folder / f"say-{number}.ulaw", voice.synthesise(given, "en-US"))


def _tone(key: str) -> bytes:
    """A key as sound, for a phone that presses it so: sipp's events keep to one payload type."""
    row, column = divmod("123A456B789C*0#D".index(key), 4)
    moments = np.arange(int(RATE * 0.3)) / RATE
    low, high = (697, 770, 852, 941)[row], (1209, 1336, 1477, 1633)[column]
    both = np.sin(2 * np.pi * low * moments) + np.sin(2 * np.pi * high * moments)
    return packed((0.25 * both).astype(np.float32))


def _plays(file: Path, sound: bytes) -> str:
    file.write_bytes(_to_mu_law(sound))
    return f'<nop><action><exec rtp_stream="{file},1,0,PCMU/8000"/></action></nop>'


def _sipp(scenario: str, ear: Ear, folder: Path, *where: str) -> Phone:
    file = folder / f"{time.monotonic_ns()}.xml"
    file.write_text(scenario.replace("@EAR@", str(ear.port)))
    command = ["sipp", "-sf", str(file), "-i", "127.0.0.1", "-mi", "127.0.0.1", "-m", "1"]
    command += [
        "-nostdin",
        "-timeout",
        "120",
        "-mp",
        str(free_ports(1)[0]),
        *where,
    ]
    with (folder / "sipp.log").open("ab") as log:
        return Phone(subprocess.Popen(command, cwd=folder, stdout=log, stderr=log), ear, folder)


def _to_mu_law(sound: bytes) -> bytes:
    values = np.frombuffer(sound, "<i2").astype(np.int32)
    sign, size = (values < 0) * 0x80, np.minimum(np.abs(values), 32635) + 132
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    written: bytes = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8).tobytes()
    return written


def _from_mu_law(sound: bytes) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    coded = ~np.frombuffer(sound, np.uint8).astype(np.int32) & 0xFF
    size = (((coded & 0x0F) << 3) + 132 << ((coded & 0x70) >> 4)) - 132
    return (np.where(coded & 0x80, -size, size) / 32768).astype(np.float32)
