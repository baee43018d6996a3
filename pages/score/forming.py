"""The form for one customer: placed anew with every change, on the page and on the map."""

from __future__ import annotations

from dash import ALL, Input, Output, Patch, State, callback, no_update

from core.model import Model
from dashboard.components.score_form import FIELD
from dashboard.current import mode
from dashboard.figures.score_map import moved
from dashboard.services import owner, services
from dashboard.store import Damaged, NotFound
from pages.score import slots
from pages.score.placed import Alone


def model_of(model: object) -> Model | None:
    """The model with this id; None for whatever is none of this session's."""
    try:
        return services().store.models.model(owner(), str(model)) if model else None
    except (NotFound, Damaged):
        return None


@callback(
    Output("score-result", "children"),
    Output("score-figure", "figure"),
    Input({"type": FIELD, "index": ALL}, "value"),
    State("score-way", "value"),
    State("score-model", "data"),
    prevent_initial_call=True,
)
def place(values: list, way: object, model: object) -> tuple:
    """Place the customer that the form describes; of the figure only the customer's own mark is sent."""
    known = model_of(model)
    if known is None or not values:
        return no_update, no_update
    alone = Alone.filled(known, values)
    if alone.problem is not None:
        return alone.told(), no_update
    place, trace = moved(known, alone.point, alone.segment, solid=way == "solid", mode=mode())
    figure = Patch()
    for name, value in trace.items():
        figure["data"][place][name] = value
    return alone.told(), figure


@callback(
    Output("score-map", "children"),
    Input("score-way", "value"),
    State({"type": FIELD, "index": ALL}, "value"),
    State("score-model", "data"),
    prevent_initial_call=True,
)
def turn(way: object, values: list, model: object) -> object:
    """The same customer on the other map."""
    known = model_of(model)
    if known is None:
        return no_update
    alone = Alone.filled(known, values)
    return slots.drawn(alone, str(way)) if alone.problem is None else no_update
