"""What is told of a segment in every export: its name, what a person wrote of it, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from core.exports.entry import Segmentation
from core.model import NOISE
from core.selection import caution, trust_words


def cautions(segmentation: Segmentation) -> dict[int, str]:
    """The words that go with every segment under a bootstrap Jaccard of 0.60, by segment; "" for any other."""
    candidate = segmentation.candidate
    return {int(one): caution(candidate.trust.get(one)) for one in candidate.sizes}


def segments(segmentation: Segmentation) -> pd.DataFrame:
    """One row per segment in the order of their numbers: segment, segment_name, description, customers, stability (mean
    Jaccard similarity over resamples, 0..1, NaN where unknown), trust (the same in words) and caution."""
    candidate, beware = segmentation.candidate, cautions(segmentation)
    numbers = sorted(one for one in candidate.sizes if one != NOISE)
    return pd.DataFrame(
        {
            "segment": numbers,
            "segment_name": [candidate.names.get(one, f"Segment {one}") for one in numbers],
            "description": [segmentation.descriptions.get(one, "") for one in numbers],
            "customers": [int(candidate.sizes[one]) for one in numbers],
            "stability": [float(candidate.trust.get(one, float("nan"))) for one in numbers],
            "trust": [trust_words(candidate.trust.get(one)) for one in numbers],
            "caution": [beware[one] for one in numbers],
        }
    )


def by_name(segmentation: Segmentation) -> Mapping[str, int]:
    """Segments by their names; two of one name, which none should have, are told apart by their numbers."""
    told = segments(segmentation)
    twice = told["segment_name"].duplicated(keep=False)
    return {
        f"{name} (segment {number})" if double else name: int(number)
        for number, name, double in zip(told["segment"], told["segment_name"], twice, strict=True)
    }
