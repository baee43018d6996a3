"""How sure a mean over held-out customers is."""

from __future__ import annotations

import numpy as np

_SIDE = 1.96
"""Of the normal distribution: 95 % lie within."""


def interval(losses: np.ndarray) -> tuple[float, float, float]:
    """Mean of ``losses`` (n,) from -1 to 1 and its 95 % interval over customers.

    One customer more, whose loss is 1 in square, enters the spread: few customers whose losses happen to be equal are
    no proof that all are (in the spirit of Agresti & Coull 1998, doi:10.1080/00031305.1998.10480550).
    """
    mean = float(losses.mean())
    side = _SIDE * float(np.sqrt(_square(losses)))
    return mean, mean - side, mean + side


def balanced(losses: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    """The mean over segments of the mean loss in each, and its 95 % interval; ``truth`` (n,) are the segments."""
    parts = [losses[truth == segment] for segment in np.unique(truth)]
    mean = float(np.mean([part.mean() for part in parts]))
    side = _SIDE * float(np.sqrt(sum(_square(part) for part in parts))) / len(parts)
    return mean, mean - side, mean + side


def _square(losses: np.ndarray) -> float:
    """The square of the standard error; 0 where nothing was lost or won at all."""
    if not losses.any():
        return 0.0
    spread = float(((losses - losses.mean()) ** 2).sum()) + float((losses**2).max())
    return spread / len(losses) ** 2
