"""Addresses that somebody typed in: never into our own network by accident."""

import socket
from collections.abc import Iterator

import pytest

from core import outside
from core.errors import Invalid
from core.installation import installation
from core.settings import Settings
from tests.lab.receiver import Receiver

INSIDE = [
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://db.internal/x",
    "https://10.1.2.3/x",
    "https://192.168.0.1",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[fd00::1]/x",
    "https://0.0.0.0/x",
    "https://[64:ff9b::7f00:1]/x",
    "https://100.64.0.1/x",
    "https://224.0.0.1/x",
]


@pytest.mark.parametrize("url", INSIDE)
def test_our_own_network_is_refused(url: str, small_installation: Settings) -> None:
    with pytest.raises(outside.NotReached):
        outside.post(url, b"", {})


@pytest.mark.parametrize("url", ["http://shop.example/x", "ftp://shop.example", "shop.example", ""])
def test_only_https_goes_out(url: str, small_installation: Settings) -> None:
    with pytest.raises(Invalid):
        outside.check_address(url)
    outside.check_address("https://shop.example/x")


@pytest.mark.parametrize("spelled", ["https://2130706433/x", "https://0x7f.1/x", "https://127.1/x"])
def test_an_odd_spelling_of_loopback_is_refused(spelled: str, small_installation: Settings) -> None:
    with pytest.raises((outside.NotReached, Invalid)):
        outside.post(spelled, b"", {})


def test_a_name_that_leads_inside_is_refused(
    small_installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The resolver is the one thing replaced: no test machine has such a name."""
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))
    private = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [public, private])
    with pytest.raises(outside.NotReached, match="private network"):
        outside.post("https://rebind.example/x", b"", {})


@pytest.fixture
def open_to_ourselves(small_installation: Settings) -> Iterator[Settings]:
    with installation(
        small_installation.model_copy(update={"allow_private_targets": True})
    ) as changed:
        yield changed


def test_a_post_arrives_where_it_is_allowed(open_to_ourselves: Settings) -> None:
    with Receiver() as receiver:
        receiver.answers.append((201, "made"))
        answer = outside.post(receiver.url, b"hello", {"x-mark": "1"})
        assert (answer.status, answer.body) == (201, b"made")
        (taken,) = receiver.taken
        assert (taken.body, taken.headers["x-mark"]) == (b"hello", "1")
        assert taken.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_server_of_this_very_process_may_be_called_as_long_as_it_runs(
    small_installation: Settings,
) -> None:
    with Receiver() as receiver:
        with outside.own_server(receiver.url):
            assert outside.post(receiver.url, b"hi", {}).is_success
            other = "http://127.0.0.1:1/"
            with pytest.raises(outside.NotReached):
                outside.post(other, b"hi", {})
        with pytest.raises(outside.NotReached, match="https"):
            outside.post(receiver.url, b"hi", {})
    assert len(receiver.taken) == 1


def test_a_redirect_is_an_answer_and_not_followed(open_to_ourselves: Settings) -> None:
    with Receiver() as receiver:
        receiver.answers.append((302, "http://127.0.0.1/elsewhere"))
        assert outside.post(receiver.url, b"", {}).status == 302
        assert len(receiver.taken) == 1


def test_hanging_up_is_no_answer_and_nobody_is_not_reached(open_to_ourselves: Settings) -> None:
    with Receiver() as receiver:
        receiver.answers.append(None)
        with pytest.raises(outside.NoAnswer):
            outside.post(receiver.url, b"", {})
    with pytest.raises(outside.NotReached):
        outside.post(receiver.url, b"", {})


def test_a_large_answer_is_cut(open_to_ourselves: Settings) -> None:
    with Receiver() as receiver:
        receiver.files["/big"] = b"x" * 5000
        answer = outside.get(f"http://127.0.0.1:{receiver.port}/big", 1000)
        assert len(answer.body) == 1001
