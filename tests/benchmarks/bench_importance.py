"""Permutation importance against a random forest of 100 trees judged on all rows, in the same run.

``python tests/benchmarks/bench_importance.py`` writes importance.json beside this file. The peer is the usual recipe:
``RandomForestClassifier(100)`` and ``permutation_importance(n_repeats=10)`` on all 50,000 x 8 cells, on all cores. Ours
learns from at most 10,000 customers on one thread, and also tells groups of columns and each segment.
"""

from __future__ import annotations

import measure
import numpy as np
import pandas as pd

ROWS, COLUMNS, SEGMENTS, SEEDS, IRRELEVANT = 50_000, 8, 5, 20, 4


def drawn(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Customers, and their segments by K-means."""
    from sklearn.cluster import KMeans

    values = measure.customers(rows, COLUMNS, seed)
    return values, (KMeans(SEGMENTS, n_init=3, random_state=0).fit_predict(values) + 1).astype(np.int16)


def nobody(step: str, done: int, total: int) -> None:
    """A report that tells nobody."""


def ours(rows: int) -> dict:
    """Seconds, and the importance of each column in its order."""
    from core.algorithms import one_thread
    from core.explainers import permutation_importance

    values, labels = drawn(rows)
    frame = pd.DataFrame(values).rename(columns="x{}".format)
    with one_thread():
        found, seconds = measure.timed(lambda: permutation_importance(frame, labels, 0, nobody))
    ranked = found.frame.set_index("column")["importance"]
    return {"seconds": seconds, "importance": ranked[frame.columns].tolist(), "accuracy": found.accuracy}


def peer(rows: int) -> dict:
    """The same of scikit-learn."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.inspection import permutation_importance

    values, labels = drawn(rows)

    def work() -> np.ndarray:
        forest = RandomForestClassifier(100, random_state=0, n_jobs=-1).fit(values, labels)
        return permutation_importance(forest, values, labels, n_repeats=10, random_state=0).importances_mean

    found, seconds = measure.timed(work)
    return {"seconds": seconds, "importance": found.tolist()}


def irrelevant(rows: int) -> dict:
    """How many planted columns that have nothing to do with the segments have zero within their interval."""
    from core.explainers import permutation_importance

    inside = []
    for seed in range(SEEDS):
        values, labels = drawn(rows, seed)
        planted = np.random.default_rng(seed).normal(size=(rows, IRRELEVANT))
        frame = pd.DataFrame(np.hstack([values, planted])).rename(columns="x{}".format)
        found = permutation_importance(frame, labels, seed, nobody).frame.set_index("column")
        own = found.loc[frame.columns[COLUMNS:]]
        inside += ((own["low"] <= 0) & (own["high"] >= 0)).tolist()
    return {"share": float(np.mean(inside)), "columns": len(inside)}


def main(rows: int | None) -> None:
    """All figures."""
    from scipy.stats import spearmanr

    before, size = measure.machine(), rows or ROWS
    mine, theirs = measure.alone(ours, rows=size), measure.alone(peer, rows=size)
    around = measure.alone(irrelevant, rows=min(size, 5_000))
    agreement = float(spearmanr(mine["importance"], theirs["importance"]).statistic)
    ratio = theirs["seconds"] / mine["seconds"]
    recipe = "RandomForestClassifier(100) + permutation_importance(n_repeats=10) on all rows"
    claims = [
        measure.Claim(f"seconds of importance, {size:,} x {COLUMNS}", mine["seconds"], "s", peer=recipe, ratio=ratio),
        measure.Claim(f"times as fast as {recipe}", ratio, "", 10, at_least=True),
        measure.Claim("rank correlation with it", agreement, "", 0.95, at_least=True),
        measure.Claim("irrelevant columns with zero in their interval", around["share"], "", 0.95, at_least=True),
    ]
    details = {"rows": size, "columns": COLUMNS, "ours": mine, "peer": theirs, "irrelevant": around}
    measure.tell("importance", claims, details, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, ours, peer, irrelevant)
