"""Migration: who went from which segment to which between two segmentations."""

from __future__ import annotations

from dash import Input, Output, callback, html, register_page

from dashboard import jobs
from dashboard.components import nothing_yet


def layout(**params: str) -> html.Div:
    return html.Div(nothing_yet("Migration", "Nothing to compare yet", "Choose two runs on the Runs page.", icon_name="runs"), className="sa-page")


callback(Output("migrate-finished", "data"), Input("migrate-request", "data"), background=True, prevent_initial_call=True)(jobs.migrate)
register_page(
    __name__,
    path="/migration",
    order=9,
    name="Migration",
    title="Migration - Segment Atlas",
    layout=layout,
)
