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
        """Raises :class:`BadRequest` for a note of more than 2,000 characters."""
        if len(remark.note) > LONGEST:
            raise BadRequest(f"A note has at most {LONGEST:,} characters.", "Shorten it.")
        self._db.change("INSERT OR REPLACE INTO remarks VALUES (?, ?, ?)", run, int(remark.favourite), remark.note)
