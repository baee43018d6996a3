"""Frames as semantic tables: a caption, scoped headers, aligned numbers, safe text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard.components import numbers
from dashboard.security.labels import plain

MAX_ROWS = 200


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    id: Any = None,
    formats: Mapping[str, str | Callable[[Any], Any]] | None = None,
    max_rows: int = MAX_ROWS,
) -> html.Div:
    """``frame`` as a table that scrolls inside its card; its first column names the rows.

    ``formats`` maps a column to a name from ``numbers.FORMATS`` or to a
    function of the cell that returns text or a component; without one, whole
    numbers, decimals and text are told apart by dtype. Rows beyond ``max_rows``
    are counted in a line below, never dropped in silence. Cell text goes
    through ``labels.plain``.
    """
    shown = frame.head(max_rows)
    # By place, because two columns may have one name.
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    sides = ["sa-num" if _numeric(column) else "" for column in columns]
    writers = [_writer(column, (formats or {}).get(column.name)) for column in columns]
    names = [plain(str(column.name)) for column in columns]
    header = html.Tr([html.Th(name, scope="col", className=side) for name, side in zip(names, sides, strict=True)])
    body = [_row(row, writers, sides) for row in shown.itertuples(index=False, name=None)]
    drawn = html.Table([html.Caption(caption), html.Thead(header), html.Tbody(body)], className="sa-table")
    parts = [drawn]
    if len(frame) > max_rows:
        rest = f"The first {numbers.whole(max_rows)} of {numbers.whole(len(frame))} rows."
        parts.append(html.Div(rest, className="sa-table-rest"))
    known = {} if id is None else {"id": id}
    return html.Div(parts, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": caption}, **known)


def _row(row: tuple, writers: list[Callable[[Any], Any]], sides: list[str]) -> html.Tr:
    shown = [write(value) for value, write in zip(row, writers, strict=True)]
    first = [html.Th(shown[0], scope="row", className=sides[0])] if shown else []
    rest = [html.Td(cell, className=side) for cell, side in zip(shown[1:], sides[1:], strict=True)]
    return html.Tr([*first, *rest])


def _writer(column: pd.Series, wanted: str | Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    if callable(wanted):
        return lambda value: _safe(wanted(value))
    if wanted is None:
        wanted = "text"
        if _numeric(column):
            wanted = "whole" if pd.api.types.is_integer_dtype(column.dtype) else "number"
    write = numbers.FORMATS[wanted]
    return lambda value: _safe(write(value))


def _safe(shown: Any) -> Any:
    return plain(shown) if isinstance(shown, str) else shown


def _numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
