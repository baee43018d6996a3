"""Rows of the matrix into the segments of a model: which one, how sure, which comes second, and who is unlike anyone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.algorithms import ALGORITHMS, one_thread
from core.model import NOISE, Model
from core.scoring.nearest import nearest

ALIKE = 25
"""Known customers that tell how sure a placing is."""
FIFTH = 5
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
    references = model.references
    count = min(ALIKE, len(references))
    distance, index = nearest(references, values, count)
    near = model.reference_segments[index]
    segment = segments(model, values)
    confidence = (near == segment[:, None]).mean(axis=1)
    unlike = distance[:, min(FIFTH, count) - 1] > model.unlike
    return Placed(segment, confidence, _second(model, values, segment, near), unlike)


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


def _most(near: np.ndarray, besides: np.ndarray | None = None) -> np.ndarray:
    """The commonest segment (n,) in each row of ``near`` (n, count), of equals the one that comes first; 0 where there is none.

    NOISE and the segment ``besides`` (n,) do not count.
    """
    counts = np.zeros((len(near), int(near.max(initial=0)) + 1), dtype=np.int16)
    for column in near.T:
        rows = np.flatnonzero(column > 0)
        counts[rows, column[rows]] += 1
    if besides is not None:
        known = np.flatnonzero((besides > 0) & (besides < counts.shape[1]))
        counts[known, besides[known]] = 0
    most = counts.max(axis=1)
    found = np.zeros(len(near), dtype=np.int16)
    for column in near.T[::-1]:
        usable = np.maximum(column, 0)
        leads = (column > 0) & (counts[np.arange(len(near)), usable] == most) & (most > 0)
        found[leads] = column[leads]
    return found


def _second(model: Model, values: np.ndarray, segment: np.ndarray, near: np.ndarray) -> np.ndarray:
    """The segment (n,) of most of the nearest that are in another; where none is, that of the nearest one elsewhere."""
    found = _most(near, besides=segment)
    for own in np.unique(segment[found == 0]):
        rows = np.flatnonzero((found == 0) & (segment == own))
        others = np.flatnonzero((model.reference_segments > 0) & (model.reference_segments != own))
        if len(others):
            found[rows] = model.reference_segments[others][nearest(model.references[others], values[rows], 1)[1][:, 0]]
    return found
