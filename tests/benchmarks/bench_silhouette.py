"""Silhouette of 27 labelings in one pass, against one scikit-learn call per labeling, in the same run.

``python tests/benchmarks/bench_silhouette.py`` writes silhouette.json beside this
file. How much of the machine is used is told as the share of its peak: the
multiplications and additions of the plain matrix products (rows x rows x columns
for the distances, rows x rows x segments for the sums) per second, against those
of one large product on as many threads. The sums are single precision, the
distances double, so the share of the double peak may pass 1.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import measure
import numpy as np

from core.metrics.silhouette import score

ROWS, COLUMNS, KS, STARTS = 20_000, 8, range(2, 11), 3
THREADS = min(4, os.cpu_count() or 1)
LARGE = 4_096


def given(folder: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The values, and the labelings by name."""
    kept = np.load(Path(folder) / "labelings.npz", allow_pickle=False)
    return kept["values"], {key: kept[key] for key in kept.files if key != "values"}


def labelings(rows: int, folder: str) -> dict:
    """27 K-means labelings over 2 to 10 segments, left in ``folder``."""
    from sklearn.cluster import KMeans

    values = measure.customers(rows, COLUMNS)
    found = {
        f"{start}-{k}": KMeans(k, n_init=1, random_state=start).fit_predict(values) + 1
        for start in range(STARTS)
        for k in KS
    }
    np.savez(Path(folder) / "labelings.npz", values=values, **found)
    return {"labelings": len(found), "segments": sum(len(np.unique(labels)) for labels in found.values())}


def ours(folder: str) -> dict:
    """One pass: seconds, values, and memory beyond what the process held before."""
    values, parts = given(folder)
    few = {key: labels[:500] for key, labels in parts.items()}
    score(values[:500], few, seed=0, centred=frozenset(), threads=THREADS)  # what is loaded once is not the pass
    before = measure.peak_mb()
    found, seconds = measure.timed(lambda: score(values, parts, seed=0, centred=frozenset(), threads=THREADS))
    scores = {key: one.value for key, one in found.items()}
    return {"seconds": seconds, "extra_mb": round(measure.peak_mb() - before), "scores": scores}


def loop(folder: str) -> dict:
    """scikit-learn's call per labeling, on all cores."""
    from sklearn.metrics import silhouette_score

    values, parts = given(folder)
    found, seconds = measure.timed(lambda: {key: float(silhouette_score(values, part)) for key, part in parts.items()})
    return {"seconds": seconds, "scores": found}


def products() -> dict:
    """Billions of multiplications and additions per second in one large product, by precision."""
    from threadpoolctl import threadpool_limits

    rates = {}
    with threadpool_limits(limits=THREADS):
        for kind in ("float64", "float32"):
            square = np.random.default_rng(0).random((LARGE, LARGE)).astype(kind)
            best = min(measure.timed(lambda square=square: square @ square)[1] for _ in range(5))
            rates[kind] = 2 * LARGE**3 / best / 1e9
    return rates


def main(rows: int | None) -> None:
    before, size = measure.machine(), rows or ROWS
    with tempfile.TemporaryDirectory() as folder:
        made = measure.alone(labelings, rows=size, folder=folder)
        mine, peer = measure.alone(ours, folder=folder), measure.alone(loop, folder=folder)
    peak = measure.alone(products)
    rate = 2 * size**2 * (COLUMNS + made["segments"]) / mine["seconds"] / 1e9
    ratio = peer["seconds"] / mine["seconds"]
    away = max(abs(mine["scores"][key] - value) for key, value in peer["scores"].items())
    calls = f"{made['labelings']} calls of scikit-learn"
    claims = [
        measure.Claim(f"seconds of {made['labelings']} labelings", mine["seconds"], "s", 2, peer=calls, ratio=ratio),
        measure.Claim(f"times as fast as {calls}", ratio, "", 50, at_least=True),
        measure.Claim("memory beyond the values", mine["extra_mb"], "MB", 200),
        measure.Claim("largest difference to scikit-learn", away, "", 1e-6),
        measure.Claim("share of the float64 peak of a matrix product", rate / peak["float64"]),
        measure.Claim("share of the float32 peak of a matrix product", rate / peak["float32"]),
    ]
    details = {
        "rows": size,
        "columns": COLUMNS,
        **made,
        "threads": THREADS,
        "seconds": {"one_pass": round(mine["seconds"], 2), "calls": round(peer["seconds"], 2)},
        "gigaflops": {"one_pass": round(rate, 1)} | {kind: round(peak[kind], 1) for kind in ("float64", "float32")},
    }
    measure.tell("silhouette", claims, details, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, labelings, ours, loop, products)
