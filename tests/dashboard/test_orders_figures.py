"""Laws of the order figures: what is drawn is what was counted, shares have a base, and names stay names."""

from __future__ import annotations

import json

import numpy as np
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard import theme
from dashboard.figures import backtest_curve, cohort_heat, group_bars, history_heat, value_ranges
from dashboard.figures.orders_cohorts import cohort_table
from dashboard.figures.orders_groups import group_bars_height
from tests.dashboard import made, made_orders


def every(mode: str, narrow: bool) -> list:
    told = made_orders.ordered()
    look = {"mode": mode, "narrow": narrow}
    return [
        group_bars(told.groups, unit="GBP", **look),
        value_ranges(told.groups, unit="GBP", **look),
        *(cohort_heat(told.cohorts, measure=one, unit="GBP", **look) for one in ("retention", "revenue")),
        *(history_heat(told.grid, what=one, mode=mode) for one in ("expected", "alive")),
        backtest_curve(told.backtest, **look),
    ]


@pytest.mark.parametrize(("mode", "narrow"), [("light", False), ("dark", True)])
def test_figures_draw_under_the_content_policy_in_the_colours_of_their_mode(mode, narrow):
    """SVG and heat maps only; axes have titles; the surface is that of the theme."""
    for figure in every(mode, narrow):
        assert {trace.type for trace in figure.data} <= {"bar", "scatter", "heatmap"}
        assert figure.layout.template.layout.paper_bgcolor == theme.token("surface", mode)
        assert figure.layout.xaxis.title.text and figure.layout.dragmode is False
        json.dumps(figure.to_plotly_json(), cls=PlotlyJSONEncoder)


def test_bars_are_shares_of_everyone_and_add_up():
    """Champions: 3 of 12 customers and 5,700 of 9,590; each series is one in all."""
    customers, revenue = group_bars(made_orders.groups(), unit="GBP").data
    assert customers.x[0] == pytest.approx(3 / 12) and revenue.x[0] == pytest.approx(5700 / 9590)
    assert sum(customers.x) == pytest.approx(1) and sum(revenue.x) == pytest.approx(1)
    assert customers.text[0] == "25% of customers" and revenue.text[0] == "59.4% of revenue"


@pytest.mark.parametrize("narrow", [False, True])
def test_every_bar_and_its_number_fit_the_axis(narrow):
    """Room for the words beside the longest bar, and for a group that lost money."""
    frame = made_orders.groups()
    frame.loc[frame["group"] == "Hibernating", "revenue"] = -800.0  # of 9,590
    figure = group_bars(frame, narrow=narrow)
    low, high = figure.layout.xaxis.range
    assert low < min(min(trace.x) for trace in figure.data) < 0
    assert high > 1.2 * max(max(trace.x) for trace in figure.data)
    assert [one.text for one in figure.layout.annotations] == ["−8.3% of revenue"], "right of zero, not on the names"


def test_no_share_is_drawn_of_revenue_that_is_not_above_zero():
    frame = made_orders.groups()
    frame["revenue"] = 0.0
    assert [trace.name for trace in group_bars(frame).data] == ["customers"]


def test_ranges_are_drawn_from_low_to_high():
    """Whiskers are distances: the dot less the first is the low end, the dot and the second the high end."""
    frame = made_orders.groups()
    dots = value_ranges(frame).data[0]
    wanted = frame[frame["group"] != "Everyone"]
    assert list(dots.x - np.array(dots.error_x.arrayminus)) == pytest.approx(list(wanted["value_low"]))
    assert list(dots.x + np.array(dots.error_x.array)) == pytest.approx(list(wanted["value_high"]))
    assert "Everyone" not in dots.text


def test_cohort_cells_are_parts_of_their_cohort():
    """Half of 100 came back a month later and brought 20 each: 0.5, and 10 for each customer of the cohort."""
    frame = made_orders.cohorts()
    assert cohort_table(frame, "retention").loc["2011-01", 1] == pytest.approx(0.5)
    assert cohort_table(frame, "revenue").loc["2011-01", 1] == pytest.approx(10.0)
    assert (cohort_table(frame, "retention")[0] == 1).all()
    assert np.isnan(cohort_table(frame, "retention").loc["2011-06", 1]), "it has not come yet"


def test_the_first_period_does_not_wash_out_the_others():
    """Everyone buys in period 0, so the scale ends at the highest cell after it."""
    cells = cohort_heat(made_orders.cohorts()).data[0]
    assert cells.zmax == pytest.approx(0.5) and np.nanmax(cells.z) == pytest.approx(1.0)


def test_numbers_stand_in_the_cells_only_where_they_fit():
    assert len(cohort_heat(made_orders.cohorts(6), narrow=True).data) == 2
    assert len(cohort_heat(made_orders.cohorts(10), narrow=True).data) == 1
    assert len(cohort_heat(made_orders.cohorts(10)).data) == 2


def test_the_grid_has_purchases_across_and_silence_down():
    """The cell of 2 purchases and 8 weeks is the grid's; probabilities run from 0 to 1."""
    frame = made_orders.grid()
    wanted = frame[(frame["purchases"] == 2) & (frame["silent_weeks"] == 8)].iloc[0]
    for what in ("expected", "alive"):
        cells = history_heat(frame, what=what).data[0]
        assert cells.z[list(cells.y).index(8)][list(cells.x).index(2)] == pytest.approx(wanted[what])
    assert (cells.zmin, cells.zmax) == (0, 1)


def test_the_back_test_shades_what_was_held_out():
    figure = backtest_curve(made_orders.backtest(20))
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(11, 20)]
    lines = {trace.name: list(trace.y) for trace in figure.data if trace.name}
    assert lines["made"][-1] == 190 and lines["expected"][-1] == 200
    assert len({trace.line.dash for trace in figure.data if trace.name}) == 2, "told apart without colour"


def test_nothing_to_draw_is_said():
    told = made_orders.without_value()
    figures = [value_ranges(told.groups), history_heat(told.grid), backtest_curve(told.backtest),
               cohort_heat(told.cohorts.iloc[:0]), group_bars(told.groups.iloc[:0])]  # fmt: skip
    assert all(figure.layout.annotations[0].text == "nothing to draw" for figure in figures)


def test_names_and_currencies_are_never_markup():
    """A currency comes from a cell of the file."""
    groups, cohorts = made_orders.groups(), made_orders.cohorts()
    groups["group"], cohorts["cohort"] = groups["group"] + made.HOSTILE, made.HOSTILE + cohorts["cohort"]
    hostile = [group_bars(groups, unit=made.HOSTILE), value_ranges(groups, unit=made.HOSTILE),
               cohort_heat(cohorts, measure="revenue", unit=made.HOSTILE)]  # fmt: skip
    for figure in hostile:
        text = json.dumps(figure.to_plotly_json(), cls=PlotlyJSONEncoder, ensure_ascii=False)
        assert "<a" not in text and "%{y}" not in text.replace("%{y:", "") and "\u202e" not in text


@pytest.mark.parametrize(("draw", "wrong"), [(cohort_table, "sideways"), (history_heat, "dead")])
def test_unknown_measures_are_refused(draw, wrong):
    frame = made_orders.cohorts() if draw is cohort_table else made_orders.grid()
    with pytest.raises(ValueError, match="must be one of"):
        draw(frame, wrong) if draw is cohort_table else draw(frame, what=wrong)


def test_a_chart_has_room_for_its_groups():
    assert group_bars_height(1) >= 280 and group_bars_height(12) >= 12 * 40
