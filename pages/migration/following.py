"""The callbacks of the Migration page: ask for the comparison, follow it, show another measure, take the names over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dash import Input, Output, State, callback, no_update

from core.errors import SegmentationError
from core.model import Shape
from dashboard import wanted
from dashboard.components import notice
from dashboard.components.migration_cells import flows_shown
from dashboard.current import mode
from dashboard.services import owner, services
from dashboard.store import LIVE
from pages.migration.drawing import body, stage, taken
from pages.migration.looking import Pair, pair_at, request, result, run_of


@callback(
    Output("migrate-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("migration-enter", "data"),
    State("url", "search"),
    prevent_initial_call="initial_duplicate",
)
def ask(_entered: object, search: str) -> tuple:
    """Have two segmentations compared that nobody has compared in their present shapes."""
    pair = pair_at(search)
    if pair.now is None or pair.before is None or run_of(pair) is not None:
        return no_update, no_update
    run, problem = wanted.ask("migrate", pair.now.here.dataset.id, request(pair))
    return run, problem or no_update  # nothing that was said before is taken back by coming here


@callback(
    Output("migration-body", "children"),
    Output("migration-stage", "data"),
    Input("jobs-state", "data"),
    Input("pulse", "n_intervals"),
    State("url", "search"),
    State("url", "pathname"),
    State("migration-stage", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, _n: object, search: str, pathname: str, known: object) -> tuple:
    """Keep progress fresh, and show the result as soon as it is there."""
    pair = pair_at(search) if pathname == "/migration" else None
    if pair is None or pair.now is None or pair.before is None:
        return no_update, no_update
    run = run_of(pair)
    live = run is not None and run.state in LIVE
    return (no_update, no_update) if stage(run) == known and not live else (body(pair), stage(run))


@callback(
    Output("migration-flows", "children"),
    Input("migration-measure", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def switch(measure: object, search: str) -> object:
    """Customers, or what they spent."""
    pair = pair_at(search)
    if pair.now is None or pair.before is None:
        return no_update
    run = run_of(pair)
    found = result(pair, run)
    return no_update if found is None or found.by == "centres" else flows_shown(found, run.id, pair.ends, measure=measure, mode=mode())


@callback(
    Output("migration-body", "children", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("migration-names", "n_clicks"),
    State("url", "search"),
    prevent_initial_call=True,
)
def use_names(clicks: object, search: str) -> tuple:
    """Give the matched segments of now the names, colours and descriptions of before, as one version that can be undone."""
    pair = pair_at(search)
    if not clicks or pair.now is None or pair.before is None:
        return no_update, no_update
    try:
        count = _take(pair)
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)
    said = "Undo in the Atlas brings the former ones back." if count else "They had them already."
    return body(pair_at(search)), notice("good", "The matched segments are called as before.", said)


def _take(pair: Pair) -> int:
    """Make the version; how many edits it adds."""
    found, now = result(pair, run_of(pair)), pair.now
    edits = taken(pair, found) if found is not None else ()
    if edits:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        edits = tuple(replace(edit, at=at, reason="As in the earlier segmentation.") for edit in edits)
        shape = Shape((*now.shaping.shape.edits, *edits))
        services().store.reshape(owner(), now.here.run.id, now.key, shape, after=now.shaping.now)
    return len(edits)
