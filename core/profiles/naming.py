"""Names of segments, made from facts: the two columns in which a segment differs most from everyone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.model import NOISE, Column, Kind, Role, Table

MARKED = 0.5  # Cohen's d below which a difference is not worth a name
LONGEST = 60
WORD = 22  # characters a column or a value may take, so that two contrasts fit
FEW_LEVELS = 12
AVERAGE = "Close to average"


@dataclass(frozen=True)
class Signals:
    """What names are made of: ``values`` (n, m) in standard deviations from the mean of everyone, 0 where empty,
    ``filled`` (n, m), and for each signal the words for lying above and below ("" where that is no name)."""

    values: np.ndarray
    filled: np.ndarray
    above: tuple[str, ...]
    below: tuple[str, ...]


def signals(table: Table, roles: Mapping[str, Role]) -> Signals:
    """The signals of all feature columns: numbers, flags, and one for each of the 12 commonest values of a category."""
    found = [
        signal
        for column in table.columns
        if roles.get(column.name, column.role) is Role.FEATURE
        for signal in _signals(table.frame[column.name].reset_index(drop=True), column)
    ]
    numbers = np.stack([cells.to_numpy(np.float64) for cells, _, _ in found], axis=1) if found else np.empty((0, 0))
    filled = np.isfinite(numbers)
    counts = np.maximum(filled.sum(axis=0), 1)
    numbers = np.where(filled, numbers, 0.0)
    centred = np.where(filled, numbers - numbers.sum(axis=0) / counts, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / counts)
    values = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return Signals(values, filled, tuple(above for _, above, _ in found), tuple(below for _, _, below in found))


def _signals(cells: pd.Series, column: Column) -> list[tuple[pd.Series, str, str]]:
    """(numbers with NaN gaps, words above, words below) for one column."""
    word = plain(column.name)
    if column.kind is Kind.NUMBER:
        return [(cells.astype(np.float64), f"high {word}", f"low {word}")]
    if column.kind is Kind.FLAG:
        return [(cells.astype(np.float64), f"with {word}", f"without {word}")]
    if column.kind is not Kind.CATEGORY:
        return []
    levels = cells.value_counts().index[:FEW_LEVELS]
    gaps = cells.isna()
    return [
        ((cells == level).astype(np.float64).mask(gaps), f"{word} {plain(str(level), lower=False)}", "")
        for level in levels
    ]


def names(
    table: Table, roles: Mapping[str, Role], labels: np.ndarray, *, known: Signals | None = None
) -> dict[int, str]:
    """A unique name (at most 60 plain characters) for every segment, and "Not placed" for noise.

    Built from the feature columns' two largest contrasts of at least 0.5
    standard deviations (Cohen 1988), "Close to average" where there is none.
    ``known`` is the result of :func:`signals` where it is at hand.
    """
    known = signals(table, roles) if known is None else known
    given: dict[int, str] = {}
    for segment in np.unique(labels[labels > 0]).tolist():
        member = np.flatnonzero(labels == segment)
        given[segment] = _unused(_words(known, member), given, len(given) + 2)
    return given | ({NOISE: "Not placed"} if (labels == NOISE).any() else {})


def _words(known: Signals, member: np.ndarray) -> list[str]:
    """Words for the marked contrasts of these rows against everyone, the largest first."""
    if not len(known.above):
        return []
    distance = known.values[member].sum(axis=0) / np.maximum(known.filled[member].sum(axis=0), 1)
    order = np.argsort(-np.abs(distance), kind="stable")
    words = [known.above[at] if distance[at] > 0 else known.below[at] for at in order if abs(distance[at]) >= MARKED]
    return [word for word in words if word]


def plain(text: str, *, lower: bool = True) -> str:
    """Words of a column or a value without brackets, underscores or signs, cut to 22 characters."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}", " ", text) if lower else text
    text = re.sub(r"[^\w%&'. /-]|_", " ", text)
    text = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).split()).strip("-'./ ")
    if lower:
        text = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in text.split())
    return text if len(text) <= WORD else text[: WORD - 1].rstrip() + "…"


def _unused(words: list[str], given: Mapping[int, str], most: int) -> str:
    """Two contrasts; where another segment has that name, a third contrast or a number tells them apart."""
    tries = [_joined(words[:2]), *(_joined([*words[:1], other]) for other in words[2:])]
    tries += [f"{tries[0][: LONGEST - 5]} ({n})" for n in range(2, most + 1)]
    return next(name for name in tries if name not in given.values())


def _joined(words: list[str]) -> str:
    text = ", ".join(words)[:LONGEST] or AVERAGE
    return text[0].upper() + text[1:]
