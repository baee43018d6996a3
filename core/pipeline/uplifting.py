"""Uplift: what a campaign brought, from a file of results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.campaigns import (
    AMOUNT,
    RATE,
    Difference,
    Outcome,
    control_group,
    detectable_amount,
    detectable_rate,
    difference_of_means,
    difference_of_rates,
    identities,
    outcome,
)
from core.campaigns.control import naming_column
from core.errors import BadRequest
from core.model import NOISE, Segmentation, Table, Uplift
from core.neutral import as_text

COLUMNS = ("segment", "segment_name", "treated", "control", "rate_treated", "rate_control", "uplift", "low", "high",
           "detectable", "told")  # fmt: skip
FEW = 5


def uplift(
    table: Table,
    segmentation: Segmentation,
    results: Table,
    *,
    options: Mapping[str, Any] | None = None,
) -> Uplift:
    """``options``: ``key`` and ``outcome`` (columns of ``results``), ``share`` and ``seed`` of the control group,
    ``absent`` (True: customers the results do not name count as no, or as nothing spent; else they are left out).

    Customers are found by the column of the same name as ``key``, else by the one that names them. Who was written to
    is what a column ``group`` of the results says, else drawn again from share and seed. Everyone (segment 0) counts
    the segments that have both groups. Raises :class:`BadRequest` where nobody of the results is known.
    """
    said = dict(options or {})
    column = str(said.get("outcome", ""))
    found = outcome(results, str(said.get("key", "")), column)
    named = _named(table, str(said.get("key", "")))
    labels = segmentation.candidate.labels
    values = np.array([found.values.get(one, math.nan) for one in named])
    known = ~np.isnan(values)
    if not (known & (labels != NOISE)).any():
        raise BadRequest("No customer of the results is one of these customers.", "Choose the column that names the same customers.")
    if said.get("absent") is True:
        values = np.where(known, values, 0.0)
    control = _control(table, labels, named, found, said)
    counted = ~np.isnan(values) & (labels != NOISE)
    frame = _frame(segmentation, labels, values, counted=counted, control=control, kind=found.kind)
    notes = (*_notes(found, known=known, named=named, labels=labels, absent=said.get("absent") is True), *_how(found, said))
    return Uplift(frame, column, notes, kind=found.kind, unit=found.unit)


def _named(table: Table, key: str) -> list[str]:
    names = [column.name for column in table.columns]
    column = key if key in names else naming_column(table)
    if not column:
        raise BadRequest("No column of the segmented file names its customers.", "Give one the role of an id on the Data page.")
    return [cell.strip() for cell in as_text(table.raw[column])]


def _control(table: Table, labels: np.ndarray, named: list[str], found: Outcome, said: Mapping[str, Any]) -> np.ndarray:
    """Who was left alone: as the results tell it, drawn again for those of whom they do not."""
    drawn = control_group(identities(table), labels, share=said.get("share", 0.1), seed=said.get("seed", 0))
    if not found.groups:
        return drawn
    return np.array([found.groups[one] == "control" if one in found.groups else alone for one, alone in zip(named, drawn, strict=True)])


def _frame(
    segmentation: Segmentation, labels: np.ndarray, values: np.ndarray, *, counted: np.ndarray, control: np.ndarray, kind: str
) -> pd.DataFrame:
    names, rows, whole = segmentation.candidate.names, [], np.zeros(len(labels), dtype=bool)
    for segment in sorted(one for one in segmentation.candidate.sizes if one != NOISE):
        here = counted & (labels == segment)
        groups = values[here & ~control], values[here & control]
        if all(len(group) for group in groups):
            whole |= here
        rows.append(_row(int(segment), names.get(segment, f"Segment {segment}"), *groups, kind=kind))
    everyone = _row(0, "Everyone", values[whole & ~control], values[whole & control], kind=kind)
    return pd.DataFrame([everyone, *rows], columns=list(COLUMNS))


def _row(segment: int, name: str, treated: np.ndarray, control: np.ndarray, *, kind: str) -> dict[str, Any]:
    if kind == RATE:
        found = difference_of_rates(int(treated.sum()), len(treated), int(control.sum()), len(control))
        least = detectable_rate(found.control, len(treated), len(control)) if len(control) else math.nan
    else:
        found = difference_of_means(treated, control)
        least = detectable_amount(_spread(treated, control), len(treated), len(control))
    told = (segment, name, len(treated), len(control), found.treated, found.control, found.uplift, found.low, found.high, least)
    return dict(zip(COLUMNS, (*told, _told(found, len(treated), len(control))), strict=True))


def _spread(treated: np.ndarray, control: np.ndarray) -> float:
    """The standard deviation within both groups together."""
    free = len(treated) + len(control) - 2
    if min(len(treated), len(control)) < 1 or free < 1:
        return math.nan
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in (treated, control))
    return math.sqrt(squares / free)


def _told(found: Difference, treated: int, control: int) -> str:
    if not treated or not control:
        return "Nobody to compare with."
    if math.isnan(found.low):
        return "Too few customers for an interval."
    few = f" Only {min(treated, control)} customers in the smaller group." if min(treated, control) < FEW else ""
    if found.low > 0:
        return f"The campaign brought more than nothing.{few}"
    if found.high < 0:
        return f"Customers who were left alone did more.{few}"
    return f"It may have brought nothing: the interval holds 0.{few}"


def _notes(found: Outcome, *, known: np.ndarray, named: list[str], labels: np.ndarray, absent: bool) -> tuple[str, ...]:
    """What was left out and what was assumed, each as one sentence."""
    strangers = len(set(found.values) - set(named))
    unplaced = int((known & (labels == NOISE)).sum())
    missing = int((~known & (labels != NOISE)).sum())
    share = "counted as no" if found.kind == RATE else "counted as 0"
    again = "one yes is enough" if found.kind == RATE else "added up"
    told = [
        (missing, "customer is", "customers are", f"not in the results: {share if absent else 'left out'}."),
        (strangers, "customer of the results is", "customers of the results are", "not among those segmented: left out."),
        (unplaced, "customer with a result is", "customers with a result are", "in no segment: left out."),
        (found.empty, "row of the results has", "rows of the results have", "no customer or no outcome: left out."),
        (found.twice, "row tells", "rows tell", f"of a customer again: {again}."),
    ]
    return tuple(f"{count:,} {one if count == 1 else many} {words}" for count, one, many, words in told if count)


def _how(found: Outcome, said: Mapping[str, Any]) -> tuple[str, str]:
    """Where the groups come from, and whose intervals these are."""
    drawn = f"{said.get('share', 0.1):.0%} of each segment left alone, seed {said.get('seed', 0)}."
    groups = "Who was written to is what the column group of the results says." if found.groups else f"Who was written to is drawn again: {drawn}"
    if found.kind == AMOUNT:
        return groups, "Intervals are Student's, for means of amounts of groups that were drawn."
    return groups, "Intervals are Newcombe's hybrid score intervals, for rates."
