"""The segment in focus against everyone, and all segments at once: drawn anew when what is looked at or a switch changes."""

from __future__ import annotations

from dash import Input, Output, State, callback, no_update

from dashboard.components import atlas_contrast, atlas_overview
from dashboard.components.atlas_arranging import Asked, orders
from dashboard.components.profile import STATISTICS, profile_table
from dashboard.current import mode
from pages.atlas.following import focus_of, looked_at


@callback(
    Output("atlas-contrast-head", "children"),
    Output("atlas-contrast-body", "children"),
    Output("contrast-against", "options"),
    Output("contrast-against", "value"),
    Input("atlas-state", "data"),
    Input("contrast-against", "value"),
    Input("contrast-order", "value"),
    Input("contrast-columns", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def draw_contrast(state: object, against: object, order: object, columns: object, search: str) -> tuple:
    """The segment in focus, as the switches ask for it."""
    looked = looked_at(search, state)
    if looked is None:
        return (no_update,) * 4
    focus, asked = focus_of(looked, state), atlas_contrast.Asked.of(against, order, columns)
    asked = atlas_contrast.possible(looked, focus, asked)
    head, body = atlas_contrast.heading(looked, focus, asked), atlas_contrast.body(looked, focus, asked, mode=mode())
    return head, body, atlas_contrast.others(looked, focus), str(asked.against)


@callback(
    Output("atlas-overview", "children"),
    Output("overview-rows", "options"),
    Output("overview-across", "options"),
    Output("overview-rows", "value"),
    Output("overview-across", "value"),
    Output("overview-orders", "hidden"),
    Input("atlas-state", "data"),
    Input("atlas-view", "value"),
    Input("overview-rows", "value"),
    Input("overview-across", "value"),
    Input("overview-way", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def draw_overview(state: object, view: object, rows: object, across: object, way: object, search: str) -> tuple:
    """All segments, in the view and the order that are asked for."""
    looked = looked_at(search, state)
    if looked is None:
        return (no_update,) * 6
    offered = orders(looked)
    asked = Asked.of(view, rows, across, way).among(*offered)
    drawn = atlas_overview.body(looked, asked, mode=mode())
    return drawn, *offered, asked.rows, asked.across, asked.view == "widths"


@callback(
    Output("atlas-figures", "children"),
    Input("atlas-figures-open", "n_clicks"),
    Input("atlas-statistic", "value"),
    Input("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def show_figures(clicks: int | None, statistic: object, state: object, search: str) -> object:
    """All figures of all columns, once somebody has opened them."""
    looked = looked_at(search, state) if clicks else None
    if looked is None:
        return no_update
    chosen = statistic if isinstance(statistic, str) and statistic in STATISTICS else "all"
    segmentation = looked.segmentation
    return profile_table(segmentation.profile, segmentation.candidate.names, chosen, colours=segmentation.colours)
