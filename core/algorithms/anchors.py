"""Points that rows hang on: every row, fitted or new, follows the nearest of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.algorithms.rows import TREE_COLUMNS, neighbours

BLOCK = 65_536
START = 1e-7  # seconds that a search takes at least
LEAF = 32  # points compared one by one at the end of a search: a quarter quicker here than scipy's 16
FARTHEST = 1e150  # its square is still a number


def bounded(values: np.ndarray, factor: float = 1.0) -> np.ndarray:
    """``values`` times ``factor``, none farther from 0 than can be squared; the same array where nothing changes."""
    if factor == 1 and max(values.max(initial=0.0), -values.min(initial=0.0)) <= FARTHEST:
        return values
    with np.errstate(over="ignore"):
        return np.clip(values * factor, -FARTHEST, FARTHEST)


def hang(points: np.ndarray, values: np.ndarray, *, factor: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Index (n,) int32 of the nearest of ``points`` for every row times ``factor``, and how far it is (n,).

    ``points`` are :func:`bounded`. Beside the answer, memory does not grow with the rows.
    """
    from scipy.spatial import cKDTree

    tree = cKDTree(points, leafsize=LEAF) if points.shape[1] <= TREE_COLUMNS else None
    member, near = np.empty(len(values), dtype=np.int32), np.empty(len(values))
    for start in range(0, len(values), BLOCK):
        rows = slice(start, start + BLOCK)
        block = bounded(values[rows], factor)
        distance, index = neighbours(points, block, 1) if tree is None else tree.query(block, k=[1])
        member[rows], near[rows] = index[:, 0], distance[:, 0]
    return member, near


def hang_seconds(n_rows: int, n_points: int, *, n_features: int) -> float:
    """What :func:`hang` takes. Measured by ``tests/benchmarks/bench_estimates.py``."""
    if n_features > TREE_COLUMNS:
        return 6.2e-11 * n_rows * n_points * n_features
    return 1.4e-8 * n_rows * n_points**0.6 * (n_features / 8) ** 2


def hang_bytes(n_rows: int, n_features: int) -> float:
    """Peak memory of :func:`hang` beside its answer."""
    return 16.0 * min(n_rows, BLOCK) * n_features


def points_within(seconds: float, n_rows: int, *, n_features: int) -> int:
    """Among how many points :func:`hang` looks in this time."""
    growth, each = _search(n_features)
    return int((max(0.0, seconds / n_rows - START) / each) ** (1 / growth))


def _search(n_features: int) -> tuple[float, float]:
    """How one search grows with the points, and its seconds per point to that power: by tree, or looking at all."""
    if n_features <= TREE_COLUMNS:
        return 0.6, 2.5e-8 * max(1.0, n_features / 8) ** 2
    return 1.0, 1e-9 + 3e-11 * n_features


def model_of(points: np.ndarray, groups: np.ndarray, *, factor: float) -> dict[str, np.ndarray]:
    """What :func:`place` needs: the group (m,) of each point (m, d), and what rows are multiplied by."""
    return {"points": points, "groups": groups.astype(np.int32), "factor": np.array([factor])}


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The group of the nearest point."""
    return model["groups"][hang(model["points"], values, factor=float(model["factor"][0]))[0]]
