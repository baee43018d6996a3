"""Genie: single linkage that joins the smallest groups first whenever sizes become too unequal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms import rows
from core.algorithms.anchors import hang, hang_bytes, hang_seconds, model_of, place
from core.algorithms.density import fit_rows, spanning_tree
from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.linkage import N_SEGMENTS
from core.memo import Kept
from core.model import Feature
from core.params import Real

EXACT_ROWS = 20_000
EXACT_WORK = 4e9  # rows squared times columns: about 2 seconds
GINI = 0.3


def fit(
    values: np.ndarray, *, n_segments: int, seed: int, gini_threshold: float = GINI, shared: Kept | None = None
) -> Fitted:
    """Merge along the spanning tree until ``n_segments`` groups are left.

    While the Gini index of the group sizes (0 all equal, 1 one group has all)
    exceeds ``gini_threshold``, only a smallest group may be joined. Equal
    customers count once. Beyond 20,000 rows (see :func:`fitted`) a seeded sample is
    fitted and every other row follows the nearest sampled one.
    """
    from genieclust.core import genie_from_mst

    found = shared if shared is not None else span(values, seed=seed)
    points, member, length = (found.arrays[name] for name in ("points", "member", "length"))
    if n_segments >= len(points):
        groups = np.arange(len(points))
    else:
        groups = genie_from_mst(length, found.arrays["ends"], n_clusters=n_segments, gini_threshold=gini_threshold)[
            "labels"
        ]
    notes = rows.sample_note(found.facts["rows"], len(values))
    return Fitted(raw_labels=groups[member], model=model_of(points, groups, factor=found.facts["factor"]), notes=notes)


def span(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """The minimum spanning tree of the distinct ``points`` (m, d) of the fitted rows; serves every number of segments.

    ``ends`` (m - 1, 2) and ``length`` (m - 1,) of its edges, shortest first; ``member`` (n,) the nearest point of every row.
    """
    chosen = rows.sample_rows(len(values), fitted(*values.shape), seed)
    tamed, factor = rows.tame(values[chosen])
    points = np.unique(tamed, axis=0)
    ends, length = spanning_tree(points, np.zeros(len(points)))
    order = np.lexsort((ends[:, 1], ends[:, 0], length))
    member = hang(points, values, factor=factor)[0]
    return Kept(
        {"points": points, "ends": ends[order], "length": length[order], "member": member},
        {"rows": len(chosen), "factor": factor},
    )


def fitted(n_rows: int, n_features: int) -> int:
    """How many rows the tree spans: all up to 20,000, fewer where columns are many."""
    if n_rows <= EXACT_ROWS and float(n_rows) ** 2 * n_features <= EXACT_WORK:
        return n_rows
    return fit_rows(n_rows, n_features)


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    used = fitted(n_rows, n_features)
    tree = 0.02 + 5.3e-11 * n_features * used**2
    placing = hang_seconds(n_rows, used, n_features=n_features)
    seconds = tree + placing + (3.7e-6 * used + 5e-9 * n_rows) * candidates
    method = "" if used == n_rows else f"a tree over {used:,} sampled customers"
    peak = 60.0 * used * n_features + hang_bytes(n_rows, n_features) + 13.0 * n_rows
    return Cost(seconds=seconds, bytes=peak, rows=used, method=method)


GENIE = Algorithm(
    name="genie",
    label="Genie",
    summary="Segments of any shape from a tree of nearest neighbours, kept from becoming too unequal in size.",
    assumes="Segments hang together by near neighbours; none is a mere handful of customers.",
    params=(
        N_SEGMENTS,
        Real(
            "gini_threshold",
            "Inequality allowed",
            default=GINI,
            low=0.0,
            high=1.0,
            help="How unequal sizes may become (Gini index) before the smallest groups are joined first; 1: any.",
        ),
    ),
    fit=fit,
    place=place,
    grid=rows.segment_grid,
    cost=cost,
    good_at="Odd shapes and different densities, without leaving anyone out.",
    bad_at="Very unequal segments; segments that touch or overlap.",
    reference="Gagolewski, Bartoszuk & Cena (2016), doi:10.1016/j.ins.2016.05.003; Gagolewski (2021), doi:10.1016/j.softx.2021.100722",
    shared=span,
)
