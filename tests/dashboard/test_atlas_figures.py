"""Laws of the heat map and the lines of the Atlas: order kept, colours chosen, hostile names harmless, nothing drawn by WebGL."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard import figures, theme
from dashboard.figures.atlas_heat import MOST_PRINTED
from tests.dashboard import made

MODES = ("light", "dark")


def grid(rows=3, segments=3):
    return pd.DataFrame(np.arange(rows * segments, dtype=float).reshape(rows, segments) - 4, columns=range(1, segments + 1))


def words(values, text="a\nb"):
    return pd.DataFrame(text, index=values.index, columns=values.columns)


def heat(values, captions=None, mode="light", text="a\nb", **more):
    captions = captions or [f"c{at}" for at in range(len(values))]
    return figures.segment_heat(values, words(values, text), captions=captions, mode=mode, **more)


def lines(values, captions=None, mode="light", text="a\nb", **more):
    captions = captions or [f"c{at}" for at in range(len(values))]
    return figures.segment_lines(values, words(values, text), captions=captions, names={1: "One"}, mode=mode, **more)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("draw", [heat, lines])
def test_names_from_data_are_taken_apart(draw, mode):
    text = draw(grid(1, 1), [made.HOSTILE], mode, made.HOSTILE).to_json()
    assert "<a href" not in text and "\\u003ca href" not in text and "\u202e" not in text and "%{y}" not in text


@pytest.mark.parametrize("draw", [heat, lines])
def test_nothing_to_draw_is_said(draw):
    assert draw(pd.DataFrame()).layout.annotations[0].text == "nothing to draw"


@pytest.mark.parametrize("draw", [heat, lines])
def test_only_kinds_that_the_policy_allows(draw):
    assert {one.type for one in draw(grid()).data} <= {"scatter", "heatmap"}


def test_rows_and_segments_keep_their_order():
    values = grid()[[3, 1, 2]]
    figure = heat(values, ["x", "y", "z"])
    assert list(figure.layout.yaxis.ticktext) == ["x", "y", "z"]
    assert [head.split("</b>")[0].removeprefix("<b>") for head in figure.layout.xaxis.ticktext] == ["3", "1", "2"]
    assert np.array_equal(np.array(figure.data[0].z, dtype=float), values.to_numpy())


def test_the_scale_is_even_around_everyone():
    """Blue below, neutral in the middle, orange above, whatever the values."""
    cells = heat(grid() + 100).data[0]
    assert cells.zmin == -cells.zmax and cells.colorscale[len(cells.colorscale) // 2][0] == 0.5


@pytest.mark.parametrize(("segments", "printed"), [(MOST_PRINTED, True), (MOST_PRINTED + 1, False)])
def test_values_are_printed_where_they_fit(segments, printed):
    figure = heat(grid(2, segments))
    assert (len(figure.data) == 2) is printed
    if printed:
        assert list(figure.data[1].text)[:5] == ["-4.0", "-3.0", "-2.0", "-1.0", "0.0"]


def test_gaps_are_left_blank():
    values = grid()
    values.iloc[0, 0] = np.nan
    figure = heat(values)
    assert len(figure.data[1].text) == 8 and figure.data[0].hoverongaps is False
    assert np.isnan(lines(values).data[0].y[0])


@pytest.mark.parametrize("mode", MODES)
def test_a_chosen_colour_is_drawn(mode):
    colour = theme.segment_colour(9, mode)
    assert colour in heat(grid(), mode=mode, colours={2: 9}).layout.xaxis.ticktext[1]
    line = lines(grid(), mode=mode, colours={2: 9}).data[1]
    assert line.line.color == line.marker.color == colour and line.marker.symbol == theme.segment_shape(9)


def test_segments_differ_by_more_than_colour():
    found = lines(grid(2, 8)).data
    assert len({one.marker.symbol for one in found}) == 8 and [one.text[-1].strip(" <b>/") for one in found] == list("12345678")


@pytest.mark.parametrize("rows", [1, 5, 24])
def test_heights_leave_room_for_every_row(rows):
    assert figures.segment_heat_height(rows) >= max(280, 94 + 24 * rows) and figures.segment_lines_height(rows) >= 280


def test_one_column_is_a_line_of_one_point():
    assert list(lines(grid(1)).data[0].text)[0].strip() == "<b>1</b>"


def test_long_names_of_the_heat_map_stay_told_apart():
    """Names that share a beginning go on two lines; nothing of 32 characters is cut."""
    names = ["PURCHASES_INSTALLMENTS_FREQUENCY", "PURCHASES_INSTALLMENTS_AMOUNT", "AGE"]
    values = pd.DataFrame(np.zeros((3, 2)), index=names, columns=[1, 2])
    shown = figures.segment_heat(values, values.astype(str), captions=names).layout.yaxis.ticktext
    assert shown == ("PURCHASES_INSTALLMENTS_<br>FREQUENCY", "PURCHASES_INSTALLMENTS_<br>AMOUNT", "AGE")
