"""What a criterion is: an entry of data whose one function names a number of segments and says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.model import Candidate


@dataclass(frozen=True)
class Arguments:
    """What criteria argue from.

    ``candidates`` that have segments and were asked for; ``algorithm`` of the
    recommended one; ``sample`` (n, d) at most some hundred fitted rows; ``gap``
    the frame of :func:`core.selection.gap.gap_curve`; ``merges`` (m - 1,)
    falling heights of the Ward tree, empty where none was grown; ``tried`` the
    range of numbers of segments.
    """

    candidates: tuple[Candidate, ...]
    algorithm: str
    sample: np.ndarray
    gap: pd.DataFrame
    tried: tuple[int, int]
    seed: int
    merges: np.ndarray = field(default_factory=lambda: np.empty(0))

    def series(self, metric: str, algorithm: str) -> dict[int, float]:
        """A score by number of segments, of the candidates of one algorithm that is told the number."""
        return {c.n_segments: c.score(metric).value for c in self.numbered(algorithm) if c.score(metric).value is not None}

    def facts(self, name: str, algorithm: str) -> dict[int, float]:
        """A fact of the fit by number of segments."""
        return {c.n_segments: c.facts[name] for c in self.numbered(algorithm) if name in c.facts}

    def numbered(self, algorithm: str) -> list[Candidate]:
        """The candidates of an algorithm that found as many segments as they were told to."""
        return [c for c in self.candidates if c.algorithm == algorithm and c.params.get("n_segments") == c.n_segments]


@dataclass(frozen=True)
class Vote:
    """A number of segments, None for no vote, and the reason in plain words."""

    k: int | None
    because: str


@dataclass(frozen=True)
class Criterion:
    """One argument about the number of segments: ``vote(arguments) -> Vote``."""

    name: str
    label: str
    vote: Callable[[Arguments], Vote]


def extreme(series: dict[int, float], *, highest: bool, told: str) -> Vote:
    """The number of segments with the highest or lowest value; ``told`` completes "highest at 5 of ..."."""
    if len(series) < 2:
        return Vote(None, "it needs at least two numbers of segments to compare")
    pick = max if highest else min
    best = pick(series, key=lambda k: (series[k], -k if highest else k))
    edge = ", the largest number tried" if best == max(series) else ""
    return Vote(best, f"{'highest' if highest else 'lowest'} {told} ({_figure(series[best])}){edge}")


def _figure(value: float) -> str:
    """Four significant digits, but all of a large number: ``0.2976``, ``-11,130``."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
