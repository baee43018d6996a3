"""How people shaped their segmentations: every version with its time and reason, one of them the present one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

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


CHANGE = "+"
"""Before the edits of a version that follow those of the version before it: what was moved once is written once."""
_VERSIONS = "SELECT number, shape, created FROM shapes WHERE run = ? AND candidate = ? ORDER BY number"


class Versions:
    """Shapes by run and candidate; whose a run is, :class:`dashboard.store.Store` has checked."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, run: str, candidate: str) -> Shaping:
        rows = self._db.rows(_VERSIONS, run, candidate)
        now = self._db.row("SELECT number FROM shaped WHERE run = ? AND candidate = ?", run, candidate)
        return Shaping(now["number"] if now else 0, _read(rows))

    def candidates(self, run: str) -> tuple[str, ...]:
        """The candidates of a run that are shaped at present, the one changed last before the others."""
        rows = self._db.rows(
            "SELECT shaped.candidate AS candidate FROM shaped JOIN shapes USING (run, candidate, number)"
            " WHERE shaped.run = ? ORDER BY shapes.created DESC, shaped.candidate", run,
        )  # fmt: skip
        return tuple(row["candidate"] for row in rows)

    def counts(self, owner: str) -> dict[str, int]:
        """How many versions each run of this owner has, all candidates together; runs without any are left out."""
        sql = "SELECT run, count(*) AS versions FROM shapes JOIN kept ON kept.id = run WHERE owner = ? GROUP BY run"
        return {row["run"]: row["versions"] for row in self._db.rows(sql, owner)}

    def add(self, run: str, candidate: str, shape: Shape, *, after: int) -> Shaping:
        """Make ``shape`` the version after number ``after``, which must be the present one; what was undone is gone."""
        with self._db.write() as cursor:
            found = cursor.execute("SELECT number FROM shaped WHERE run = ? AND candidate = ?", (run, candidate)).fetchone()
            if (found["number"] if found else 0) != after:
                raise BadRequest("This segmentation was changed elsewhere meanwhile.", "Look at it and try again.")
            cursor.execute("DELETE FROM shapes WHERE run = ? AND candidate = ? AND number > ?", (run, candidate, after))
            before = Shaping(after, _read(cursor.execute(_VERSIONS, (run, candidate)).fetchall())).shape
            text = _written(before, shape)
            cursor.execute("INSERT INTO shapes VALUES (?, ?, ?, ?, ?)", (run, candidate, after + 1, text, time.time()))
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


def _written(before: Shape, shape: Shape) -> str:
    """The text of a version that follows ``before``: what it adds, or all of it where it is no continuation."""
    known = len(before.edits)
    if not known or shape.edits[:known] != before.edits:
        return shape.to_json()
    return CHANGE + Shape(shape.edits[known:]).to_json()


def _read(rows: Sequence[Row]) -> tuple[Version, ...]:
    """The versions in ``rows``, the oldest first."""
    made: list[Version] = []
    for row in rows:
        before = made[-1].shape.edits if made and row["shape"].startswith(CHANGE) else ()
        added = Shape.from_json(row["shape"].removeprefix(CHANGE))
        made.append(Version(row["number"], Shape((*before, *added.edits)), row["created"]))
    return tuple(made)
