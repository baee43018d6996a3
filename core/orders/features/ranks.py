"""Quartiles and the commonest, in whole numbers, so that every engine finds the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis


def middle(rows: ibis.Table, value: str, name: str) -> ibis.Table:
    """Quartiles of the whole numbers ``value`` of each customer, times four: ``name``_low, _half and _high.

    Linear interpolation between the two nearest values (Hyndman & Fan 1996, type 7). ``value`` is never null.
    """
    import ibis

    ranked = rows.mutate(
        rank=ibis.row_number().over(ibis.window(group_by="customer", order_by=value)),
        most=rows.count().over(ibis.window(group_by="customer")) - 1,
    )
    quarters = {}
    for label, quarter in (("low", 1), ("half", 2), ("high", 3)):
        # The quartile lies (most * quarter) / 4 ranks above the lowest: between two ranks, four steps apart.
        steps = 4 - (ranked.rank * 4 - ranked.most * quarter).abs()
        quarters[f"{name}_{label}"] = (steps * ranked[value]).sum(where=steps > 0)
    return ranked.group_by("customer").agg(**quarters)


def commonest(weighed: ibis.Table, name: str) -> ibis.Table:
    """The ``name`` with the most ``weight`` of each customer, the first in the alphabet among equals.

    ``weighed`` has a row for each customer and name (whole ``weight``, no nulls). Gives ``name``, how many names
    there are (``name``_count), and the weight of the commonest and of all (``name``_most, ``name``_all).
    """
    weight = weighed.weight
    totals = weighed.group_by("customer").agg(
        **{f"{name}_most": weight.max(), f"{name}_all": weight.sum(), f"{name}_count": weighed.count()}
    )
    heaviest = totals.select("customer", weight=totals[f"{name}_most"])
    # A join on both keys: a window over all names of all customers would sort them.
    best = weighed.inner_join(heaviest, ["customer", "weight"])
    named = best.group_by("customer").agg(**{name: best[name].min()})
    return totals.inner_join(named, "customer")
