"""Throw-away results by content key; everything here can be computed again, and may vanish at any time."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import diskcache
from diskcache.core import DBNAME, MODE_PICKLE

__all__ = ["DBNAME", "PlainDisk", "Unsafe", "Workspace", "open_cache"]

SIZE_LIMIT = 512 * 2**20
OLDEST_FIRST = "least-recently-stored"
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


def open_cache(directory: Path, *, size_limit: int = SIZE_LIMIT, policy: str = OLDEST_FIRST) -> diskcache.Cache:
    """A cache that never unpickles, in a directory for its owner alone; ``policy`` says what goes first when it is full."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    return diskcache.Cache(
        str(directory),
        disk=PlainDisk,
        size_limit=size_limit,
        eviction_policy=policy,
        tag_index=True,
        sqlite_secure_delete=1,
    )


class Workspace:
    """``get`` and ``put`` of JSON values, ``open`` and ``keep`` of files; a lost or damaged cache is only an empty one."""

    def __init__(self, directory: Path, *, size_limit: int = SIZE_LIMIT, policy: str = OLDEST_FIRST) -> None:
        self.directory = directory
        self._open = lambda: open_cache(directory, size_limit=size_limit, policy=policy)
        self._renewing = threading.Lock()
        self.cache = self._open()

    def get(self, owner: str, key: str) -> Any | None:
        """The value, or None."""
        return self._try(lambda cache: cache.get(f"{owner}/{key}"))

    def put(self, owner: str, key: str, value: Any, *, days: float | None = 7.0) -> None:
        """Keep a JSON value; None for ``days`` is until there is no room. Raises :class:`TypeError` for any other."""
        expire = None if days is None else days * 86400
        self._try(lambda cache: cache.set(f"{owner}/{key}", value, expire=expire, tag=owner))

    def open(self, owner: str, key: str) -> BinaryIO | None:
        """A file as :meth:`keep` left it, or None."""
        return self._try(lambda cache: cache.get(f"{owner}/{key}", read=True))

    def keep(self, owner: str, key: str, stream: BinaryIO) -> None:
        """Keep the bytes of a stream as a file; it is there once it is whole."""
        self._try(lambda cache: cache.set(f"{owner}/{key}", stream, read=True, tag=owner))

    def forget(self, owner: str) -> None:
        """Delete everything of this owner."""
        self._try(lambda cache: cache.evict(owner))

    def _try(self, action: Callable[[diskcache.Cache], Any]) -> Any | None:
        cache = self.cache
        try:
            return action(cache)
        except diskcache.Timeout:
            log.warning("the cache was busy and is passed by")
        except (sqlite3.Error, OSError, ValueError, zlib.error, Unsafe) as problem:
            log.warning("the cache was unusable (%s) and is made anew", type(problem).__name__)
            self._renew(cache)
        return None

    def _renew(self, broken: diskcache.Cache) -> None:
        with self._renewing:
            if self.cache is not broken:  # another thread was first
                return
            broken.close()
            shutil.rmtree(self.directory, ignore_errors=True)
            self.cache = self._open()
