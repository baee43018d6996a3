"""What an algorithm is: an entry of data with a few functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.memo import Kept
from core.params import Param


@dataclass(frozen=True)
class Fitted:
    """What a fit gives: ``raw_labels`` (n,) group numbers from 0 in any order, NOISE for unplaced rows.

    ``model`` holds the plain arrays ``place`` needs; ``notes`` are facts worth
    telling, such as "fitted on a sample". ``facts`` and ``curves`` are numbers
    and series only the fit knows (see :class:`core.model.Candidate`).
    """

    raw_labels: np.ndarray
    model: Mapping[str, np.ndarray]
    notes: tuple[str, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """What all candidates of one algorithm take on one core, told before they run.

    ``seconds`` and peak ``bytes`` beyond the matrix itself; ``rows`` are the
    customers the fit looks at, fewer than all where it approximates; ``method``
    says in plain words how it approximates, "" where it is exact.
    """

    seconds: float
    bytes: float
    rows: int
    method: str = ""


@dataclass(frozen=True)
class Algorithm:
    """One way to form segments.

    ``fit(values, *, seed, **params[, shared]) -> Fitted``; ``values`` (n, d) finite float64, read-only.
    ``place(model, values) -> raw labels`` puts any row, fitted or new, into a group.
    ``grid(values, *, segments=(low, high), seed, fixed, shared) -> params per candidate``;
    what it leaves out
    takes its default; ``fixed`` are parameters a person has set, ``shared`` is what :attr:`shared` gave, None without it.
    ``shared(values, *, seed, features, fixed) -> Kept`` computes once what every fit on the same
    values with the same ``fixed`` can reuse; it reaches ``fit`` as the keyword ``shared``, which may
    be None: then the fit makes it itself. ``features`` (d,) :class:`core.model.Feature` of the columns, or None.
    ``cost(n_rows, n_features, *, candidates) -> Cost``.
    ``caption(params)`` completes the candidate's label.
    ``thinned(params, share) -> params`` for a fit on a random ``share`` (0..1) of the rows of the table, where
    settings count customers; None where the same settings suit any number of rows.
    ``minimises_inertia`` marks algorithms for which the sum of squared distances to segment centres
    is the quantity sought; ``in_default`` those that are proposed when nothing is chosen.
    """

    name: str
    label: str
    summary: str
    assumes: str
    params: tuple[Param, ...]
    fit: Callable[..., Fitted]
    place: Callable[[Mapping[str, np.ndarray], np.ndarray], np.ndarray]
    grid: Callable[..., tuple[dict[str, Any], ...]]
    cost: Callable[..., Cost]
    good_at: str
    bad_at: str
    reference: str
    caption: Callable[[Mapping[str, Any]], str] = field(default=lambda params: f"{params['n_segments']} segments")
    shared: Callable[..., Kept] | None = None
    thinned: Callable[[Mapping[str, Any], float], dict[str, Any]] | None = None
    minimises_inertia: bool = False
    in_default: bool = False
