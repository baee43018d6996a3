"""The last few results that this process has read, so that a page change reads nothing twice."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd


class Shelf:
    """At most ``size`` values of together at most ``limit`` bytes, but always the last one; safe between threads.

    The least recently used goes first. Values are frozen nouns and may be shared.
    """

    def __init__(self, size: int, limit: int) -> None:
        self._size = size
        self._limit = limit
        self._items: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value under this key, made when it is not here; several threads that ask at once make it once."""
        with self._lock:
            if key in self._items:
                return self._taken(key)
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._items:
                    return self._taken(key)
            try:
                value = make()
                self._put(key, value, weight(value))
                return value
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def drop(self, name: str) -> None:
        """Forget everything whose key holds this id."""
        with self._lock:
            for key in [key for key in self._items if name in key]:
                del self._items[key]

    def _taken(self, key: Hashable) -> Any:
        self._items.move_to_end(key)
        return self._items[key][0]

    def _put(self, key: Hashable, value: Any, weighs: int) -> None:
        with self._lock:
            self._items[key] = (value, weighs)
            while len(self._items) > 1 and (len(self._items) > self._size or self._weight() > self._limit):
                self._items.popitem(last=False)

    def _weight(self) -> int:
        return sum(weighs for _, weighs in self._items.values())


def weight(value: Any) -> int:
    """Bytes of the arrays and frames in a noun; what else it holds is small."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage(index=False).sum())
    if is_dataclass(value):
        return sum(weight(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return sum(weight(item) for item in value.values())
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        return sum(weight(item) for item in value)
    return 0
