"""Two to five runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import Input, Output, callback

from dashboard.components.runs_beside import beside
from dashboard.components.runs_list import ticked
from dashboard.current import mode, narrow
from dashboard.history import history, side_by_side
from pages.runs.picking import picked


def drawn(picks: Sequence[str], choices: Mapping[str, str]) -> list:
    """The runs side by side; nothing for fewer than two."""
    return beside(side_by_side(picks, choices), mode=mode(), narrow=narrow()) if len(picks) > 1 else []


@callback(
    Output("runs-beside", "children"),
    Output("runs-ticked", "children"),
    Input("runs-picks", "data"),
    Input("runs-choices", "data"),
    prevent_initial_call=True,
)
def compare(picks: object, choices: object) -> tuple[list, list]:
    """Draw the runs that are ticked, each with the candidate that was chosen for it."""
    shown = picked(picks, history())
    return drawn(shown, choices if isinstance(choices, dict) else {}), ticked(shown)
