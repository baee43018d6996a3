"""A segmentation as it places customers nobody has seen yet: plain numbers and texts, nothing that could run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.model.fit import Feature
from core.model.plan import Plan
from core.model.table import Kind, Note

MODEL_VERSION = 1


@dataclass(frozen=True)
class LearnedColumn:
    """How one column of customers becomes columns of the matrix, as learned from the fitted rows.

    ``filler`` fills a gap: a level of a category, else a number as text; None where neighbours fill it. ``order`` are the
    levels from low to high of a category that became one number. ``levels`` have a 0/1 column each, worth ``weight``;
    ``rest`` is the one for all other levels, "" where there is none. ``bend`` (rule, power, size) and ``scaler``
    (before, centre, spread) are those of :mod:`core.prepare.skew` and :mod:`core.prepare.scaling`. ``flag`` is the scaler
    of the 0/1 column that tells of a gap, None where there is none.

    For people: ``unit``; ``low`` and ``high``, the range of the fitted rows (numbers and flags); ``usual``, the median or
    the most frequent level, as text; ``whole``, whether all numbers were whole; ``known``, at most 200 levels.
    """

    name: str
    kind: Kind
    filler: str | None
    order: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    rest: str = ""
    weight: float = 1.0
    bend: tuple[str, float, float] = ("none", 1.0, 1.0)
    scaler: tuple[float, float, float] = (1.0, 0.0, 1.0)
    flag: tuple[float, float, float] | None = None
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    usual: str = ""
    whole: bool = False
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preparation:
    """Customers to rows of the matrix (m, d), without anything being learned from them.

    ``columns`` make ``features`` (d,) in their order, then those with a ``flag`` one each. Where ``neighbours`` is not 0,
    gaps in numbers are filled from that many of ``donors`` (n_donors, features before the flags).
    """

    columns: tuple[LearnedColumn, ...]
    features: tuple[Feature, ...]
    neighbours: int = 0
    donors: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))


@dataclass(frozen=True)
class ModelSegment:
    """A segment of a model: ``customers`` it was fitted with, ``trust`` its mean Jaccard similarity (0..1, -1 unknown)."""

    number: int
    name: str
    customers: int
    trust: float = -1.0
    description: str = ""
    colour: int = 0


@dataclass(frozen=True)
class Model:
    """A candidate after a person's edits, as it places other customers.

    ``made_at`` (ISO, UTC), ``versions`` of this program and of the packages that computed it, by name; ``fingerprint`` of the
    table; ``rows`` of it; ``plan``, ``candidate`` (key), ``label``, ``algorithm`` and ``params`` as in
    :class:`core.model.Candidate`.

    Placing: ``preparation`` gives rows of the matrix, the algorithm's own ``place(arrays, rows)`` raw groups,
    ``segment_of`` (n_raw,) int16 the segment of the candidate as fitted (NOISE: none), ``parts`` (before, now) the pairs of
    such a segment and one that its customers are in after all edits; where there are several, the nearest of
    ``references`` decide.

    ``references`` (m, d): at most 2,000 customers of the fit as rows of the matrix, drawn at random;
    ``reference_segments`` (m,) int16 theirs, NOISE included. ``unlike`` is the distance beyond which a customer is unlike
    anyone: the 99.5th percentile of the fitted customers' distance to their fifth nearest reference besides themselves. ``centres`` (k, d)
    are the means of ``segments``, in their order. ``usual`` is what is usual in a segment: (segment, column, text).
    ``axes`` (3, d) and ``middle`` (d,) put a row on the map: ``(row - middle) @ axes.T``.

    ``agreement`` (0..1) is the share of the ``compared`` fitted customers whom the model puts where the fit and a person put them.
    ``drift`` holds, by column, what is needed to see whether later customers differ: (column, edges or levels, shares); see
    :func:`core.scoring.learning.drift`.
    """

    name: str
    made_at: str
    versions: Mapping[str, str]
    fingerprint: str
    rows: int
    plan: Plan
    candidate: str
    label: str
    algorithm: str
    params: Mapping[str, str | int | float | bool | None]
    preparation: Preparation
    arrays: Mapping[str, np.ndarray]
    segment_of: np.ndarray
    parts: tuple[tuple[int, int], ...]
    segments: tuple[ModelSegment, ...]
    references: np.ndarray
    reference_segments: np.ndarray
    unlike: float
    centres: np.ndarray
    usual: tuple[tuple[int, str, str], ...]
    axes: np.ndarray
    middle: np.ndarray
    agreement: float
    compared: int
    drift: tuple[tuple[str, tuple[str, ...], tuple[float, ...]], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a customer needs, by name."""
        return tuple(column.name for column in self.preparation.columns)


@dataclass(frozen=True)
class Scored:
    """Other customers, placed. ``frame`` has a row per customer, in their order: segment (int16, NOISE where none),
    segment_name, confidence (0..1: the share of the 25 most similar known customers, and of any as similar as the last of them,
    that are in that segment), runner_up (int16, the other segment that most of these are in, of equals the nearest; 0 where
    there is only one), unlike_anyone (bool).

    ``coordinates`` (m, 3) float32 on the map of the model. ``notes`` tell what was assumed: unseen levels, gaps filled,
    values beyond the range, columns not looked at.
    """

    frame: pd.DataFrame
    coordinates: np.ndarray
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One column that speaks for a customer's segment and against the runner-up: its ``pull`` (above 0, the strongest first),
    its ``cell``, what is usual ``here`` and ``there`` ("" without a runner-up), all as text with units."""

    column: str
    cell: str
    here: str
    there: str
    pull: float


@dataclass(frozen=True)
class Document:
    """A file that a job has made: ``content`` its bytes as uint8."""

    filename: str
    mimetype: str
    content: np.ndarray
