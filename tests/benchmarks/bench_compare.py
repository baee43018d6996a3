"""A whole comparison of 20,000 customers and 8 columns, against the plain scikit-learn loop over the same candidates.

``python tests/benchmarks/bench_compare.py`` takes some ten minutes, nearly all of
it for the loop, and writes compare.json beside this file.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from pathlib import Path

import measure
import numpy as np

from core import pipeline, prepare
from core.model import Plan, Recipe

ROWS, COLUMNS, KS = 20_000, 8, range(2, 11)
PLAN = Plan(
    recipe=Recipe(scaling="none"),
    algorithms=("kmeans", "gmm", "ward", "dbscan"),
    segments=(KS[0], KS[-1]),
    resamples=0,
)
SCORES = ("silhouette", "calinski_harabasz", "davies_bouldin")


def ours(folder: str) -> dict:
    """Our comparison: seconds by step, every score, and the labels left in ``folder``."""
    measure.warm()
    path = Path(folder) / "customers.parquet"
    table = pipeline.load(path, path.name, {})
    marks = []
    found, seconds = measure.timed(
        lambda: pipeline.compare(table, PLAN, lambda step, done, total: marks.append((step, time.perf_counter())))
    )
    steps: dict[str, float] = {}
    for (step, since), (_, until) in zip(marks, marks[1:], strict=False):
        name = step.split()[0]
        steps[name] = round(steps.get(name, 0) + until - since, 2)
    matrix = prepare.prepare(table, PLAN.recipe)
    made = [one for one in found.candidates if not one.problem]
    labels = {one.key: one.labels[matrix.rows] for one in made}
    np.savez(Path(folder) / "ours.npz", values=matrix.values, **labels)
    return {
        "seconds": seconds,
        "steps": steps,
        "recommended": found.recommended,
        "scores": {one.key: {name: one.score(name).value for name in (*SCORES, "inertia")} for one in made},
        "reach": [dict(one.params) for one in made if one.algorithm == "dbscan"],
        "problems": {one.key: one.problem for one in found.candidates if one.problem},
    }


def loop(folder: str, reach: list[dict]) -> dict:
    """The same candidates as one would write them with scikit-learn: seconds by kind of step."""
    from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans
    from sklearn.mixture import GaussianMixture

    warnings.simplefilter("ignore")
    values = np.load(Path(folder) / "ours.npz", allow_pickle=False)["values"]
    kinds = {
        "kmeans": [KMeans(k, n_init=10, random_state=0) for k in KS],
        "gmm": [GaussianMixture(k, covariance_type="full", random_state=0) for k in KS],
        "ward": [AgglomerativeClustering(k, linkage="ward") for k in KS],
        "dbscan": [DBSCAN(eps=one["eps"], min_samples=one["min_samples"]) for one in reach],
    }
    seconds, labelings = {}, []
    for kind, models in kinds.items():
        found, seconds[kind] = measure.timed(lambda models=models: [model.fit_predict(values) for model in models])
        labelings += found
    seconds |= {
        name: measure.timed(lambda name=name: [scored(values, x, name) for x in labelings])[1] for name in SCORES
    }
    inertia = {f"kmeans-{k}": model.inertia_ for k, model in zip(KS, kinds["kmeans"], strict=True)}
    return {"seconds": sum(seconds.values()), "parts": {k: round(v, 2) for k, v in seconds.items()}, "inertia": inertia}


def scored(values: np.ndarray, labels: np.ndarray, name: str) -> float | None:
    """scikit-learn's score over the placed rows, None where it has none."""
    from sklearn import metrics

    placed = labels >= 0
    if len(np.unique(labels[placed])) < 2:
        return None
    return float(getattr(metrics, f"{name}_score")(values[placed], labels[placed]))


def check(folder: str) -> dict:
    """scikit-learn's scores of our labels."""
    kept = np.load(Path(folder) / "ours.npz", allow_pickle=False)
    values = kept["values"]
    return {key: {name: scored(values, kept[key], name) for name in SCORES} for key in kept.files if key != "values"}


def difference(mine: dict, theirs: dict) -> float:
    """Largest difference of any score, relative where it is over 1; 1.0 where only one side has a score."""
    worst = 0.0
    for key in mine:
        for name in SCORES:
            a, b = mine[key][name], theirs[key][name]
            if a is None or b is None:
                worst = max(worst, float(a is not b))
            else:
                worst = max(worst, abs(a - b) / max(1.0, abs(b)))
    return worst


def main(rows: int | None) -> None:
    before = measure.machine()
    with tempfile.TemporaryDirectory() as folder:
        measure.write_customers(Path(folder) / "customers.parquet", rows or ROWS, COLUMNS)
        mine = measure.alone(ours, folder=folder)
        peer = measure.alone(loop, folder=folder, reach=mine["reach"])
        theirs = measure.alone(check, folder=folder)
    ratio = peer["seconds"] / mine["seconds"]
    inertia = max(mine["scores"][key]["inertia"] / value for key, value in peer["inertia"].items())
    name = "the scikit-learn loop"
    claims = [
        measure.Claim("seconds of a whole comparison", mine["seconds"], "s", peer=name, ratio=ratio),
        measure.Claim("times as fast as the scikit-learn loop (wanted 60)", ratio, "", 35, at_least=True),
        measure.Claim("peak memory of a comparison", mine["peak_mb"], "MB", 600),
        measure.Claim("largest difference to scikit-learn's scores", difference(mine["scores"], theirs), "", 1e-6),
        measure.Claim("inertia of K-means, times that of n_init=10, at worst", inertia, "", 1.005),
    ]
    details = {"rows": rows or ROWS, "columns": COLUMNS, "ours": mine, "loop": peer}
    measure.tell("compare", claims, details, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, ours, loop, check)
