"""The machine makes trouble for a while: customers wait, and nothing is lost or done twice."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest

from tests.end_to_end.conftest import SOON, World
from tests.lab.service import wait_for

QUESTION = "How long does shipping to Norway take?"


@pytest.mark.slow
def test_a_database_locked_for_ten_seconds_only_makes_people_wait(world: World) -> None:
    posts = [world.customer(number).text(QUESTION) for number in range(4)]
    database = world.service.folder / "onethread.db"
    with (
        closing(sqlite3.connect(database, isolation_level=None)) as other,
        ThreadPoolExecutor(len(posts)) as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        posting = [pool.submit(world.post, post) for post in posts]
        time.sleep(10)
        assert not any(one.done() for one in posting), "2xx before anything could be stored"
        shown = httpx.get(f"{world.service.url}/api/me", timeout=5, trust_env=False)
        assert shown.status_code == 401, "reading is not held up"
        other.execute("ROLLBACK")
        assert [one.result() for one in posting] == [200] * 4

    wait_for(lambda: len(world.meta.sent) >= 4, "every customer to be answered", SOON)
    assert [len(world.answers_to(number)) for number in range(4)] == [1] * 4
