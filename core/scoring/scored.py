"""Typed customers to a table of where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from core.algorithms import one_thread
from core.errors import BadRequest
from core.model import Kind, LearnedColumn, Model, Note, Scored
from core.prepare import applied
from core.scoring.placing import Placed, place
from core.scoring.reasoning import cell

BLOCK = 16_384  # customers placed at a time by one thread


def score(model: Model, frame: pd.DataFrame, notes: tuple[Note, ...] = (), *, threads: int = 1) -> Scored:
    """Every row of ``frame``, typed by :func:`typed` or :func:`typed_records`, placed; ``notes`` of these come first.

    The number of threads changes no result, nor do the other rows. Raises :class:`BadRequest` without rows.
    """
    if not len(frame):
        raise BadRequest("There is no customer to place.", "Bring at least one row.")
    frame = frame[list(model.columns)].reset_index(drop=True)
    starts = range(0, len(frame), BLOCK)
    with one_thread(), ThreadPoolExecutor(max(1, threads)) as pool:
        parts = list(pool.map(lambda start: _placed(model, frame.iloc[start : start + BLOCK]), starts))
    placed = [part for part, _ in parts]
    segment = np.concatenate([part.segment for part in placed])
    names = {one.number: one.name for one in model.segments}
    out = pd.DataFrame({
        "segment": segment,
        "segment_name": _named(segment, names),
        "confidence": np.concatenate([part.confidence for part in placed]),
        "runner_up": np.concatenate([part.runner_up for part in placed]),
        "unlike_anyone": np.concatenate([part.unlike for part in placed]),
    })
    coordinates = np.concatenate([part for _, part in parts])
    coordinates.flags.writeable = False
    return Scored(out, coordinates, (*notes, *_filled(model, frame), *_beyond(model, frame)))


def _placed(model: Model, frame: pd.DataFrame) -> tuple[Placed, np.ndarray]:
    values = applied(model.preparation, frame)
    with np.errstate(over="ignore"):
        where = np.stack([((values - model.middle) * axis).sum(axis=1) for axis in model.axes], axis=1)
    limit = np.finfo(np.float32).max
    return place(model, values), np.clip(where, -limit, limit).astype(np.float32)


def _named(segment: np.ndarray, names: dict[int, str]) -> np.ndarray:
    """The name of each segment (n,), "" where there is none."""
    known = np.full(max([*names, 0]) + 2, "", dtype=object)
    for number, name in names.items():
        known[number] = name
    return known[segment]


def _filled(model: Model, frame: pd.DataFrame) -> Iterator[Note]:
    """GAPS_FILLED: customers without a value, by column."""
    for column in model.preparation.columns:
        gaps = int(frame[column.name].isna().sum())
        if gaps:
            by = "from the customers most alike" if column.filler is None else f"with {_filler(column)}"
            yield Note("GAPS_FILLED", f"{column.name} has no value for {gaps:,} of {len(frame):,} customers; it is filled {by}.",
                       column=column.name, count=gaps)  # fmt: skip


def _filler(column: LearnedColumn) -> str:
    """What fills a gap, as a person would write it."""
    return column.filler if column.kind is Kind.CATEGORY else cell(column, float(column.filler))


def _beyond(model: Model, frame: pd.DataFrame) -> Iterator[Note]:
    """BEYOND_RANGE: values outside of what the model was fitted with, by column."""
    for column in model.preparation.columns:
        if column.kind is not Kind.NUMBER:
            continue
        values = frame[column.name].to_numpy(dtype=float)
        out = (values < column.low) | (values > column.high)
        if out.any():
            yield Note("BEYOND_RANGE", f"{column.name} lies outside of {_range(column)} for {int(out.sum()):,} of {len(frame):,} "
                       "customers: nobody was like that when the segments were made.", column=column.name,
                       count=int(out.sum()), examples=tuple(f"{one:g}" for one in values[out][:3]))  # fmt: skip


def _range(column: LearnedColumn) -> str:
    return f"{column.low:,g} to {column.high:,g} {column.unit}".strip()
