"""A private Postfix and Dovecot: real mail between support@shop.test and ana@client.test."""

import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from connectors.base import Account

PASSWORD = "secret"
MAILBOXES = ("support", "sales", "ana")
PATIENCE = 20.0
"""Seconds to wait for a server to start or a mail to arrive before giving up."""

_TEMPLATES = Path(__file__).parent
_PORTS = ("SMTP", "IMAP", "LMTP", "SASL", "TOKENS")


@dataclass
class MailLab:
    """The running servers. Mailboxes: support@ and sales@shop.test, ana@client.test.

    Mail to any address @gone.test is taken and bounces; other unknown addresses are refused.
    """

    folder: Path
    ports: dict[str, int]
    dovecot: subprocess.Popen[bytes] | None = None
    postfix: subprocess.Popen[bytes] | None = None

    def account(self, address: str = "support@shop.test", **config: str) -> Account:
        """An inbox connected to one of the mailboxes."""
        ours = {
            "address": address,
            "imap_host": "127.0.0.1",
            "imap_port": str(self.ports["IMAP"]),
            "imap_security": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": str(self.ports["SMTP"]),
            "smtp_security": "none",
            "username": address,
        }
        return Account(f"inbox-{address}", {**ours, **config}, {"password": PASSWORD})

    def deliver(self, raw: bytes, sender: str, *recipients: str) -> None:
        """Hand a raw mail to the server, as some other mail program would."""
        with smtplib.SMTP("127.0.0.1", self.ports["SMTP"], timeout=PATIENCE) as server:
            server.sendmail(sender, recipients, raw)

    def stop_mailboxes(self) -> None:
        if self.dovecot:
            _end(self.dovecot)
        self.dovecot = None

    def start_mailboxes(self) -> None:
        config = str(self.folder / "dovecot.conf")
        self.dovecot = subprocess.Popen(["dovecot", "-F", "-c", config])
        for name in ("IMAP", "LMTP", "SASL"):
            wait_for(partial(_answers, self.ports[name]), f"Dovecot's {name} port")

    def start_mail_server(self) -> None:
        command = ["postfix", "-c", str(self.folder / "postfix/etc"), "start-fg"]
        quiet = subprocess.DEVNULL
        self.postfix = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        wait_for(lambda: _answers(self.ports["SMTP"]), "Postfix")

    def retry_queued(self) -> None:
        """Let mail that waits for the mailboxes be tried now."""
        _postfix(self.folder, "flush")

    def stop(self) -> None:
        _postfix(self.folder, "stop")
        if self.postfix:
            _end(self.postfix)
        self.stop_mailboxes()


def wait_for(happened: Callable[[], object], what: str) -> None:
    """Look again and again until it happened."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {PATIENCE:.0f} s")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def mail_lab() -> Iterator[MailLab]:
    """Postfix and Dovecot on free local ports, gone afterwards."""
    for program in ("postfix", "dovecot"):
        if not shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin"):
            pytest.skip(f"needs the Debian package of {program}")
    if os.geteuid() != 0:
        pytest.skip("needs root to start Postfix and Dovecot")
    lab = _prepared(Path(tempfile.mkdtemp(prefix="onethread-mail-")))
    try:
        lab.start_mailboxes()
        lab.start_mail_server()
        yield lab
    finally:
        lab.stop()
        shutil.rmtree(lab.folder, ignore_errors=True)


def _prepared(folder: Path) -> MailLab:
    """Folders with the owners both servers insist on, and their settings filled in."""
    folder.chmod(0o711)
    lab = MailLab(folder, dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True)))
    for name in ("run", "state", "boxes", "postfix/etc", "postfix/queue", "postfix/data"):
        (folder / name).mkdir(parents=True)
    shutil.chown(folder / "boxes", "mail", "mail")
    shutil.chown(folder / "postfix/data", "postfix")
    users = [f"{name}:{{PLAIN}}{PASSWORD}::::::\n" for name in MAILBOXES]
    (folder / "users").write_text("".join(users))
    _fill(lab, "dovecot.conf", folder / "dovecot.conf")
    _fill(lab, "dovecot-oauth2.conf", folder / "dovecot-oauth2.conf")
    _fill(lab, "postfix-main.cf", folder / "postfix/etc/main.cf")
    _fill(lab, "postfix-master.cf", folder / "postfix/etc/master.cf")
    return lab


def _fill(lab: MailLab, template: str, target: Path) -> None:
    text = (_TEMPLATES / template).read_text().replace("@FOLDER@", str(lab.folder))
    for name, port in lab.ports.items():
        text = text.replace(f"@{name}@", str(port))
    target.write_text(text)


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _postfix(folder: Path, verb: str) -> None:
    command = ["postfix", "-c", str(folder / "postfix/etc"), verb]
    subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
