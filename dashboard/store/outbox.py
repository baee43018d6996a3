"""What is to be told to MLflow: a row per finished run, kept until it has been told, and until it has been taken back.

A row is added after the run is done and from the database alone, so that no tracking server can delay or fail a run. It
holds ids, times and a reason of ours; what is told is made of the stored result when it is told.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from dashboard.store.database import Database

LOG, ERASE = "log", "erase"
TOLD = ("compare", "train")
"""The kinds of runs that are told."""


@dataclass(frozen=True)
class Letter:
    """One thing to tell: ``what`` (log or erase) of a ``run``, tried so often; ``remote`` is where it was sent."""

    run: str
    what: str
    tries: int
    remote: str


@dataclass(frozen=True)
class Standing:
    """How many entries of an owner's runs wait, have arrived or have failed so far; ``problem`` is why the last one failed.

    ``unerased`` is why entries of deleted runs, whoever's they were, are still where they were sent; "" where none is.
    """

    waiting: int = 0
    sent: int = 0
    failed: int = 0
    problem: str = ""
    unerased: str = ""


class Outbox:
    """By run; whose a run is, :class:`dashboard.store.Store` has checked. Times are UTC seconds."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def collect(self) -> None:
        """Add finished runs that are not here yet; what is gone for good is to be erased where it may have arrived.

        A run that was put aside is neither told nor erased while it can be taken back.
        """
        kinds = ", ".join(f"'{kind}'" for kind in TOLD)
        with self._db.write() as cursor:
            cursor.execute(
                "INSERT OR IGNORE INTO outbox (run, what, created) SELECT id, ?, ? FROM kept"
                f" WHERE state = 'done' AND kind IN ({kinds})",
                (LOG, time.time()),
            )
            cursor.execute(
                "DELETE FROM outbox WHERE what = ? AND tries = 0 AND sent IS NULL AND run NOT IN (SELECT id FROM runs)", (LOG,)
            )
            cursor.execute(
                "UPDATE outbox SET what = ?, sent = NULL, tries = 0, again = 0, problem = ''"
                " WHERE what = ? AND run NOT IN (SELECT id FROM runs)",
                (ERASE, LOG),
            )

    def pending(self) -> bool:
        """True when :meth:`collect` would change something; asked often, so it only reads."""
        kinds = ", ".join(f"'{kind}'" for kind in TOLD)
        row = self._db.row(
            f"SELECT EXISTS (SELECT 1 FROM kept WHERE state = 'done' AND kind IN ({kinds})"
            " AND id NOT IN (SELECT run FROM outbox)) OR EXISTS"
            " (SELECT 1 FROM outbox WHERE what = ? AND run NOT IN (SELECT id FROM runs)) AS found",
            LOG,
        )
        return bool(row and row["found"])

    def due(self, now: float, *, most: int = 20) -> tuple[Letter, ...]:
        """What may be tried now, the oldest first; erasures before anything else."""
        rows = self._db.rows(
            "SELECT run, what, tries, remote FROM outbox WHERE sent IS NULL AND again <= ? AND"
            " (what = ? OR run IN (SELECT id FROM kept)) ORDER BY what = ? DESC, created, run LIMIT ?",
            now, ERASE, ERASE, most,
        )  # fmt: skip
        return tuple(Letter(row["run"], row["what"], row["tries"], row["remote"]) for row in rows)

    def begin(self, letter: Letter, *, again: float) -> None:
        """Count a try before it is made: a process that hangs or is killed has tried, too."""
        self._db.change("UPDATE outbox SET tries = tries + 1, again = ? WHERE run = ? AND what = ?", again, letter.run, letter.what)

    def sent(self, letter: Letter, remote: str) -> None:
        """It has arrived. An erasure leaves nothing behind; an entry whose run went meanwhile stays to be erased."""
        if letter.what == ERASE:
            self._db.change("DELETE FROM outbox WHERE run = ? AND what = ?", letter.run, ERASE)
            return
        self._db.change("UPDATE outbox SET remote = ? WHERE run = ?", remote, letter.run)
        self._db.change(
            "UPDATE outbox SET sent = ?, problem = '' WHERE run = ? AND what = ?", time.time(), letter.run, LOG
        )

    def failed(self, letter: Letter, problem: str, *, again: float) -> None:
        """It has not arrived, because of ``problem`` (words of ours); not to be tried before ``again``."""
        self._db.change(
            "UPDATE outbox SET problem = ?, again = ? WHERE run = ? AND what = ? AND sent IS NULL",
            problem, again, letter.run, letter.what,
        )  # fmt: skip

    def hold(self, problem: str, *, until: float) -> None:
        """Nobody answers: whatever is due waits, for the same reason."""
        self._db.change(
            "UPDATE outbox SET problem = ?, again = max(again, ?) WHERE sent IS NULL", problem, until
        )

    def state(self, run: str) -> str:
        """Where the entry of a run stands: waiting, sent, failed (it is tried again), or "" where there is none."""
        row = self._db.row("SELECT sent, problem FROM outbox WHERE run = ?", run)
        if row is None:
            return ""
        return "sent" if row["sent"] is not None else "failed" if row["problem"] else "waiting"

    def problem(self, run: str) -> str:
        """Why the entry of a run has not arrived at the last try, "" where nothing is known to be wrong."""
        row = self._db.row("SELECT problem FROM outbox WHERE run = ?", run)
        return row["problem"] if row else ""

    def unerased(self) -> int:
        """Entries of deleted runs that their server has not yet been made to delete."""
        row = self._db.row("SELECT count(*) AS n FROM outbox WHERE what = ? AND problem != ''", ERASE)
        return row["n"] if row else 0

    def standing(self, owner: str) -> Standing:
        """How the entries of this owner's runs stand."""
        row = self._db.row(
            "SELECT count(*) FILTER (WHERE sent IS NULL AND problem = '') AS waiting, count(sent) AS sent,"
            " count(*) FILTER (WHERE sent IS NULL AND problem != '') AS failed,"
            " coalesce(max(problem), '') AS problem FROM outbox JOIN kept ON kept.id = outbox.run WHERE owner = ?",
            owner,
        )  # fmt: skip
        left = self._db.row("SELECT coalesce(max(problem), '') AS why FROM outbox WHERE what = ?", ERASE)
        return Standing(row["waiting"], row["sent"], row["failed"], row["problem"], left["why"])
