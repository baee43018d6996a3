"""The board of a comparison: one row per candidate with its scores."""

from __future__ import annotations

import json
from statistics import fmean

import pandas as pd

from core.model import NOISE, Candidate, Comparison

SCORES = ("silhouette", "calinski_harabasz", "davies_bouldin")


def board(comparison: Comparison) -> pd.DataFrame:
    """One row per candidate in the order of the run, all cells text at full precision.

    share_placed (0..1), smallest and largest count every customer of the file;
    stability is the mean adjusted Rand index of the resamples. A cell is empty
    where a score does not apply, was not measured, or the candidate could not be made.
    """
    return pd.DataFrame([_row(one, comparison) for one in comparison.candidates], dtype=object)


def _row(one: Candidate, comparison: Comparison) -> dict[str, str]:
    sizes = [int(size) for segment, size in one.sizes.items() if segment != NOISE]
    found = {name: None if one.problem else one.score(name).value for name in SCORES}
    return {
        "algorithm": one.algorithm,
        "segments": str(one.n_segments),
        "params": json.dumps(dict(one.params), sort_keys=True, ensure_ascii=False, allow_nan=False),
        **{name: _number(value) for name, value in found.items()},
        "share_placed": _number(sum(sizes) / len(one.labels) if sizes else None),
        "smallest": str(min(sizes)) if sizes else "",
        "largest": str(max(sizes)) if sizes else "",
        "stability": _number(fmean(one.stability) if one.stability else None),
        "seconds": _number(one.seconds),
        "recommended": "true" if one.key == comparison.recommended else "false",
    }


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))
