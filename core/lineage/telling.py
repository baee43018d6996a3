"""What became of the segments, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from core.lineage.fates import Fate

COLUMNS = ("side", "segment", "name", "customers", "fate", "other", "parts", "likeness", "told")


@dataclass(frozen=True)
class Side:
    """The segments of before or now, rising, with their names and sizes in customers."""

    segments: tuple[int, ...]
    names: Mapping[int, str]
    sizes: Mapping[int, int]


def told(
    fates: Sequence[Fate], before: Side, now: Side, *, likeness: Callable[[int, int], float], by: str
) -> pd.DataFrame:
    """The ``fates`` frame of :class:`core.model.Migration`; ``likeness`` of a pair of positions, ``by`` ids or centres.

    ``parts`` are all segments of the other side that the fate is about, as text: "2 5".
    """
    rows = []
    for fate in fates:
        own, other = (before, now) if fate.side == "before" else (now, before)
        number = own.segments[fate.segment]
        parts = [other.segments[at] for at in fate.others]
        pair = (fate.segment, *fate.others[:1]) if fate.side == "before" else (*fate.others[:1], fate.segment)
        alike = likeness(*pair) if fate.others else 0.0
        name, first = own.names.get(number, f"Segment {number}"), parts[0] if parts else 0
        words = sentence(fate.side, fate.fate, [other.names.get(part, f"Segment {part}") for part in parts], by=by)
        text = " ".join(str(part) for part in parts)
        rows.append((fate.side, number, name, own.sizes.get(number, 0), fate.fate, first, text, alike, words))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def sentence(side: str, fate: str, named: Sequence[str], *, by: str) -> str:
    """What became of a segment of ``side``; ``named`` are the segments of the other side that this is about."""
    others = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    if fate in ("retired", "new"):
        return _ALONE[fate, by]
    return _TOLD[side, fate].replace("{others}", others)


_TOLD = {
    ("before", "same"): "It is {others} now.",
    ("before", "split"): "It fell apart into {others}.",
    ("before", "merged"): "Most of it went into {others}.",
    ("now", "same"): "It was {others} before.",
    ("now", "split"): "It split off from {others}.",
    ("now", "merged"): "It is made of {others}.",
}
_ALONE = {
    ("retired", "ids"): "No segment of now holds enough of its customers.",
    ("new", "ids"): "No segment of before held enough of its customers.",
    ("retired", "centres"): "No segment of now lies where it lay.",
    ("new", "centres"): "No segment of before lay where it lies.",
}
