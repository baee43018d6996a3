"""How people shaped their segmentations: every version with its time and reason, one of them the present one."""

from __future__ import annotations

import time
from dataclasses import dataclass

from core.errors import BadRequest
from core.model import Shape
from dashboard.store.database import Database


@dataclass(frozen=True)
class Version:
    """One version: ``number`` from 1, made at ``created`` (UTC seconds); its last edit says what was done and why."""

    number: int
    shape: Shape
    created: float


@dataclass(frozen=True)
class Shaping:
    """The ``versions`` of one segmentation, the oldest first; ``now`` is the number of the present one, 0 before any."""

    now: int = 0
    versions: tuple[Version, ...] = ()

    @property
    def shape(self) -> Shape:
        """The present shape."""
        return next((one.shape for one in self.versions if one.number == self.now), Shape())

    @property
    def redone(self) -> int:
        """The number that redo leads to, 0 where there is nothing to redo."""
        return min((one.number for one in self.versions if one.number > self.now), default=0)

    @property
    def undone(self) -> int | None:
        """The number that undo leads to, None where there is nothing to undo."""
        return None if not self.now else max((one.number for one in self.versions if one.number < self.now), default=0)


class Versions:
    """Shapes by run and candidate; whose a run is, :class:`dashboard.store.Store` has checked."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, run: str, candidate: str) -> Shaping:
        rows = self._db.rows(
            "SELECT number, shape, created FROM shapes WHERE run = ? AND candidate = ? ORDER BY number", run, candidate
        )
        now = self._db.row("SELECT number FROM shaped WHERE run = ? AND candidate = ?", run, candidate)
        made = tuple(Version(row["number"], Shape.from_json(row["shape"]), row["created"]) for row in rows)
        return Shaping(now["number"] if now else 0, made)

    def candidates(self, run: str) -> tuple[str, ...]:
        """The candidates of a run that are shaped at present, the one changed last before the others."""
        rows = self._db.rows(
            "SELECT shaped.candidate AS candidate FROM shaped JOIN shapes USING (run, candidate, number)"
            " WHERE shaped.run = ? ORDER BY shapes.created DESC, shaped.candidate", run,
        )  # fmt: skip
        return tuple(row["candidate"] for row in rows)

    def add(self, run: str, candidate: str, shape: Shape, *, after: int) -> Shaping:
        """Make ``shape`` the version after number ``after``, which must be the present one; what was undone is gone."""
        with self._db.write() as cursor:
            found = cursor.execute("SELECT number FROM shaped WHERE run = ? AND candidate = ?", (run, candidate)).fetchone()
            if (found["number"] if found else 0) != after:
                raise BadRequest("This segmentation was changed elsewhere meanwhile.", "Look at it and try again.")
            cursor.execute("DELETE FROM shapes WHERE run = ? AND candidate = ? AND number > ?", (run, candidate, after))
            cursor.execute("INSERT INTO shapes VALUES (?, ?, ?, ?, ?)", (run, candidate, after + 1, shape.to_json(), time.time()))
            cursor.execute("INSERT OR REPLACE INTO shaped VALUES (?, ?, ?)", (run, candidate, after + 1))
        return self.of(run, candidate)

    def go(self, run: str, candidate: str, number: int) -> Shaping:
        """Make version ``number`` the present one (0: as it was fitted): undo and redo."""
        with self._db.write() as cursor:
            known = cursor.execute(
                "SELECT 1 FROM shapes WHERE run = ? AND candidate = ? AND number = ?", (run, candidate, number)
            ).fetchone()
            if number != 0 and known is None:
                raise BadRequest("There is no such version of this segmentation.", "Reload the page.")
            cursor.execute("INSERT OR REPLACE INTO shaped VALUES (?, ?, ?)", (run, candidate, number))
        return self.of(run, candidate)
