"""What a metric is: an entry of data with one function that scores many labelings at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from core.model import NOISE, Score

Labelings = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Metric:
    """One way to judge segments.

    ``score(values, labelings, *, seed, centred, threads=1) -> {key: Score}``:
    ``values`` (n, d), each labeling (n,) segments from 1 or NOISE; ``centred`` the
    keys of labelings whose algorithm minimises inertia. Neither ``threads`` nor
    the other labelings change a score. ``better`` is "higher", "lower" or ""
    where neither is; ``format`` a Python format spec for the value.
    """

    name: str
    label: str
    help: str
    better: str
    format: str
    score: Callable[..., dict[str, Score]]


def each(name: str, value: Callable[[np.ndarray, np.ndarray], float | str]) -> Callable[..., dict[str, Score]]:
    """A ``score`` function from one that looks at a single labeling; text it returns is the reason for no value."""

    def score(
        values: np.ndarray, labelings: Labelings, *, seed: int, centred: frozenset[str], threads: int = 1
    ) -> dict[str, Score]:
        with ThreadPoolExecutor(threads) as pool:
            found = pool.map(lambda labels: value(values, labels), labelings.values())
            return {key: told(name, one) for key, one in zip(labelings, found, strict=True)}

    return score


def told(name: str, found: float | str) -> Score:
    """A number as a score, a reason as "does not apply, because ..."."""
    if isinstance(found, str):
        return Score(name, None, f"does not apply, because {found}")
    return Score(name, float(found))


def why_not(labels: np.ndarray) -> str:
    """Why separation cannot be measured: "" when at least two segments share more customers than segments."""
    placed = labels[labels != NOISE]
    count = len(np.unique(placed))
    if count == 0:
        return "no customer is placed"
    if count == 1:
        return "there is only one segment"
    if count >= len(placed):
        return "every segment holds a single customer"
    return ""


def sampled(n_rows: int, seed: int, *, most: int, size: int) -> np.ndarray:
    """All row positions up to ``most`` of them, else ``size`` drawn uniformly with the seed, rising."""
    if n_rows <= most:
        return np.arange(n_rows)
    return np.sort(np.random.default_rng(seed).choice(n_rows, size, replace=False))
