"""Deleting runs, files and sessions, with everything that was made of them.

A run that is deleted is put aside first: nobody finds it any more, and for :data:`UNDO_SECONDS` it can be taken back.
Then it is gone: rows, results, models, shares, notes, half-written files, what was kept for later runs, and what MLflow was
told. Rows go before files, so that a job that is still alive finds its run gone and stops writing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.store.records import LIVE, NotFound

if TYPE_CHECKING:
    from dashboard.store.store import Store

UNDO_SECONDS = 20.0
_ABOUT = ("$.run", "$.before.run", "$.trained")
"""Where the request of a run names another run that it was made of; a model may be gone before what it placed."""


@dataclass(frozen=True)
class Aside:
    """A run that was put aside with ``others`` made of it; ``left`` seconds in which it can be taken back."""

    run: str
    dataset: str
    others: int
    left: float


class Deleting:
    """The owner first; another's id and an unknown one are the same answer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = store.database

    def made_of(self, owner: str, runs: Collection[str], *, dataset: str = "") -> set[str]:
        """``runs`` with all runs that were made of them, of their models, or of the file ``dataset``, at any remove."""
        found, new = set(runs), set(runs)
        if dataset:
            new |= self._ids("SELECT id FROM runs WHERE owner = ? AND dataset = ?", owner, dataset)
            new |= self._ids("SELECT id FROM runs WHERE owner = ? AND json_extract(request, '$.results') = ?", owner, dataset)
        while new:
            found |= new
            new = set().union(*(self._children(owner, one) for one in new)) - found
        return found

    def put_aside(self, owner: str, run: str) -> int:
        """Hide a run and all that was made of it, cancelling what is under way; how many were made of it."""
        self._store.run(owner, run)
        every = self.made_of(owner, {run})
        for one in every:
            self._store.ledger.cancel(one)
        with self._db.write() as cursor:
            now = time.time()
            for one in sorted(every):
                cursor.execute("INSERT OR IGNORE INTO trash SELECT id, ?, ? FROM runs WHERE id = ?", (run, now, one))
        return len(every) - 1

    def take_back(self, owner: str, run: str) -> None:
        """Show a run again with what was put aside with it; raises :class:`NotFound` when it is gone for good."""
        known = self._db.row("SELECT 1 FROM trash JOIN runs ON id = run WHERE owner = ? AND asked = ?", owner, run)
        if known is None:
            raise NotFound("run")
        self._db.change("DELETE FROM trash WHERE asked = ?", run)

    def aside(self, owner: str) -> tuple[Aside, ...]:
        """What this owner can still take back, the last one first."""
        rows = self._db.rows(
            "SELECT asked, since, count(*) AS runs, max(CASE WHEN id = asked THEN dataset END) AS dataset"
            " FROM trash JOIN runs ON id = run WHERE owner = ? GROUP BY asked, since ORDER BY since DESC",
            owner,
        )  # fmt: skip
        left = [(row, UNDO_SECONDS - abs(time.time() - row["since"])) for row in rows]
        return tuple(Aside(row["asked"], row["dataset"] or "", row["runs"] - 1, rest) for row, rest in left if rest > 0)

    def empty(self) -> int:
        """Delete for good what nobody can take back any more; how many runs."""
        # a clock that was set back must not keep for ever what was deleted
        rows = self._db.rows(
            "SELECT id, owner FROM trash JOIN runs ON id = run WHERE abs(? - since) >= ?", time.time(), UNDO_SECONDS
        )
        for owner in sorted({row["owner"] for row in rows}):
            self.runs(owner, {row["id"] for row in rows if row["owner"] == owner})
        return len(rows)

    def runs(self, owner: str, runs: Collection[str]) -> None:
        """Delete these runs for good; those made of them must be among them."""
        datasets = self._erase(runs, f"DELETE FROM runs WHERE owner = ? AND id IN ({_marks(runs)})", owner, *runs)
        for dataset in datasets:
            self._store.memos.forget(owner, dataset)
        self._settle()

    def dataset(self, owner: str, dataset: str) -> None:
        """Delete a file for good, with all that was made of it."""
        every = self.made_of(owner, (), dataset=dataset)
        self._store.models.delete_of(owner, dataset)
        others = self._erase(every, f"DELETE FROM runs WHERE owner = ? AND id IN ({_marks(every)})", owner, *every)
        self._db.change("DELETE FROM datasets WHERE id = ? AND owner = ?", dataset, owner)
        shutil.rmtree(self._store.directory / "datasets" / dataset, ignore_errors=True)
        self._store.forget_read(dataset)
        for one in {dataset, *others}:
            self._store.memos.forget(owner, one)
        self._settle()

    def everything(self, owner: str) -> None:
        """Delete all data of an owner, and the session itself."""
        for dataset in self._store.datasets(owner):
            self.dataset(owner, dataset.id)
        self._store.uploads.drop_all(owner)
        self._store.models.delete_of(owner)
        self._db.change("DELETE FROM sessions WHERE id = ?", owner)
        self._settle()

    def _erase(self, runs: Collection[str], statement: str, *values: Any) -> set[str]:
        """Carry out ``statement``, which deletes ``runs``, and remove all that lies beside them; the files they were about."""
        models = self._ids(f"SELECT id FROM models WHERE run IN ({_marks(runs)})", *runs)
        datasets = self._ids(f"SELECT DISTINCT dataset FROM runs WHERE id IN ({_marks(runs)})", *runs)
        for run in self._ids(f"SELECT id FROM runs WHERE state IN {LIVE} AND id IN ({_marks(runs)})", *runs):
            self._store.ledger.cancel(run)
        self._db.change(statement, *values)
        for run in runs:
            self._store.discard_result(run)
            self._store.clear_drafts(run)
            self._store.forget_read(run)
        for model in models:
            self._store.models.discard(model)
        return datasets

    def _children(self, owner: str, run: str) -> set[str]:
        found = [self._ids(f"SELECT id FROM runs WHERE owner = ? AND json_extract(request, '{about}') = ?", owner, run)
                 for about in _ABOUT]  # fmt: skip
        placed = self._ids(
            "SELECT runs.id FROM runs JOIN models ON json_extract(request, '$.model') = models.id"
            " WHERE runs.owner = ? AND models.run = ?", owner, run,
        )  # fmt: skip
        return set().union(*found, placed)

    def _settle(self) -> None:
        """Let nothing of what was deleted stay in the log of the database."""
        self._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def _ids(self, sql: str, *values: Any) -> set[str]:
        return {row[0] for row in self._db.rows(sql, *values)}


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))
