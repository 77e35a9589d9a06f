"""Secrets at rest: nobody who copies the database reads them."""

import pytest

from core import stored_settings
from core.crypto import decrypt, derived_key, encrypt
from core.db import engine, reading, transaction
from core.errors import OneThreadError
from core.installation import installation as at
from core.settings import Settings
from desk import inboxes

TOKEN = "EAAG-the-access-token-of-the-shop"


def _connect_an_inbox() -> str:
    with transaction() as session:
        stored_settings.store(session, "model", {"name": "m"}, secret=f"key {TOKEN}")
        inbox = inboxes.open_inbox(session, "whatsapp", "Shop", secrets={"access_token": TOKEN})
        return inbox.id


def test_secrets_come_back_as_they_were(installation: Settings) -> None:
    inbox_id = _connect_an_inbox()

    with reading() as session:
        assert inboxes.find(session, inbox_id).secrets == {"access_token": TOKEN}
        assert stored_settings.secret(session, "model") == f"key {TOKEN}"


def test_no_table_holds_a_secret_in_plain_text(installation: Settings) -> None:
    _connect_an_inbox()

    with engine().connect() as connection:
        for table in ("inbox", "setting"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert rows
            assert TOKEN not in str(rows)


def test_the_database_files_hold_no_secret(small_installation: Settings) -> None:
    _connect_an_inbox()

    kept = {path: path.read_bytes() for path in small_installation.data.glob("onethread.db*")}
    assert any(b"whatsapp" in content for content in kept.values())
    assert not any(TOKEN.encode() in content for content in kept.values())


def test_a_wrong_key_says_what_to_do(small_installation: Settings) -> None:
    inbox_id = _connect_an_inbox()

    other = small_installation.model_copy(update={"secret_key": "another key"})
    with at(other), reading() as session, pytest.raises(OneThreadError) as refused:
        inboxes.find(session, inbox_id)
    assert refused.value.code == "wrong_key"
    assert "secret.key" in refused.value.message


def test_a_key_file_is_made_once_and_is_its_owners_alone(small_installation: Settings) -> None:
    token = encrypt("hello")
    path = small_installation.data / "secret.key"
    key = path.read_bytes()

    with at(small_installation):
        assert decrypt(token) == "hello"
    assert path.read_bytes() == key
    assert path.stat().st_mode & 0o077 == 0


def test_no_key_serves_two_purposes(small_installation: Settings) -> None:
    assert derived_key("sign-in") != derived_key("visitor token")
    assert encrypt("same") != encrypt("same")
