"""The index of passages. The only room that imports Qdrant.

It is derived from the database and can be built anew from it at any time.
"""

from collections.abc import Mapping

from core.settings import settings
from knowledge.index.base import Filters, Index, IndexBusy, Match, Point, fingerprint

__all__ = ["Filters", "Index", "IndexBusy", "Match", "Point", "open_index"]


def open_index(dimensions: Mapping[str, int]) -> Index:
    """For these vectors: the server of the settings, else Qdrant's engine in the data folder, owned
    by us alone."""
    # The two libraries take a second each to import; one installation needs one of them.
    if settings().qdrant_url:
        from knowledge.index.server import connect

        return connect(dimensions)
    from knowledge.index.edge import EdgeIndex

    return EdgeIndex(settings().data / f"index-{fingerprint(dimensions)}", dimensions)
