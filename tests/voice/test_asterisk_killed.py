"""kill -9 in the middle of a real call: `onethread serve`, Asterisk, and somebody on the line."""

import shutil
from pathlib import Path

import httpx
import pytest

from tests.lab import asterisk as lab
from tests.lab.asterisk import PASSWORD, USER, Asterisk, Ear
from tests.lab.mail import free_ports
from tests.lab.service import prepared_service, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not shutil.which("espeak-ng"), reason="needs the Debian package of espeak-ng"
    ),
]


def test_the_caller_is_let_go_and_a_person_owes_a_call(
    tmp_path: Path, exported_model: Path, asterisk: Asterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = f"127.0.0.1:{free_ports(1)[0]}"
    monkeypatch.setenv("ONETHREAD_AUDIOSOCKET", sound)
    service = prepared_service(tmp_path / "shop", exported_model)
    service.start()
    try:
        with service.client() as lead, Ear() as ear:
            _connected(lead, asterisk, sound)
            phone = lab.calls(asterisk, ear, tmp_path / "ana", "40")
            wait_for(lambda: ear.loud_seconds() > 2, "the greeting")
            service.kill()
            assert asterisk.channels != []
            service.start()
            wait_for(lambda: asterisk.channels == [], "the caller to be let go")
            phone.ends()
            [conversation] = lead.get("/api/conversations?status=all").json()["items"]
            whole = lead.get(f"/api/conversations/{conversation['id']}").json()
        [call] = [one for one in whole["messages"] if one["kind"] == "call"]
        assert (call["details"]["stage"], "callback_due" in call["details"]) == ("ended", True)
        assert any("broke off" in one["text"] for one in whole["messages"])
    finally:
        service.stop()


def _connected(lead: httpx.Client, asterisk: Asterisk, sound: str) -> None:
    """Set up as an admin does: the form's fields, then its self-test."""
    inbox = {
        "kind": "asterisk",
        "name": "Own Asterisk",
        "config": {
            "number": "+493023125410",
            "ari_url": asterisk.url,
            "ari_user": USER,
            "audio_address": sound,
        },
        "secrets": {"ari_password": PASSWORD},
    }
    made = lead.post("/api/inboxes", json=inbox)
    assert made.status_code == 201, made.text
    inbox_id = str(made.json()["id"])

    def all_well() -> bool:
        checks = lead.post(f"/api/inboxes/{inbox_id}/check").json()
        return all(one["ok"] for one in checks if one["name"] != "Hearing")

    wait_for(all_well, "the self-test to pass")
