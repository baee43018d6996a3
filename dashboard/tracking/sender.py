"""The process that tells MLflow what waits: ``python -m dashboard.tracking.sender``, started by :mod:`dashboard.tracking.post`.

The only one that ever imports MLflow. It tries what is due once and goes; nobody waits for it.
"""

from __future__ import annotations

import fcntl
import io
import os
import re
import sqlite3
import sys
import time
import tomllib
from typing import Any

from core.errors import SegmentationError
from dashboard import settings as settings_of
from dashboard.settings import Settings
from dashboard.store import Store
from dashboard.store.outbox import ERASE, Letter
from dashboard.tracking import target

FIRST_SECONDS, LONGEST_SECONDS = 5.0, 300.0
NO_ANSWER, NO_SPACE, ELSEWHERE = "no answer from the server", "no space left on the disk", "it was sent to another server"
NOT_INSTALLED, GONE = "MLflow is not installed", "the stored result cannot be read any more"
_STATUS = re.compile(r"error code (\d{3})\b|too many (\d{3}) error responses")


class Unanswered(Exception):
    """Trying the other entries would only wait again."""


class Elsewhere(Exception):
    """The entry lies where the settings do not lead any more."""


def pause(tries: int) -> float:
    """Seconds until the next try: 5, 10, 20 ... at most 300."""
    return min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(tries, 10))


def reason(defect: BaseException) -> str:
    """Why an entry did not arrive, in words of ours: messages of libraries quote addresses and what was sent."""
    if isinstance(defect, Elsewhere):
        return ELSEWHERE
    seen = f"{defect}"
    number = _status(defect, seen)
    if number in (401, 403):
        return f"the server refused us ({number})"
    if number:
        return f"the server answered with error {number}"
    if getattr(defect, "errno", None) == 28 or "disk is full" in seen or "No space left" in seen:
        return NO_SPACE
    if isinstance(defect, (TimeoutError, ConnectionError)) or "API request to" in seen or "Timeout" in type(defect).__name__:
        return NO_ANSWER
    return f"it failed ({type(defect).__name__})"


def _status(defect: BaseException, seen: str) -> int:
    """The HTTP status behind a defect of MLflow, 0 where there is none."""
    found = _STATUS.search(seen)
    if found:
        return int(found.group(1) or found.group(2))
    return defect.get_http_status_code() if type(defect).__name__ == "RestException" else 0


def main() -> int:
    """Tell everything that is due; 0 whatever came of it: the outbox says how each entry stands."""
    os.umask(0o077)
    os.nice(10)
    here = settings_of.read()
    folder = target.folder(here.data_dir)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # two at once could write an entry twice
            return 0
        tell(Store(here.data_dir), here)
    return 0


def tell(store: Store, here: Settings) -> None:
    """Try each letter that is due once; stop at the first sign that nobody answers."""
    letters = store.outbox.due(time.time())
    if not letters:
        return
    tries = max(letter.tries for letter in letters)
    for letter in letters:
        store.outbox.begin(letter, again=time.time() + pause(letter.tries))
    try:
        tracked = _tracked(here)
        for letter in letters:
            _one(store, here, tracked, letter)
    except Unanswered as why:
        store.outbox.hold(str(why), until=time.time() + pause(tries))


def _tracked(here: Settings) -> Any:
    try:
        from dashboard.tracking.mlflow_store import Tracked
    except ImportError:
        raise Unanswered(NOT_INSTALLED) from None
    try:
        return Tracked(target.uri_of(here), None if here.tracking_uri else target.folder(here.data_dir))
    except Exception as defect:
        raise Unanswered(reason(defect)) from None


def _one(store: Store, here: Settings, tracked: Any, letter: Letter) -> None:
    try:
        store.outbox.sent(letter, _carried_out(store, here, tracked, letter))
    except SegmentationError:
        store.outbox.failed(letter, GONE, again=time.time() + LONGEST_SECONDS)
    except Exception as defect:
        why = reason(defect)
        store.outbox.failed(letter, why, again=time.time() + pause(letter.tries))
        if why in (NO_ANSWER, NO_SPACE) or isinstance(defect, sqlite3.Error):
            raise Unanswered(why) from None


def _carried_out(store: Store, here: Settings, tracked: Any, letter: Letter) -> str:
    """Tell one letter; where it is now. Raises what MLflow raises."""
    mark = target.mark(here)
    if letter.what == ERASE:
        if letter.remote and letter.remote.partition("|")[0] != mark:
            raise Elsewhere(ELSEWHERE)
        tracked.erase(letter.run)
        return ""
    run = store.run(store.ledger.owner_of(letter.run), letter.run)
    entry = _entry(store, here, run)
    tags = {"segment_atlas.kind": run.kind, "segment_atlas.version": _version()}
    if run.kind == "train":
        tags["segment_atlas.compared"] = str(run.request.get("run", ""))
    return f"{mark}|{tracked.log(run.id, entry, created=run.started or run.created, tags=tags)}"


def _version() -> str:
    return tomllib.loads((settings_of.ROOT / "pyproject.toml").read_text())["project"]["version"]


def _entry(store: Store, here: Settings, run: Any) -> Any:
    from dashboard.tracking import entries

    owner = store.ledger.owner_of(run.id)
    noun = store.result(owner, run.id, run.kind)
    if run.kind == "compare":
        seconds = (run.ended or 0.0) - (run.started or run.ended or 0.0)
        return entries.of_comparison(noun, seconds=seconds, partial=run.partial)
    return entries.of_model(noun, _zipped(noun) if here.tracking_models else None)


def _zipped(model: Any) -> bytes:
    from core.bundles.model_zip import write_model

    stream = io.BytesIO()
    write_model(model, stream, key=None)  # the key of this server stays where it is
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
