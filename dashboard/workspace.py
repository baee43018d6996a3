"""Throw-away results by content key; everything here can be computed again, and may vanish at any time."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diskcache
from diskcache.core import MODE_PICKLE

SIZE_LIMIT = 512 * 2**20
log = logging.getLogger(__name__)


class Unsafe(Exception):
    """A cache entry asks to be unpickled, which could run anything: it is refused."""


class PlainDisk(diskcache.JSONDisk):
    """JSON only. The stock class still unpickles entries that say they are pickles (CVE-2025-69872)."""

    def get(self, key: Any, raw: bool) -> Any:
        if not raw:
            raise Unsafe("a key in the cache is a pickle")
        return super().get(key, raw)

    def fetch(self, mode: int, filename: str, value: Any, read: bool) -> Any:
        if mode == MODE_PICKLE:
            raise Unsafe("a value in the cache is a pickle")
        return super().fetch(mode, filename, value, read)


def open_cache(directory: Path) -> diskcache.Cache:
    """A cache that never unpickles, in a directory for its owner alone."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    return diskcache.Cache(str(directory), disk=PlainDisk, size_limit=SIZE_LIMIT, tag_index=True)


class Workspace:
    """``get`` and ``put`` of JSON values; a lost or damaged cache is only an empty one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.cache = open_cache(directory)

    def get(self, owner: str, key: str) -> Any | None:
        """The value, or None."""
        return self._try(lambda: self.cache.get(f"{owner}/{key}"))

    def put(self, owner: str, key: str, value: Any, *, days: float = 7.0) -> None:
        self._try(lambda: self.cache.set(f"{owner}/{key}", value, expire=days * 86400, tag=owner))

    def forget(self, owner: str) -> None:
        """Delete everything of this owner."""
        self._try(lambda: self.cache.evict(owner))

    def _try(self, action: Callable[[], Any]) -> Any | None:
        try:
            return action()
        except (sqlite3.Error, OSError, ValueError, diskcache.Timeout, Unsafe) as problem:
            log.warning("the cache was unusable (%s) and is made anew", type(problem).__name__)
            self._renew()
            return None

    def _renew(self) -> None:
        self.cache.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        self.cache = open_cache(self.directory)
