"""Cells that tell of so few customers that they tell of each of them."""

from __future__ import annotations

import pandas as pd

FEWEST = 5


def suppressed(frame: pd.DataFrame, counts: str, columns: tuple[str, ...] = (), *, fewest: int = FEWEST) -> pd.DataFrame:
    """``frame`` without what is told of fewer than ``fewest`` customers (0 tells of nobody and stays).

    In rows whose cell of ``counts`` is 1 to ``fewest`` - 1 that cell and those of ``columns`` (all other columns of
    numbers where none are named) become missing. A sum that is shown beside the rows can still give a single suppressed
    one away: leave it out where exactly one row is touched.
    """
    number = pd.to_numeric(frame[counts])
    few = (number > 0) & (number < fewest)
    if not few.any():
        return frame
    touched = columns or tuple(name for name in frame.columns if name != counts and pd.api.types.is_numeric_dtype(frame[name]))
    gaps = {name: frame[name].astype(object).where(~few, None) for name in (*touched, counts)}
    return frame.assign(**{name: pd.to_numeric(cells) if name == counts else cells for name, cells in gaps.items()})
