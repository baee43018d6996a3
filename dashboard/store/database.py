"""The SQLite file that holds the truth about sessions, datasets and runs."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA_VERSION = 4
BUSY_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, created REAL NOT NULL, seen REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS uploads (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, total INTEGER NOT NULL, created REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS datasets (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, created REAL NOT NULL,
    bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, UNIQUE (owner, sha256)
) STRICT;
CREATE TABLE IF NOT EXISTS tables (
    dataset TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE, key TEXT NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (dataset, key)
) STRICT;
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, dataset TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, request TEXT NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL,
    step TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL, started REAL, ended REAL,
    token INTEGER NOT NULL DEFAULT 0, host TEXT NOT NULL DEFAULT '', pid INTEGER NOT NULL DEFAULT 0,
    birth INTEGER NOT NULL DEFAULT 0, beat INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '',
    code TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT '', hint TEXT NOT NULL DEFAULT '',
    reference TEXT NOT NULL DEFAULT '',
    stopping REAL NOT NULL DEFAULT 0, partial INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS runs_by_owner ON runs (owner, dataset, kind);
CREATE INDEX IF NOT EXISTS runs_by_state ON runs (state);
CREATE TABLE IF NOT EXISTS finished (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, number INTEGER NOT NULL, usable INTEGER NOT NULL,
    row TEXT NOT NULL, PRIMARY KEY (run, number)
) STRICT;
CREATE TABLE IF NOT EXISTS shapes (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, candidate TEXT NOT NULL, number INTEGER NOT NULL,
    shape TEXT NOT NULL, created REAL NOT NULL, PRIMARY KEY (run, candidate, number)
) STRICT;
CREATE TABLE IF NOT EXISTS shaped (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, candidate TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (run, candidate)
) STRICT;
CREATE TABLE IF NOT EXISTS models (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, dataset TEXT REFERENCES datasets (id) ON DELETE CASCADE,
    run TEXT REFERENCES runs (id) ON DELETE CASCADE, name TEXT NOT NULL, created REAL NOT NULL, digest TEXT NOT NULL,
    signed INTEGER NOT NULL, key_hash TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS remarks (
    run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE, favourite INTEGER NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS outbox (
    run TEXT PRIMARY KEY, what TEXT NOT NULL, created REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    again REAL NOT NULL DEFAULT 0, problem TEXT NOT NULL DEFAULT '', sent REAL, remote TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS shares (
    hash TEXT PRIMARY KEY, owner TEXT NOT NULL, run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    title TEXT NOT NULL, created REAL NOT NULL, expires REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS summaries (
    run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE, told TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS trash (
    run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE, asked TEXT NOT NULL, since REAL NOT NULL
) STRICT;
CREATE VIEW IF NOT EXISTS kept AS SELECT * FROM runs WHERE id NOT IN (SELECT run FROM trash);
CREATE TABLE IF NOT EXISTS stops (
    run TEXT PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, birth INTEGER NOT NULL
) STRICT;
"""
_ADDED = {"stopping": "REAL NOT NULL DEFAULT 0", "partial": "INTEGER NOT NULL DEFAULT 0"}
"""Columns of ``runs`` that files of version 1 lack."""


_open: weakref.WeakSet[_Connection] = weakref.WeakSet()
_held: list[_Connection] = []


class _Connection(sqlite3.Connection):
    """One that can be held through a fork.

    The other threads of a process end in its child, and with them their connections would be closed there: SQLite
    forbids that (sqlite.org/howtocorrupt.html, 2.6). So the child never lets go of any.
    """


def _hold() -> None:
    _held.extend(_open)


os.register_at_fork(before=_hold, after_in_parent=_held.clear)


class NewerStore(Exception):
    """The file was written by a later version of this program, which this one must not touch."""


class Database:
    """One connection per thread and process; every write is a short transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        connection = self._connection()
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise NewerStore(f"{path.name} was written by a newer version of this program: use that version.")
        with self.write() as cursor:
            for statement in _SCHEMA.split(";\n"):
                cursor.execute(statement)
            known = {row["name"] for row in cursor.execute("PRAGMA table_info(runs)")}
            for name, kind in _ADDED.items():
                if name not in known:
                    cursor.execute(f"ALTER TABLE runs ADD COLUMN {name} {kind}")
            cursor.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._connection().execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        return self._connection().execute(sql, values).fetchone()

    def change(self, sql: str, *values: object) -> int:
        """Run one writing statement; the number of rows it touched."""
        with self.write() as cursor:
            return cursor.execute(sql, values).rowcount

    @contextmanager
    def write(self) -> Iterator[sqlite3.Cursor]:
        """A transaction that holds the write lock from its start, so that it cannot fail half way for a reader."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection.cursor()
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _connection(self) -> sqlite3.Connection:
        # a connection must not be used across a fork: SQLite's locks belong to the process
        if getattr(self._local, "connection", None) is None or self._local.pid != os.getpid():
            self._local.connection = self._open()
            self._local.pid = os.getpid()
        return self._local.connection

    def _open(self) -> sqlite3.Connection:
        self._create()
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, factory=_Connection)
        _open.add(connection)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    def _create(self) -> None:
        """An empty file for its owner alone, if there is none.

        A file that is there is not opened here: closing any handle on it drops every lock that this process
        holds on it (POSIX), those of SQLite's other connections included; the next process to leave would then
        take itself for the last one and delete the log from under this one (sqlite.org/howtocorrupt.html, 2.2).
        """
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return
