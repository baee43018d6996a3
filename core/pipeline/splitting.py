"""The best binary split of one segment, judged before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core import prepare, shaping
from core.algorithms import one_thread
from core.errors import BadRequest
from core.metrics.silhouette import score
from core.model import Comparison, Matrix, Role, Shape, Split, Table
from core.pipeline.compare import Report, nothing
from core.pipeline.portray import require
from core.profiles.differences import differences
from core.selection.nulls import chance_level
from core.selection.stability import jaccard

SPLIT_RESAMPLES = 50
JUDGED = 2_000
LEAST_MEMBERS = 10
STABLE, PATTERN = 0.75, 0.60  # Hennig (2007), doi:10.1016/j.csda.2006.11.025


def propose_split(
    table: Table, comparison: Comparison, key: str, report: Report = nothing, *, shape: Shape = Shape(), segment: int  # noqa: B008
) -> Split:
    """The best binary split of one segment of a shaped candidate, with its trust, before it is made.

    Trust, separation and chance level are measured on at most 2,000 customers of the segment. Raises
    :class:`BadRequest` where the segment is not there, is locked, or has fewer than ten customers or only equal ones.
    """
    candidate = require(comparison, key).candidate
    report("Preparing the columns", 0, 100)
    recipe, seed = comparison.plan.recipe, comparison.plan.seed
    matrix, roles = prepare.prepare(table, recipe), prepare.roles(table, recipe)
    with one_thread():
        made = shaping.shaped(candidate, matrix, shape, seed=seed)
        members = _members(made, segment)
        report("Looking for the best split", 10, 100)
        second = shaping.halves(matrix, members, seed=seed)
        values, halved = _judged(matrix, members, second, seed=seed)
        trust = _trust(values, halved, seed=seed, report=report)
        report("Comparing with data without segments", 70, 100)
        separation = float(score(values, {"": halved}, seed=seed, centred=frozenset())[""].value or 0.0)
        chance = chance_level(values, 2, seed=seed)
        report("Describing the halves", 90, 100)
        contrasts = _contrasts(table, roles, members, second, units=recipe.units, seed=seed)
    report("Done", 100, 100)
    sizes = int((members & ~second).sum()), int(second.sum())
    told = because(trust, separation=separation, chance=chance)
    return Split(segment, sizes, trust, SPLIT_RESAMPLES, separation, chance, told, contrasts)


def because(trust: tuple[float, float], *, separation: float, chance: float) -> str:
    """In words, whether halves of this trust (0..1) and separation (-1..1) are worth having."""
    least = min(trust)
    apart = f"a separation (silhouette) of {separation:.2f}, where data without groups reach {chance:.2f}"
    if separation > chance and least >= STABLE:
        return f"Worth it: the halves stand apart, with {apart}, and come out again on resampled customers."
    if least >= STABLE:
        return f"A cut through a continuum: the halves come out again on resampled customers, but nothing parts them, with {apart}."
    if separation > chance and least >= PATTERN:
        return f"Perhaps: the halves stand apart, with {apart}, but do not always come out again."
    return f"Not worth it: the halves do not come out again steadily on resampled customers, with {apart}."


def _members(made: shaping.Shaped, segment: int) -> np.ndarray:
    members = made.labels == segment
    if not members.any():
        raise BadRequest(f"There is no segment {segment} any more.", "Look at the segments as they are now.")
    if segment in made.locked:
        raise BadRequest(f"Segment {segment} is locked, so it is not split.", "Unlock it first.")
    if members.sum() < LEAST_MEMBERS:
        raise BadRequest(f"Segment {segment} has {members.sum()} customers, too few to judge a split.", "Move them by hand.")
    return members


def _judged(matrix: Matrix, members: np.ndarray, second: np.ndarray, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Values (m, d) of at most 2,000 customers of the segment, with their half (m,), 1 or 2; each half is among them."""
    rows = np.concatenate([matrix.rows, matrix.aside_rows])
    values = np.concatenate([matrix.values, matrix.aside_values])[members[rows]]
    halved = np.where(second[rows[members[rows]]], 2, 1).astype(np.int16)
    if len(values) <= JUDGED:
        return values, halved
    drawn = np.random.default_rng(seed).choice(len(values), JUDGED, replace=False)
    if len(np.unique(halved[drawn])) < 2:
        drawn[0] = np.flatnonzero(halved == 2)[0]
    drawn.sort()
    return values[drawn], halved[drawn]


def _trust(values: np.ndarray, halved: np.ndarray, *, seed: int, report: Report) -> tuple[float, float]:
    """The mean Jaccard similarity of each half with the better fitting half of a split of resampled customers.

    Compared on the distinct customers drawn, as in fpc's clusterboot; 0 where the drawn customers are all alike.
    Source: Hennig (2007).
    """
    found = np.zeros((SPLIT_RESAMPLES, 2))
    for number in range(SPLIT_RESAMPLES):
        report("Checking stability", 20 + number, 100)
        drawn = np.random.default_rng([seed, number]).integers(0, len(values), len(values))
        distinct = np.unique(drawn)
        try:
            middles = shaping.cut(values[drawn], seed=seed + number)
        except BadRequest:
            continue
        again = shaping.nearer_second(values[distinct], middles).astype(np.int16) + 1
        found[number] = np.nan_to_num(jaccard(halved[distinct], again, 2))
    one, two = found.mean(axis=0)
    return float(one), float(two)


def _contrasts(
    table: Table, roles: Mapping[str, Role], members: np.ndarray, second: np.ndarray, *, units: Mapping[str, str], seed: int
) -> pd.DataFrame:
    """What sets the halves apart from each other, 1 the half that stays: the segment's customers alone are looked at."""
    rows = np.flatnonzero(members)
    part = replace(
        table, raw=table.raw.iloc[rows].reset_index(drop=True), frame=table.frame.iloc[rows].reset_index(drop=True)
    )
    labels = np.where(second[rows], 2, 1).astype(np.int16)
    found = differences(part, roles, {"": labels}, units=units, seed=seed)
    return found.drop(columns="candidate", errors="ignore").reset_index(drop=True)
