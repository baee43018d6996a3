"""Silhouette of 32 labelings in one pass, against one scikit-learn call per labeling, in the same run.

``python tests/benchmarks/bench_silhouette.py`` prints the figures and writes them
to silhouette.json beside this file.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.metrics.silhouette import score

ROWS, COLUMNS = 20_000, 6


def labelings(values: np.ndarray) -> dict[str, np.ndarray]:
    """27 K-means labelings over 2 to 10 segments, and five with noise."""
    from sklearn.cluster import KMeans

    found = {
        f"{start}-{k}": KMeans(k, n_init=1, random_state=start).fit_predict(values) + 1
        for start in range(3)
        for k in range(2, 11)
    }
    random = np.random.default_rng(0)
    return found | {f"noisy-{n}": np.where(random.random(ROWS) < n / 10, -1, found["0-5"]) for n in range(1, 6)}


def peak() -> float:
    """Highest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    from sklearn.metrics import silhouette_score

    values = np.random.default_rng(0).normal(size=(ROWS, COLUMNS))
    given = labelings(values)
    before, started = peak(), time.perf_counter()
    ours = score(values, given, seed=0, centred=frozenset())
    one_pass, memory = time.perf_counter() - started, peak() - before
    started = time.perf_counter()
    theirs = {key: silhouette_score(values[part > 0], part[part > 0]) for key, part in given.items()}
    loop = time.perf_counter() - started
    found = {
        "rows": ROWS,
        "columns": COLUMNS,
        "labelings": len(given),
        "cores": os.cpu_count(),
        "one_pass_seconds": round(one_pass, 2),
        "one_pass_extra_mb": round(memory),
        "loop_seconds": round(loop, 2),
        "ratio": round(loop / one_pass, 1),
        "largest_difference": max(abs(ours[key].value - theirs[key]) for key in given),
    }
    Path(__file__).with_name("silhouette.json").write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
