"""What a person's press or choice on the Data page answers, by the key under which the reading asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.model import Kind, LoadReport, Table


def all_given(table: Table, values: Sequence[Any]) -> dict[str, str]:
    """The answers to all open questions, in their order; none where their number does not fit."""
    if len(values) != len(table.questions):
        return {}
    return {one.key: str(value) for one, value in zip(table.questions, values, strict=True)}


def instead(report: LoadReport, place: Any, value: str = "") -> dict[str, str]:
    """What is taken instead of what item ``place`` of the report assumed: ``value``, or the only other way.

    Nothing where there is no such item, no such way, or that way is taken already.
    """
    item = report.items[place] if _within(place, report.items) else None
    if item is None or item.choice is None:
        return {}
    others = [option for option in item.choice.options if option != item.choice.taken]
    wanted = value or (others[0] if others else "")
    return {item.choice.key: wanted} if wanted in others else {}


def of_kind(table: Table, place: Any, value: str) -> dict[str, str]:
    """That the column at this place is to be read as another kind."""
    column = table.columns[place] if _within(place, table.columns) else None
    return {f"kind:{column.name}": value} if column and value in tuple(Kind) and value != column.kind else {}


def _within(place: Any, things: Sequence[Any]) -> bool:
    return isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(things)
