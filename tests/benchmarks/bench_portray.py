"""Everything the Atlas tells of one segmentation of a million customers, step by step, and what separates its segments.

``python tests/benchmarks/bench_portray.py`` writes portray.json beside this file. The comparison that is portrayed is
made before and not counted. Peers, in the same run and on the same customers: pandas' ``describe`` by segment with
scipy's tests of each segment against the rest for the description, and scikit-learn's permutation importance of a random
forest, on 50,000 of the customers, for the importance.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import measure
import numpy as np
import pandas as pd

from core import pipeline, profiles
from core.model import Comparison, Plan, Recipe, Role, Table
from core.pipeline.compare import THREADS
from core.profiles.outcomes import outcomes

COLUMNS, SEGMENTS, MILLION, FEW = 8, 5, 1_000_000, 50_000
GOAL = 20
TOLD = ("Describing", "Looking", "Comparing outcomes", "Importance")


def written(path: str, rows: int) -> dict:
    """Customers with known kinds; whether each has left, and its plan, go with the first two columns a little."""
    values, random = measure.customers(rows, COLUMNS), np.random.default_rng(1)
    frame = pd.DataFrame(values, columns=[f"x{at}" for at in range(COLUMNS)])
    frame["left"] = np.where(values[:, 0] + random.normal(size=rows) > 1, "yes", "no")
    frame["plan"] = np.array(["gold", "silver", "tin"])[np.clip(values[:, 1] + random.normal(1, 1, rows), 0, 2).astype(int)]
    frame.to_parquet(path, index=False)
    return {}


def prepared(path: str, segments: int) -> tuple[Table, Comparison]:
    """The table, and a comparison of one K-means alone."""
    table = pipeline.load(Path(path), Path(path).name, {})
    recipe = Recipe(scaling="none", roles={"left": str(Role.OUTCOME), "plan": str(Role.PROFILE)})
    return table, pipeline.compare(table, Plan(recipe=recipe, algorithms=("kmeans",), segments=(segments, segments)))


def portrayed(path: str) -> dict:
    """Seconds of each step of the portrait and of the importance, and of the description and the outcomes alone."""
    measure.warm()
    (table, comparison), making = measure.timed(lambda: prepared(path, SEGMENTS))
    key = comparison.candidates[0].key
    steps, spent, seconds = _by_step(lambda report: pipeline.portray(table, comparison, key, report))
    processor = time.process_time()
    told, steps["Importance"] = measure.timed(lambda: pipeline.importance(table, comparison, key))
    spent["Importance"] = time.process_time() - processor
    labels, roles = comparison.candidates[0].labels, {"left": Role.OUTCOME, "plan": Role.PROFILE}
    _, describing = measure.timed(
        lambda: profiles.describe(table, roles, {key: labels}, units={}, threads=THREADS)
    )
    _, comparing = measure.timed(lambda: outcomes(table, roles, labels, seed=0))
    return {
        "making_seconds": round(making, 2),
        "portray_seconds": round(seconds, 2),
        "steps": {name: round(took, 2) for name, took in steps.items()},
        "processor_seconds": {name: round(took, 2) for name, took in spent.items()},
        "describing_seconds": round(describing, 2),
        "outcomes_seconds": round(comparing, 2),
        "importance_rows": told.rows,
        "importance_accuracy": round(told.accuracy, 3),
    }


def _by_step(work: Callable) -> tuple[dict[str, float], dict[str, float], float]:
    """Seconds from each report of a step to that of another, by the clock and of processors, and all by the clock."""
    marks: list[tuple[str, float, float]] = []
    told = _watched(marks)
    _, seconds = measure.timed(lambda: work(told))
    steps: dict[str, float] = {}
    spent: dict[str, float] = {}
    for (name, since, before), (_, until, after) in zip(marks, marks[1:], strict=False):
        steps[name] = steps.get(name, 0.0) + until - since
        spent[name] = spent.get(name, 0.0) + after - before
    return steps, spent, seconds


def _watched(marks: list[tuple[str, float, float]]) -> Callable[[str, int, int], None]:
    """A report that keeps when each step was told."""
    return lambda step, done, total: marks.append((step, time.perf_counter(), time.process_time()))


def plain_description(path: str) -> dict:
    """What pandas and scipy take for the description alone: figures, Welch's t and Mann and Whitney's U."""
    from scipy.stats import mannwhitneyu, ttest_ind

    frame = pd.read_parquet(path)
    numbers = frame[[f"x{at}" for at in range(COLUMNS)]]
    labels = np.random.default_rng(0).integers(1, SEGMENTS + 1, len(frame))

    def described() -> None:
        numbers.groupby(labels).describe()
        for name in ("left", "plan"):
            pd.crosstab(labels, frame[name], normalize="index")
        for segment in range(1, SEGMENTS + 1):
            own = labels == segment
            for name in numbers:
                cells = numbers[name].to_numpy()
                ttest_ind(cells[own], cells[~own], equal_var=False)
                mannwhitneyu(cells[own], cells[~own])

    return {"seconds": round(measure.timed(described)[1], 2)}


def plain_importance(path: str, rows: int) -> dict:
    """What scikit-learn takes for the importance, on so many of the customers: a forest of 100 trees, ten repeats."""
    from sklearn.cluster import KMeans
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.inspection import permutation_importance

    warnings.simplefilter("ignore")
    values = pd.read_parquet(path).iloc[:rows, :COLUMNS].to_numpy()
    labels = KMeans(SEGMENTS, random_state=0).fit_predict(values)

    def explained() -> None:
        forest = RandomForestClassifier(100, random_state=0).fit(values, labels)
        permutation_importance(forest, values, labels, n_repeats=10, random_state=0)

    return {"seconds": round(measure.timed(explained)[1], 2)}


def told_seconds(mine: dict, which: str = "steps") -> float:
    """Of the portrait what tells of segments (descriptions, rules, customers, outcomes), and the importance."""
    return sum(took for name, took in mine[which].items() if name.startswith(TOLD))


def main(rows: int | None) -> None:
    before, million = measure.machine(), rows or MILLION
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "customers.parquet")
        measure.alone(written, path=path, rows=million)
        mine = measure.alone(portrayed, path=path)
        description = measure.alone(plain_description, path=path)
        few = min(FEW, million)
        importance = measure.alone(plain_importance, path=path, rows=few)
    name = f"{million:,} x {COLUMNS}"
    forest = f"scikit-learn's permutation importance of a forest, on {few:,} customers"
    ratio, against = description["seconds"] / mine["describing_seconds"], importance["seconds"] / mine["steps"]["Importance"]
    claims = [
        measure.Claim(f"{name}: explanations, contrasts, profiles", told_seconds(mine), "s", GOAL),
        measure.Claim(f"{name}: the same in seconds of one processor", told_seconds(mine, "processor_seconds"), "s"),
        measure.Claim(f"{name}: names, profiles, effects with resamples, distributions", mine["describing_seconds"], "s",
                      peer="pandas' describe and scipy's tests", ratio=ratio),
        measure.Claim(f"{name}: importance", mine["steps"]["Importance"], "s", peer=forest, ratio=against),
        measure.Claim(f"{name}: whole portrait, trust and verdict with it", mine["portray_seconds"], "s"),
        measure.Claim(f"{name}: peak memory, reading and comparing included", mine["peak_mb"], "MB"),
    ]  # fmt: skip
    peers = {"description": description, "importance": importance | {"rows": few}}
    measure.tell("portray", claims, {"portrait": mine, "peers": peers}, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, written, portrayed, plain_description, plain_importance)
