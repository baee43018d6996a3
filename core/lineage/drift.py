"""Whether later customers differ from those a segmentation was fitted with, column by column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.model import Column, Kind

WATCH, REFIT = 0.10, 0.25
BINS, LEVELS = 10, 30
COLUMNS = ("column", "psi", "chance", "verdict", "told")


def psi(before: np.ndarray, now: np.ndarray) -> float:
    """The population stability index of two counts (bins,) over the same bins: sum of (q - p) ln(q / p).

    p and q are shares of all; an empty bin counts as half a customer, as its logarithm would be endless. 0 where both are
    the same, below 0.10 no change that matters, from 0.25 another population.
    Source: Siddiqi (2006), Credit Risk Scorecards, Wiley, p. 136.
    """
    p, q = (np.maximum(counts, 0.5) / max(counts.sum(), 1) for counts in (np.asarray(before, float), np.asarray(now, float)))
    return float(((q - p) * np.log(q / p)).sum())


def chance(before: int, now: int, bins: int) -> float:
    """What the index of two samples of the same population exceeds once in twenty times.

    It spreads as (1/n + 1/m) times chi-squared with bins - 1 degrees of freedom: small files look different by chance.
    Source: Yurdakul & Naranjo (2020), Statistical properties of the population stability index, doi:10.21314/JRMV.2020.227.
    """
    from scipy.special import gammaincinv

    return (1 / max(before, 1) + 1 / max(now, 1)) * 2 * float(gammaincinv(max(bins - 1, 1) / 2, 0.95))


def drift(before: pd.DataFrame, now: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """One row per column that shaped the segments, the most changed first: column, psi, chance, verdict, told.

    ``columns`` are those of before. Numbers fall into at most ten bins of equally many customers of before, categories into their
    levels (the thirty most frequent, all others together); gaps are a level of their own. ``psi`` is NaN where a column is
    gone or of another kind now, which asks for a refit as well.
    """
    rows = [_of(column, before[column.name], now.get(column.name)) for column in columns]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values("psi", ascending=False, na_position="first", kind="stable").reset_index(drop=True)


def _of(column: Column, before: pd.Series, now: pd.Series | None) -> tuple[str, float, float, str, str]:
    if now is None:
        return column.name, np.nan, np.nan, "refit", "This column is not in the later file."
    amount = column.kind in (Kind.NUMBER, Kind.FLAG, Kind.DATE)
    if amount != (pd.api.types.is_numeric_dtype(now.dtype) or pd.api.types.is_datetime64_any_dtype(now.dtype)):
        return column.name, np.nan, np.nan, "refit", "Its cells are of another kind in the later file."
    names, was, here = _amounts(column, before, now) if amount and column.kind is not Kind.FLAG else _levels(before, now)
    index, limit = psi(was, here), chance(int(was.sum()), int(here.sum()), len(was))
    real = index > limit
    verdict = "refit" if real and index >= REFIT else "watch" if real and index >= WATCH else "keep"
    return column.name, index, limit, verdict, _told(names, was, here, real=real or index < WATCH)


def _amounts(column: Column, before: pd.Series, now: pd.Series) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names of the bins and the customers in them before and now, gaps last."""
    was, here = (part.astype("datetime64[ns]").astype("int64").to_numpy(float) if column.kind is Kind.DATE else part.to_numpy(float) for part in (before, now))
    gaps = [pd.isna(part).to_numpy() for part in (before, now)]
    known = was[~gaps[0]]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.zeros(0)
    counts = [np.append(np.bincount(np.searchsorted(edges, part[~gap], side="left"), minlength=len(edges) + 1), gap.sum())
              for part, gap in zip((was, here), gaps, strict=True)]  # fmt: skip
    said = [str(pd.Timestamp(int(edge)).date()) if column.kind is Kind.DATE else f"{edge:,.4g}" for edge in edges]
    names = [f"up to {said[0]}", *(f"{low} to {high}" for low, high in zip(said, said[1:], strict=False)), f"above {said[-1]}"] if said else ["any"]
    return _without_empty([*names, "empty"], *counts)


def _levels(before: pd.Series, now: pd.Series) -> tuple[list[str], np.ndarray, np.ndarray]:
    texts = [part.astype(object).where(part.notna(), None) for part in (before, now)]
    counted = texts[0].value_counts()
    order = sorted(counted.index, key=lambda level: (-counted[level], str(level)))[:LEVELS]
    counts = []
    for part in texts:
        known = part.value_counts()
        each = [int(known.get(level, 0)) for level in order]
        counts.append(np.array([*each, int(part.notna().sum()) - sum(each), int(part.isna().sum())]))
    return _without_empty([*(_level(level) for level in order), "another level", "empty"], *counts)


def _level(level: object) -> str:
    return {1.0: "yes", 0.0: "no"}.get(level, str(level)) if isinstance(level, float) else str(level)


def _without_empty(names: list[str], was: np.ndarray, here: np.ndarray) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Without bins that nobody is in before or now."""
    some = (was + here) > 0
    return [name for name, kept in zip(names, some, strict=True) if kept], was[some], here[some]


def _told(names: list[str], was: np.ndarray, here: np.ndarray, *, real: bool) -> str:
    """Where most of the change is."""
    p, q = was / max(was.sum(), 1), here / max(here.sum(), 1)
    if not len(p) or np.abs(q - p).max() < 0.005:
        return "As before."
    at = int(np.abs(q - p).argmax())
    words = f"{p[at]:.0%} were {names[at]} before, {q[at]:.0%} are now."
    return words if real else f"{words} So few customers differ as much by chance."
