"""Which runs are ticked to be compared with one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import ALL, Input, Output, State, callback, ctx, no_update

from dashboard import ids
from dashboard.components import notice
from dashboard.components.runs_asked import Past
from dashboard.history import history

MOST = 5


def picked(said: Any, pasts: Sequence[Past]) -> tuple[str, ...]:
    """The runs that were named, each once and at most five, as far as they have a result here."""
    usable = {past.run.id for past in pasts if past.summary is not None and past.summary.key}
    named = said if isinstance(said, (list, tuple)) else []
    return tuple(dict.fromkeys(run for run in named if isinstance(run, str) and run in usable))[:MOST]


@callback(
    Output("runs-picks", "data"),
    Output("said", "children", allow_duplicate=True),
    Input({"type": "runs-tick", "index": ALL}, "value"),
    State({"type": "runs-tick", "index": ALL}, "id"),
    State("runs-picks", "data"),
    prevent_initial_call=True,
)
def tick(values: list, shown: list, picks: object) -> tuple:
    """Keep which runs are ticked, those on other pages of the list too."""
    before = [run for run in picks if ids.is_id(run)] if isinstance(picks, list) else []
    ticks = {str(one.get("index", "")): value is True for one, value in zip(shown, values, strict=False)}
    after = [run for run in before if ticks.get(run, True)]
    after += [run for run, on in ticks.items() if on and run not in after and ids.is_id(run)]
    if after == before or not ctx.triggered:
        return no_update, no_update
    said = notice("info", f"At most {MOST} runs are compared at once.", hint="Untick one first.") if len(after) > MOST else None
    return after[:MOST], said


@callback(
    Output("runs-choices", "data"),
    Input({"type": "runs-choice", "index": ALL}, "value"),
    State({"type": "runs-choice", "index": ALL}, "id"),
    State("runs-choices", "data"),
    prevent_initial_call=True,
)
def choose(values: list, shown: list, choices: object) -> object:
    """Keep which candidate stands for each run."""
    before = choices if isinstance(choices, dict) else {}
    said = {str(one.get("index", "")): value for one, value in zip(shown, values, strict=False)}
    after = before | {run: value for run, value in said.items() if ids.is_id(run) and isinstance(value, str)}
    return no_update if after == before else dict(list(after.items())[-4 * MOST :])


@callback(
    Output("runs-picks", "data", allow_duplicate=True),
    Input("runs-undo", "children"),
    State("runs-picks", "data"),
    prevent_initial_call=True,
)
def forget(_told: object, picks: object) -> object:
    """Untick what was deleted."""
    left = list(picked(picks, history()))
    return no_update if left == picks else left
