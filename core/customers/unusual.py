"""The most unusual customers, the columns that make them so, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.customers.cells import cell_text, number_text
from core.customers.kinds import AT_RISK, SUSPICIOUS, UNUSUAL_KIND, VALUABLE, reasons
from core.customers.rare import Rarity, rarities
from core.model import Column, Kind, Role, Table

UNUSUAL = ("row", "segment", "score", "kind", "columns", "told")
KINDS = (VALUABLE, AT_RISK, SUSPICIOUS, UNUSUAL_KIND)
"""In the order in which they are listed."""
MOST, LEAST, SHARE, AVERAGE = 300, 10, 0.05, 0.5
NAMED, FAR = 3, 2.0


def unusual(
    table: Table,
    roles: Mapping[str, Role],
    labels: np.ndarray,
    scores: np.ndarray,
    *,
    money: str,
    units: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """At most 300 customers and 5 % of all (ten of few), the most unusual first.

    ``scores`` (n,) 0..1 are those of :func:`core.customers.placing.forest_scores`; 0.5 and less is like others and never
    listed. ``kind`` is "very valuable", "at risk of leaving", "suspicious pattern" or "unusual"
    (:mod:`core.customers.kinds`; what is suspicious is nothing else). ``columns`` are at most three, the strongest first,
    parted by line feeds: those whose cell lies farthest out (robust z of a number, the rarity of a value). ``told`` says
    why in words with the cells as they are and what is usual. ``money`` names the column of money, "" where there is none.
    """
    used = [column for column in table.columns if roles.get(column.name) not in (Role.ID, Role.IGNORE)
            and column.kind in (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY)]  # fmt: skip
    most = min(MOST, max(LEAST, int(SHARE * len(table))), len(table))
    rows = np.lexsort((np.arange(len(scores)), -scores))[:most]
    rows = rows[scores[rows] > AVERAGE]
    if not len(rows) or not used:
        return pd.DataFrame(columns=list(UNUSUAL))
    found = {column.name: rarities(column, table.frame[column.name], rows) for column in used}
    why = reasons(table, used, rows, money=money, units=units or {})
    listed = [_told(table, used, found, at, why=why[at], row=int(row), units=units or {}) for at, row in enumerate(rows)]
    kinds, columns, told = (list(part) for part in zip(*listed, strict=True))
    return pd.DataFrame({"row": rows.astype(np.int64), "segment": labels[rows].astype(np.int16),
                         "score": scores[rows].astype(np.float64), "kind": kinds, "columns": columns, "told": told})  # fmt: skip


def _told(
    table: Table, used: Sequence[Column], found: Mapping[str, Rarity], at: int, *,
    why: tuple[str, str], row: int, units: Mapping[str, str],
) -> tuple[str, str, str]:  # fmt: skip
    """Kind, columns and words of one customer."""
    order = sorted(range(len(used)), key=lambda nth: (-abs(found[used[nth].name].far[at]), nth))
    strongest = [used[nth] for nth in order[:NAMED] if abs(found[used[nth].name].far[at]) >= FAR] or [used[order[0]]]
    words = [_column_told(one, table.frame[one.name].iloc[row], found[one.name], at, units) for one in strongest]
    kind, reason = why
    told = "; ".join(words)
    return kind, "\n".join(one.name for one in strongest), f"{reason}. {told}." if reason else f"{told}."


def _column_told(column: Column, cell: object, rarity: Rarity, at: int, units: Mapping[str, str]) -> str:
    """One cell against everyone."""
    unit = units.get(column.name, column.unit)
    shown, share = cell_text(column, cell, unit), rarity.share[at]
    if column.kind is not Kind.NUMBER:
        return f"{column.name} {shown} (so are {_percent(share)} of customers)"
    if not np.isfinite(rarity.far[at]) or shown == "no value":
        return f"{column.name} {shown}"
    side = "more" if rarity.far[at] >= 0 else "less"
    return f"{column.name} {shown} ({side} than {_percent(share)} of customers; half have at most {number_text(rarity.middle, unit)})"


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return "less than 0.1%"
    return "99.9%" if 0.999 < share < 1 else f"{100 * share:.3g}%"
