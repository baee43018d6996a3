"""The one map of the Atlas: 3D, or 2D over a picture of all customers, with its axes, its key and the chosen customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
from dash import dcc, html

from core.model import NOISE, Comparison, Segmentation, Table
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.atlas_cards import tint
from dashboard.components.atlas_view import FAR, WAYS, View, camera_of, drawn_key, of_address, view_of
from dashboard.components.figure import graph
from dashboard.components.forms import field, segmented, select
from dashboard.components.parts import more
from dashboard.components.segments import segment_badge
from dashboard.components.tables import table as as_table
from dashboard.figures.atlas_map import PARTS, MapLook, atlas_map
from dashboard.figures.axes import AXES, NONE, axis_options, axis_title, axis_values
from dashboard.security.labels import plain

HEIGHT = 440
MOST_RINGED = 0.15


def map_card(table: Table | None, looked: Any, address: Address, *, mode: str, far: bool = False) -> html.Section:
    """The map with its switches, axes, key and what is chosen on it; ``looked`` is a ``dashboard.atlas.Looked``.

    ``far`` looks at it from farther away where the address says nothing: on a narrow screen.
    """
    if table is None:
        return html.Section(html.P("The file is no longer here, so there is no map."), className="sa-card")
    view = view_of(table, looked, of_address(address) | {"focus": looked.focus(address.focus)})
    camera = camera_of(address.camera) or (FAR if far else None)
    return html.Section(
        [
            html.Div([html.H2("Map of customers"), _ways(view)], className="sa-row sa-map-head"),
            _settings(table, looked, view),
            html.Div(map_figure(table, looked, view, camera=camera, mode=mode), id="atlas-map-figure"),
            html.Div(
                [_box(table, looked, view), html.Div(id="atlas-picked-panel", role="status")],
                id="atlas-choose-customers", hidden=view.solid, className="sa-map-pick",
            ),
            dcc.Store(id="atlas-hidden", data=[]),
            dcc.Store(id="atlas-area"),
            dcc.Store(id="atlas-picked"),
            dcc.Store(id="atlas-drawn", data=drawn_key(looked, view)),
        ],
        className="sa-card sa-atlas-map",
    )  # fmt: skip


def _ways(view: View) -> html.Div:
    chosen = segmented(WAYS, view.way, id="atlas-way")
    return html.Div(chosen, role="group", className="sa-push", **{"aria-label": "How the map is drawn"})


def _settings(table: Table, looked: Any, view: View) -> html.Details:
    """The axes and what is shown; the line says which axes there are, so that it may stay closed."""
    options = axis_options(table, looked.comparison)
    axes = [
        field(f"Axis {axis}", select(options, value, id=f"atlas-{axis}", size="sm"))
        for axis, value in zip(AXES, view.axes, strict=True)
    ]
    ticks = dbc.Checklist(
        id="atlas-shown", value=[part for part in PARTS if part in view.parts], inline=True,
        options=[{"value": part, "label": words} for part, words in PARTS.items()],
    )  # fmt: skip
    shown = html.Div(ticks, role="group", className="sa-map-shown", **{"aria-label": "Shown on the map"})
    return more("Axes and what is shown", html.Div(axes, className="sa-map-axes"), shown)


def map_figure(table: Table, looked: Any, view: View, *, camera: Mapping[str, Any] | None = None, mode: str) -> html.Div:
    """The map itself with its key, what the axes keep, and the middles of the segments as its table."""
    comparison, candidate = looked.comparison, looked.segmentation.candidate
    axes = list(view.drawn) or ["p0"]
    points = axis_values(table, comparison, axes)
    titles = tuple(axis_title(table, comparison, axis) for axis in axes)
    ringed = comparison.outlier if comparison.outlier.mean() <= MOST_RINGED else None
    look = MapLook(candidate.names, titles, mode, view.parts, looked.segmentation.colours, view.hidden, view.focus, camera)
    drawn = atlas_map(points, candidate.labels, look, outlier=ringed)
    told = [_how(view, axes), _share(comparison, axes), drawn.caption or f"All {numbers.whole(drawn.total)} customers."]
    if "rings" in view.parts:
        told.append("Ringed: extreme values." if ringed is not None else "Extreme values are too many to ring.")
    shown = graph(
        drawn.figure,
        id="atlas-figure",
        title=_title(titles),
        sentence=" ".join(part for part in told if part),
        height=HEIGHT,
        table=_twin(points, looked, titles),
        key=legend(looked.segmentation, view.hidden, noise="noise" in view.parts),
    )
    return html.Div(shown, key="3d" if len(axes) == len(AXES) else "2d")


def legend(segmentation: Segmentation, hidden: frozenset[int], *, noise: bool) -> html.Ul:
    """The key of the map; each entry is a button that hides or shows its segment."""
    candidate = segmentation.candidate
    segments = sorted(s for s in candidate.sizes if s != NOISE) + ([NOISE] if noise and NOISE in candidate.sizes else [])
    shown = [html.Li(_legend_button(s, segmentation, s not in hidden)) for s in segments]
    return html.Ul(shown, className="sa-key sa-map-key", **{"aria-label": "Segments on the map"})


def _legend_button(segment: int, segmentation: Segmentation, seen: bool) -> html.Button:
    """The mark and the number alone: the names stand on the cards, and here for who points at it or listens."""
    name = plain(segmentation.candidate.names.get(segment, "")) if segment > 0 else "Not placed"
    shown = [html.Span(str(segment), className="sa-seg-number")] if segment > 0 else [html.Span("Not placed")]
    words = f"{segment} {name}".strip() if segment > 0 else name
    return html.Button(
        html.Span(shown, className=f"sa-seg {tint(segment, segmentation.colours)}"), id={"type": "atlas-legend", "index": segment},
        className="sa-map-legend", title=f"{words}: hide or show on the map",
        **{"aria-pressed": "true" if seen else "false", "aria-label": f"{words} on the map"},
    )  # fmt: skip


def _title(titles: Sequence[str]) -> str:
    told = titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
    return f"Where the segments lie by {told}"


def _how(view: View, axes: Sequence[str]) -> str:
    if len(axes) == len(AXES):
        return "Drag to turn, scroll to zoom."
    why = "3D needs three axes. " if view.way == "3d" else ""
    return f"{why}Draw around customers to choose them."


def _share(comparison: Comparison, axes: Sequence[str]) -> str:
    parts = [int(axis[1:]) for axis in axes if axis.startswith("p")]
    if not parts:
        return "Each axis is a column of your file, in its own unit."
    kept = sum(comparison.explained[part] for part in parts)
    which = "One principal component keeps" if len(parts) == 1 else f"{len(parts)} principal components keep"
    return f"{which} {kept:.0%} of the differences between customers."


def _twin(points: np.ndarray, looked: Any, titles: Sequence[str]) -> html.Div:
    candidate = looked.segmentation.candidate
    frame = middles(points, candidate.labels, candidate.names, titles)
    return as_table(frame, caption="Middle (median) of each segment on the axes of the map")


def middles(points: np.ndarray, labels: np.ndarray, names: Mapping[int, str], titles: Sequence[str]) -> pd.DataFrame:
    """The median of every segment on the axes of a map, those not placed first: what the map shows, as numbers."""
    groups = pd.DataFrame(points, columns=range(len(titles))).groupby(labels)
    frame = groups.median()
    frame.columns = list(titles)
    told = [plain(f"{s} {names.get(int(s), '')}".strip()) if s > 0 else "Not placed" for s in frame.index]
    frame.insert(0, "Segment", told, allow_duplicates=True)
    frame.insert(1, "Customers", groups.size().to_numpy(), allow_duplicates=True)
    return frame.reset_index(drop=True)


def _box(table: Table, looked: Any, view: View) -> html.Details:
    """Two fields per axis, from and to: customers are chosen without a mouse, too."""
    rows = []
    for at, axis in enumerate(("x", "y")):
        known = view.axes[at] != NONE
        title = axis_title(table, looked.comparison, view.axes[at]) if known else f"axis {axis}"
        ends = [
            field(f"{end} ({axis})", dbc.Input(id=f"atlas-box-{axis}-{end.lower()}", type="number", step="any", size="sm"))
            for end in ("From", "To")
        ]
        rows.append(html.Div([html.Div(title, id=f"atlas-box-{axis}", className="sa-label"), html.Div(ends, className="sa-map-ends")]))
    press = html.Button("Choose", id="atlas-box-go", className="btn btn-secondary btn-sm")
    return more("Choose customers by numbers", html.Div(rows, className="sa-map-box"), html.Div(press, className="sa-actions"))


def picked_panel(count: int, total: int, by: Mapping[int, int], segmentation: Segmentation, *, csv: str) -> list:
    """How many customers are chosen, of which segments, and what can be done with them."""
    if not count:
        return [html.P("No customer lies there. Nothing is chosen.", className="sa-help")]
    rows = [
        html.Li([segment_badge(s, segmentation.candidate.names.get(s, "")), html.Span(f"{numbers.whole(n)}, {numbers.share(n / count)}", className="sa-num")])
        for s, n in by.items()
    ]
    go = [
        html.A("Download as CSV", href=csv, download="", className="btn btn-secondary btn-sm"),
        html.Button("Clear", id={"type": "atlas-clear", "index": 0}, className="btn btn-secondary btn-sm"),
    ]
    base = f"{numbers.share(count / total)} of {numbers.whole(total)}"
    return [
        html.P([html.Strong(f"{numbers.count(count, 'customer')} chosen"), f", {base}"]),
        html.Ul(rows, className="sa-plain-list sa-map-picked"),
        html.Div(go, className="sa-actions"),
    ]
