"""How far the segments of one shaped candidate can be trusted: bootstrap stability, and whether they are there at all."""

from __future__ import annotations

import numpy as np

from core.model import Candidate
from core.pipeline.fitting import Bench
from core.pipeline.progress import Report
from core.shaping import Shaped


def trust(
    bench: Bench,
    fitted: Candidate,
    candidate: Candidate,
    made: Shaped,
    *,
    resamples: int,
    report: Report,
    threads: int,
) -> tuple[Candidate, int]:
    """``candidate`` with the stability and trust of its segments, and over how many resamples they were measured."""
    return candidate, 0


def verdict(values: np.ndarray, candidate: Candidate, rows: np.ndarray, *, seed: int) -> tuple[str, str]:
    """The reading of Dolnicar, Gruen & Leisch (2018) of one candidate, and the reason in words."""
    return "", ""
