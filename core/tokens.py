"""How many tokens a text has. Exact where the encoding is on this machine, else estimated."""

import hashlib
import importlib.util
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

ENCODING = "o200k_base"
_ADDRESS = f"https://openaipublic.blob.core.windows.net/encodings/{ENCODING}.tiktoken"
SIGNS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    encoding = _encoding()
    if encoding is None:
        return -(-len(text) // SIGNS_PER_TOKEN)
    return len(encoding.encode(text, disallowed_special=()))


@lru_cache(maxsize=1)
def _encoding() -> Any:
    """tiktoken's encoding, or None: it would download a missing file, and this must never wait."""
    file = hashlib.sha1(_ADDRESS.encode(), usedforsecurity=False).hexdigest()
    folder = next((folder for folder in _folders() if (folder / file).exists()), None)
    if folder is None:
        return None
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    import tiktoken

    try:
        return tiktoken.get_encoding(ENCODING)
    except Exception:
        return None


def _folders() -> list[Path]:
    """Where the file may lie: the configured cache, or the copy in the litellm package."""
    found = [Path(os.environ["TIKTOKEN_CACHE_DIR"])] if os.environ.get("TIKTOKEN_CACHE_DIR") else []
    package = importlib.util.find_spec("litellm")
    if package and package.origin:
        found.append(Path(package.origin).parent / "litellm_core_utils" / "tokenizers")
    return found
