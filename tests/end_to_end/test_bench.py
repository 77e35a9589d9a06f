"""`onethread bench` measures the real service and writes down every ratio."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_a_small_bench_prints_a_ratio_on_every_line(tmp_path: Path, exported_model: Path) -> None:
    (tmp_path / "model").symlink_to(exported_model)
    command = [sys.executable, "-m", "cli.main", "bench"]
    sizes = ["--posts", "8", "--answers", "2", "--documents", "3"]
    done = subprocess.run(
        [*command, *sizes, "--json", str(tmp_path / "bench.json")],
        env={**os.environ, "ONETHREAD_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    lines = json.loads((tmp_path / "bench.json").read_text())
    names = " ".join(line["name"] for line in lines)
    for part in (
        "webhook, one client",
        "webhook, 8 clients",
        "events accepted",
        "start-up",
        "memory",
        "ingestion",
    ):
        assert part in names
    for part in ("think", "events processed", "2xx under load, p99"):
        assert part in names
    bases = {line["divided_by"] for line in lines}
    assert {"bare insert and commit", "bare fp32 encode", "LangChain's search"} <= bases
    assert max(len(line) for line in done.stdout.splitlines()) <= 100
    assert "…" not in done.stdout
    assert all(line["value"] > 0 and line["by"] > 0 and line["ratio"] > 0 for line in lines)
    assert all(line["divided_by"] for line in lines)
