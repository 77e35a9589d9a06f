"""The bundled embedding models, exported once to int8 ONNX so that nothing imports torch later.

MatMul weights are quantised per channel; the rest stays as it is.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from core.settings import settings
from knowledge.model import e5, minilm
from knowledge.model.packaged import ModelUnusable

FILE = "model.onnx"
MODELS: Mapping[str, Callable[[Path], None]] = {minilm.NAME: minilm.write, e5.NAME: e5.write}


def model_folder(name: str) -> Path:
    """Where this installation has a model's files."""
    return settings().data / "model" / name


def is_exported(name: str) -> bool:
    return (model_folder(name) / FILE).exists()


def export_all() -> None:
    """Everything a service needs before it starts, which takes half a minute the first time."""
    for name in MODELS:
        exported(model_folder(name))


def exported(folder: Path) -> Path:
    """The folder of a model, named as it is; exports it on first use."""
    if not (folder / FILE).exists():
        # In a process of its own: torch would keep half a gigabyte for the life of this one.
        command = [sys.executable, "-m", "knowledge.model.export", str(folder.absolute())]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ModelUnusable(
                f"The embedding model {folder.name} was not exported: {_last_line(done.stderr)}"
            )
    return folder


def export(folder: Path) -> None:
    """Write the exported model, whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        part = Path(scratch) / "part"
        part.mkdir()
        MODELS[folder.name](part)
        try:
            part.rename(folder)
        except OSError:
            if not (folder / FILE).exists():
                raise


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    export(Path(sys.argv[1]))
