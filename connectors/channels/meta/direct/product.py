"""How the two products differ: names, addresses, limits."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.channels.meta.graph import Graph
from connectors.cutting import Measure

MB = 1024 * 1024


@dataclass(frozen=True)
class Product:
    """Which of the two it is."""

    kind: str
    """Also the kind of its customers' addresses."""
    name: str
    graph: Graph
    text_limit: int
    measure: Measure
    """How the limit is counted."""
    takes: Mapping[str, tuple[int, frozenset[str]]]
    """Kinds of attachment with their largest size and types; no types: any."""
    echoes_metadata: bool
    """Whether a note of ours on a message comes back with its echo."""

    def kind_of(self, media_type: str) -> str | None:
        """What a file of this type is sent as; None when it can't be."""
        bare = media_type.split(";")[0].strip().lower()
        fitting = (kind for kind, (_, types) in self.takes.items() if not types or bare in types)
        return next(fitting, None)
