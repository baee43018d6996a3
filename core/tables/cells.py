"""The cells of one raw column as distinct stripped texts, whatever they were natively."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, NamedTuple

import numpy as np
import pandas as pd


class Cells(NamedTuple):
    """``texts`` (n_distinct,) distinct stripped texts; ``codes`` (n,) positions in them; ``counts`` how often.

    ``native`` (n_distinct,) is True for texts of cells that were numbers or flags already, ``moments`` says that all filled cells
    were dates or times already, ``padded`` counts the cells that had spaces around their text, ``spaced`` shows up to three of them in quotes.
    """

    texts: pd.Series
    codes: np.ndarray
    counts: np.ndarray
    native: np.ndarray | None = None
    moments: bool = False
    padded: int = 0
    spaced: tuple[str, ...] = ()

    def spread(self, values: np.ndarray) -> np.ndarray:
        """One value per distinct text becomes one value per row."""
        return np.asarray(values)[self.codes]

    def count(self, positions: object) -> int:
        return int(self.counts[np.asarray(positions, dtype=np.intp)].sum())


def distinct_cells(raw: pd.Series) -> Cells:
    """Factorize a raw column; a gap is the empty text."""
    codes, distinct = _factorized(raw)
    stripped, padded, examples = distinct.str.strip(), 0, ()
    if not stripped.equals(distinct):
        spaced = (stripped != distinct).to_numpy(dtype=bool) & (stripped != "").to_numpy(dtype=bool)
        padded = int(np.bincount(codes, minlength=len(distinct))[spaced].sum())
        examples = tuple(repr(text) for text in distinct[spaced][:3])
        again, merged = pd.factorize(stripped)
        codes, stripped = again[codes], pd.Series(merged, dtype="str")
    counts = np.bincount(codes, minlength=len(stripped))
    return Cells(stripped, codes, counts, _numeric(raw, stripped), _moments(raw), padded, examples)


def _numeric(raw: pd.Series, texts: pd.Series) -> np.ndarray | None:
    """Which ``texts`` come from cells that were numbers; ``None`` where no cell was."""
    if isinstance(raw.dtype, pd.StringDtype):
        return None
    if raw.dtype != object:
        return np.full(len(texts), raw.dtype.kind in "biuf")
    known = {native_text(cell) for cell in raw if isinstance(cell, (int, float, decimal.Decimal, np.number))}
    return texts.isin(known).to_numpy(dtype=bool) if known else None


def _moments(raw: pd.Series) -> bool:
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind == "M":
        return True
    return raw.dtype == object and pd.api.types.infer_dtype(raw, skipna=True) in ("datetime", "datetime64", "date")


def _factorized(raw: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Codes (n,) and the different texts in the order in which they come.

    Different native values have different texts, so that only one of each needs to become a text; in an ``object``
    column that is not so (1 equals True).
    """
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind in "biufM":
        codes, distinct = pd.factorize(raw, use_na_sentinel=False)
        return codes, pd.Series([native_text(cell) for cell in pd.Series(distinct)], dtype="str")
    is_text = isinstance(raw.dtype, pd.StringDtype)
    texts = raw.fillna("") if is_text else pd.Series([native_text(cell) for cell in raw], dtype="str")
    codes, distinct = pd.factorize(texts)
    return codes, pd.Series(distinct, dtype="str")


def arrow_texts(texts: pd.Series) -> Any:
    """A ``str`` series as one Arrow array."""
    import pyarrow as pa

    cells = texts.array.__arrow_array__()
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def matches(texts: pd.Series, pattern: str) -> np.ndarray:
    """(n,) True where the RE2 ``pattern`` is found in the text; its classes (digits, spaces) are those of ASCII."""
    import pyarrow.compute as pc

    return pc.match_substring_regex(arrow_texts(texts), pattern).to_numpy(zero_copy_only=False)


def exact_texts(raw: pd.Series, keep: np.ndarray) -> pd.Series:
    """Cells as they stand, spaces and all; ``None`` where ``keep`` (n,) is False."""
    texts = raw.to_numpy(dtype=object) if isinstance(raw.dtype, pd.StringDtype) else np.array(
        [native_text(cell) for cell in raw], dtype=object)
    return pd.Series(np.where(keep, texts, None), dtype=object)


def native_text(cell: object) -> str:
    """A native cell as text: whole numbers without ``.0``, other numbers in full, midnight as a date, a gap as ""."""
    if cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(float(cell))
    if isinstance(cell, (dt.datetime, pd.Timestamp)):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(cell)


def different(values: np.ndarray) -> int:
    """How many different numbers ``values`` (n,) holds; NaN is none."""
    ordered = np.sort(values[~np.isnan(values)])
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(len(ordered))
