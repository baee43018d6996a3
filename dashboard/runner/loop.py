"""The thread that starts queued runs when a slot is free and notices jobs that are gone.

Every web process has one; a file lock elects which of them works, so several
processes on one data directory are as safe as one. Nothing here depends on a
browser: a job whose tab was closed starts and ends like any other.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from typing import IO, Protocol

from dashboard.runner.lifecycle import where
from dashboard.store import ACTIVE, Store
from dashboard.store.ledger import Work
from dashboard.store.processes import alive, kill, this_host

TICK_SECONDS = 0.25
SILENT_SECONDS = 12.0
STOP_SECONDS = 20.0
SWEEP_SECONDS = 3600.0
PULSE_SECONDS = 10.0
log = logging.getLogger(__name__)


class Launcher(Protocol):
    """How a job gets a process."""

    def warm(self) -> None: ...
    def free(self, active: set[str]) -> int: ...
    def start(self, run: str) -> None: ...
    def started(self, run: str) -> bool: ...
    def ended(self) -> tuple[str, ...]: ...
    def stop(self, run: str, host: str, pid: int, birth: int) -> bool: ...
    def close(self) -> None: ...


class Poster(Protocol):
    """What is done for finished runs beside the jobs; see :class:`dashboard.tracking.post.Post`."""

    def look(self) -> None: ...
    def close(self) -> None: ...


class Runner:
    """``start`` once in each web process; ``wake`` after a request; ``stop`` at the end."""

    def __init__(self, store: Store, launcher: Launcher, session_days: int, *, post: Poster | None = None) -> None:
        self._store = store
        self._launcher = launcher
        self._days = session_days
        self._post = post
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._lock: IO[str] | None = None
        self._lock_path = store.directory / "runner.lock"
        self._thread = threading.Thread(target=self._live, name="runner", daemon=True)
        self._beats: dict[str, tuple[int, float]] = {}
        self._asked: dict[str, float] = {}
        self._swept = 0.0

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Look now instead of at the next tick."""
        self._wake.set()

    def alive(self) -> bool:
        """True while some process's runner works on this data directory."""
        try:
            return self._thread.is_alive() and time.time() - self._lock_path.stat().st_mtime < PULSE_SECONDS
        except FileNotFoundError:
            return False

    def stop(self) -> None:
        """End the loop; jobs on this machine are stopped and shown as interrupted."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _live(self) -> None:
        try:
            while not self._stop.is_set():
                self._try_tick()
                self._wake.wait(TICK_SECONDS)
                self._wake.clear()
            if self._lock is not None:
                self._leave()
        finally:
            self._store.database.close()
            if self._lock is not None:
                self._lock.close()

    def _try_tick(self) -> None:
        try:
            if self._elected():
                os.utime(self._lock_path)
                self.tick()
                if self._post is not None:
                    self._post.look()
        except Exception as defect:  # a full disk or a busy database must not end the watch: look again next tick
            log.error("the runner stumbled: %s", where(defect))

    def _elected(self) -> bool:
        if self._lock is not None:
            return True
        handle = self._lock_path.open("a")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._lock = handle
        self._launcher.warm()
        return True

    def tick(self) -> None:
        """One look: stop what was cancelled, mark what is gone, start what fits."""
        self._end_stuck()
        for run, *process in self._store.ledger.stops():
            if self._launcher.stop(run, *process):
                self._store.clear_drafts(run)
                self._store.ledger.stopped(run)
        ended = self._launcher.ended()
        active = self._store.ledger.work(*ACTIVE)
        for work in active:
            if self._gone(work):
                self._interrupt(work.id)
        for run in ended:  # died before it could even claim its run
            if self._store.ledger.state(run) == "queued":
                self._interrupt(run)
        self._start_queued({work.id for work in active})
        self._store.deleting.empty()
        if time.monotonic() - self._swept > SWEEP_SECONDS or not self._swept:
            self._swept = time.monotonic()
            self._store.sweep(self._days)

    def _end_stuck(self) -> None:
        """Cancel what was asked to stop and has not got out of its fits in time."""
        now = time.monotonic()
        self._asked = {run: self._asked.get(run, now) for run in self._store.ledger.stopping()}
        for run, since in self._asked.items():
            if now - since > STOP_SECONDS and self._store.ledger.cancel(run):
                log.warning("run %s did not stop in time and is cancelled", run)

    def _start_queued(self, active: set[str]) -> None:
        for work in self._store.ledger.work("queued"):
            if self._launcher.started(work.id):
                continue
            if self._launcher.free(active) <= 0:
                return
            self._launcher.start(work.id)

    def _gone(self, work: Work) -> bool:
        """On this machine the process itself is looked at; elsewhere only its heart can be heard.

        Silence is counted on this process's monotonic clock since the last
        beat it heard, so that no change of the wall clock ends a job.
        """
        if work.host == this_host():
            return not alive(work.pid, work.birth)
        beat, heard = self._beats.get(work.id, (-1, 0.0))
        if beat != work.beat:
            self._beats[work.id] = (work.beat, time.monotonic())
            return False
        return time.monotonic() - heard > SILENT_SECONDS

    def _interrupt(self, run: str) -> None:
        if self._store.ledger.interrupt(run):
            log.warning("run %s was interrupted: its process is gone", run)
        self._store.clear_drafts(run)
        self._beats.pop(run, None)

    def _leave(self) -> None:
        if self._post is not None:
            self._post.close()
        self._launcher.close()
        for work in self._store.ledger.work(*ACTIVE):
            if work.host == this_host():
                kill(work.pid, work.birth)
                self._interrupt(work.id)
