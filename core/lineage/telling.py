"""What became of the segments, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from core.lineage.fates import Fate

COLUMNS = ("side", "segment", "name", "customers", "fate", "other", "likeness", "told")


@dataclass(frozen=True)
class Side:
    """The segments of before or now, rising, with their names and sizes in customers."""

    segments: tuple[int, ...]
    names: Mapping[int, str]
    sizes: Mapping[int, int]


def told(
    fates: Sequence[Fate], before: Side, now: Side, *, likeness: Callable[[int, int], float], by: str
) -> pd.DataFrame:
    """The ``fates`` frame of :class:`core.model.Migration`; ``likeness`` of a pair of positions, ``by`` ids or centres."""
    rows = []
    for fate in fates:
        own, other = (before, now) if fate.side == "before" else (now, before)
        number = own.segments[fate.segment]
        named = [other.names.get(other.segments[at], f"Segment {other.segments[at]}") for at in fate.others]
        pair = (fate.segment, fate.others[0]) if fate.side == "before" else (fate.others[0], fate.segment) if fate.others else None
        alike = likeness(*pair) if fate.others and pair else 0.0
        first = other.segments[fate.others[0]] if fate.others else 0
        name = own.names.get(number, f"Segment {number}")
        rows.append((fate.side, number, name, own.sizes.get(number, 0), fate.fate, first, alike, _words(fate, named, by)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _words(fate: Fate, named: list[str], by: str) -> str:
    others = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    if fate.fate == "same":
        return f"It is {others} now." if fate.side == "before" else f"It was {others} before."
    if fate.fate == "split":
        return f"It fell apart into {others}." if fate.side == "before" else f"It split off from {others}."
    if fate.fate == "merged":
        return f"Most of it went into {others}." if fate.side == "before" else f"It is made of {others}."
    return _ALONE[fate.fate, by]


_ALONE = {
    ("retired", "ids"): "No segment of now holds enough of its customers.",
    ("new", "ids"): "No segment of before held enough of its customers.",
    ("retired", "centres"): "No segment of now lies where it lay.",
    ("new", "centres"): "No segment of before lay where it lies.",
}
