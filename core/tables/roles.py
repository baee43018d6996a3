"""The proposed role of a column, and in plain words why it is left out."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from core.model import Kind, Role

MAX_LEVELS = 20
_ID_NAME = re.compile(r"(^|[_\s.-])(id|ids|key|uuid|guid|nr|no)$|^id[_\s.-]|(?-i:[a-z]I[Dd]$)"
                      r"|^(index|row|column_1|unnamed.*)$"
                      r"|(customer|client|account|member|user|contact|order|invoice|receipt|transaction|booking|ticket|basket|"
                      r"product|article|item|stock)[_\s]?(number|code|no|nr|key)$", re.I)
_MOSTLY_EMPTY = 0.5


def propose(name: str, kind: Kind, *, values: pd.Series, distinct: int, settled: bool = False) -> tuple[Kind, Role, str]:
    """Kind (an id of numbers turns into KEY, unless the kind is ``settled``), role and reason; "" for a feature.

    ``values`` (n,) typed as in ``Table.frame``, of which ``distinct`` are different.
    """
    rows, present = len(values), values.dropna()
    if not len(present):
        return kind, Role.IGNORE, "left out: every cell is empty"
    if distinct == 1:
        same = "only one cell is filled" if len(present) == 1 else f"all {len(present):,} filled cells say the same"
        return kind, Role.IGNORE, f"left out: {same}"
    if not (settled and kind is Kind.NUMBER) and _is_id(name, kind, present, distinct):
        return Kind.KEY, Role.ID, f"left out: looks like an id ({distinct:,} different values in {rows:,} rows)"
    if not settled and kind is Kind.NUMBER and distinct > MAX_LEVELS and _names_rows(name, present):
        kind = Kind.KEY
    if kind is Kind.TEXT:
        return kind, Role.IGNORE, f"left out: free text ({distinct:,} different values in {rows:,} rows)"
    if kind is Kind.KEY:
        return kind, Role.PROFILE, f"left out: looks like a code, not an amount ({distinct:,} different values)"
    if kind is Kind.DATE:
        return kind, Role.PROFILE, "left out: a date is shown with the segments but does not shape them"
    if kind is Kind.CATEGORY and distinct > MAX_LEVELS:
        return kind, Role.PROFILE, f"left out: {distinct:,} different values are too many groups to compare"
    if len(present) < _MOSTLY_EMPTY * rows:
        return kind, Role.PROFILE, f"left out: {(rows - len(present)) / rows:.0%} of {rows:,} cells are empty"
    return kind, Role.FEATURE, ""


def _names_rows(name: str, present: pd.Series) -> bool:
    """Whole numbers above zero under an id's name: they repeat, as the customers of orders do, and are no amounts."""
    values = present.to_numpy()
    return _ID_NAME.search(name) is not None and bool((values == np.floor(values)).all() and (values >= 0).all())


def _is_id(name: str, kind: Kind, present: pd.Series, distinct: int) -> bool:
    """Unique keys; mostly different whole numbers or keys under an id-like name; 1, 2, 3 ... in order."""
    if kind is Kind.KEY:
        return distinct == len(present) > 1 or (_ID_NAME.search(name) is not None and distinct > 0.05 * len(present))
    if kind in (Kind.TEXT, Kind.CATEGORY):
        return _ID_NAME.search(name) is not None and distinct > 0.5 * len(present)
    if kind is not Kind.NUMBER:
        return False
    values = present.to_numpy()
    if (values != np.floor(values)).any():
        return False
    if _ID_NAME.search(name):
        return distinct > 0.1 * len(present)
    return len(values) >= 10 and bool((np.diff(values) == 1).all()) and values[0] in (0, 1)
