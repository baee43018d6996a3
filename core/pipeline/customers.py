"""A frame of customers made of order lines as the table that every other step reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from core.fences import beyond, fences
from core.model import Column, FeatureFact, Kind, MadeOf, Note, OrderPlan, Role, Table
from core.orders.features import FEATURES
from core.orders.modelled import MODELLED
from core.tables.bars import bars

ID = "customer_id"
_NOT_OURS = ("DUPLICATES",)  # notes about rows of the file that say nothing about customers


def customers_table(
    lines: Table, frame: pd.DataFrame, facts: Sequence[FeatureFact], plan: OrderPlan, *, made: MadeOf,
    notes: Sequence[Note] = (),
) -> Table:
    """The table of ``frame``: ``customer_id`` and a column for each of ``facts``.

    Roles are by tick, and say why a column is left out; money is in ``made.currency``. Notes and questions of the
    reading of ``lines`` that are about the whole file stay, as do its source, quarantine and repairs.
    """
    typed = {ID: frame[ID].astype(object)} | {fact.name: _typed(frame[fact.name], _kind(fact)) for fact in facts}
    values = pd.DataFrame(typed).reset_index(drop=True)
    columns = (_id(values[ID]), *(_column(values[fact.name], fact, made.currency) for fact in facts))
    told = [note for note in lines.notes if not note.column and note.code not in _NOT_OURS]
    return replace(
        lines, raw=values, frame=values, columns=columns, fingerprint=fingerprint(lines, plan), made=made, duplicates=0,
        notes=(*told, *notes),
    )  # fmt: skip


def fingerprint(lines: Table, plan: OrderPlan) -> str:
    """SHA-256 over what identifies the lines, and the plan by which customers are made of them."""
    return hashlib.sha256(f"{lines.fingerprint}\n{plan.to_json()}".encode()).hexdigest()


def _kind(fact: FeatureFact) -> Kind:
    known: Mapping = {**FEATURES, **MODELLED}
    return known[fact.name].kind


def _typed(values: pd.Series, kind: Kind) -> pd.Series:
    """Values as a table holds them: numbers with NaN gaps, dates, and text or None."""
    if kind in (Kind.NUMBER, Kind.FLAG):
        return values.astype("float64")
    if kind is Kind.DATE:
        return values.astype("datetime64[us]")
    texts = values.astype(object)
    return pd.Series(np.where(texts.isna(), None, texts.map(str)), index=values.index, dtype=object)


def _id(values: pd.Series) -> Column:
    return Column(ID, Kind.KEY, Role.ID, distinct=int(values.nunique()), left_out="left out: names the customer")


def _column(values: pd.Series, fact: FeatureFact, currency: str) -> Column:
    kind, gaps = _kind(fact), int(values.isna().sum())
    role = Role.FEATURE if fact.ticked else Role.PROFILE
    if gaps == len(values) or kind is Kind.TEXT:
        role = Role.IGNORE
    numbers = values.to_numpy() if kind is Kind.NUMBER else np.empty(0)
    return Column(
        name=fact.name, kind=kind, role=role, unit=currency if fact.unit == "money" else fact.unit, gaps=gaps,
        distinct=int(values.nunique()), outliers=int(beyond(numbers, fences(numbers)).sum()),
        left_out="" if fact.ticked else f"left out: {fact.why[:1].lower()}{fact.why[1:].rstrip('.')}",
        bars=bars(kind, values),
    )  # fmt: skip
