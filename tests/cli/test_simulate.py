"""`onethread simulate` leaves real providers alone, whatever an inbox says about itself."""

import pytest
from typer.testing import CliRunner

from cli.main import build
from cli.storm import is_simulated
from core.settings import Settings
from desk.inboxes import Inbox


@pytest.mark.parametrize(
    ("config", "simulated"),
    [
        ({"simulated": "yes"}, True),
        ({"simulated": "yes", "api_base": "http://127.0.0.1:9000"}, True),
        ({"simulated": "yes", "smtp_host": "localhost"}, True),
        ({}, False),
        ({"api_base": "http://127.0.0.1:9000"}, False),
        ({"simulated": "yes", "api_base": "https://graph.facebook.com"}, False),
        ({"simulated": "yes", "smtp_host": "smtp.provider.example"}, False),
        ({"simulated": "yes", "imap_host": "imap.provider.example"}, False),
    ],
)
def test_only_marked_inboxes_that_name_no_outside_server_are_touched(
    config: dict[str, str], simulated: bool
) -> None:
    assert is_simulated(Inbox(kind="whatsapp", name="One", config=config)) == simulated


@pytest.mark.parametrize("wrong", [["--events", "0"], ["--fail", "2"], ["--rate", "0"]])
def test_impossible_numbers_are_refused_in_words(
    small_installation: Settings, wrong: list[str]
) -> None:
    done = CliRunner().invoke(build("simulate"), ["simulate", *wrong])
    assert done.exit_code == 1
    assert "between 0 and 1" in str(done.exception) or "Give at least" in str(done.exception)
