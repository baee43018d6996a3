"""Chosen columns against one another: two to five of them, as points or as densities."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from dash import html

from core.model import Explored, Kind
from dashboard.components import numbers
from dashboard.components.explore_words import amount, day, name_of, relation_of
from dashboard.components.figure import graph
from dashboard.components.forms import field, select
from dashboard.components.parts import empty
from dashboard.figures import pair_plot, pair_plot_height

FEWEST, MOST = 2, 5


def proposed(explored: Explored) -> tuple[int, ...]:
    """The places of the two amounts that are related most, else of the first two."""
    frame = explored.relations.frame
    found = frame[frame["measure"] == "spearman"].dropna(subset=["value"])
    if len(found):
        top = found.loc[found["value"].abs().idxmax()]
        return int(top["first"]), int(top["second"])
    return explored.point_columns[:2]


def drawable(explored: Explored, said: Sequence[str]) -> tuple[int, ...]:
    """The places among ``said`` ("c7") that can be drawn, each once, at most five; the proposed ones if fewer than two."""
    places = [
        int(one[1:]) for one in said if one[:1] == "c" and one[1:].isascii() and one[1:].isdigit() and len(one) < 8
    ]
    kept = tuple(dict.fromkeys(place for place in places if place in explored.point_columns))[:MOST]
    return kept if len(kept) >= FEWEST else proposed(explored)


def pairs_card(explored: Explored, places: Sequence[int], run: str, *, mode: str, narrow: bool) -> list:
    """What the card of the pair plot holds: the figure and the columns it is made of."""
    if len(explored.point_columns) < FEWEST:
        return [empty("No pairs to draw", "It takes two columns of numbers, dates or yes/no.")]
    return [_figure(explored, places, run, mode=mode, narrow=narrow), _choice(explored, places)]


def _choice(explored: Explored, places: Sequence[int]) -> html.Div:
    chips = [
        html.Button(
            [name_of(explored, place), html.Span(className="sa-icon sa-icon-close sa-icon-small")],
            id={"type": "explore-pair-drop", "index": place},
            type="button",
            className="btn btn-secondary btn-sm",
            disabled=len(places) <= FEWEST,
            **{"aria-label": f"Leave {name_of(explored, place)} out"},
        )
        for place in places
    ]
    rest = {f"c{place}": name_of(explored, place) for place in explored.point_columns if place not in places}
    full = len(places) >= MOST
    words = f"{MOST} columns are the most." if full else "Numbers, dates and yes/no columns; two to five."
    add = select(rest, id="explore-pair-add", placeholder="Choose a column", disabled=full or not rest)
    return html.Div(
        [html.Div(chips, className="sa-row"), field("Add a column", add, words)], className="sa-stack sa-explore-pairs"
    )


def _figure(explored: Explored, places: Sequence[int], run: str, *, mode: str, narrow: bool) -> html.Figure:
    spreads = [explored.spreads[place] for place in places]
    points = explored.points[:, [explored.point_columns.index(place) for place in places]]
    drawn = pair_plot(points, spreads, mode=mode, narrow=narrow)
    shown = numbers.count(drawn.filled, "customer")
    words = [f"Density of {shown}." if drawn.dense else f"Each point is one of {shown}."]
    if len(points) < explored.rows:
        words.append(f"A sample: the file has {numbers.whole(explored.rows)}.")
    if drawn.filled < len(points):
        words.append(f"{numbers.whole(len(points) - drawn.filled)} with a gap in one of these columns are not drawn.")
    if drawn.outside:
        words.append(f"{numbers.whole(drawn.outside)} lie outside the drawn ranges.")
    asked = ".".join(f"c{place}" for place in places)
    return graph(
        drawn.figure,
        id="explore-pair-plot",
        title=_title(explored, places),
        sentence=" ".join(words),
        height=pair_plot_height(len(places), narrow=narrow),
        table=pairs_table(explored, places),
        level=2,
        csv=f"/explored/{run}/points.csv?columns={asked}",
    )


def _title(explored: Explored, places: Sequence[int]) -> str:
    names = [name_of(explored, place) for place in places]
    if len(places) > 2:
        return f"{', '.join(names[:-1])} and {names[-1]} against one another"
    told = relation_of(explored, *places)
    return f"{names[0]} against {names[1]}" + (f": {told}" if told else "")


def pairs_table(explored: Explored, places: Sequence[int]) -> pd.DataFrame:
    """The columns of the pair plot with their range and how each goes together with the others."""
    rows = []
    for place in places:
        spread = explored.spreads[place]
        row = {"Column": name_of(explored, place), "Lowest": "–", "Median": "–", "Highest": "–"}
        if spread.box is not None:
            box = spread.box
            row |= {"Lowest": amount(spread, box.minimum), "Median": amount(spread, box.median)}
            row |= {"Highest": amount(spread, box.maximum)}
        elif spread.kind is Kind.DATE and spread.edges:
            row |= {"Lowest": day(spread.edges[0]), "Highest": day(spread.edges[-1] - 1)}
        elif spread.kind is Kind.FLAG:
            row |= {"Lowest": "no", "Highest": "yes"}
        row |= {f"with {name_of(explored, other)}": _beside(explored, place, other) for other in places}
        rows.append(row)
    return pd.DataFrame(rows)


def _beside(explored: Explored, place: int, other: int) -> str:
    return "" if place == other else relation_of(explored, place, other) or "not measured"
