"""Whether there are customers enough for what a plan asks, told before anything is fitted."""

from __future__ import annotations

from dataclasses import replace

from core.algorithms import ALGORITHMS
from core.errors import TooFewRows
from core.model import Plan

LEAST = 2  # customers in a segment


def require_enough(plan: Plan, rows: int, distinct: int) -> None:
    """Raise :class:`TooFewRows` where the fewest segments asked for, or a crowd asked for, need more customers.

    ``rows`` customers to fit, ``distinct`` of them different (counting may end beyond 30).
    A segment needs two customers, and as many different customers as segments must exist.
    """
    for name in plan.algorithms:
        fixed = plan.settings.get(name, {})
        if any(param.name == "n_segments" for param in ALGORITHMS[name].params):
            _require(int(fixed.get("n_segments", plan.segments[0])), rows, distinct)
        crowd = int(fixed.get("min_samples") or 0)
        if crowd > rows:
            raise TooFewRows(rows, crowd, f"A crowd of {crowd:,} customers in {ALGORITHMS[name].label} (min_samples)")


def within_reach(plan: Plan, rows: int) -> Plan:
    """The plan without numbers of segments that would leave fewer than two customers to each; a fixed one stays."""
    low, high = plan.segments
    return replace(plan, segments=(low, max(low, min(high, rows // LEAST))))


def _require(segments: int, rows: int, distinct: int) -> None:
    if rows < LEAST * segments:
        raise TooFewRows(rows, LEAST * segments, f"Forming {segments} segments", rows // LEAST)
    if distinct < segments:
        raise TooFewRows(distinct, segments, f"Forming {segments} segments of customers that differ", distinct)
