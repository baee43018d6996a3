"""The ways to another candidate: the k strip and the algorithms."""

from __future__ import annotations

from dash import ALL, Input, Output, State, callback, ctx, no_update

from dashboard.atlas import look
from dashboard.components.board import best_at
from pages.atlas.following import looked_at, state_of


@callback(
    Output("atlas-state", "data", allow_duplicate=True),
    Input({"type": "pick-k", "index": ALL}, "n_clicks"),
    Input({"type": "atlas-algorithm", "index": ALL}, "n_clicks"),
    State("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def pick(_numbers: list, _algorithms: list, state: object, search: str) -> object:
    """Look at another number of segments, or at another algorithm's with as many."""
    looked = looked_at(search, state)
    if looked is None or not isinstance(ctx.triggered_id, dict) or not ctx.triggered[0]["value"]:
        return no_update
    candidate, wanted = looked.segmentation.candidate, ctx.triggered_id.get("index")
    if ctx.triggered_id.get("type") == "pick-k":
        found = best_at(looked.comparison, algorithm=candidate.algorithm, k=wanted if isinstance(wanted, int) else -1)
    else:
        k = looked.comparison.candidate(looked.key).n_segments
        found = best_at(looked.comparison, algorithm=str(wanted), k=k) or best_at(looked.comparison, algorithm=str(wanted))
    other = look(looked.here, found.key) if found is not None else None
    return no_update if other is None or other.key == looked.key else state_of(other, other.focus(None))
