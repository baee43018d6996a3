"""Results of fits that need not be computed twice: arrays as ``.npy`` bytes, facts as JSON, a checksum for each array.

Everything here can be computed again, and a damaged or missing part is only a
miss. It lies apart from the runs of record, the least recently used goes first,
and what belongs to a file goes with the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.codec.arrays import load_array
from core.memo import Kept
from dashboard.workspace import DBNAME, Workspace

LEFT_OVER_SECONDS = 3600.0
log = logging.getLogger(__name__)


class Memos:
    """The kept results of all owners in one directory of at most ``limit`` bytes; safe between threads and processes."""

    def __init__(self, directory: Path, limit: int) -> None:
        self.directory = directory
        self.limit = limit
        self._guard = threading.Lock()
        self._opened: Workspace | None = None
        self._making: dict[str, tuple[threading.Lock, int]] = {}

    def of(self, owner: str, dataset: str, *, version: str, still: Callable[[], bool]) -> Memo:
        """The memo of one file of one owner; ``still()`` is False once the file was deleted."""
        return Memo(self, f"{owner}/{dataset}", version, still)

    def forget(self, owner: str, dataset: str) -> None:
        """Delete everything that was kept of this file."""
        if self.directory.exists():
            self.workspace.forget(f"{owner}/{dataset}")

    def tidy(self) -> None:
        """Delete files that a killed job wrote and never noted."""
        if not self.directory.exists():
            return
        try:
            with closing(sqlite3.connect(f"{(self.directory / DBNAME).as_uri()}?mode=ro", uri=True)) as index:
                known = {row[0] for row in index.execute("SELECT filename FROM Cache WHERE filename IS NOT NULL")}
        except sqlite3.Error as problem:
            log.warning("the kept results were not tidied (%s)", type(problem).__name__)
            return
        old = time.time() - LEFT_OVER_SECONDS
        for path in self.directory.rglob("*.val"):
            if path.relative_to(self.directory).as_posix() not in known and path.stat().st_mtime < old:
                path.unlink(missing_ok=True)

    @property
    def workspace(self) -> Workspace:
        with self._guard:
            if self._opened is None:
                self._opened = Workspace(self.directory, size_limit=self.limit, policy="least-recently-used")
            return self._opened

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Inside, no other thread of this process is inside under the same name."""
        with self._guard:
            lock, waiting = self._making.get(name, (threading.Lock(), 0))
            self._making[name] = (lock, waiting + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, waiting = self._making.pop(name)
                if waiting > 1:
                    self._making[name] = (lock, waiting - 1)


@dataclass(frozen=True)
class Memo:
    """A :class:`core.memo.Memo` for one file of one owner and one version of the code."""

    memos: Memos
    scope: str
    version: str
    still: Callable[[], bool]

    def __call__(self, key: str, make: Callable[[], Kept]) -> Kept:
        name = f"{self.version}/{key}"
        with self.memos.alone(f"{self.scope}/{name}"):
            found = self._read(name)
            if found is None:
                found = _settled(make())
                self._write(name, found)
            return found

    def _read(self, name: str) -> Kept | None:
        entry = self.memos.workspace.get(self.scope, name)
        if entry is None:
            return None
        try:
            arrays = {part: self._array(f"{name}/{part}", digest) for part, digest in entry["arrays"].items()}
            return Kept(arrays, entry["facts"])
        except (_Lost, OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
            log.warning("a kept result is damaged or gone (%s) and is computed again", type(problem).__name__)
            return None

    def _array(self, name: str, digest: str) -> np.ndarray:
        stream = self.memos.workspace.open(self.scope, name)
        if stream is None:
            raise _Lost
        with stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise _Lost
            stream.seek(0)
            return load_array(stream)

    def _write(self, name: str, kept: Kept) -> None:
        if sum(array.nbytes for array in kept.arrays.values()) > self.memos.limit // 4:
            return
        workspace = self.memos.workspace
        digests: dict[str, str] = {}
        try:
            for part, array in kept.arrays.items():
                packed = io.BytesIO()
                np.save(packed, array, allow_pickle=False)
                digests[part] = hashlib.sha256(packed.getbuffer()).hexdigest()
                packed.seek(0)
                workspace.keep(self.scope, f"{name}/{part}", packed)
            workspace.put(self.scope, name, {"facts": kept.facts, "arrays": digests}, days=None)
        except (TypeError, ValueError) as defect:  # not plain arrays and JSON: usable, but nothing to keep
            log.error("a result cannot be kept: %s", type(defect).__name__)
        if not self.still():  # deleted while this was written: nothing of it may stay
            workspace.forget(self.scope)


class _Lost(Exception):
    """An array is not there any more, or is not the one that was written."""


def _settled(kept: Kept) -> Kept:
    """What was made in the very form in which it will be read: the next computation must not see a difference."""
    arrays = {name: array if array.flags.forc else np.ascontiguousarray(array) for name, array in kept.arrays.items()}
    return Kept(arrays, _as_read(kept.facts))


def _as_read(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return json.loads(json.dumps(dict(facts)))
    except (TypeError, ValueError):
        return facts
