"""The Data page before columns are looked at: drop zone, samples, earlier files, questions, first rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import dcc, html

from core.model import Table
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.parts import card, icon, more
from dashboard.components.tables import table as as_table
from dashboard.security.labels import plain

FIRST_ROWS = 8
SHOWN_COLUMNS = 40


def drop_zone(limit_mb: int) -> html.Section:
    """Where a file is dropped; ``assets/upload.js`` puts the file field in and streams the chosen file in pieces."""
    return html.Section(
        html.Div(
            [
                icon("file"),
                html.Div("Drop a file of customers or orders here, or click to choose", className="sa-drop-title"),
                html.Div(
                    f"CSV and other text tables, Excel (xlsx, xls), OpenDocument, Parquet or JSON, zipped or not, "
                    f"up to {limit_mb:,} MB. It stays on this server.",
                    className="sa-drop-text",
                ),
                html.Div(id="drop-progress", className="sa-progress"),
                html.Div(id="drop-said", role="alert"),
            ],
            id="drop",
            className="sa-drop",
        ),
        className="sa-card",
        **{"aria-label": "Upload a file"},
    )


def sample_cards(samples: Sequence[Any]) -> html.Section:
    """One button for each sample file."""
    rows = [
        html.Div(
            [
                html.Div([html.H3(one.title), html.P(one.text, className="sa-muted")]),
                html.Button(
                    "Open sample",
                    id={"type": "sample", "index": one.name},
                    className="btn btn-primary sa-push",
                    **{"aria-label": f"Open sample: {one.title}"},
                ),
            ],
            className="sa-row",
        )
        for one in samples
    ]
    return card("No file at hand?", html.Div(rows, className="sa-stack"), help="Try it with a made-up one.")


def recent(datasets: Sequence[Any], days: int) -> list:
    """The files of this session, newest first, and how many days they are kept; nothing when there are none."""
    if not datasets:
        return []
    rows = [
        html.Li(
            [
                dcc.Link(plain(one.name), href=Address(one.id).to("/")),
                html.Span(numbers.size(one.bytes), className="sa-muted sa-num"),
                html.Button(
                    "Delete",
                    id={"type": "delete", "index": one.id},
                    className="sa-text-button sa-push",
                    **{"aria-label": f"Delete {plain(one.name)} and everything made from it"},
                ),
            ],
            className="sa-row",
        )
        for one in datasets
    ]
    everything = html.Button(
        "Delete all my data", id={"type": "delete", "index": "all"}, className="btn btn-outline-danger btn-sm"
    )
    return [
        card(
            "Your files",
            html.Ul(rows, className="sa-stack sa-plain-list"),
            actions=everything,
            help=f"Kept for this browser for {days} days, then deleted.",
        )
    ]


def delete_card(dataset: Any) -> html.Section:
    """A way to remove this file with all that was made from it."""
    button = html.Button(
        "Delete this file", id={"type": "delete", "index": dataset.id}, className="btn btn-outline-danger btn-sm"
    )
    return card(
        "Delete", actions=button, help="Removes the file, its segments and its exports from the server, at once."
    )


def first_rows(table: Table) -> html.Section:
    """The first rows exactly as they stand in the file; customers made of order lines with rounded figures."""
    shown = cells(table, FIRST_ROWS, SHOWN_COLUMNS)
    shown.insert(0, "Row", [str(n) for n in range(1, len(shown) + 1)], allow_duplicates=True)
    noun = "rows, as in the file" if table.made is None else "customers, in the order of their ids"
    caption = f"First {len(shown)} of {numbers.whole(len(table))} {noun}"
    return html.Section(more("The first rows", as_table(shown, caption=caption), open=True), className="sa-card")


def cells(table: Table, rows: int, columns: int) -> pd.DataFrame:
    """The first cells as text: as they stand in the file, and figures rounded of customers made of order lines."""
    write = numbers.text if table.made is None else _rounded
    return table.raw.iloc[:rows, :columns].astype(object).map(write).astype(str)


def _rounded(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return numbers.number(value) if isinstance(value, float) else numbers.text(value)
