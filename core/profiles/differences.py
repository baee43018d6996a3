"""How far each segment lies from everyone else in each column: effect sizes, and how steadily they come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, count

import numpy as np
import pandas as pd

from core.model import Column, Kind, Role, Table
from core.profiles.drawn import drawn, weights
from core.profiles.effects import SMALL, Measured, Sums, cohen, measured
from core.profiles.naming import plain
from core.profiles.survey import FEW_LEVELS

DIFFERENCES = ("candidate", "segment", "column", "level", "caption", "kind", "role", "unit", "own", "rest", "everyone",
               "effect", "delta", "steady", "filled")  # fmt: skip
SHOWN = (Role.FEATURE, Role.PROFILE, Role.OUTCOME)
TOLD = (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY)
RESAMPLES, MOST_DRAWN = 100, 2_000


def differences(
    table: Table,
    roles: Mapping[str, Role],
    labelings: Mapping[str, np.ndarray],
    *,
    units: Mapping[str, str],
    seed: int,
    threads: int = 1,
) -> pd.DataFrame:
    """One row per candidate, segment (noise left out) and signal, by falling size of the effect within a segment.

    Signals are the numbers, the flags and the 12 commonest values (``level``) of the categories among the feature,
    profile-only and outcome columns; ``caption`` names each in words that no other has. ``own``, ``rest`` (everyone
    else, customers not placed among them) and ``everyone`` are means in the column's ``unit``, or shares (0..1) of
    flags and values, over the ``filled`` cells, here counted for the segment. NaN where there are none.

    ``effect`` is Cohen's d of the segment against the rest (-20..20; see :func:`core.profiles.effects.cohen`), for
    flags and values that of their noughts and ones. ``delta`` is Cliff's delta (1993, doi:10.1037/0033-2909.114.3.494):
    how much oftener a customer of the segment has more than one of the rest than less (-1..1), NaN for shares.
    Both are without direction of cause: columns that shaped the segments differ because they shaped them.

    ``steady`` is the share (0..1) of 100 bootstrap resamples of customers in which the effect has the same sign and
    is at least 0.2, Cohen's small; NaN where it is smaller to begin with. At most 2,000 customers, the same for all
    candidates, are drawn for that: beyond them it is what 2,000 customers show, which is too low rather than too high.
    """
    columns = [c for c in table.columns if roles.get(c.name, c.role) in SHOWN and c.kind in TOLD]
    if not columns or not labelings or not len(table):
        return _framed([], [], {})
    names = [column.name for column in columns]
    picked = drawn(table.frame, names, most=MOST_DRAWN, seed=seed)
    labeled = list(labelings.values())

    def one(column: Column) -> Measured:
        return measured(table.frame[column.name], column, labeled, drawn=picked, most_levels=FEW_LEVELS)

    with ThreadPoolExecutor(threads, thread_name_prefix="differences") as pool:
        found = list(pool.map(one, columns))
        resampled = weights(len(picked), RESAMPLES, seed=seed)
        sample = tuple(np.hstack([part.sample[at] for part in found]) for at in range(3))
        effects = [np.hstack([part.effect[at] for part in found]) for at in range(len(labeled))]
        steady = list(pool.map(lambda at: _steady(labeled[at][picked], effects[at], sample, resampled), range(len(labeled))))
    return _framed(_signals(found, roles, units), list(labelings), _cells(found, labeled, effects, steady))


def _steady(labels: np.ndarray, effect: np.ndarray, sample: Sequence[np.ndarray], resampled: np.ndarray) -> np.ndarray:
    """(slots, signals): how often resamples of the drawn customers, whose ``labels`` (m,) are given, agree with ``effect``.

    Customers are put in the order of their segments, so that one product of matrices gives the sums of a segment in
    all resamples.
    """
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(-1, len(effect)))
    drawn_weights, parts = resampled[order], [part[order] for part in sample]
    everyone = Sums(*(drawn_weights.T @ part for part in parts))
    out = np.full(effect.shape, np.nan)
    for slot, (start, end) in enumerate(zip(ends[:-1], ends[1:], strict=True)):
        asked = np.abs(effect[slot]) >= SMALL
        if end > start and asked.any():
            own = Sums(*(drawn_weights[start:end].T @ part[start:end] for part in parts))
            agrees = cohen(own, everyone) * np.sign(effect[slot]) >= SMALL
            out[slot, asked] = agrees.mean(axis=0)[asked]
    return out


def _signals(found: Sequence[Measured], roles: Mapping[str, Role], units: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Column, level, caption, kind, role and unit of each signal."""
    out: list[tuple[str, ...]] = []
    captions: set[str] = set()
    for one in found:
        column = one.column
        for level in one.levels:
            caption = _unused(_caption(column, level), captions)
            captions.add(caption)
            role, unit = roles.get(column.name, column.role), units.get(column.name, column.unit)
            out.append((column.name, level, caption, str(column.kind), str(role), unit))
    return out


def _caption(column: Column, level: str) -> str:
    word = plain(column.name) or "column"
    return f"{word}: {plain(level, lower=False) or 'another sign'}" if column.kind is Kind.CATEGORY else word


def _unused(caption: str, taken: set[str]) -> str:
    tries = chain([caption], (f"{caption} ({n})" for n in count(2)))
    return next(one for one in tries if one not in taken)


def _cells(
    found: Sequence[Measured], labelings: Sequence[np.ndarray], effects: Sequence[np.ndarray], steady: Sequence[np.ndarray]
) -> dict[str, list[np.ndarray]]:
    """By column of the frame and labeling: (segments, signals), and the segments themselves under "segment"."""
    everyone = np.concatenate([one.everyone for one in found])
    out: dict[str, list[np.ndarray]] = {}
    for at, labels in enumerate(labelings):
        segments = np.flatnonzero(np.bincount(np.maximum(labels, 0))[1:]) + 1
        told = {name: np.hstack([getattr(one, name)[at] for one in found]) for name in ("own", "rest", "delta", "filled")}
        told |= {"effect": effects[at], "steady": steady[at], "everyone": np.tile(everyone, (len(effects[at]), 1))}
        for name, cells in told.items():
            out.setdefault(name, []).append(cells[segments + 1])
        out.setdefault("segment", []).append(segments)
    return out


def _framed(signals: list[tuple[str, ...]], keys: list[str], cells: dict[str, list[np.ndarray]]) -> pd.DataFrame:
    """The rows of :func:`differences`, each segment's strongest effect first, ties in the order of the table."""
    if not signals:
        return pd.DataFrame({name: pd.Series(dtype=_DTYPES[name]) for name in DIFFERENCES})
    order = np.vstack([np.argsort(-np.abs(part), axis=1, kind="stable") for part in cells["effect"]])
    flat = {name: np.take_along_axis(np.vstack(part), order, axis=1).ravel() for name, part in cells.items() if name != "segment"}
    flat["segment"] = np.repeat(np.concatenate(cells["segment"]), len(signals))
    rows = [len(part) * len(signals) for part in cells["segment"]]
    flat["candidate"] = np.repeat(np.array(keys, dtype=object), rows)
    words = np.array(signals, dtype=object)
    for at, name in enumerate(("column", "level", "caption", "kind", "role", "unit")):
        flat[name] = words[order.ravel(), at]
    return pd.DataFrame({name: pd.Series(flat[name]).astype(_DTYPES[name]) for name in DIFFERENCES})


_DTYPES = {name: "str" for name in DIFFERENCES} | {
    "segment": "int64", "own": "float64", "rest": "float64", "everyone": "float64", "effect": "float32",
    "delta": "float32", "steady": "float32", "filled": "int64",
}  # fmt: skip
