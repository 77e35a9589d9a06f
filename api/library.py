"""The library that answers are made from, in the process that owns it."""

from typing import Annotated

from fastapi import Depends, Request

from core.errors import OneThreadError
from retrieval.library import Library


class NoLibrary(OneThreadError):
    code = "no_library"
    status = 503


def _library(request: Request) -> Library:
    open_library = getattr(request.app.state, "library", None)
    if open_library is None:
        raise NoLibrary("This process has no index. Ask the one that runs `onethread serve`.")
    library: Library = open_library()
    return library


OwnLibrary = Annotated[Library, Depends(_library)]
