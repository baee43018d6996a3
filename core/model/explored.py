"""What a table looks like before anything is fitted: spreads, relations, gaps, and points for pair plots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model.table import Kind


@dataclass(frozen=True)
class Box:
    """A box plot after Tukey (1977): ``low`` and ``high`` are the outermost values within 1.5 IQR of the quartiles.

    ``below`` and ``above`` count values beyond these fences.
    """

    minimum: float
    low: float
    lower: float
    median: float
    upper: float
    high: float
    maximum: float
    mean: float
    below: int
    above: int


@dataclass(frozen=True)
class Spread:
    """How the values of one column are spread; ``place`` is its position in the table, from 0.

    ``counts`` are bars: of a number or date between ``edges`` (one more than bars,
    half open to the right; dates in days since 1970-01-01), else of the commonest
    values ``labels``. Dates have ``labels``, too, and a ``period`` (day, week, month,
    quarter, year, decade). ``below`` and ``above`` count values outside the edges,
    ``rest`` the values that have no bar of their own, of ``distinct`` different ones.
    ``whole`` is True where all values are whole numbers. ``filled`` + ``gaps`` is the
    number of rows.
    """

    place: int
    name: str
    kind: Kind
    unit: str
    filled: int
    gaps: int
    distinct: int
    counts: tuple[int, ...] = ()
    edges: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    period: str = ""
    below: int = 0
    above: int = 0
    rest: int = 0
    whole: bool = False
    box: Box | None = None


@dataclass(frozen=True)
class Relations:
    """How strongly columns go together, over ``rows`` customers.

    ``frame`` columns: first, second (places), measure (spearman and pearson, both -1
    to 1; eta and cramers_v, 0 to 1), value (NaN where it does not exist), rows (where
    both are filled); each pair of ``columns`` once per measure. ``columns`` are places,
    neighbours alike; of ``candidates`` columns that could be measured.
    """

    frame: pd.DataFrame
    columns: tuple[int, ...]
    candidates: int
    rows: int


@dataclass(frozen=True)
class Pattern:
    """The columns (places) that are empty together in ``rows`` rows; none for complete rows."""

    columns: tuple[int, ...]
    rows: int


@dataclass(frozen=True)
class GapMap:
    """Where cells are empty. ``columns`` are places, most gaps first, of ``gappy`` columns with any gap.

    ``shares`` (blocks, columns) is the share (0..1) of empty cells in consecutive
    blocks of rows; block i holds the rows ``starts[i]`` to ``starts[i + 1]`` - 1.
    ``patterns`` are the commonest, of ``found`` different ones.
    """

    columns: tuple[int, ...]
    gappy: int
    starts: tuple[int, ...]
    shares: np.ndarray
    patterns: tuple[Pattern, ...]
    found: int


@dataclass(frozen=True)
class Explored:
    """A table, looked at; ``fingerprint`` is that of the table.

    ``points`` (m, columns) are the values of ``point_columns`` (places of numbers,
    flags and dates, the latter in days since 1970-01-01) of a sample of m customers
    that does not depend on the order of the file; NaN is a gap.
    """

    fingerprint: str
    rows: int
    spreads: tuple[Spread, ...]
    relations: Relations
    gaps: GapMap
    points: np.ndarray
    point_columns: tuple[int, ...]
