"""What sets segments apart, for a heat map over many candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from core.model import NOISE
from core.profiles.naming import Signals
from core.profiles.survey import Survey

CONTRASTS = ("candidate", "segment", "name", "column", "difference")
MOST_SIGNALS = 12


def contrasts(
    known: Survey, words: Signals, keys: Sequence[str], *, names: Sequence[Mapping[int, str]]
) -> pd.DataFrame:
    """One row per candidate, segment and signal, noise left out: the columns of ``CONTRASTS``.

    ``column`` is the caption of the signal (a number, a flag, or "category:
    value"), ``difference`` (float32) the mean of the segment minus that of everyone
    in standard deviations. Of the signals the 12 are kept that differ most: with the largest
    squared difference, averaged over the placed customers of a candidate and then over
    the candidates. They stand in that order, the most telling first; ties in the order of the table.
    """
    found = [_placed(known, at) for at in range(1, len(keys) + 1)]
    found = [(key, given, *rest) for key, given, rest in zip(keys, names, found, strict=True) if len(rest[0])]
    if not found or not words.caption:
        return pd.DataFrame({name: pd.Series(dtype=_DTYPES[name]) for name in CONTRASTS})
    apart = np.mean([weights @ differences**2 for _, _, _, weights, differences in found], axis=0)
    kept = np.argsort(-apart, kind="stable")[:MOST_SIGNALS]
    rows = pd.DataFrame(
        [(key, segment, given[segment]) for key, given, segments, _, _ in found for segment in segments],
        columns=list(CONTRASTS[:3]),
    )
    out = rows.iloc[np.repeat(np.arange(len(rows)), len(kept))].reset_index(drop=True)
    out["column"] = np.tile(np.array(words.caption)[kept], len(rows))
    out["difference"] = np.concatenate([part[:, kept].ravel() for *_, part in found]).astype(np.float32)
    return out.astype(_DTYPES)


_DTYPES = {"candidate": "str", "segment": "int64", "name": "str", "column": "str", "difference": "float32"}


def _placed(known: Survey, at: int) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Segments, their shares of the placed customers, and their differences (segments, signals)."""
    segments = [segment for segment in known.sizes[at] if segment != NOISE]
    customers = np.array([known.sizes[at][segment] for segment in segments], dtype=np.float64)
    return segments, customers / max(customers.sum(), 1.0), known.differences(at)[: len(segments)]
