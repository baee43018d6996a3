"""Names of segments, made from facts: the two columns in which a segment differs most from everyone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from core.model import NOISE, Column, Kind, Role, Table

MARKED = 0.5  # Cohen's d below which a difference is not worth a name
LONGEST = 60
WORD = 22  # characters a column or a value may take, so that two contrasts fit
FEW_LEVELS = 12
AVERAGE = "Close to average"


class Contrast(NamedTuple):
    """How far (in standard deviations of everyone) one segment lies from everyone, and the words for it."""

    distance: float
    words: str


def names(table: Table, roles: Mapping[str, Role], labels: np.ndarray) -> dict[int, str]:
    """A unique name (at most 60 plain characters) for every segment, and "Not placed" for noise.

    Built from the feature columns' two largest contrasts of at least 0.5
    standard deviations (Cohen 1988), "Close to average" where there is none.
    """
    found: dict[int, list[Contrast]] = {int(s): [] for s in np.unique(labels) if s > 0}
    for column in table.columns:
        if roles.get(column.name, column.role) is Role.FEATURE:
            for segment, contrast in _contrasts(table.frame[column.name], column, labels):
                found[segment].append(contrast)
    ranked = {s: sorted(all_of, key=lambda c: -abs(c.distance)) for s, all_of in found.items()}
    given = _unique({segment: [c.words for c in best] for segment, best in ranked.items()})
    return given | ({NOISE: "Not placed"} if (labels == NOISE).any() else {})


def _contrasts(cells: pd.Series, column: Column, labels: np.ndarray) -> list[tuple[int, Contrast]]:
    """Contrasts of one column worth naming, by segment."""
    cells = cells.reset_index(drop=True)
    word = plain(column.name)
    if column.kind in (Kind.NUMBER, Kind.FLAG):
        more, less = ("high", "low") if column.kind is Kind.NUMBER else ("with", "without")
        distances = _distances(cells.astype(np.float64), labels)
        return [(s, Contrast(d, f"{more if d > 0 else less} {word}")) for s, d in distances.items()]
    if column.kind is not Kind.CATEGORY:
        return []
    out = []
    for level in cells.value_counts().index[:FEW_LEVELS]:
        is_level = (cells == level).astype(np.float64).where(cells.notna())
        distances = _distances(is_level, labels)
        out += [(s, Contrast(d, f"{word} {plain(str(level), lower=False)}")) for s, d in distances.items() if d > 0]
    return out


def _distances(numbers: pd.Series, labels: np.ndarray) -> dict[int, float]:
    """Segment mean minus mean of everyone, in standard deviations of everyone; only the marked ones."""
    spread = numbers.std(ddof=0)
    if not spread > 0:
        return {}
    distance = (numbers.groupby(labels).mean() - numbers.mean()) / spread
    return {int(s): float(d) for s, d in distance.items() if s > 0 and abs(d) >= MARKED}


def plain(text: str, *, lower: bool = True) -> str:
    """Words of a column or a value without brackets, underscores or signs, cut to 22 characters."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}", " ", text) if lower else text
    text = re.sub(r"[^\w%&'. /-]|_", " ", text)
    text = " ".join(text.split()).strip("-'./ ")
    if lower:
        text = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in text.split())
    return text if len(text) <= WORD else text[: WORD - 1].rstrip() + "…"


def _unique(words: Mapping[int, list[str]]) -> dict[int, str]:
    """Two contrasts each; where two segments agree in them, the third or a number tells them apart."""
    out: dict[int, str] = {}
    for segment, contrasts in words.items():
        tries = [_joined(contrasts[:2]), *(_joined([*contrasts[:1], other]) for other in contrasts[2:])]
        tries += [f"{tries[0][: LONGEST - 5]} ({n})" for n in range(2, len(words) + 2)]
        out[segment] = next(name for name in tries if name not in out.values())
    return out


def _joined(contrasts: list[str]) -> str:
    text = ", ".join(contrasts)[:LONGEST] or AVERAGE
    return text[0].upper() + text[1:]
