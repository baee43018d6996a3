"""The segment in focus: a card that is pressed is looked at; the address follows ``atlas-state``."""

from __future__ import annotations

from dash import ALL, Input, Output, State, clientside_callback

clientside_callback(
    "function(_clicks, state) { return window.dash_clientside.atlasCards.look(state); }",
    Output("atlas-state", "data", allow_duplicate=True),
    Input({"type": "atlas-card", "index": ALL}, "n_clicks"),
    State("atlas-state", "data"),
    prevent_initial_call=True,
)
