"""How columns go together: the heat map, its measure, and every pair as a table."""

from __future__ import annotations

import pandas as pd
from dash import html

from core.model import Explored
from dashboard.components import numbers
from dashboard.components.explore_words import name_of, related
from dashboard.components.figure import graph
from dashboard.components.forms import field, segmented
from dashboard.components.parts import empty, explain
from dashboard.figures import relation_heat, relation_heat_height
from dashboard.figures.explore_correlations import MEASURES, shown_columns, used

CHOICES = {"spearman": "Spearman (ranks)", "pearson": "Pearson (straight lines)"}
BERGSMA = "https://doi.org/10.1016/j.jkss.2012.10.002"


def relations_card(explored: Explored, measure: str, run: str, *, mode: str, narrow: bool) -> html.Section:
    """The card with its switch; the figure inside is drawn anew when the measure changes."""
    switch = field("Numbers are compared by", segmented(CHOICES, measure, id="explore-measure"))
    drawn = html.Div(relations_figure(explored, measure, run, mode=mode, narrow=narrow), id="explore-relations")
    nothing = len(explored.relations.columns) < 2
    return html.Section([drawn, html.Div([switch, _words()], className="sa-row", hidden=nothing)], className="sa-card sa-stack")


def relations_figure(explored: Explored, measure: str, run: str, *, mode: str, narrow: bool) -> list:
    """The heat map with its table, or why there is none."""
    relations = explored.relations
    if len(relations.columns) < 2:
        return [empty("Nothing to compare", "It takes two columns that vary: numbers, dates, yes/no or categories.")]
    places = shown_columns(relations, measure, narrow=narrow)
    names = {spread.place: spread.name for spread in explored.spreads}
    return [
        graph(
            relation_heat(relations, names, measure=measure, mode=mode, narrow=narrow),
            id="explore-heat",
            title=related(explored, measure),
            sentence=_sentence(explored, len(places)),
            height=relation_heat_height(len(places)),
            table=relations_table(explored, measure),
            level=2,
            csv=f"/explored/{run}/relations.csv",
        )
    ]


def _sentence(explored: Explored, shown: int) -> str:
    relations = explored.relations
    words = ["Orange: rise together. Blue: one falls as the other rises. With a category there is no direction."]
    if shown < relations.candidates:
        words.append(f"Shown are the {shown} most related of {numbers.whole(relations.candidates)} columns.")
    if relations.rows < explored.rows:
        words.append(
            f"Measured on a sample of {numbers.whole(relations.rows)} of {numbers.whole(explored.rows)} customers."
        )
    return " ".join(words)


def _words() -> html.Details:
    return explain(
        "What do these numbers mean",
        "0 is no relation, 1 or -1 the strongest there can be. Two numbers, dates or yes/no columns: Spearman compares "
        "ranks and is not moved by extremes, Pearson looks for a straight line. A number and a category: the "
        "correlation ratio (eta), whose square is the share of the differences that lies between the groups. Two "
        "categories: Cramer's V, corrected for bias. Different measures are not to be compared to the last digit.",
        BERGSMA,
    )


def relations_table(explored: Explored, measure: str) -> pd.DataFrame:
    """Every pair on the heat map, the strongest first."""
    frame = used(explored.relations, measure)
    frame = frame.loc[frame["value"].abs().sort_values(ascending=False, kind="stable", na_position="last").index]
    return pd.DataFrame(
        {
            "Column": [name_of(explored, place) for place in frame["first"]],
            "and": [name_of(explored, place) for place in frame["second"]],
            "Measure": [MEASURES[kind] for kind in frame["measure"]],
            "Value": frame["value"].round(3).to_numpy(),
            "Customers": frame["rows"].to_numpy(),
        }
    )
