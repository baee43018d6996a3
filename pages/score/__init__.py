"""Score: put new customers into the segments."""

from __future__ import annotations

from dash import Input, Output, callback, html, register_page

from dashboard import jobs
from dashboard.components import nothing_yet


def layout(**params: str) -> html.Div:
    return html.Div(nothing_yet("Score", "No model yet", "Compare segmentations first.", icon_name="score"), className="sa-page")


callback(Output("train-finished", "data"), Input("train-request", "data"), background=True, prevent_initial_call=True)(jobs.train)
callback(Output("score-finished", "data"), Input("score-request", "data"), background=True, prevent_initial_call=True)(jobs.score)
register_page(
    __name__,
    path="/score",
    order=5,
    name="Score",
    title="Score - Segment Atlas",
    icon="score",
    needs="",
    layout=layout,
)
