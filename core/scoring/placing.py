"""Rows of the matrix into the segments of a model: which one, how sure, which comes second, and who is unlike anyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.algorithms import ALGORITHMS, one_thread
from core.model import NOISE, Model
from core.scoring.around import around
from core.scoring.nearest import nearest

DECIDE = 5
"""Known customers among whom the nearest decide which part of a segment that was split."""
FARTHEST = 1e150  # its square is still a number


@dataclass(frozen=True)
class Placed:
    """Of each row (n,): ``segment`` int16 (NOISE: none), ``confidence`` 0..1, ``runner_up`` int16 (0: none), ``unlike`` bool."""

    segment: np.ndarray
    confidence: np.ndarray
    runner_up: np.ndarray
    unlike: np.ndarray


def place(model: Model, values: np.ndarray) -> Placed:
    """Where the rows (n, d) of the matrix belong; each row by itself.

    Source of the confidence: the share of the nearest neighbours of one class as an estimate of its posterior probability,
    Fix & Hodges (1951), doi:10.2307/1403797.
    """
    values = np.clip(values, -FARTHEST, FARTHEST)
    segment = segments(model, values)
    found = around(model.references, model.reference_segments, model.unlike, values=values, own=segment)
    return Placed(segment, found.share, found.second, found.far)


def segments(model: Model, values: np.ndarray) -> np.ndarray:
    """The segments (n,) int16 of rows (n, d) after all edits, and nothing else about them."""
    return into_parts(model, as_fitted(model, values), values)


def as_fitted(model: Model, values: np.ndarray) -> np.ndarray:
    """The segments (n,) int16 of the candidate before any edit, by the algorithm's own rule."""
    if not len(values):
        return np.empty(0, dtype=np.int16)
    with one_thread():
        raw = ALGORITHMS[model.algorithm].place(model.arrays, values)
    found = np.full(len(raw), NOISE, dtype=np.int16)
    found[raw != NOISE] = model.segment_of[raw[raw != NOISE]]
    return np.where(found > 0, found, NOISE).astype(np.int16)


def into_parts(model: Model, fitted: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The segments (n,) after all edits; of one whose customers are in several now, the nearest references decide."""
    parts: dict[int, list[int]] = {}
    for before, now in model.parts:
        parts.setdefault(before, []).append(now)
    found = np.full(len(fitted), NOISE, dtype=np.int16)
    for before, now in parts.items():
        rows = np.flatnonzero(fitted == before)
        if len(now) == 1 or not len(rows):
            found[rows] = now[0]
            continue
        found[rows] = _nearest_part(model, values[rows], np.array(now, dtype=np.int16))
    return found


def _nearest_part(model: Model, values: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """The part (n,) that most of the five nearest references among all parts are in, the nearest of equals."""
    among = np.flatnonzero(np.isin(model.reference_segments, parts))
    if not len(among):
        return np.full(len(values), parts[0], dtype=np.int16)
    index = nearest(model.references[among], values, min(DECIDE, len(among)))[1]
    return _most(model.reference_segments[among][index])


def _most(near: np.ndarray) -> np.ndarray:
    """The commonest segment (n,) in each row of ``near`` (n, count), of equals the one that comes first."""
    counts = (near[:, :, None] == near[:, None, :]).sum(axis=2)
    return near[np.arange(len(near)), counts.argmax(axis=1)]
