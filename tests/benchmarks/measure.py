"""What the benchmarks share: data with known groups and long tails, processes of their own, claims and their record.

Importing this puts the project on the path. It needs the standard library only
until data is asked for, so that environments of peers can import it, too.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

GROUPS = 5
BLOCK = 500_000
PART = "--part"


def customers(rows: int, columns: int = 8, seed: int = 0):  # noqa: ANN201  numpy is imported late
    """``(rows, columns)`` float64, standardised: five kinds of customers whose amounts have long (log-normal) tails.

    Filled block by block, so that making it takes little more memory than it holds.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    centres = random.normal(scale=0.9, size=(GROUPS, columns))
    values = np.empty((rows, columns))
    for start in range(0, rows, BLOCK):
        part = values[start : start + BLOCK]
        kinds = random.choice(GROUPS, len(part), p=[0.35, 0.25, 0.2, 0.15, 0.05])
        np.exp(centres[kinds] + random.normal(scale=0.4, size=part.shape), out=part)
    values -= values.mean(axis=0)
    values /= np.array([column.std() for column in values.T])
    return values


def write_customers(path: Path, rows: int, columns: int = 8) -> None:
    """:func:`customers` as a Parquet file with columns x0, x1, ..."""
    import pandas as pd

    values = customers(rows, columns)
    pd.DataFrame(values, columns=[f"x{at}" for at in range(columns)]).to_parquet(path, index=False)


def peak_mb() -> float:
    """Highest resident memory of this process so far, in MB.

    From ``/proc``: what ``getrusage`` tells of a child begins with the memory of its parent.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def warm() -> None:
    """Load what a job process of the app holds before it starts; peers are timed after their imports, too."""
    from dashboard.runner.forkserver import WARM

    for name in WARM:
        if not name.startswith("dashboard"):
            importlib.import_module(name)


class Failed(Exception):
    """``Failed(part, why)``: a part did not come back with a result."""


def alone(part: Callable[..., dict] | Path, python: str = sys.executable, **given: Any) -> dict:
    """``part(**given)`` in a fresh process: its result (plain JSON) with the process's ``peak_mb`` and ``cpu_seconds``.

    A path is a script whose only part is named ``main_part``. Raises :class:`Failed`.
    """
    script = part if isinstance(part, Path) else Path(sys.modules[part.__module__].__file__)
    name = "main_part" if isinstance(part, Path) else part.__name__
    with tempfile.TemporaryDirectory() as folder:
        command = [python, str(script), PART, name, json.dumps(given)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(name, (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1][:300])
    return json.loads(done.stdout.splitlines()[-1])


def begin(main: Callable[[int | None], None] | None, *parts: Callable[..., dict]) -> None:
    """What a script ends with: run one part for :func:`alone`, or all with ``main(rows)``, rows None for full size."""
    if sys.argv[1:2] == [PART]:
        part = {one.__name__: one for one in parts}[sys.argv[2]]
        found = part(**json.loads(sys.argv[3]))
        print(json.dumps({**found, "peak_mb": round(peak_mb()), "cpu_seconds": round(time.process_time(), 1)}))
        return
    words = argparse.ArgumentParser()
    words.add_argument("--rows", type=int, help="a smaller run that is shown and not recorded")
    main(words.parse_args().rows)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What ``work`` gives, and the seconds it took."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


@dataclass(frozen=True)
class Claim:
    """One measured figure. ``goal`` is met from above (``at_least``) or from below; None where none is set.

    ``ratio`` says how many times quicker than ``peer`` it was in the same run.
    """

    what: str
    measured: float
    unit: str = ""
    goal: float | None = None
    at_least: bool = False
    peer: str = ""
    ratio: float | None = None

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal

    def __str__(self) -> str:
        sign = "at least" if self.at_least else "at most"
        goal = "no goal" if self.goal is None else f"goal {sign} {self.goal:g} {self.unit}".rstrip()
        against = f"; {self.ratio:.1f} times as fast as {self.peer}" if self.ratio is not None else ""
        verdict = {True: "met", False: "MISSED", None: "told"}[self.met]
        return f"[{verdict}] {self.what}: {self.measured:.4g} {self.unit}".rstrip() + f" ({goal}){against}"


def machine() -> dict[str, Any]:
    """What the figures were measured on, without a date."""
    names = ("numpy", "scipy", "scikit-learn")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in names},
    }


def tell(
    name: str, claims: list[Claim], details: Mapping[str, Any], *, before: Mapping[str, Any], record: bool
) -> None:
    """Print one line per claim, and keep all in ``name``.json beside the benchmarks where ``record``."""
    for claim in claims:
        print(claim)
    body = {"machine": before, "claims": [asdict(one) | {"met": one.met} for one in claims], **details}
    if record:
        (HERE / f"{name}.json").write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
    else:
        print(json.dumps(body, indent=2))
