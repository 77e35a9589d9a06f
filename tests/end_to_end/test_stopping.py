"""The service stops when its jobs are gone, for its supervisor to start it again."""

from pathlib import Path

import pytest
import redis
from celery import Celery

from tests.end_to_end.conftest import SOON
from tests.lab.service import prepared_service, wait_for

pytestmark = pytest.mark.slow

BROKER = "redis://127.0.0.1:6379/8"


@pytest.fixture
def broker() -> str:
    """A database of the local Redis that no other test takes."""
    with redis.Redis.from_url(BROKER) as client:
        try:
            client.flushdb()
        except redis.ConnectionError:
            pytest.skip("needs Redis")
    return BROKER


def test_without_its_worker_it_does_not_go_on_as_if_nothing_were(
    tmp_path: Path, exported_model: Path, broker: str
) -> None:
    service = prepared_service(tmp_path / "data", exported_model, broker_url=broker)
    service.start()
    process = service.process
    assert process is not None
    Celery(broker=broker).control.shutdown()
    try:
        wait_for(lambda: process.poll() is not None, "the service to end", SOON)
    finally:
        service.kill()
    assert process.returncode == 1
    assert '"event": "jobs_ended", "part": "worker"' in service.log
    assert "start the service again" in service.log
