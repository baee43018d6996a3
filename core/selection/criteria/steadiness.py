"""Which number of segments comes out the same on other customers."""

from __future__ import annotations

import numpy as np

from core.selection.criteria.entry import Arguments, Criterion, Vote, extreme


def vote(arguments: Arguments) -> Vote:
    """The highest mean agreement over resamples, of the recommended algorithm; ties go to fewer segments."""
    measured = [c for c in arguments.numbered(arguments.algorithm) if c.stability]
    return extreme(
        {c.n_segments: float(np.mean(c.stability)) for c in measured}, highest=True, told="agreement between resamples"
    )


STEADINESS = Criterion(name="stability", label="Same again on other customers (stability)", vote=vote)
