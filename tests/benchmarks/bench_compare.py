"""A whole comparison of 20,000 customers and 8 columns: four algorithms, 2 to 10 segments.

``python tests/benchmarks/bench_compare.py`` prints seconds by step and peak memory,
and writes them to compare.json beside this file.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core import pipeline
from core.model import Plan

ROWS, COLUMNS = 20_000, 8


def customers(kind: str) -> pd.DataFrame:
    """Five clouds, or one cloud with long tails (no segments: the algorithms settle slowly)."""
    from sklearn.datasets import make_blobs

    if kind == "clouds":
        values = make_blobs(ROWS, COLUMNS, centers=5, cluster_std=2, random_state=1)[0]
    else:
        values = np.random.default_rng(1).lognormal(size=(ROWS, COLUMNS))
    return pd.DataFrame(values.round(4), columns=[f"x{at}" for at in range(COLUMNS)])


def measure(kind: str) -> dict:
    """Seconds by step of one comparison, and what it recommends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        customers(kind).to_csv(path, index=False)
        table = pipeline.load(path, path.name, {})
    marks = [("", time.perf_counter())]
    found = pipeline.compare(table, Plan(), lambda step, done, total: marks.append((step, time.perf_counter())))
    steps: dict[str, float] = {}
    for (step, since), (_, until) in zip(marks[1:], marks[2:], strict=False):
        name = step.split(",")[0]
        steps[name] = round(steps.get(name, 0) + until - since, 2)
    return {
        "seconds": round(marks[-1][1] - marks[0][1], 1),
        "steps": steps,
        "recommended": found.recommended,
        "structured": found.structured,
    }


def main() -> None:
    found = {"rows": ROWS, "columns": COLUMNS, "cores": os.cpu_count()}
    found |= {kind: measure(kind) for kind in ("clouds", "long tails")}
    found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    Path(__file__).with_name("compare.json").write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
