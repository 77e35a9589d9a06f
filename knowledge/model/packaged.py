"""What the bundled models have in common: files of installed packages, checked, made int8 ONNX."""

import hashlib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.errors import OneThreadError


class ModelUnusable(OneThreadError):
    code = "model_unusable"
    status = 500


def packaged_file(package: str, name: str, sha256: str) -> Path:
    """A file of an installed package, if it is the one this version was measured with."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModelUnusable(f"The package {package} is missing: run `make` again.")
    file = Path(spec.origin).parent / name
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    if digest != sha256:
        raise ModelUnusable(
            f"The weights in {package} are not the ones this version was measured with: "
            "reinstall the package, or set ONETHREAD_EMBEDDING_MODEL to a model folder of yours."
        )
    return file


def write_onnx(encoder: Any, samples: Mapping[str, Any], target: Path) -> None:
    """A transformers encoder, quantised: named inputs (texts, tokens, ...) to `vectors`."""
    import torch

    names = list(samples)

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder.eval()

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            found = self.encoder(**dict(zip(names, inputs, strict=True)))
            vectors: torch.Tensor = found.last_hidden_state
            return vectors

    free = {0: "texts", 1: "tokens"}
    with TemporaryDirectory() as scratch:
        whole = Path(scratch) / "fp32.onnx"
        torch.onnx.export(
            TokenVectors(),
            tuple(samples.values()),
            str(whole),
            input_names=names,
            output_names=["vectors"],
            dynamic_axes=dict.fromkeys((*names, "vectors"), free),
            opset_version=17,
            dynamo=False,
        )
        _quantise(whole, target)


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
