"""A million customers through the whole board, ten million through K-means, and how both grow.

``python tests/benchmarks/bench_million.py`` writes million.json, growth.json and
growth.svg beside this file. Every size runs in a process of its own, the
reading of the file included in its memory and told apart in its seconds.
"""

from __future__ import annotations

import json
import tempfile
import time
import warnings
from pathlib import Path

import growth_chart
import measure
import numpy as np

from core import pipeline
from core.algorithms import ALGORITHMS, proposed
from core.memo import no_memo
from core.model import Matrix, Plan, Recipe
from core.pipeline.compare import THREADS
from core.pipeline.fitting import Bench, fit_all

COLUMNS, KS = 8, range(2, 11)
MILLION = 1_000_000
BOARDS = (10_000, 30_000, 100_000, 300_000, MILLION)
SWEEPS = (*BOARDS, 3_000_000, 10_000_000)
RECIPE = Recipe(scaling="none")


def board(path: str) -> dict:
    """The default comparison of a Parquet file: seconds by step, the reading told apart."""
    measure.warm()
    table, reading = measure.timed(lambda: pipeline.load(Path(path), Path(path).name, {}))
    plan = Plan(recipe=RECIPE, algorithms=proposed(), segments=(KS[0], KS[-1]))
    marks: list[tuple[str, float]] = []
    found, seconds = measure.timed(
        lambda: pipeline.compare(table, plan, lambda step, done, total: marks.append((step, time.perf_counter())))
    )
    steps: dict[str, float] = {}
    for (step, since), (_, until) in zip(marks, marks[1:], strict=False):
        name = step.split()[0]
        steps[name] = round(steps.get(name, 0) + until - since, 2)
    spent: dict[str, float] = {}
    for one in found.candidates:
        spent[one.algorithm] = round(spent.get(one.algorithm, 0) + one.seconds, 2)
    return {
        "seconds": seconds,
        "reading_seconds": round(reading, 2),
        "steps": steps,
        "fitting_by_algorithm": spent,
        "candidates": len(found.candidates),
        "problems": {one.key: one.problem for one in found.candidates if one.problem},
        "recommended": found.recommended,
    }


def sweep(rows: int) -> dict:
    """K-means for 2 to 10 segments with the labels of every customer, as the pipeline runs it."""
    measure.warm()
    values = measure.customers(rows, COLUMNS)
    values.setflags(write=False)
    nobody = np.empty(0, dtype=np.intp)
    matrix = Matrix(
        values=values,
        rows=np.arange(rows),
        features=(),
        aside_values=values[:0],
        aside_rows=nobody,
        aside_reasons=(),
        outlier=np.zeros(rows, dtype=bool),
        dropped=(),
        filled={},
    )
    bench = Bench(matrix, "benchmark", Plan(recipe=RECIPE, algorithms=("kmeans",), segments=(KS[0], KS[-1])), no_memo)
    algorithms = [ALGORITHMS["kmeans"]]
    found, seconds = measure.timed(lambda: list(fit_all(bench, algorithms, threads=THREADS, report=pipeline.nothing)))
    spread = {one.key: inertia(values, one.labels) for one in found} if rows <= MILLION else {}
    return {"seconds": seconds, "problems": [one.problem for one in found if one.problem], "inertia": spread}


def inertia(values: np.ndarray, labels: np.ndarray) -> float:
    """Sum of squared distances to the mean of one's segment, column by column."""
    counts = np.maximum(np.bincount(labels), 1)
    return float(sum((column**2).sum() - (np.bincount(labels, column) ** 2 / counts).sum() for column in values.T))


def peer(rows: int, kind: str) -> dict:
    """The same sweep by scikit-learn with its own defaults, on all cores."""
    from sklearn.cluster import KMeans, MiniBatchKMeans

    warnings.simplefilter("ignore")
    values = measure.customers(rows, COLUMNS)
    make = {"KMeans": KMeans, "MiniBatchKMeans": MiniBatchKMeans}[kind]
    models, seconds = measure.timed(lambda: [make(k, random_state=0).fit(values) for k in KS])
    return {
        "seconds": seconds,
        "inertia": {f"kmeans-{k}": inertia(values, m.labels_) for k, m in zip(KS, models, strict=True)},
    }


def grown(sizes: tuple[int, ...], largest_board: int) -> tuple[dict[int, dict], dict[int, dict]]:
    """Boards and sweeps by number of rows."""
    boards, sweeps = {}, {}
    for rows in sizes:
        sweeps[rows] = measure.alone(sweep, rows=rows)
        if rows <= largest_board:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "customers.parquet"
                measure.alone(written, path=str(path), rows=rows)
                boards[rows] = measure.alone(board, path=str(path))
    return boards, sweeps


def written(path: str, rows: int) -> dict:
    measure.write_customers(Path(path), rows, COLUMNS)
    return {}


def worst(mine: dict, theirs: dict) -> float:
    """Our inertia over theirs, for the number of segments where we do worst."""
    return max(mine["inertia"][key] / value for key, value in theirs["inertia"].items())


def main(rows: int | None) -> None:
    before, million = measure.machine(), rows or MILLION
    sizes = SWEEPS if rows is None else (rows // 10, rows)
    boards, sweeps = grown(sizes, million)
    peers = {kind: measure.alone(peer, rows=million, kind=kind) for kind in ("KMeans", "MiniBatchKMeans")}
    whole, mine, largest = boards[million], sweeps[million], sweeps[sizes[-1]]
    plain, mini = (f"the sweep of scikit-learn's {kind}" for kind in peers)
    ratios = {kind: found["seconds"] / mine["seconds"] for kind, found in peers.items()}
    name, most = f"{million:,} x {COLUMNS}", f"{sizes[-1]:,} x {COLUMNS}"
    claims = [
        measure.Claim(f"{name}: whole board of {len(proposed())} algorithms", whole["seconds"], "s", 30),
        measure.Claim(f"{name}: peak memory of the whole board, reading included", whole["peak_mb"], "MB", 1_500),
        measure.Claim(f"{name}: K-means sweep", mine["seconds"], "s", peer=plain, ratio=ratios["KMeans"]),
        measure.Claim(f"{name}: K-means sweep", mine["seconds"], "s", peer=mini, ratio=ratios["MiniBatchKMeans"]),
        measure.Claim(f"{name}: inertia, times that of KMeans at worst", worst(mine, peers["KMeans"]), "", 1.005),
        measure.Claim(
            f"{name}: inertia, times that of MiniBatchKMeans at worst", worst(mine, peers["MiniBatchKMeans"])
        ),
        measure.Claim(f"{most}: K-means sweep and labels", largest["seconds"], "s"),
        measure.Claim(f"{most}: peak memory of the sweep, values included", largest["peak_mb"], "MB", 4_000),
    ]
    measure.tell("million", claims, {"board": whole, "sweep": mine, "peers": peers}, before=before, record=rows is None)
    growth = {
        "columns": COLUMNS,
        "boards": {f"{size}": {key: one[key] for key in ("seconds", "peak_mb")} for size, one in boards.items()},
        "sweeps": {f"{size}": {key: one[key] for key in ("seconds", "peak_mb")} for size, one in sweeps.items()},
    }
    folder = measure.HERE if rows is None else Path(tempfile.mkdtemp())
    (folder / "growth.json").write_text(json.dumps({"machine": before, **growth}, indent=2) + "\n", encoding="utf-8")
    (folder / "growth.svg").write_text(growth_chart.drawn(growth), encoding="utf-8")
    print(f"Growth is drawn in {folder / 'growth.svg'}.")


if __name__ == "__main__":
    measure.begin(main, board, sweep, peer, written)
