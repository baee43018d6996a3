"""Runs: everything that was computed, to be found again, compared and deleted."""

from __future__ import annotations

from dash import html, register_page

from dashboard.components import nothing_yet


def layout(**params: str) -> html.Div:
    return html.Div(nothing_yet("Runs", "No runs yet", "Compare segmentations first.", icon_name="runs"), className="sa-page")



register_page(
    __name__,
    path="/runs",
    order=6,
    name="Runs",
    title="Runs - Segment Atlas",
    icon="runs",
    needs="",
    layout=layout,
)
