"""Laws of the small distributions: heights are shares on one scale, values are labelled, nothing from data gets into the picture."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from dash import html

from dashboard import theme
from dashboard.components.atlas_overlay import HEIGHT, MOST_BARS, WIDTH, overlay, svg
from tests.dashboard import made, made_atlas


def places(column, **more):
    frame = made_atlas.segmentation(**more).overlays
    return frame[frame["column"] == column]


def drawn(picture):
    return ElementTree.fromstring(unquote(picture.removeprefix("data:image/svg+xml,")))


def steps(path):
    """The heights of a drawn path as shares of its own top."""
    found = [float(one) for one in re.findall(r"[ V](-?[\d.]+)(?=H)", path)]
    return (HEIGHT - 1 - np.array(found)) / (HEIGHT - 2)


def test_a_picture_is_xml_in_the_colours_of_the_segment_and_of_everyone():
    shown = overlay(places("age"), 1, 0, colour=5, mode="dark")
    (picture,) = made.of(shown, html.Img)
    colours = {path.get("fill") for path in drawn(picture.src)} | {path.get("stroke") for path in drawn(picture.src)}
    assert theme.segment_colour(5, "dark") in colours and theme.token("control", "dark") in colours


def test_heights_are_shares():
    """By hand: a quarter, a half and none, on a scale that ends at a half."""
    paths = [path.get("d") for path in drawn(svg([0.25, 0.5, 0.0], [0.5, 0.25, 0.25], top=0.5, ink="#111111", grey="#222222"))]
    assert steps(paths[0]) == pytest.approx([1.0, 0.5, 0.5], abs=0.01)
    assert steps(paths[1]) == pytest.approx([0.5, 1.0, 0.0], abs=0.01)
    assert paths[1].endswith("Z") and not paths[2].endswith("Z")


@pytest.mark.parametrize("count", [1, 2, 16])
def test_the_steps_fill_the_width(count):
    shares = np.full(count, 1 / count)
    path = drawn(svg(shares, shares, top=1.0, ink="#111111", grey="#222222"))[0].get("d")
    assert float(re.findall(r"H([\d.]+)", path)[-1]) == pytest.approx(WIDTH, abs=0.2)


def test_what_it_shows_is_told_to_those_who_do_not_see_it():
    """All six customers of the first segment are 30 years old."""
    (picture,) = made.of(overlay(places("age"), 1, 0, colour=1, mode="light"), html.Img)
    assert picture.alt.startswith("Most of this segment: 30") and picture.alt.endswith("100%")


def test_values_of_a_category_are_bars_with_words():
    """South: three of four customers of the second segment."""
    shown = overlay(places("region"), 2, 0, colour=2, mode="light")
    assert not made.of(shown, html.Img)
    assert made.words(shown) == "North 25% South 75%"
    widths = [span.style["width"] for span in made.of(shown, html.Span) if getattr(span, "style", None)]
    assert widths == ["75.0%", "25.0%", "25.0%", "75.0%"]


def test_of_many_values_those_are_kept_that_differ_most():
    labels = [f"v{at}" for at in range(9)]
    shares = {1: [0.0, 0.1, 0.1, 0.1, 0.3, 0.1, 0.1, 0.2, 0.0], 0: [0.1] * 8 + [0.2]}
    frame = pd.DataFrame([{"segment": s, "column": "x", "place": at, "label": labels[at], "low": np.nan, "high": np.nan, "share": share}
                          for s, of in shares.items() for at, share in enumerate(of)])  # fmt: skip
    shown = overlay(frame, 1, 0, colour=1, mode="light")
    told = made.words(shown)
    assert sum(label in told for label in labels) == MOST_BARS and "and 5 other values" in told
    assert all(f"v{at}" in told for at in (0, 4, 7, 8))


def test_two_segments_can_be_laid_over_each_other():
    one, other = (made.of(overlay(places("age"), 1, base, colour=1, mode="light"), html.Img)[0].src for base in (0, 2))
    assert one != other


def test_what_is_not_known_is_not_drawn():
    assert overlay(places("age"), 9, 0, colour=1, mode="light") is None
    assert overlay(places("nothing"), 1, 0, colour=1, mode="light") is None


def test_names_from_data_never_reach_the_picture():
    frame = places("age").assign(label="<script>'\"")
    (picture,) = made.of(overlay(frame, 1, 0, colour=1, mode="light"), html.Img)
    assert "script" not in unquote(picture.src) and "'" not in picture.src.split(",", 1)[1].split("xmlns")[0]


def test_gaps_alone_are_drawn_as_nothing():
    """A segment without a single value in the column."""
    frame = places("age").assign(share=0.0)
    assert overlay(frame, 1, 0, colour=1, mode="light") is not None
