"""What was read once and never changes, up to a number of things; the longest unused go first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Safe from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, keys: Iterable[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of these keys; `read` gives those not known. What it lacks is left out."""
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            found = {key: self._known[key] for key in wanted if key in self._known}
            for key in found:
                self._known.move_to_end(key)
        missing = [key for key in wanted if key not in found]
        return {**found, **self.refresh(missing, read)} if missing else found

    def refresh(self, keys: list[K], read: Callable[[list[K]], Mapping[K, V]]) -> Mapping[K, V]:
        """Read these anew."""
        fresh = read(keys)
        with self._lock:
            self._known.update(fresh)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return fresh
