"""How far a run is: a bar on a terminal, one JSON line per step elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from core.pipeline import Report


@contextmanager
def progress() -> Iterator[Report]:
    """A report to hand to the pipeline. Lines carry step names only, never cells."""
    if sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield _line


@contextmanager
def _bar() -> Iterator[Report]:
    from tqdm import tqdm

    with tqdm(total=1, file=sys.stderr, leave=False, bar_format="{desc:<44.44} {bar} {n}/{total} [{elapsed}]") as bar:

        def report(step: str, done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.set_description_str(step)

        yield report


def _line(step: str, done: int, total: int) -> None:
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": "info",
        "event": "step",
        "step": step,
        "done": done,
        "total": total,
    }
    print(json.dumps(entry), file=sys.stderr, flush=True)
