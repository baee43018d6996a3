"""The one way a figure gets on a page."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import dcc, html

from dashboard.components.forms import dom_id
from dashboard.components.tables import table as as_table

_HEADINGS = {2: html.H2, 3: html.H3, 4: html.H4}


def graph(
    figure: go.Figure,
    *,
    id: Any,
    title: str,
    sentence: str,
    height: int = 360,
    table: pd.DataFrame | Any = None,
    level: int = 3,
    key: Any = None,
    movable: bool = False,
    csv: str = "",
) -> html.Figure:
    """A figure with its finding as heading, one sentence, its numbers as a table, and PNG and SVG downloads.

    ``height`` is in px and fixed, so that the page never jumps; ``table`` is a
    frame, or a ready component; ``level`` the heading level (2 when the figure
    is not inside a card that has a heading of its own); ``key`` a legend in HTML,
    usually ``segment_key``; ``movable`` lets a person drag the figure's lines; ``csv`` is the
    address of its numbers at full precision.
    Plotly's cloud button is off: nothing leaves the server.
    """
    head = [_HEADINGS[level](title), html.P(sentence)]
    plot = html.Div(
        dcc.Graph(
            id=id,
            figure=figure,
            config=config(title) | ({"edits": {"shapePosition": True}} if movable else {}),
            responsive=True,
            style={"height": f"{height}px"},
        ),
        className="sa-figure-plot",
        style={"height": f"{height}px"},
        role="group",
        **{"aria-label": f"Chart. {title} {sentence}".strip()},
    )
    foot = html.Div([*_twin(table, title), _downloads(id, title, csv)], className="sa-figure-foot")
    return html.Figure(
        [html.Div(head, className="sa-figure-head"), *([key] if key is not None else []), plot, foot],
        className="sa-figure",
    )


def config(title: str) -> dict[str, Any]:
    """Plotly's settings for every graph: no cloud, no logo, a picture of twice the size named by the title."""
    return {
        "showSendToCloud": False,
        "plotlyServerURL": "",
        "displaylogo": False,
        "responsive": True,
        "modeBarButtonsToRemove": ["select2d", "autoScale2d", "toggleSpikelines", "resetCameraLastSave3d"],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": file_name(title)},
    }


def file_name(title: str) -> str:
    """A title as a file name without an ending: lower case, hyphens, at most 60 characters."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "chart"


def _twin(table: Any, title: str) -> list[html.Details]:
    if table is None:
        return []
    shown = as_table(table, caption=title) if isinstance(table, pd.DataFrame) else table
    return [html.Details([html.Summary("Show as table"), html.Div(shown)], className="sa-more")]


def _downloads(id: Any, title: str, csv: str) -> html.Div:
    # assets/figure.js makes these work and shows them (html.sa-can-download); without it the mode bar saves a PNG.
    buttons = [
        html.Button(
            kind.upper(),
            type="button",
            className="sa-text-button",
            **{
                "data-sa-image": kind,
                "data-sa-figure": dom_id(id),
                "data-sa-name": file_name(title),
                "aria-label": f"Download chart as {kind.upper()}",
            },
        )
        for kind in ("png", "svg")
    ]
    if csv:
        numbers = {"className": "sa-text-button", "aria-label": "Download the numbers of the chart as CSV"}
        buttons.append(html.A("CSV", href=csv, download="", **numbers))
    return html.Div([html.Span("Download"), *buttons], className="sa-download")
