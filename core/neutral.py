"""Cells as text for a file: as they were read, and those a spreadsheet would run as a formula made harmless."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd

# Spaces and quotes are skipped: a spreadsheet does so too.
_DANGEROUS = r"[\s'\"\u00a0\u3000\ufeff]*[=+\-@\t\r\n\x00|%＝＋－＠]"
_NUMBER = r"[+-]?(?:[0-9]+(?:[.,][0-9]+)*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?%?"
_dangerous = re.compile(_DANGEROUS)
_number = re.compile(_NUMBER)


def is_dangerous(cell: str) -> bool:
    """Begins, after spaces and quotes, with a sign that starts a formula, and is no number."""
    return _dangerous.match(cell) is not None and _number.fullmatch(cell) is None


def neutral(cell: str) -> str:
    """``cell`` with an apostrophe in front where it :func:`is_dangerous`."""
    return f"'{cell}" if is_dangerous(cell) else cell


def restored(cell: str) -> str:
    """The inverse of :func:`neutral`, exact for every text."""
    return cell[1:] if cell.startswith("'") and is_dangerous(cell[1:]) else cell


def neutral_column(cells: pd.Series) -> pd.Series:
    """:func:`neutral` over a column of text; what begins with a letter or digit needs no look."""
    return pd.Series([cell if cell[:1].isalnum() else neutral(cell) for cell in cells], index=cells.index, dtype=object)


def as_text(cells: pd.Series) -> pd.Series:
    """Cells as they stand in the file; native values in their plain form, gaps empty."""
    if isinstance(cells.dtype, pd.StringDtype):
        return cells.fillna("").astype(object)
    return pd.Series([_text(cell) for cell in cells], index=cells.index, dtype=object)


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None or pd.isna(cell):
        return ""
    if isinstance(cell, (float, np.floating)):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < 2**53 else repr(float(cell))
    if isinstance(cell, (dt.datetime, pd.Timestamp)):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(cell)
