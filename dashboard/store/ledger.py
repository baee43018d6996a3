"""The life of runs: who may change which state into which.

    queued -> running -> saving -> done
       |         |          |----> failed | cancelled | interrupted
       |         `---------------> failed | cancelled | interrupted
       `-------------------------> failed | cancelled | interrupted

Each change is one UPDATE guarded by the states it may leave and, for the job
itself, by the token it got when it claimed the run. So exactly one terminal
state is ever reached, and a job that was given up cannot speak any more.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import ids
from dashboard.store.database import Database
from dashboard.store.records import ACTIVE, LIVE, Problem, Run, Superseded

_INTERRUPTED = Problem(
    "INTERRUPTED", "The job stopped before it was finished: its process ended unexpectedly.", "Run it again."
)


@dataclass(frozen=True)
class Work:
    """What the runner knows of an open run: where its process is and how often its heart has beaten."""

    id: str
    kind: str
    owner: str
    dataset: str
    state: str
    host: str
    pid: int
    birth: int
    beat: int


class Ledger:
    """State changes of runs; ownership is the business of :class:`dashboard.store.Store`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def queue(self, owner: str, dataset: str, kind: str, *, request: Mapping[str, Any], key: str, cap: int,
              reuse_done: bool) -> tuple[str, bool]:  # fmt: skip
        """Join an equal run of this owner or add a new one: (run id, is new). An id of "" means the cap is reached."""
        states = (*LIVE, "done") if reuse_done else LIVE
        marks = ", ".join("?" * len(states))
        with self._db.write() as cursor:
            equal = cursor.execute(
                f"SELECT id FROM runs WHERE owner = ? AND key = ? AND state IN ({marks}) ORDER BY created DESC",
                (owner, key, *states),
            ).fetchone()
            if equal:
                return equal["id"], False
            count = cursor.execute(f"SELECT count(*) FROM runs WHERE owner = ? AND state IN {LIVE}", (owner,))
            if count.fetchone()[0] >= cap:
                return "", False
            run = ids.new_id()
            cursor.execute(
                "INSERT INTO runs (id, owner, dataset, kind, request, key, state, created)"
                " VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)",
                (run, owner, dataset, kind, json.dumps(dict(request), sort_keys=True), key, time.time()),
            )
            return run, True

    def claim(self, run: str, *, host: str, pid: int, birth: int) -> int:
        """Take a queued run for this process; the token to speak with. Raises :class:`Superseded` when it is gone."""
        with self._db.write() as cursor:
            row = cursor.execute(
                "UPDATE runs SET state = 'running', token = token + 1, started = ?, host = ?, pid = ?, birth = ?"
                " WHERE id = ? AND state = 'queued' RETURNING token",
                (time.time(), host, pid, birth, run),
            ).fetchone()
        if row is None:
            raise Superseded(run)
        return row["token"]

    def progress(self, run: str, token: int, *, step: str, done: int, total: int) -> None:
        self._as_job(run, token, "step = ?, done = ?, total = ?", (step, done, total), states=("running",))

    def beat(self, run: str, token: int) -> None:
        self._as_job(run, token, "beat = beat + 1", ())

    def saving(self, run: str, token: int) -> None:
        self._as_job(run, token, "state = 'saving'", (), states=("running",))

    def finish(self, run: str, token: int, digest: str) -> None:
        """Done; ``digest`` is that of the artefact's manifest, which must be on disk by now."""
        self._as_job(
            run, token, "state = 'done', digest = ?, ended = ?, pid = 0", (digest, time.time()), states=("saving",)
        )

    def fail(self, run: str, problem: Problem, *, token: int | None = None) -> bool:
        """End an open run with a problem; False when it had ended before."""
        return self._end(run, "failed", problem, token)

    def cancel(self, run: str) -> bool:
        """End an open run by its owner's wish; its process is noted for stopping."""
        return self._end(run, "cancelled", Problem("CANCELLED", "The job was cancelled.", "Run it again."), None)

    def interrupt(self, run: str) -> bool:
        """End an open run whose process is gone."""
        return self._end(run, "interrupted", _INTERRUPTED, None)

    def state(self, run: str) -> str:
        """The state, or "" when the run was deleted."""
        row = self._db.row("SELECT state FROM runs WHERE id = ?", run)
        return row["state"] if row else ""

    def owner_of(self, run: str) -> str:
        """Whose run this is, or "" when there is none."""
        row = self._db.row("SELECT owner FROM runs WHERE id = ?", run)
        return row["owner"] if row else ""

    def work(self, *states: str) -> tuple[Work, ...]:
        """Runs in these states, oldest first."""
        marks = ", ".join("?" * len(states))
        rows = self._db.rows(f"SELECT * FROM runs WHERE state IN ({marks}) ORDER BY created, id", *states)
        names = Work.__dataclass_fields__
        return tuple(Work(**{name: row[name] for name in names}) for row in rows)

    def stops(self) -> tuple[tuple[str, str, int, int], ...]:
        """Processes to be stopped: (run, host, pid, birth)."""
        return tuple(tuple(row) for row in self._db.rows("SELECT run, host, pid, birth FROM stops"))

    def stopped(self, run: str) -> None:
        self._db.change("DELETE FROM stops WHERE run = ?", run)

    def as_run(self, row: sqlite3.Row) -> Run:
        place = 0
        if row["state"] == "queued":
            place = 1 + self._db.row(
                "SELECT count(*) FROM runs WHERE state = 'queued' AND (created, id) < (?, ?)", row["created"], row["id"]
            )[0]  # fmt: skip
        problem = Problem(row["code"], row["text"], row["hint"], row["reference"]) if row["code"] else None
        known = {name: row[name] for name in Run.__dataclass_fields__ if name not in ("request", "place", "problem")}
        return Run(**known, request=json.loads(row["request"]), place=place, problem=problem)

    def _as_job(self, run: str, token: int, assignments: str, values: tuple, states: tuple[str, ...] = ACTIVE) -> None:
        marks = ", ".join("?" * len(states))
        touched = self._db.change(
            f"UPDATE runs SET {assignments} WHERE id = ? AND token = ? AND state IN ({marks})",
            *values, run, token, *states,
        )  # fmt: skip
        if not touched:
            raise Superseded(run)

    def _end(self, run: str, state: str, problem: Problem, token: int | None) -> bool:
        with self._db.write() as cursor:
            found = cursor.execute(
                f"SELECT host, pid, birth FROM runs WHERE id = ? AND state IN {LIVE} AND (? IS NULL OR token = ?)",
                (run, token, token),
            ).fetchone()
            if not found:
                return False
            cursor.execute(
                "UPDATE runs SET state = ?, code = ?, text = ?, hint = ?, reference = ?, ended = ?, pid = 0"
                " WHERE id = ?",
                (state, problem.code, problem.text, problem.hint, problem.reference, time.time(), run),
            )
            if state == "cancelled":
                cursor.execute("INSERT OR REPLACE INTO stops VALUES (?, ?, ?, ?)", (run, *found))
        return True
