"""What a campaign brought, on the Export page: the choice of the results, the intervals, the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html

from core.model import Uplift
from dashboard.components import numbers
from dashboard.components.figure import graph
from dashboard.components.forms import field, fields, segmented, select
from dashboard.components.parts import card, explain
from dashboard.components.tables import table
from dashboard.figures.uplift import uplift_dots, uplift_height
from dashboard.security.labels import plain

PAPER = "https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I"
ABSENT = {"out": "Leave out", "no": "Count as no"}


def form(files: Mapping[str, str], shown: Any, *, share: int = 10, seed: int = 1) -> html.Section:
    """Which file, which columns, what of customers it does not name; ``shown`` is the result or how far it is, ``share``
    (per cent) and ``seed`` those it was read with."""
    if not files:
        words = "Upload a file with one row per customer and what they did - bought or not, or how much - on the Data page. Then it can be chosen here."
        return card("What the campaign brought", html.P(words), html.Div(shown, id="uplift-shown"), id="uplift")
    first = next(iter(files))
    body = [
        fields(
            field("Results", select(files, first, id="uplift-file")),
            field("Column that names customers", select({"": "choose"}, "", id="uplift-key")),
            field("Column with the outcome", select({"": "choose"}, "", id="uplift-outcome")),
        ),
        fields(
            field("Left alone (% of each segment)", dbc.Input(id="uplift-share", type="number", value=share, min=1, max=50, step=1)),
            field("Seed of the list", dbc.Input(id="uplift-seed", type="number", value=seed, min=0, max=2**31 - 1, step=1)),
            field("Customers not in the results", segmented(ABSENT, "out", id="uplift-absent")),
        ),
        html.Div(html.Button("Read the results", id="uplift-go", className="btn btn-primary"), className="sa-actions"),
        html.Div(shown, id="uplift-shown"),
        explain("Interval of uplift", "The difference between those written to and those left alone is uncertain; in 95 of 100 campaigns the "
                "true one lies in such an interval. If it holds 0, the campaign may have brought nothing.", PAPER),
    ]  # fmt: skip
    return card("What the campaign brought", *body, help="Share and seed are those of the list; a column group in the results wins over them.", id="uplift")


def result(found: Uplift, *, mode: str, csv: str) -> list:
    """The figure with its table, and what was left out."""
    everyone = found.frame.iloc[0]
    figure = uplift_dots(found, mode=mode)
    drawn = graph(figure, id="uplift-figure", title=finding(found), sentence=_sentence(found), height=uplift_height(found),
                  table=table(told(found), caption="Uplift by segment with its 95% interval"), csv=csv)  # fmt: skip
    return [html.P(plain(str(everyone["told"]), limit=200)), drawn, html.Ul([html.Li(plain(note, limit=200)) for note in found.notes], className="sa-small sa-muted")]


def finding(found: Uplift) -> str:
    """The one sentence over the figure."""
    everyone = found.frame.iloc[0]
    if everyone["uplift"] != everyone["uplift"]:
        return "Nobody to compare with"
    return f"Uplift of everyone: {_amount(found, everyone['uplift'])} ({_amount(found, everyone['low'])} to {_amount(found, everyone['high'])})"


def told(found: Uplift) -> pd.DataFrame:
    """The frame as people read it."""
    frame = found.frame
    return pd.DataFrame(
        {
            "Segment": frame["segment_name"],
            "Written to": frame["treated"],
            "Left alone": frame["control"],
            "Outcome, written to": [_level(found, value) for value in frame["rate_treated"]],
            "Outcome, left alone": [_level(found, value) for value in frame["rate_control"]],
            "Uplift": [_amount(found, value) for value in frame["uplift"]],
            "95% interval": [_interval(found, low, high) for low, high in zip(frame["low"], frame["high"], strict=True)],
            "Smallest uplift shown": [_amount(found, value) for value in frame["detectable"]],
            "In words": frame["told"],
        }
    )


def _sentence(found: Uplift) -> str:
    what = "percentage points of customers" if found.kind == "rate" else f"{plain(found.unit) or 'the unit of the file'} for each customer"
    return f"{plain(found.outcome)}: customers written to minus customers left alone, in {what}; lines are 95% intervals."


def _interval(found: Uplift, low: float, high: float) -> str:
    return numbers.NOTHING if low != low else f"{_amount(found, low)} to {_amount(found, high)}"


def _level(found: Uplift, value: float) -> str:
    return numbers.share(value) if found.kind == "rate" else numbers.number(value, plain(found.unit))


def _amount(found: Uplift, value: float) -> str:
    if value != value:
        return numbers.NOTHING
    if found.kind == "rate":
        return f"{100 * value:+.1f}".replace("-", "\N{MINUS SIGN}") + " points"
    return numbers.number(value, plain(found.unit))
