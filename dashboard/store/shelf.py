"""The last few results that this process has read, so that a page change reads nothing twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class Shelf:
    """Least recently used goes first; safe between threads. Values are frozen nouns and may be shared."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value under this key, made when it is not here. Two threads may both make it: that is harmless."""
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
        value = make()
        with self._lock:
            self._items[key] = value
            while len(self._items) > self._size:
                self._items.popitem(last=False)
        return value

    def drop(self, name: str) -> None:
        """Forget everything whose key holds this id."""
        with self._lock:
            for key in [key for key in self._items if name in key]:
                del self._items[key]
