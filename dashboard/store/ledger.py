"""The life of runs: who may change which state into which.

    queued -> running -> saving -> done
       |         |          |----> failed | cancelled | interrupted
       |         `---------------> failed | cancelled | interrupted
       `-------------------------> failed | cancelled | interrupted

Each change is one UPDATE guarded by the states it may leave and, for the job
itself, by the token it got when it claimed the run. So exactly one terminal
state is ever reached, and a job that was given up cannot speak any more.

A comparison may also be asked to stop: it stays running, is not joined by equal
requests any more, and ends as done with what is finished, marked as partial.
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
from dashboard.store.records import ACTIVE, FITTING, LIVE, Problem, Run, Superseded

FINISHED_MOST = 500
ROW_CHARACTERS = 2000

_INTERRUPTED = Problem(
    "INTERRUPTED", "The job stopped before it was finished: its process ended unexpectedly.", "Run it again."
)
_CANCELLED = Problem("CANCELLED", "The job was cancelled.", "Run it again.")


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
        """Join an equal run of this owner or add a new one: (run id, is new). An id of "" means the cap is reached.

        Nothing that was stopped, or is about to stop, is an answer to a later request.
        """
        done = " OR (state = 'done' AND partial = 0)" if reuse_done else ""
        with self._db.write() as cursor:
            equal = cursor.execute(
                f"SELECT id FROM kept WHERE owner = ? AND key = ? AND ((state IN {LIVE} AND stopping = 0){done})"
                " ORDER BY created DESC",
                (owner, key),
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
                (run, owner, dataset, kind, json.dumps(dict(request), sort_keys=True, allow_nan=False), key, time.time()),
            )
            return run, True

    def recall(self, run: str) -> None:
        """Count a finished run as asked for just now, so that it is the newest of its kind."""
        self._db.change("UPDATE runs SET created = ? WHERE id = ? AND state = 'done'", time.time(), run)

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

    def progress(self, run: str, token: int, *, step: str, done: int, total: int) -> bool:
        """Tell how far the job is; True when its owner has asked it to stop."""
        touched = self._as_job(run, token, "step = ?, done = ?, total = ?", (step, done, total), states=("running",))
        return touched["stopping"] > 0

    def show(self, run: str, token: int, row: Mapping[str, Any], *, usable: bool) -> None:
        """Note a finished candidate (see :class:`Run`); beyond ``FINISHED_MOST`` the oldest one goes."""
        text = json.dumps(dict(row), ensure_ascii=False)
        if len(text) > ROW_CHARACTERS:
            raise ValueError(f"a finished candidate is told in {ROW_CHARACTERS} characters, not {len(text)}")
        with self._db.write() as cursor:
            number = cursor.execute(
                "INSERT INTO finished SELECT id, (SELECT coalesce(max(number), 0) + 1 FROM finished WHERE run = ?1), ?3, ?4"
                " FROM runs WHERE id = ?1 AND token = ?2 AND state = 'running' RETURNING number",
                (run, token, int(usable), text),
            ).fetchall()
            if not number:
                raise Superseded(run)
            cursor.execute("DELETE FROM finished WHERE run = ? AND number <= ?", (run, number[0][0] - FINISHED_MOST))

    def beat(self, run: str, token: int) -> None:
        self._as_job(run, token, "beat = beat + 1", ())

    def saving(self, run: str, token: int) -> None:
        self._as_job(run, token, "state = 'saving'", (), states=("running",))

    def finish(self, run: str, token: int, digest: str, *, partial: bool = False) -> None:
        """Done; ``digest`` is that of the artefact's manifest, which must be on disk by now."""
        done = "state = 'done', digest = ?, partial = ?, ended = ?, pid = 0"
        self._as_job(run, token, done, (digest, int(partial), time.time()), states=("saving",))
        self._db.change("DELETE FROM finished WHERE run = ?", run)

    def fail(self, run: str, problem: Problem, *, token: int | None = None) -> bool:
        """End an open run with a problem; False when it had ended before."""
        return self._end(run, "failed", problem, token)

    def stop(self, run: str) -> bool:
        """Ask a comparison to end with what is finished; False when nothing is, or when it was asked before."""
        asked = self._db.change(
            f"UPDATE runs SET stopping = ? WHERE id = ? AND kind = 'compare' AND state IN {ACTIVE} AND stopping = 0"
            " AND EXISTS (SELECT 1 FROM finished WHERE run = runs.id AND usable)",
            time.time(), run,
        )  # fmt: skip
        return asked > 0

    def stopping(self) -> tuple[str, ...]:
        """Comparisons that were asked to stop and still wait for the fits that are under way."""
        sql = "SELECT id FROM runs WHERE state = 'running' AND stopping > 0 AND step LIKE ? || '%'"
        return tuple(row["id"] for row in self._db.rows(sql, FITTING))

    def cancel(self, run: str) -> bool:
        """End an open run by its owner's wish; its process is noted for stopping."""
        return self._end(run, "cancelled", _CANCELLED, None)

    def give_up(self, run: str, token: int) -> bool:
        """End an open run by its owner's wish, told by its own job, which needs no stopping any more."""
        return self._end(run, "cancelled", _CANCELLED, token)

    def interrupt(self, run: str) -> bool:
        """End an open run whose process is gone."""
        return self._end(run, "interrupted", _INTERRUPTED, None)

    def state(self, run: str) -> str:
        """The state, or "" when the run was deleted."""
        row = self._db.row("SELECT state FROM runs WHERE id = ?", run)
        return row["state"] if row else ""

    def owner_of(self, run: str) -> str:
        """Whose run this is, or "" when there is none."""
        row = self._db.row("SELECT owner FROM kept WHERE id = ?", run)
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
        made = ("request", "place", "problem", "partial", "finished")
        known = {name: row[name] for name in Run.__dataclass_fields__ if name not in made}
        return Run(
            **known,
            request=json.loads(row["request"]),
            place=place,
            problem=problem,
            partial=bool(row["partial"]),
            finished=self._finished(row),
        )

    def _finished(self, row: sqlite3.Row) -> tuple[dict[str, Any], ...]:
        if row["kind"] != "compare" or row["state"] not in ACTIVE:
            return ()
        rows = self._db.rows("SELECT row FROM finished WHERE run = ? ORDER BY number DESC", row["id"])
        return tuple(json.loads(one["row"]) for one in rows)

    def _as_job(
        self, run: str, token: int, assignments: str, values: tuple, states: tuple[str, ...] = ACTIVE
    ) -> sqlite3.Row:
        marks = ", ".join("?" * len(states))
        with self._db.write() as cursor:
            touched = cursor.execute(
                f"UPDATE runs SET {assignments} WHERE id = ? AND token = ? AND state IN ({marks}) RETURNING stopping",
                (*values, run, token, *states),
            ).fetchall()
        if not touched:
            raise Superseded(run)
        return touched[0]

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
            cursor.execute("DELETE FROM finished WHERE run = ?", (run,))
            if state == "cancelled" and token is None:
                cursor.execute("INSERT OR REPLACE INTO stops VALUES (?, ?, ?, ?)", (run, *found))
        return True
