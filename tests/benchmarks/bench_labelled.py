"""Labelled benchmark sets: every algorithm at the reference number of segments, and what we recommend without labels.

``python tests/benchmarks/bench_labelled.py [folder] [resamples]`` prints mean adjusted Rand indices and
writes labelled.json and labelled.md beside this file. The sets (Gagolewski 2022, *A framework
for benchmarking clustering algorithms*) are not part of the project; without them it says so and ends well.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core import pipeline
from core.algorithms import ALGORITHMS
from core.model import Comparison, Plan, Recipe

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "clustering"
OURS = "recommended"


@dataclass(frozen=True)
class Labelled:
    """A set with its reference labelings (n,) each; 0 marks rows that the reference calls noise."""

    name: str
    values: np.ndarray
    references: tuple[np.ndarray, ...]


def labelled_sets(folder: Path) -> Iterator[Labelled]:
    """The sets below ``folder``: ``name.data.gz`` with ``name.labels0.gz``, ``name.labels1.gz`` ... beside it."""
    for path in sorted(folder.glob("*/*.data.gz")):
        stem = path.name.removesuffix(".data.gz")
        references = [np.loadtxt(one, dtype=int) for one in sorted(path.parent.glob(f"{stem}.labels*.gz"))]
        yield Labelled(f"{path.parent.name}/{stem}", np.loadtxt(path, ndmin=2), tuple(references))


def judge(given: Labelled, *, resamples: int) -> dict[str, float]:
    """By algorithm, and for our recommendation, the adjusted Rand index with the reference it agrees with most.

    Rows that the reference calls noise do not count; unplaced rows are a group.
    An algorithm without a candidate of that many segments, and a missing recommendation, get 0.
    """
    best: dict[str, float] = dict.fromkeys([*ALGORITHMS, OURS], 0.0)
    for k in sorted({int(reference.max()) for reference in given.references if reference.max() > 1}):
        found = compared(given.values, k, resamples=resamples)
        for reference in (one for one in given.references if one.max() == k):
            for name, value in agreements(found, reference, k).items():
                best[name] = max(best[name], value)
    return best


def compared(values: np.ndarray, k: int, *, resamples: int) -> Comparison:
    """All algorithms at ``k`` segments on the coordinates as they are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.parquet"
        pd.DataFrame(values, columns=[f"x{at}" for at in range(values.shape[1])]).to_parquet(path)
        table = pipeline.load(path, path.name, {})
    recipe = Recipe(scaling="none", roles={name: "feature" for name in table.frame.columns})
    return pipeline.compare(table, Plan(recipe=recipe, algorithms=tuple(ALGORITHMS), segments=(k, k), resamples=resamples))


def agreements(found: Comparison, reference: np.ndarray, k: int) -> dict[str, float]:
    """Adjusted Rand index of each algorithm (of the candidate that has nearest to ``k`` segments) and of ours."""
    from sklearn.metrics import adjusted_rand_score

    counted = reference > 0
    index = {
        c.key: float(adjusted_rand_score(reference[counted], c.labels[counted])) for c in found.candidates if not c.problem
    }
    out = {}
    for name in ALGORITHMS:
        own = [c for c in found.candidates if c.algorithm == name and not c.problem]
        if own:
            out[name] = index[min(own, key=lambda c: (abs(c.n_segments - k), -c.score("share_placed").value)).key]
    return out | ({OURS: index[found.recommended]} if found.recommended else {})


def table(by_set: dict[str, dict[str, float]]) -> pd.DataFrame:
    """One row per set, one column per algorithm and ours; the mean last."""
    frame = pd.DataFrame(by_set).T
    return pd.concat([frame, frame.mean().rename("mean").to_frame().T])


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    resamples = int(sys.argv[2]) if len(sys.argv) > 2 else Plan().resamples
    by_set: dict[str, dict[str, float]] = {}
    for given in labelled_sets(folder):
        by_set[given.name] = judge(given, resamples=resamples)
        print(given.name, {name: round(value, 2) for name, value in by_set[given.name].items()}, flush=True)
    if not by_set:
        print(f"not measured: there are no labelled sets in {folder}")
        return
    frame = table(by_set)
    means = frame.loc["mean"]
    methods = means.drop(OURS)
    claims = {
        "sets": len(by_set),
        "resamples": resamples,
        "recommended": round(means[OURS], 3),
        "median_method": round(float(methods.median()), 3),
        "best_method": f"{methods.idxmax()} {methods.max():.3f}",
        "at_least_median": bool(means[OURS] >= methods.median()),
        "at_least_best": bool(means[OURS] >= methods.max()),
    }
    here = Path(__file__)
    record = {"claims": claims, "means": means.round(3).to_dict(), "sets": frame.drop("mean").round(3).T.to_dict()}
    here.with_name("labelled.json").write_text(json.dumps(record, indent=2) + "\n")
    here.with_name("labelled.md").write_text(_markdown(frame, resamples=resamples))
    print(json.dumps(claims, indent=2))


def _markdown(frame: pd.DataFrame, *, resamples: int) -> str:
    """The table for people, with what it means above."""
    lines = [
        f"Adjusted Rand index with the reference, at its number of segments; {resamples} resamples; by `bench_labelled.py`.",
        "",
        f"| set | {' | '.join(frame.columns)} |",
        f"| --- |{' --- |' * len(frame.columns)}",
        *(f"| {name} | {' | '.join(f'{value:.2f}' for value in row)} |" for name, row in zip(frame.index, frame.to_numpy(), strict=True)),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
