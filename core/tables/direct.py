"""Columns of plain numbers and native dates read as a whole, where the vote over their distinct texts could say nothing else."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from core.model import Kind, Note
from core.tables.cells import different, native_text
from core.tables.dates import FAR
from core.tables.hints import Proof
from core.tables.kinds import POSTAL, Asked, Recognised
from core.tables.missing import MISSING
from core.tables.numbers import LARGEST
from core.tables.recognise import NAMED_CODES
from core.tables.remarks import missing_note, not_finite_note
from core.tables.serials import scale_of

_DATES = 1e7, 3e7  # 20260131 may be a date
_DOT = r"[0-9]\.|\.[0-9]"
_UNCLEAR_DOT = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"
_LONG = 1e15  # 16 digits may be the number of an account


class _Numbers(NamedTuple):
    """``values`` (n,) float64, NaN at gaps; ``texts`` the stripped Arrow texts they were read from, if any."""

    values: np.ndarray
    notes: tuple[Note, ...] = ()
    texts: Any = None


def _moments(raw: pd.Series, asked: Asked) -> Recognised | None:
    """A native column of dates, none of which stands for no date."""
    if any(asked.answer(key) for key in ("kind", "missing")):
        return None
    values = raw.to_numpy().astype("datetime64[us]")
    years = values[~np.isnat(values)].astype("datetime64[Y]").astype(np.int64) + 1970
    if not len(years) or years.min() <= 1 or years.max() >= FAR:
        return None
    return Recognised(Kind.DATE, pd.Series(values))


def direct(raw: pd.Series, asked: Asked) -> Recognised | None:
    """What :func:`core.tables.recognise.recognise` finds, or ``None`` where it has to look at the distinct texts.

    Answers only for native dates, and for a column of more than 30 different numbers, all written plainly, none of which could be a date,
    a code or an account: everything else is decided there.
    """
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind == "M":
        return _moments(raw, asked)
    if POSTAL.search(asked.name) or any(asked.answer(key) for key in ("comma", "dot", "kind", "missing")):
        return None
    is_text = isinstance(raw.dtype, pd.StringDtype)
    found = _written(raw, asked.name) if is_text else _native(raw, asked.name)
    if found is None or not _surely_amounts(found) or scale_of(_known(found.values), asked.name):
        return None
    dots = _dots(found.texts) if found.texts is not None else ""
    if dots == "unclear":
        return None
    return Recognised(Kind.NUMBER, pd.Series(found.values), found.notes,
                      proof=Proof(comma="thousands" if dots else ""))


def _known(values: np.ndarray) -> np.ndarray:
    return values[~np.isnan(values)]


def _dots(texts: Any) -> str:
    """"clear" if some dot can only be a decimal mark (mostly one of the first cells says so), "unclear" if all may
    separate thousands, "" if there are none."""
    if any(_any_clear_dot(part) for part in (texts[:200], texts)):
        return "clear"
    return "unclear" if _any(texts, _DOT) else ""


def _any_clear_dot(texts: Any) -> bool:
    import pyarrow.compute as pc

    unclear = pc.match_substring_regex(texts, _UNCLEAR_DOT)
    return bool(pc.any(pc.and_not(pc.match_substring_regex(texts, _DOT), unclear)).as_py())


def _any(texts: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts, pattern)).as_py())


def _native(raw: pd.Series, name: str) -> _Numbers | None:
    """Numbers of a native column; -0.0 is 0.0, as in its text."""
    if not isinstance(raw.dtype, np.dtype) or not (raw.dtype.kind in "iuf" or _whole_with_gaps(raw)):
        return None
    try:
        values = raw.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
    except OverflowError:
        return None
    large = np.flatnonzero(np.abs(values) > LARGEST)
    if not len(large):
        return _Numbers(values)
    examples = tuple(map(native_text, pd.unique(values[large])[:3].tolist()))
    values[large] = np.nan
    return _Numbers(values, (not_finite_note(name, len(large), examples),))


def _whole_with_gaps(raw: pd.Series) -> bool:
    """Python's whole numbers and None, and nothing else: how Parquet's whole numbers with gaps arrive."""
    if raw.dtype != object or pd.api.types.infer_dtype(raw, skipna=True) != "integer":
        return False
    return all(cell is None for cell in raw[raw.isna()])


def _written(raw: pd.Series, name: str) -> _Numbers | None:
    """Numbers of a text column in which every cell is a plain number, empty or says that it is missing."""
    import pyarrow.compute as pc

    texts = pc.utf8_trim_whitespace(pc.fill_null(raw.array.__arrow_array__(), ""))
    filled = pc.if_else(pc.equal(texts, ""), None, texts)
    values = _floats(filled)
    if values is not None:
        return _Numbers(values, (), texts)
    tokens = pc.is_in(pc.utf8_lower(filled), value_set=_tokens(filled.type))
    values = _floats(pc.if_else(tokens, None, filled)) if pc.any(tokens).as_py() else None
    if values is None:
        return None
    said = texts.filter(tokens)
    examples = tuple(pc.unique(said)[:3].to_pylist())
    return _Numbers(values, (missing_note(name, len(said), examples),), texts)


def _tokens(kind: Any) -> Any:
    import pyarrow as pa

    return pa.array(sorted(MISSING - {""}), kind)


def _floats(filled: Any) -> np.ndarray | None:
    """Texts as float64 with NaN for null, or ``None`` unless each is a plain number that is not too large."""
    import pyarrow as pa

    try:
        values = filled.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    numbers = values.to_numpy(zero_copy_only=False).copy()
    known = len(numbers) - filled.null_count
    return numbers if np.count_nonzero(np.abs(numbers) <= LARGEST) == known else None


def _surely_amounts(found: _Numbers) -> bool:
    """More different numbers than codes or flags have, and none that may be a date, an account or a padded code."""
    values = found.values
    whole = values == np.floor(values)
    if bool((whole & _may_mean_else(np.abs(values))).any()) or different(values) <= NAMED_CODES:
        return False
    return found.texts is None or not _any_padded(found.texts, whole)


def _may_mean_else(sizes: np.ndarray) -> np.ndarray:
    return ((sizes >= _DATES[0]) & (sizes < _DATES[1])) | (sizes >= _LONG)


def _any_padded(texts: Any, whole: np.ndarray) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts.filter(pa.array(whole)), "^-?0[0-9]")).as_py())
