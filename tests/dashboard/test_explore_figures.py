"""Laws of the Explore figures and words: what is drawn is what was counted, and names from data stay names."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from core import pipeline
from core.model import Kind
from dashboard.components.explore_columns import column_list, spread_table
from dashboard.components.explore_pairs import drawable, pairs_card, pairs_table
from dashboard.components.explore_relations import relations_table
from dashboard.components.explore_words import finding, gaps_title, related, spread_title
from dashboard.figures import gap_heat, pair_plot, relation_heat, spread_bars
from dashboard.figures.explore_correlations import shown_columns
from dashboard.figures.explore_pairs import MOST_POINTS
from tests.dashboard import made

RANDOM = np.random.default_rng(2)


def gappy(rows=60):
    """Every second age is empty, and each third income with it where both fall together."""
    table = made.table()
    frame = pd.concat([table.frame] * (rows // 12), ignore_index=True)
    frame.loc[::2, "age"] = np.nan
    frame.loc[::3, "income"] = np.nan
    columns = [replace(one, gaps=int(frame[one.name].isna().sum())) for one in table.columns]
    return replace(table, frame=frame, raw=frame.astype(str), columns=tuple(columns))


@pytest.fixture(scope="module")
def explored():
    return pipeline.explore(gappy())


def names(explored):
    return {one.place: one.name for one in explored.spreads}


def drawn(figure) -> str:
    return json.dumps(figure.to_plotly_json(), cls=PlotlyJSONEncoder)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_figure_draws_what_the_content_policy_hides(explored, mode):
    """No scattergl, no splom: they draw nothing where scripts may not compile others."""
    points, spreads = explored.points[:, :3], [explored.spreads[place] for place in explored.point_columns[:3]]
    figures = [spread_bars(one, mode=mode) for one in explored.spreads]
    figures += [
        relation_heat(explored.relations, names(explored), mode=mode),
        gap_heat(explored.gaps, names(explored), mode=mode),
    ]
    figures.append(pair_plot(points, spreads, mode=mode).figure)
    kinds = {trace.type for figure in figures for trace in figure.data}
    assert kinds <= {"bar", "box", "heatmap", "scatter"}
    assert all("NaN" not in drawn(figure).replace('"NaN"', "") for figure in figures[:1])


def test_bars_are_the_counts(explored):
    for spread in explored.spreads:
        bars = [trace for trace in spread_bars(spread).data if trace.type == "bar"]
        values = [list(trace.x if trace.orientation == "h" else trace.y) for trace in bars]
        assert values == ([list(spread.counts)] if spread.counts else [])


def test_the_box_is_drawn_from_what_is_stored(explored):
    age = explored.spreads[1]
    (box,) = [trace for trace in spread_bars(age).data if trace.type == "box"]
    assert (box.q1[0], box.median[0], box.q3[0]) == (age.box.lower, age.box.median, age.box.upper)


def test_the_heat_map_is_symmetric_and_holds_the_measured_values(explored):
    """Every pair stands twice, the diagonal is empty; Pearson takes the place of Spearman."""
    for measure in ("spearman", "pearson"):
        heat = relation_heat(explored.relations, names(explored), measure=measure).data[0]
        z = np.array(heat.z, dtype=float)
        assert np.allclose(z, z.T, equal_nan=True) and np.isnan(np.diag(z)).all()
        at = {place: index for index, place in enumerate(explored.relations.columns)}
        for row in explored.relations.frame.itertuples():
            if row.measure not in ("spearman", "pearson") or row.measure == measure:
                assert z[at[row.first], at[row.second]] == pytest.approx(row.value, nan_ok=True)


def test_a_phone_shows_the_most_related_ten():
    frame = pd.DataFrame(RANDOM.normal(size=(200, 16)), columns=[f"n{i}" for i in range(16)])
    frame["n5"], frame["n9"] = frame["n1"] + 0.1 * frame["n5"], frame["n2"] - 0.1 * frame["n9"]
    columns = tuple(replace(made.COLUMNS[1], name=name, distinct=200) for name in frame)
    explored = pipeline.explore(replace(made.table(), frame=frame, columns=columns))
    narrow = shown_columns(explored.relations, "spearman", narrow=True)
    assert len(narrow) == 10 and {1, 5, 2, 9} <= set(narrow)
    assert len(shown_columns(explored.relations, "spearman", narrow=False)) == 16


def test_many_points_become_densities_that_count_everyone_inside():
    """4,000 points are drawn as they are; one more customer, and all are counted."""
    values = RANDOM.normal(50, 10, (MOST_POINTS + 1, 2))
    columns = tuple(replace(made.COLUMNS[1], name=name, distinct=99) for name in "ab")
    explored = pipeline.explore(replace(made.table(), frame=pd.DataFrame(values, columns=list("ab")), columns=columns))
    few, many = (pair_plot(explored.points[:count], explored.spreads) for count in (MOST_POINTS, MOST_POINTS + 1))
    assert not few.dense and len(few.figure.data[0].x) == MOST_POINTS
    assert many.dense and np.nansum(many.figure.data[0].customdata) == MOST_POINTS + 1 - many.outside
    assert many.outside < 20


@pytest.mark.parametrize("columns", [2, 3, 4, 5])
def test_each_pair_has_one_panel(columns):
    """Lower triangle, customers with a gap in any column left out."""
    table = gappy()
    explored = pipeline.explore(table)
    places = explored.point_columns[:columns]
    spreads = [explored.spreads[place] for place in places] * 2
    points = np.hstack([explored.points[:, : len(places)]] * 2)[:, :columns]
    plot = pair_plot(points, spreads[:columns])
    assert len(plot.figure.data) == columns * (columns - 1) // 2
    assert plot.filled == (~np.isnan(points).any(axis=1)).sum()


def test_names_from_data_are_made_harmless(explored):
    """As titles, ticks and pointers' words, in every figure and every sentence."""
    table = gappy()
    columns = tuple(replace(one, name=f"{made.HOSTILE}{i}", unit="<b>") for i, one in enumerate(table.columns))
    frame = table.frame.set_axis([one.name for one in columns], axis=1)
    frame[columns[4].name] = made.HOSTILE + frame[columns[4].name]
    worst = pipeline.explore(replace(table, frame=frame, columns=columns))
    figures = [spread_bars(one) for one in worst.spreads] + [relation_heat(worst.relations, names(worst))]
    figures += [gap_heat(worst.gaps, names(worst)), pair_plot(worst.points[:, :2], worst.spreads[1:3]).figure]
    for figure in figures:
        text = drawn(figure)
        assert "<a" not in text and "\\u202e" not in text and "%{y}</a>" not in text
    told = [finding(worst), related(worst, "spearman"), gaps_title(worst), *map(spread_title, worst.spreads)]
    told += [
        made.words(column_list(worst, 0, "", 0)),
        made.words(pairs_card(worst, (1, 2), "r", mode="light", narrow=False)),
    ]
    assert not any("\u202e" in one or "\x00" in one for one in told)


def test_tables_hold_every_number_of_the_chart(explored):
    for spread in explored.spreads:
        table = spread_table(spread)
        assert table["Customers"].sum() == (spread.filled if spread.counts else spread.rest)
    related_pairs = relations_table(explored, "pearson")
    count = len(explored.relations.columns)
    assert len(related_pairs) == count * (count - 1) // 2
    strength = related_pairs["Value"].abs().dropna()
    assert list(strength) == sorted(strength, reverse=True)
    assert list(pairs_table(explored, (1, 2))["Column"]) == ["age", "income"]


def test_titles_say_what_the_charts_show(explored):
    said = [spread_title(one) for one in explored.spreads]
    assert said[0].startswith("customer: 12 different values") and said[3] == "member: 25% yes"
    assert said[4] == "region: North is the commonest (75%) of 2 different values"
    assert "2024-01-01 to 2024-01-12" in said[5]
    assert "age (50%)" in gaps_title(explored) and "2 columns have gaps" in finding(explored)
    empty = replace(explored.spreads[1], filled=0)
    assert spread_title(empty) == "age: every cell is empty"


def test_years_have_no_thousands_mark():
    values = RANDOM.integers(1950, 2000, 300).astype(float)
    column = replace(made.COLUMNS[1], name="Year_Birth", unit="", distinct=50)
    explored = pipeline.explore(replace(made.table(), frame=pd.DataFrame({"Year_Birth": values}), columns=(column,)))
    told = spread_title(explored.spreads[0]) + " ".join(spread_table(explored.spreads[0])["Value"])
    assert "," not in told and "19" in told


def test_what_can_be_drawn_is_told_from_what_cannot(explored):
    assert drawable(explored, ["c2", "c5", "c2"]) == (2, 5)
    assert drawable(explored, ["c1", "c2", "c3", "c5", "c4", "c0", "²", "c²"]) == (1, 2, 3, 5)
    for odd in ([], ["c0", "c4"], ["x"], ["c99999999999"]):
        assert len(drawable(explored, odd)) == 2
    assert all(explored.spreads[place].kind is not Kind.KEY for place in drawable(explored, []))


def test_long_names_of_a_family_stay_apart_on_the_heat_map(explored):
    """Names that begin alike are cut in the middle, on a phone, too."""
    family = {place: f"CASH_ADVANCE_AND_MORE_{place:03d}" for place in names(explored)}
    for narrow in (False, True):
        ticks = relation_heat(explored.relations, family, narrow=narrow).layout.yaxis.ticktext
        assert len(set(ticks)) == len(ticks) and max(map(len, ticks)) <= (12 if narrow else 18)
