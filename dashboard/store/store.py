"""Every question about stored data passes here, the owner first: ownership is checked in this layer alone."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core import codec
from core.memo import Memo
from core.model import Comparison, Examination, Explanation, Explored, Ordered, Segmentation, Shape, Table
from dashboard import ids
from dashboard.store import artefacts, checker
from dashboard.store.database import Database
from dashboard.store.deleting import Deleting
from dashboard.store.ledger import Ledger
from dashboard.store.memos import Memos
from dashboard.store.models import Models
from dashboard.store.outbox import Outbox
from dashboard.store.records import READINGS, Dataset, NotFound, Run
from dashboard.store.remarks import Remarks
from dashboard.store.results import NOUNS, read_noun
from dashboard.store.shares import Shares
from dashboard.store.shelf import Shelf
from dashboard.store.summaries import Summaries
from dashboard.store.uploads import Uploads
from dashboard.store.versions import Shaping, Versions

log = logging.getLogger(__name__)
_TOUCH_EVERY = 3600.0
_UPLOAD_SECONDS = 86400.0
SHELF_BYTES = 512 * 2**20


class Store:
    """Runs of record, the files they came from, and what jobs need not compute twice, under one directory.

    ``memo_mb`` is how much of the last there may be, in megabytes.
    """

    def __init__(self, directory: Path, *, memo_mb: int = 2048) -> None:
        self.directory = directory
        for name in ("datasets", "runs", "temp", "uploads"):
            (directory / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.database = Database(directory / "atlas.sqlite")
        self.ledger = Ledger(self.database)
        self.uploads = Uploads(self.database, directory / "uploads")
        self.versions = Versions(self.database)
        self.remarks = Remarks(self.database)
        self.outbox = Outbox(self.database)
        self.shares = Shares(self.database)
        self.models = Models(self.database, directory / "models")
        self.summaries = Summaries(self.database)
        self.deleting = Deleting(self)
        self.memos = Memos(directory / "memo", memo_mb * 1_000_000)
        self._tables = Shelf(4, SHELF_BYTES)
        self._results = Shelf(16, SHELF_BYTES)

    # sessions

    def touch(self, owner: str) -> None:
        """Note that this session was here; at most once an hour."""
        now = time.time()
        self.database.change(
            "INSERT INTO sessions VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen"
            " WHERE seen < excluded.seen - ?",
            owner, now, now, _TOUCH_EVERY,
        )  # fmt: skip

    def sweep(self, days: int) -> int:
        """Delete sessions that were not seen for so many days, with all their data; how many.

        One that cannot be deleted is told in the log and tried again by the next sweep; it keeps no other from going.
        Uploads that were begun more than a day ago and never finished go too.
        """
        limit = time.time() - days * 86400
        due = [row["id"] for row in self.database.rows("SELECT id FROM sessions WHERE seen < ?", limit)]
        gone = 0
        for owner in due:
            try:
                self.delete_all(owner)
                gone += 1
            except (OSError, sqlite3.Error):
                log.exception("an expired session could not be deleted")
        self.uploads.drop_older(time.time() - _UPLOAD_SECONDS)
        self.uploads.tidy()
        self.memos.tidy()
        self.models.tidy()
        return gone

    def delete_all(self, owner: str) -> None:
        """Delete everything of this owner: datasets, runs, models, uploads, the session itself."""
        self.deleting.everything(owner)

    # datasets

    def datasets(self, owner: str) -> tuple[Dataset, ...]:
        """This owner's files, newest first."""
        rows = self.database.rows("SELECT * FROM datasets WHERE owner = ? ORDER BY created DESC, id", owner)
        return tuple(_dataset(row) for row in rows)

    def dataset(self, owner: str, dataset: str) -> Dataset:
        known = ids.is_id(dataset)
        row = self.database.row("SELECT * FROM datasets WHERE id = ? AND owner = ?", dataset, owner) if known else None
        if row is None:
            raise NotFound("dataset")
        return _dataset(row)

    def add_dataset(self, owner: str, name: str, path: Path) -> Dataset:
        """Move a complete file in; the same content of the same owner gives the dataset that is here already."""
        digest, size = artefacts.file_digest(path), path.stat().st_size
        dataset = ids.new_id()
        artefacts.adopt_file(path, self.directory / "datasets" / dataset / "source")
        self.database.change(
            "INSERT OR IGNORE INTO datasets VALUES (?, ?, ?, ?, ?, ?)", dataset, owner, name, time.time(), size, digest
        )
        row = self.database.row("SELECT * FROM datasets WHERE owner = ? AND sha256 = ?", owner, digest)
        if row["id"] != dataset:
            shutil.rmtree(self.directory / "datasets" / dataset)
        return _dataset(row)

    def delete_dataset(self, owner: str, dataset: str) -> None:
        """Delete the file and all that was made of it; its jobs are cancelled first."""
        self.dataset(owner, dataset)
        self.deleting.dataset(owner, dataset)

    def forget_read(self, name: str) -> None:
        """Let go of what this process has read of a run or a dataset."""
        self._results.drop(name)
        self._tables.drop(name)

    def memo(self, owner: str, dataset: str, version: str) -> Memo:
        """What jobs on this file need not compute twice with this version of the code."""
        self.dataset(owner, dataset)

        def still() -> bool:
            return self.database.row("SELECT 1 FROM datasets WHERE id = ?", dataset) is not None

        return self.memos.of(owner, dataset, version=version, still=still)

    def source(self, owner: str, dataset: str) -> Path:
        """The uploaded file itself; for jobs."""
        self.dataset(owner, dataset)
        return self.directory / "datasets" / dataset / "source"

    # tables

    def table_ready(self, owner: str, dataset: str, answers: Mapping[str, str] | None = None) -> bool:
        """True when a load job has read this file with these answers (None: with any)."""
        self.dataset(owner, dataset)
        return self._reading(dataset, answers) is not None

    def table(self, owner: str, dataset: str, answers: Mapping[str, str] | None = None) -> Table:
        """The file as read with these answers (None: as read last); :class:`NotFound` until a load job is done."""
        self.dataset(owner, dataset)
        reading = self._reading(dataset, answers)
        if reading is None:
            raise NotFound("table")
        key, digest = reading
        directory = self.directory / "datasets" / dataset / "tables" / key
        return self._tables.get((dataset, digest), lambda: read_noun(Table, "table", directory, digest))

    def answers(self, owner: str, dataset: str) -> dict[str, str]:
        """The answers with which :meth:`table` was read last; none before a load job is done."""
        self.dataset(owner, dataset)
        reading = self._reading(dataset, None)
        given = [run.request.get("answers", {}) for run in self.readings(owner, dataset)] if reading else []
        return next((dict(answers) for answers in given if _key(answers) == reading[0]), {})

    def choose_reading(self, owner: str, dataset: str, answers: Mapping[str, str]) -> None:
        """Make the reading with these answers the last one again."""
        self.dataset(owner, dataset)
        reading = self._reading(dataset, answers)
        if reading is not None:
            self.database.change("INSERT OR REPLACE INTO tables VALUES (?, ?, ?)", dataset, *reading)

    def save_table(self, owner: str, dataset: str, table: Table, *, answers: Mapping[str, str], run: str = "") -> str:
        """Store what the job of ``run`` read; its digest. ``NotFound`` when the dataset was deleted meanwhile."""
        draft = self.draft(run or dataset)
        codec.write(table, draft)
        return self.adopt_table(owner, dataset, draft, answers=answers)

    def draft(self, run: str) -> Path:
        """An empty directory that the job of ``run`` may write into; it goes with the job."""
        draft = self._draft(run)
        draft.mkdir(mode=0o700, parents=True)
        return draft

    def adopt_table(self, owner: str, dataset: str, draft: Path, *, answers: Mapping[str, str]) -> str:
        """:meth:`save_table` of one that :mod:`codec` has written into ``draft``, in whatever process."""
        final = self.directory / "datasets" / dataset / "tables" / _key(answers)
        digest = artefacts.adopt(draft, final)
        try:
            self.dataset(owner, dataset)
            self.database.change("INSERT OR REPLACE INTO tables VALUES (?, ?, ?)", dataset, _key(answers), digest)
        except NotFound:
            shutil.rmtree(self.directory / "datasets" / dataset, ignore_errors=True)
            raise
        return digest

    # runs

    def runs(self, owner: str, dataset: str | None = None, kind: str | None = None) -> tuple[Run, ...]:
        """This owner's runs, newest first."""
        rows = self.database.rows(
            "SELECT * FROM kept WHERE owner = ?1 AND (?2 IS NULL OR dataset = ?2) AND (?3 IS NULL OR kind = ?3)"
            " ORDER BY created DESC, id",
            owner, dataset, kind,
        )  # fmt: skip
        return tuple(self.ledger.as_run(row) for row in rows)

    def readings(self, owner: str, dataset: str) -> tuple[Run, ...]:
        """The runs that read this file or made customers of it, newest first, whatever became of them."""
        return tuple(run for run in self.runs(owner, dataset) if run.kind in READINGS)

    def run(self, owner: str, run: str) -> Run:
        known = ids.is_id(run)  # halves of characters, which a browser can send, are a defect in a query
        row = self.database.row("SELECT * FROM kept WHERE id = ? AND owner = ?", run, owner) if known else None
        if row is None:
            raise NotFound("run")
        return self.ledger.as_run(row)

    def comparison(self, owner: str, run: str) -> Comparison:
        """The result of a finished compare run."""
        return self.result(owner, run, "compare")

    def explored(self, owner: str, run: str) -> Explored:
        """The result of a finished explore run."""
        return self.result(owner, run, "explore")

    def examination(self, owner: str, run: str) -> Examination:
        """The result of a finished examine run."""
        return self.result(owner, run, "examine")

    def ordered(self, owner: str, run: str) -> Ordered:
        """What is told about the customers that a finished customers run made, beside their table."""
        return self.result(owner, run, "customers")

    def explanation(self, owner: str, run: str) -> Explanation:
        """The result of a finished importance run."""
        return self.result(owner, run, "importance")

    def segmentation(self, owner: str, run: str) -> Segmentation:
        """The result of a finished portray run."""
        return self.result(owner, run, "portray")

    def shaping(self, owner: str, run: str, candidate: str) -> Shaping:
        """How this owner shaped a candidate of a compare run, with all versions."""
        self.run(owner, run)
        return self.versions.of(run, candidate)

    def shaped(self, owner: str, run: str) -> tuple[str, ...]:
        """The candidates of a compare run that this owner has shaped, the one changed last before the others."""
        self.run(owner, run)
        return self.versions.candidates(run)

    def reshape(self, owner: str, run: str, candidate: str, shape: Shape, *, after: int) -> Shaping:
        """Make ``shape`` the version after number ``after``, which must be the present one."""
        self.run(owner, run)
        return self.versions.add(run, candidate, shape, after=after)

    def go_to_version(self, owner: str, run: str, candidate: str, number: int) -> Shaping:
        """Make an earlier or later version the present one (0: as it was fitted)."""
        self.run(owner, run)
        return self.versions.go(run, candidate, number)

    def save_result(self, run: str, token: int, noun: Any) -> str:
        """Write what a job computed; the digest that :meth:`Ledger.finish` records."""
        draft = self._draft(f"{run}.{token}")
        return artefacts.save(lambda directory: codec.write(noun, directory), draft, self.directory / "runs" / run)

    def discard_result(self, run: str) -> None:
        """Remove what a job wrote for a run that ended otherwise meanwhile."""
        shutil.rmtree(self.directory / "runs" / run, ignore_errors=True)

    def clear_drafts(self, run: str) -> None:
        """Remove half-written files of a run whose job is gone."""
        for draft in (self.directory / "temp").glob(f"{run}.*"):
            shutil.rmtree(draft, ignore_errors=True)

    def verify(self) -> tuple[str, ...]:
        """What is wrong in the store, one line each; empty when all is well."""
        return checker.verify(self.directory, self.database)

    def result(self, owner: str, run: str, kind: str) -> Any:
        """The noun that a finished run of this kind has left; :class:`NotFound` for any other."""
        row = self.database.row("SELECT * FROM kept WHERE id = ? AND owner = ? AND kind = ?", run, owner, kind)
        if row is None or row["state"] != "done":
            raise NotFound("result")
        noun, word = NOUNS[kind]
        directory = self.directory / "runs" / run
        return self._results.get((owner, run, row["digest"]), lambda: read_noun(noun, word, directory, row["digest"]))

    def _reading(self, dataset: str, answers: Mapping[str, str] | None) -> tuple[str, str] | None:
        key = None if answers is None else _key(answers)
        row = self.database.row(
            "SELECT key, digest FROM tables WHERE dataset = ?1 AND (?2 IS NULL OR key = ?2) ORDER BY rowid DESC",
            dataset, key,
        )  # fmt: skip
        return (row["key"], row["digest"]) if row else None

    def _draft(self, name: str) -> Path:
        return self.directory / "temp" / f"{name}.{ids.new_id()}"


def _dataset(row: Any) -> Dataset:
    return Dataset(row["id"], row["name"], row["created"], row["bytes"], row["sha256"])


def _key(answers: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(answers), sort_keys=True).encode()).hexdigest()[:32]


