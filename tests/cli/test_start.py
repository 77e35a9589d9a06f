"""The command line answers at once: what a command doesn't need is not imported."""

import subprocess
import sys

HEAVY = {"torch", "celery", "sqlalchemy", "fastapi", "numpy", "transformers", "langchain_core"}
LOADED = "import sys; print(*{name.split('.')[0] for name in sys.modules})"


def _loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_list_of_commands_needs_none_of_them() -> None:
    assert not _loaded_by("from cli.main import build; build('--help')") & HEAVY


def test_asking_a_running_service_opens_no_library() -> None:
    assert not _loaded_by("from cli.main import build; build('ask')") & HEAVY


def test_each_command_is_listed_with_its_own_words() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "cli.main", "--help"], capture_output=True, text=True, check=True
    )
    for command, words in (
        ("ask", "Ask the assistant"),
        ("eval", "Measure retrieval"),
        ("demo", "Write to the running demo"),
        ("restore", "Put an archive"),
    ):
        assert command in shown.stdout
        assert words in shown.stdout
