"""Migration: which segments of an earlier segmentation are which of a later one, and who went where."""

from __future__ import annotations

from dash import Input, Output, callback, dcc, html, register_page

from dashboard import jobs
from pages.migration import drawing, following  # noqa: F401  registers its callbacks
from pages.migration.looking import pair_of, run_of


def layout(**params: str) -> html.Div:
    pair = pair_of(params)
    ready = pair.now is not None and pair.before is not None
    return html.Div(
        [
            dcc.Store(id="migration-enter", data=ready),
            dcc.Store(id="migration-stage", data=drawing.stage(run_of(pair)) if ready else []),
            html.Div(drawing.body(pair), id="migration-body", className="sa-stack-page"),
        ],
        className="sa-page",
    )


callback(Output("migrate-finished", "data"), Input("migrate-request", "data"), background=True, prevent_initial_call=True)(jobs.migrate)
register_page(
    __name__,
    path="/migration",
    order=9,
    name="Migration",
    title="Migration - Segment Atlas",
    layout=layout,
)
