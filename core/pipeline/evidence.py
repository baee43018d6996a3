"""The evidence beside the board, from what the fits of a run share and what its candidates scored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core import metrics
from core.algorithms.dbscan import knee, reach_curve
from core.memo import Kept, key_of, known
from core.model import Candidate
from core.pipeline.fitting import Bench
from core.pipeline.scoring import digest, fitted_labels
from core.selection.criteria import Arguments
from core.selection.evidence import agreement, tree_top, votes
from core.selection.gap import gap_curve

TREE, CROWDS = "ward", "dbscan"  # whose shared parts are drawn
SAMPLE_ROWS = 500
AGREEMENT_ROWS = 20_000


def gather(
    bench: Bench, candidates: Sequence[Candidate], asked: Sequence[Candidate], *, recommended: str | None, threads: int
) -> dict[str, pd.DataFrame]:
    """The frames of :mod:`core.selection.evidence`; criteria hear the candidates that were ``asked`` for."""
    labelings = fitted_labels(bench, candidates)
    merges, frames = np.empty(0), {}
    if TREE in bench.plan.algorithms and (tree := bench.reused(TREE)) is not None:
        merges = tree.arrays["merges"][::-1, 2]
        frames["tree"] = tree_top(tree.arrays["merges"], tree.arrays["member"])
    if CROWDS in bench.plan.algorithms and (crowds := bench.reused(CROWDS)) is not None:
        share, distance = reach_curve(crowds)
        frames["reach"] = pd.DataFrame({"share": share, "distance": distance, "knee": knee(crowds)})
    frames["gap"] = _gap(bench)
    arguments = Arguments(
        candidates=tuple(c for c in asked if not c.problem),
        algorithm=next((c.algorithm for c in asked if c.key == recommended), "kmeans"),
        sample=_sample(bench),
        gap=frames["gap"],
        tried=bench.plan.segments,
        seed=bench.plan.seed,
        merges=merges,
    )
    seen = _some(len(bench.matrix.rows), AGREEMENT_ROWS, bench.plan.seed)
    frames["votes"] = votes(arguments)
    frames["agreement"] = agreement({key: labels[seen] for key, labels in labelings.items()})
    frames["widths"] = widths(bench, labelings, threads=threads)
    return frames


def _gap(bench: Bench) -> pd.DataFrame:
    highest = bench.plan.segments[1]
    key = key_of("gap", bench.matrix_key, highest, bench.plan.seed)

    def make() -> Kept:
        frame = gap_curve(_sample(bench), highest, seed=bench.plan.seed)
        return Kept({name: frame[name].to_numpy(dtype=float) for name in frame})

    kept = bench.memo(key, make).arrays
    return pd.DataFrame({"k": kept["k"].astype(np.int64), "gap": kept["gap"], "error": kept["error"]})


def _sample(bench: Bench) -> np.ndarray:
    values = bench.matrix.values
    return values[_some(len(values), SAMPLE_ROWS, bench.plan.seed)]


def _some(n_rows: int, size: int, seed: int) -> np.ndarray:
    if n_rows <= size:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(seed).choice(n_rows, size, replace=False))


def widths(bench: Bench, labelings: dict[str, np.ndarray], *, threads: int) -> pd.DataFrame:
    """Silhouettes of some customers by table position; what the memo lacks is measured in one pass."""
    seed = bench.plan.seed
    names = {key: key_of("widths", bench.matrix_key, digest(labels), seed) for key, labels in labelings.items()}
    found = {key: known(bench.memo, name) for key, name in names.items()}
    missing = {key: labels for key, labels in labelings.items() if found[key] is None}
    rows, made = metrics.widths(bench.matrix.values, missing, seed=seed, threads=threads)
    for key, widths in made.items():
        kept = Kept({"widths": widths})
        found[key] = bench.memo(names[key], lambda kept=kept: kept)
    columns = {key: found[key].arrays["widths"] for key in labelings}
    return pd.DataFrame({"row": bench.matrix.rows[rows], **columns})
