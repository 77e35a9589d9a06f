"""The library this process answers from, opened once by whoever owns the index."""

import threading

from retrieval.library import Library, open_library

_lock = threading.Lock()
_library: Library | None = None


def library() -> Library:
    global _library
    with _lock:
        if _library is None:
            _library = open_library()
        return _library


def close_library() -> None:
    global _library
    with _lock:
        if _library is not None:
            _library.close()
        _library = None
