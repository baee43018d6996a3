"""How near the estimates before a run come: seconds and memory of every algorithm, against what it tells beforehand.

``python tests/benchmarks/bench_estimates.py`` prints the share of cells within a
factor of two and writes all cells to estimates.json beside this file. Seconds
under 0.1 and memory under 20 MB are read as "next to nothing": two such
figures agree. One cell runs at a time, each in a process of its own. Seconds
are those of the processor: fits run on one thread, so these are what a clock
would show on an idle machine, whatever else runs here.
"""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

from measure import Claim, Failed, alone, begin, customers, machine, peak_mb, tell

from core.algorithms import ALGORITHMS, one_thread, prepared, run
from core.model import Plan
from core.pipeline.estimate import candidates
from core.pipeline.machine import machine_speed

ROWS = (1_000, 5_000, 20_000, 100_000, 500_000)
COLUMNS = (2, 8, 30)
LEAST_SECONDS, LEAST_BYTES = 0.1, 20e6
PLAN = Plan(algorithms=tuple(ALGORITHMS), segments=(2, 10))


def cell(name: str, rows: int, columns: int) -> dict:
    """Seconds and bytes that all candidates of one algorithm take, beyond the matrix and the loaded libraries."""
    algorithm = ALGORITHMS[name]
    values = customers(rows, columns)
    with one_thread():
        sweep(algorithm, values[:200])  # loads what it needs
        before, speed = counted_from_here(), machine_speed()
        started = time.process_time()
        sweep(algorithm, values)
        seconds = time.process_time() - started
        speed = max(speed, machine_speed())
    return {"seconds": seconds, "bytes": max(0.0, peak_mb() - before) * 2**20, "speed": speed}


def counted_from_here() -> float:
    """Memory in MB, from which on the highest is counted anew; what was freed is given back first."""
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mb()


def sweep(algorithm, values) -> None:
    """Everything that a plan over 2 to 10 segments makes one algorithm do."""
    shared = prepared(algorithm, values, seed=0)
    for params in algorithm.grid(values, segments=PLAN.segments, seed=0, shared=shared):
        run(algorithm, values, seed=0, params=params, shared=shared)


def near(told: float, measured: float, least: float) -> bool:
    """Within a factor of two, where both are not next to nothing."""
    told, measured = max(told, least), max(measured, least)
    return 0.5 <= told / measured <= 2


def judged(name: str, rows: int, columns: int) -> dict:
    """One cell as measured and as told beforehand."""
    algorithm = ALGORITHMS[name]
    cost = algorithm.cost(rows, columns, candidates=candidates(algorithm, PLAN))
    found: dict = {
        "algorithm": name,
        "rows": rows,
        "columns": columns,
        "told_seconds": cost.seconds,
        "told_bytes": cost.bytes,
    }
    try:
        found |= alone(cell, name=name, rows=rows, columns=columns)
    except Failed as problem:
        return found | {"failed": str(problem)}
    return found | {
        "seconds_near": near(cost.seconds / found["speed"], found["seconds"], LEAST_SECONDS),
        "bytes_near": near(cost.bytes, found["bytes"], LEAST_BYTES),
    }


def main(rows: int | None) -> None:
    before = machine()
    cells = []
    for name in ALGORITHMS:
        for n_rows in [rows] if rows else ROWS:
            for columns in COLUMNS:
                cells.append(judged(name, n_rows, columns))
                print(cells[-1], flush=True)
    done = [one for one in cells if "failed" not in one]
    claims = [
        Claim(f"estimates of {what} within a factor of two", share(done, f"{key}_near"), "%", 95, at_least=True)
        for what, key in (("seconds", "seconds"), ("memory", "bytes"))
    ]
    tell("estimates", claims, {"cells": cells}, before=before, record=rows is None)


def share(cells: list[dict], name: str) -> float:
    return round(100 * sum(one[name] for one in cells) / len(cells), 1)


if __name__ == "__main__":
    begin(main, cell)
