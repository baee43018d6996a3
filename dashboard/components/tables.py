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
    writers = [_writer(frame[name], (formats or {}).get(name)) for name in frame.columns]
    header = html.Tr([_header(name, frame[name]) for name in frame.columns])
    body = [_row(row, writers, frame) for row in shown.itertuples(index=False, name=None)]
    drawn = html.Table([html.Caption(caption), html.Thead(header), html.Tbody(body)], className="sa-table")
    parts = [drawn]
    if len(frame) > max_rows:
        rest = f"The first {numbers.whole(max_rows)} of {numbers.whole(len(frame))} rows."
        parts.append(html.Div(rest, className="sa-table-rest"))
    known = {} if id is None else {"id": id}
    return html.Div(parts, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": caption}, **known)


def _header(name: Any, column: pd.Series) -> html.Th:
    side = "sa-num" if _numeric(column) else ""
    return html.Th(plain(str(name)), scope="col", className=side)


def _row(row: tuple, writers: list[Callable[[Any], Any]], frame: pd.DataFrame) -> html.Tr:
    cells = []
    for place, (value, write) in enumerate(zip(row, writers, strict=True)):
        side = "sa-num" if _numeric(frame.iloc[:, place]) else ""
        shown = write(value)
        if place == 0:
            cells.append(html.Th(shown, scope="row", className=side))
        else:
            cells.append(html.Td(shown, className=side))
    return html.Tr(cells)


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
