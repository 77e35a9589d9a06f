"""A lease names a process, and it is known when that process is no more."""

import subprocess
import sys

from core import holder
from core.settings import Settings

HOLD = "from core import holder; print(holder.this_process(), flush=True); input()"


def _another_process(settings: Settings) -> tuple[str, "subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env={"ONETHREAD_DATA": str(settings.data), "PYTHONPATH": "."},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process.stdout.readline().strip(), process


def test_only_a_killed_process_is_gone(small_installation: Settings) -> None:
    mine = holder.this_process()
    living, process = _another_process(small_installation)
    killed, victim = _another_process(small_installation)
    victim.kill()
    victim.wait()

    assert holder.gone() == [killed]
    assert holder.this_process() == mine
    process.kill()
    process.wait()
    assert holder.gone() == sorted([killed, living])

    holder.forget([killed])
    assert holder.gone() == [living]
