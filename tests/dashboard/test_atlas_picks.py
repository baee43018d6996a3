"""Laws of the customers chosen on the flat map: all of them and no others, whatever is sent."""

from __future__ import annotations

import math
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadRequest
from dashboard.atlas_picks import MOST_CORNERS, Area, by_segment, inside_box, inside_polygon, picked_rows
from tests.dashboard import made

EDGE = st.floats(-100, 100).map(lambda v: round(v, 3))
CORNER = st.tuples(EDGE, EDGE)


def looked(key="dbscan-1"):
    comparison = made.comparison()
    return SimpleNamespace(comparison=comparison, key=key, segmentation=comparison.choose(key), table=made.table)


def area(**changes):
    return {"axes": ["c1", "c2"], "box": [[20, 0], [60, 5000]], **changes}


def test_a_box_holds_its_edges_and_no_gap():
    points = np.array([[0, 0], [1, 1], [2, 2], [3, 3], [np.nan, 1]], dtype=np.float32)
    assert inside_box(points, ((2, 2), (1, 1))).tolist() == [False, True, True, False, False]


@given(st.lists(CORNER, min_size=3, max_size=12), st.integers(0, 9))
def test_a_line_goes_around_those_it_winds_about(corners, seed):
    """Against an independent count: the angles to all corners, even-odd by crossings on a ray in another direction."""
    random = np.random.default_rng(seed)
    points = random.uniform(-110, 110, size=(60, 2)).astype(np.float32).astype(float)
    found = inside_polygon(points, tuple(corners))
    for point, inside in zip(points, found, strict=True):
        ray = _crossings(point, corners)
        assert ray is None or inside == bool(ray % 2)


def _crossings(point, corners):
    """Edges that cross the vertical ray above the point; None where the point is too near to tell."""
    count = 0
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if min(abs(point[0] - x0), abs(point[0] - x1)) < 1e-6 or _near(point, (x0, y0), (x1, y1)):
            return None
        if (x0 < point[0]) != (x1 < point[0]):
            count += y0 + (point[0] - x0) * (y1 - y0) / (x1 - x0) > point[1]
    return count


def _near(point, first, second):
    (x0, y0), (x1, y1) = first, second
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    return abs((x1 - x0) * (point[1] - y0) - (y1 - y0) * (point[0] - x0)) / length < 1e-4


def test_a_line_around_most_of_many_customers_is_answered_from_all():
    """A diamond |x| + |y| <= 1, by its own formula, over more rows than a block."""
    points = np.random.default_rng(0).uniform(-1.5, 1.5, size=(200_000, 2)).astype(np.float32)
    found = inside_polygon(points, ((1, 0), (0, 1), (-1, 0), (0, -1)))
    clear = np.abs(np.abs(points).sum(axis=1) - 1) > 1e-5
    assert (found == (np.abs(points).sum(axis=1) < 1))[clear].all()


def test_customers_are_those_of_the_table_and_hidden_segments_are_left_out():
    """Ages 30 to 50 are rows 0 to 9; without the first segment 6 to 9."""
    assert picked_rows(looked(), area()).tolist() == list(range(10))
    assert picked_rows(looked(), area(without=[1])).tolist() == [6, 7, 8, 9]
    line = {"axes": ["c1", "c2"], "polygon": [[20, 0], [40, 0], [40, 2000], [20, 2000]]}
    assert picked_rows(looked(), line).tolist() == list(range(6))
    assert by_segment(looked(), np.arange(12)) == {1: 6, 2: 4, -1: 2}


@pytest.mark.parametrize(
    "sent",
    [None, 7, "x", [], {}, {"axes": ["c1", "c2"]}, area(axes=["c1"]), area(axes=["c1", 2]), area(axes=["c0", "c2"]), area(axes=["c1", "none"]),
     area(axes=["c1", "p9"]), area(axes="c1"), area(axes=["c1" * 9, "c2"]), area(box=[[1, 2]]), area(box=[[1, 2]] * 3), area(box=[[1, 2], [3, None]]),
     area(box=[[1, 2], [3, math.nan]]), area(box=[[1, 2], [3, 10**400]]), area(box=[[1, 2], [3, True]]), area(box=7), area(box=[[1, 2], "34"]),
     area(without=["1"]), area(without=7), area(without=[True]), area(without=[1] * 101), {"axes": ["c1", "c2"], "polygon": [[1, 2], [3, 4]]},
     {"axes": ["c1", "c2"], "polygon": [[1, 2]] * 10_001}],
)  # fmt: skip
def test_anything_else_is_refused_in_words(sent):
    with pytest.raises(BadRequest) as told:
        picked_rows(looked(), sent)
    assert told.value.hint


@given(st.lists(CORNER, min_size=3, max_size=200), st.lists(st.integers(-1, 40), max_size=9))
def test_an_area_goes_through_an_address_and_fits_into_it(corners, without):
    """Read again it is the same, however many corners a hand has drawn."""
    here = Area.of({"axes": ["c1", "p0"], "polygon": [list(one) for one in corners], "without": without})
    query = urlencode(here.parts())
    assert Area.parse(dict(parse_qsl(query, keep_blank_values=True))) == here
    assert Area.of(here.kept()) == here
    assert len(here.corners) <= MOST_CORNERS and len(query) < 3_000


@pytest.mark.parametrize("said", [{}, {"at": "x"}, {"at": "1_2_3_4"}, {"axes": "c1.c2", "at": "1_2"}, {"axes": "c1.c2", "at": "1_2_3_nan"},
                                  {"axes": "c1.c2", "at": "1_2_3_4", "without": "x"}, {"axes": "c1.c2", "kind": "polygon", "at": "1_2_3_4"}])  # fmt: skip
def test_an_address_that_names_no_area_is_refused(said):
    with pytest.raises(BadRequest):
        Area.parse(said)
