"""Categories to 0/1 columns: frequent levels each, the rest together."""

from __future__ import annotations

import numpy as np
import pandas as pd

MAX_LEVELS = 20
MIN_SHARE = 0.01


def levels(fit: pd.Series) -> tuple[str, ...]:
    """Levels that get a column of their own, most frequent first (ties by name), then the name of the rest if any.

    A level has its own column from 1 % of the fitted rows on; at most 20 columns come
    out. Two levels give one column: the second says nothing new.
    """
    counts = fit.value_counts()
    ordered = sorted(counts.index, key=lambda level: (-counts[level], level))
    own = [level for level in ordered if counts[level] >= MIN_SHARE * len(fit)][:MAX_LEVELS]
    if len(own) == len(ordered):
        return tuple(own[:1]) if len(own) == 2 else tuple(own)
    own = own[: MAX_LEVELS - 1]
    return (*own, _rest_name(own)) if len(own) > 1 else tuple(own)


def _rest_name(own: list[str]) -> str:
    name = "other"
    while name in own:
        name += " values"
    return name


def one_hot(values: pd.Series, known: tuple[str, ...], rest: str | None) -> np.ndarray:
    """(n, len(known)) of 0.0 and 1.0; values that are no known level fall into ``rest`` where there is one."""
    codes = pd.Index(known).get_indexer(values)
    if rest is not None:
        codes = np.where(codes < 0, known.index(rest), codes)
    out = np.zeros((len(values), len(known)))
    placed = np.flatnonzero(codes >= 0)
    out[placed, codes[placed]] = 1.0
    return out


def rest_of(fit: pd.Series, known: tuple[str, ...]) -> str | None:
    """The name in ``known`` that stands for all other levels, None where every level has its own column."""
    present = set(fit.unique())
    return known[-1] if len(known) > 1 and known[-1] not in present else None
