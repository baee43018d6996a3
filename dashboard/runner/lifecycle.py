"""One job from claim to terminal state, inside the process that computes it."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from core.errors import SegmentationError, Stopped
from dashboard import ids
from dashboard.store import STOPPABLE, Problem, Store, Superseded
from dashboard.store.processes import birth, this_host

BEAT_SECONDS = 2.0
REPORT_SECONDS = 0.2
Report = Callable[[str, int, int], None]
Work = Callable[[Report, int], Any]
Save = Callable[[Any, int], tuple[str, bool]]
FULL = "The server's disk is full."
ROOM = "Nothing that was there is lost. Delete what you no longer need, or ask whoever runs it to make room, then try again."
log = logging.getLogger(__name__)


def carry_out(store: Store, run: str, work: Work, save: Save) -> str:
    """Claim the run, compute, save, finish. Every end is told to the store; the return value is the run id.

    ``work(report, token)`` gives the result, ``save(result, token)`` its digest and
    whether it is partial. Someone else having claimed, cancelled or deleted the run is no error: this
    process then has nothing to say and goes.
    """
    try:
        token = store.ledger.claim(run, host=this_host(), pid=os.getpid(), birth=birth(os.getpid()))
    except Superseded:
        return run
    with Heart(store, run, token):
        try:
            noun = work(reporter(store, run, token), token)
            store.ledger.saving(run, token)
            digest, partial = save(noun, token)
            _finish(store, run, token, digest, partial)
        except Superseded:
            log.info("run %s was ended by somebody else", run)
        except Stopped:
            store.ledger.give_up(run, token)
        except SegmentationError as problem:
            store.ledger.fail(run, Problem(problem.code, str(problem), problem.hint), token=token)
        except Exception as defect:
            store.clear_drafts(run)  # on a full disk there is no room to say so before it goes
            store.ledger.fail(run, defect_problem(defect), token=token)
    return run


def _finish(store: Store, run: str, token: int, digest: str, partial: bool) -> None:
    try:
        store.ledger.finish(run, token, digest, partial=partial)
    except Exception:  # ended by somebody else, or no room for one word more
        store.discard_result(run)
        raise


def reporter(store: Store, run: str, token: int) -> Report:
    """A progress function that writes at most five times a second, and raises when the run is no longer ours.

    It raises :class:`Stopped` once, after the owner has asked for it, in a step that
    has something to leave out; later steps then tell how far the rest is.
    """
    last = {"at": 0.0, "step": "", "stopped": False}

    def report(step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step == last["step"] and done < total and now - last["at"] < REPORT_SECONDS:
            return
        last.update(at=now, step=step)
        asked = store.ledger.progress(run, token, step=step, done=int(done), total=int(total))
        if asked and step.startswith(STOPPABLE) and not last["stopped"]:
            last["stopped"] = True
            raise Stopped()

    return report


def defect_problem(defect: BaseException) -> Problem:
    """What a person reads when something broke that should not; the log gets the place, never a value."""
    if isinstance(defect, MemoryError):
        return Problem(
            "OUT_OF_MEMORY", "The job needed more memory than this machine has.", "Use fewer columns or customers."
        )
    if out_of_room(defect):
        return Problem("DISK_FULL", FULL, ROOM)
    reference = ids.reference()
    log.error("defect %s: %s", reference, where(defect))
    return Problem(
        "DEFECT",
        f"Something went wrong that should not (reference {reference}).",
        "Try again; if it happens again, pass the reference on to whoever runs this server.",
        reference,
    )


def out_of_room(defect: BaseException) -> bool:
    """Whether it is the disk that is full: nobody's mistake, and it passes."""
    if isinstance(defect, sqlite3.Error):
        return getattr(defect, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(defect, OSError) and defect.errno in (errno.ENOSPC, errno.EDQUOT)


def where(defect: BaseException) -> str:
    """Type and place of a defect. Its message is left out: it may quote cells of the data."""
    frames = traceback.extract_tb(defect.__traceback__)
    places = " <- ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(defect).__name__} at {places}"


class Heart:
    """Beats into the store while the job lives, for watchers that cannot see this process."""

    def __init__(self, store: Store, run: str, token: int) -> None:
        self._store, self._run, self._token = store, run, token
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heart-{run[:6]}", daemon=True)

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(BEAT_SECONDS):
                self._store.ledger.beat(self._run, self._token)
        except Superseded:
            return
        finally:
            self._store.database.close()
