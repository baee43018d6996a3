"""Customers drawn to see how steady a figure is: the same ones whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

_STEP = np.uint64(0x9E3779B97F4A7C15)  # Steele, Lea & Flood (2014), SplitMix64


def drawn(frame: pd.DataFrame, names: Sequence[str], *, most: int, seed: int) -> np.ndarray:
    """Positions (at most ``most``,) of rows of ``frame``, drawn without replacement and ordered by their content.

    Every row has the same chance. A row is drawn by a number made from its cells in the columns ``names``, from
    ``seed``, and from how many equal rows stand before it: which rows are drawn changes with the seed, and does not
    change when the rows of the file are put into another order.
    """
    content = np.zeros(len(frame), dtype=np.uint64)
    for name in names:
        content = content * _STEP + pd.util.hash_array(frame[name].to_numpy())
    chance = _mixed(_mixed(content + _occurrence(content)) + np.uint64(seed))
    if most < len(chance):
        lowest = np.argpartition(chance, most)[:most]
        return lowest[np.argsort(chance[lowest], kind="stable")]
    return np.argsort(chance, kind="stable")


def weights(rows: int, times: int, *, seed: int) -> np.ndarray:
    """(rows, times) float64: how often each of ``rows`` is in each of ``times`` bootstrap resamples (Efron 1979)."""
    picked = np.random.default_rng(seed).integers(0, rows, (times, rows))
    picked += np.arange(times)[:, None] * rows
    counts = np.bincount(picked.ravel(), minlength=times * rows).reshape(times, rows)
    return np.ascontiguousarray(counts.T, dtype=np.float64)


def _occurrence(content: np.ndarray) -> np.ndarray:
    """How many equal entries stand before each: without it, equal rows would be drawn all or none."""
    order = np.argsort(content, kind="stable")
    first = np.ones(len(content), dtype=bool)
    np.not_equal(content[order[1:]], content[order[:-1]], out=first[1:])
    if first.all():
        return np.zeros(len(content), dtype=np.uint64)
    at = np.arange(len(content))
    out = np.empty(len(content), dtype=np.uint64)
    out[order] = at - np.maximum.accumulate(np.where(first, at, 0))
    return out


def _mixed(bits: np.ndarray) -> np.ndarray:
    """The finisher of SplitMix64: every bit of the result depends on every bit of ``bits``."""
    bits = bits + _STEP
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
