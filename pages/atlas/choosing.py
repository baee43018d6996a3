"""The ways to another candidate: the k strip, the algorithms, and the list of all."""

from __future__ import annotations

from dash import ALL, Input, Output, State, callback, ctx, no_update

from dashboard.atlas import Looked, look
from dashboard.components.board import best_at
from pages.atlas.following import looked_at, state_of


@callback(
    Output("atlas-state", "data", allow_duplicate=True),
    Input({"type": "pick-k", "index": ALL}, "n_clicks"),
    Input({"type": "atlas-algorithm", "index": ALL}, "n_clicks"),
    Input({"type": "atlas-candidate", "index": ALL}, "value"),
    State("atlas-state", "data"),
    State("url", "search"),
    prevent_initial_call=True,
)
def pick(_numbers: list, _algorithms: list, _candidates: list, state: object, search: str) -> object:
    """Look at another number of segments, at another algorithm's with as many, or at any candidate."""
    looked = looked_at(search, state)
    value = ctx.triggered[0]["value"] if ctx.triggered else None
    if looked is None or not isinstance(ctx.triggered_id, dict) or not value:
        return no_update
    key = wanted(looked, str(ctx.triggered_id.get("type")), ctx.triggered_id.get("index"), value)
    other = look(looked.here, key) if key else None
    return no_update if other is None or other.key == looked.key else state_of(other, other.focus(None))


def wanted(looked: Looked, kind: str, index: object, value: object) -> str | None:
    """The key of the candidate that was asked for; None where there is none.

    Numbers and algorithms are those of the fit: what a person merged or split is counted nowhere.
    """
    now = looked.comparison.candidate(looked.key)
    if kind == "atlas-candidate":
        return value if isinstance(value, str) else None
    if kind == "pick-k":
        found = best_at(looked.comparison, algorithm=now.algorithm, k=index if isinstance(index, int) else -1)
        return found.key if found else None
    found = best_at(looked.comparison, algorithm=str(index), k=now.n_segments)
    found = found or best_at(looked.comparison, algorithm=str(index))
    return found.key if found else None
