"""Files on their way in: a row says whose they are, the length on disk says how far they got."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dashboard import ids
from dashboard.store.database import Database
from dashboard.store.records import NotFound

OPEN_AT_ONCE = 5
_ORPHAN_SECONDS = 600.0


class UploadBusy(Exception):
    """Another request is writing to this upload just now."""


@dataclass(frozen=True)
class Upload:
    """A begun upload; ``offset`` bytes of ``total`` are on disk."""

    id: str
    name: str
    total: int
    offset: int
    path: Path


class Uploads:
    """Begun uploads by owner; the oldest one makes room when an owner begins too many."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._db = database
        self._directory = directory

    def begin(self, owner: str, name: str, total: int) -> Upload:
        upload = ids.new_id()
        old = self._db.rows("SELECT id FROM uploads WHERE owner = ? ORDER BY created DESC, id", owner)
        for row in old[OPEN_AT_ONCE - 1 :]:
            self.drop(owner, row["id"])
        os.close(os.open(self._directory / upload, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self._db.change("INSERT INTO uploads VALUES (?, ?, ?, ?, ?)", upload, owner, name, total, time.time())
        return self.get(owner, upload)

    def get(self, owner: str, upload: str) -> Upload:
        row = self._db.row("SELECT * FROM uploads WHERE id = ? AND owner = ?", upload, owner)
        path = self._directory / (row["id"] if row else "")
        if row is None or not path.is_file():
            raise NotFound("upload")
        return Upload(row["id"], row["name"], row["total"], path.stat().st_size, path)

    @contextmanager
    def writing(self, owner: str, upload: str) -> Iterator[tuple[Upload, BinaryIO]]:
        """The upload as it stands and its file open for appending, by one request at a time."""
        path = self.get(owner, upload).path
        with path.open("r+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UploadBusy(upload) from None
            stream.seek(0, os.SEEK_END)
            yield self.get(owner, upload), stream

    def drop(self, owner: str, upload: str) -> None:
        """Forget the upload and what arrived of it."""
        found = self._db.change("DELETE FROM uploads WHERE id = ? AND owner = ?", upload, owner)
        if not found:
            raise NotFound("upload")
        (self._directory / upload).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove files that no begun upload owns: a process died between the file and its row, or after the row."""
        known = {row["id"] for row in self._db.rows("SELECT id FROM uploads")}
        limit = time.time() - _ORPHAN_SECONDS  # a younger one may be waiting for its row
        for path in self._directory.iterdir():
            with suppress(FileNotFoundError):
                if path.name not in known and path.stat().st_mtime < limit:
                    path.unlink()

    def drop_all(self, owner: str) -> None:
        for row in self._db.rows("SELECT id FROM uploads WHERE owner = ?", owner):
            self.drop(owner, row["id"])

    def drop_older(self, limit: float) -> None:
        """Forget uploads begun before this time (UTC seconds)."""
        for row in self._db.rows("SELECT id, owner FROM uploads WHERE created < ?", limit):
            self.drop(row["owner"], row["id"])
