"""What people note about their runs: favourites, and a few words."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import BadRequest
from dashboard.store.database import Database

LONGEST = 2_000


@dataclass(frozen=True)
class Remark:
    favourite: bool = False
    note: str = ""


class Remarks:
    """By run; whose a run is, :class:`dashboard.store.Store` has checked."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, run: str) -> Remark:
        row = self._db.row("SELECT favourite, note FROM remarks WHERE run = ?", run)
        return Remark(bool(row["favourite"]), row["note"]) if row else Remark()

    def keep(self, run: str, remark: Remark) -> None:
        """Keep what is noted about a run; nothing where that is gone. Raises :class:`BadRequest` for a note of more than 2,000 characters."""
        if len(remark.note) > LONGEST:
            raise BadRequest(f"A note has at most {LONGEST:,} characters.", "Shorten it.")
        self._db.change(
            "INSERT OR REPLACE INTO remarks SELECT id, ?, ? FROM kept WHERE id = ?", int(remark.favourite), remark.note, run
        )

    def all(self, owner: str) -> dict[str, Remark]:
        """Those of all runs of this owner, by run."""
        rows = self._db.rows("SELECT remarks.* FROM remarks JOIN kept ON kept.id = run WHERE owner = ?", owner)
        return {row["run"]: Remark(bool(row["favourite"]), row["note"]) for row in rows}
