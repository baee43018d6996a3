"""Laws of the map of the Atlas: counts that are true, a picture of everybody, outlines by covariance, views that are mended."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dashboard import theme
from dashboard.address import Address
from dashboard.components import atlas_map as card
from dashboard.components import atlas_view as views
from dashboard.figures.atlas_map import FADED, MapLook, atlas_map, coarse, outlines
from dashboard.figures.maps import CAP_2D, CAP_3D, middles
from dashboard.figures.raster import FAINT, FULL, HIGH, WIDE, raster
from tests.dashboard import made
from tests.dashboard.made import words

NAMES = {1: "Savers", 2: "Spenders"}


def cloud(n=400, dims=3, seed=0):
    """Two groups, the second ten to the right, the last twentieth not placed."""
    random = np.random.default_rng(seed)
    labels = np.repeat([1, 2], n // 2).astype(np.int16)
    points = random.normal(size=(n, dims)).astype(np.float32)
    points[labels == 2, 0] += 10
    labels[-n // 20 :] = -1
    return points, labels


def look(dims=3, **changes):
    return MapLook(NAMES, ("a", "b", "c")[:dims], **changes)


def pixels(address):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))


def looked(**changes):
    """What the Atlas looks at, as far as a map asks."""
    comparison = changes.pop("comparison", made.comparison())
    key = changes.pop("key", "kmeans-3")
    segmentation = replace(comparison.choose(key), **changes)
    return SimpleNamespace(comparison=comparison, key=key, segmentation=segmentation, focus=lambda asked: int(asked) if asked else 1)


# figures


@pytest.mark.parametrize(("dims", "most"), [(3, CAP_3D), (2, CAP_2D)])
def test_a_map_draws_at_most_so_many_and_tells_how_many_there_are(dims, most):
    """15,000 points in 3D and 3,000 in 2D of 40,000; every segment is among them, in its share."""
    points, labels = cloud(40_000, dims)
    drawn = atlas_map(points, labels, look(dims))
    shown = {trace.meta["segment"]: len(trace.x) for trace in drawn.figure.data}
    assert sum(shown.values()) == drawn.shown == most
    assert drawn.total == 40_000 and "of 40,000" in drawn.caption
    assert {s: round(n / most, 2) for s, n in shown.items()} == {1: 0.5, 2: 0.45, -1: 0.05}


def test_those_not_placed_can_be_left_out():
    """Then they are neither drawn nor counted."""
    points, labels = cloud()
    drawn = atlas_map(points, labels, look(parts=frozenset()))
    assert {trace.meta["segment"] for trace in drawn.figure.data} == {1, 2}
    assert drawn.total == 380
    assert not drawn.figure.layout.scene.annotations, "no numbers either"


@pytest.mark.parametrize("dims", [2, 3])
def test_what_is_hidden_faded_coloured_and_looked_at_shows(dims):
    """One segment away, the others faint, a chosen colour everywhere, a bold frame around the number in focus."""
    points, labels = cloud(dims=dims)
    parts = frozenset({"middles", "spread", "focus"})
    drawn = atlas_map(points, labels, look(dims, parts=parts, hidden=frozenset({2}), focus=1, colours={1: 5}))
    marks = {trace.meta["segment"]: trace for trace in drawn.figure.data if trace.type.startswith("scatter") and trace.mode == "markers"}
    assert marks[2].visible is False and marks[1].visible is not False
    assert marks[2].opacity == FADED and marks[1].opacity is None
    assert marks[1].marker.color == theme.segment_colour(5) and marks[1].marker.symbol == theme.segment_shape(1)
    notes = (drawn.figure.layout.scene if dims == 3 else drawn.figure.layout).annotations
    assert [(note.name, note.visible, note.borderwidth) for note in notes] == [("segment 1", True, 4), ("segment 2", False, 1.5)]
    assert notes[0].bordercolor == theme.segment_colour(5)


@pytest.mark.parametrize("dims", [2, 3])
def test_an_outline_lies_two_deviations_from_the_mean(dims):
    """Mahalanobis distance of every point of it is 2, by numpy's own inverse."""
    points, labels = cloud(dims=dims)
    points[:, 1] += 0.7 * points[:, 0]
    (first, _) = outlines(points, labels, look(dims))
    shape = np.column_stack([getattr(first, axis) for axis in "xyz"[:dims]]).astype(float)
    inside = points[labels == 1].astype(float)
    away = shape - inside.mean(axis=0)
    distance = np.sqrt(np.einsum("ij,jk,ik->i", away, np.linalg.inv(np.cov(inside, rowvar=False)), away))
    np.testing.assert_allclose(distance, 2, atol=1e-3)


def test_outlines_of_flat_few_and_empty_segments():
    """Four customers have none, a column of equal values makes a flat one, gaps do not count."""
    points, labels = cloud(40, 2)
    points[:, 1] = 3
    points[0] = np.nan
    labels[labels == 2] = -1
    labels[-4:] = 2
    (only,) = outlines(points, labels, look(2))
    np.testing.assert_allclose(only.y, 3, atol=1e-4)
    assert np.isfinite(only.x).all()


def test_a_body_is_closed():
    """Every edge of the triangles is shared by two; at the poles some triangles are none."""
    points, labels = cloud()
    body = next(outlines(points, labels, look()))
    corners = np.column_stack([body.x, body.y, body.z]).round(3)
    _, same = np.unique(corners, axis=0, return_inverse=True)
    triangles = [t for t in same[np.column_stack([body.i, body.j, body.k])].tolist() if len(set(t)) == 3]
    edges = [tuple(sorted((t[a], t[b]))) for t in triangles for a, b in ((0, 1), (1, 2), (2, 0))]
    counts = pd.Series(edges).value_counts()
    assert len(counts) > 400
    assert (counts == 2).all()


def test_a_camera_is_taken_and_kept_out_where_there_is_none():
    points, labels = cloud()
    eye = {"eye": {"x": 1.0, "y": 2.0, "z": 3.0}}
    assert atlas_map(points, labels, look(camera=eye)).figure.layout.scene.camera.eye.y == 2.0
    assert atlas_map(points[:, :2], labels, look(2, camera=eye)).figure.layout.scene.camera.eye.y is None


def test_no_position_in_the_table_leaves_the_server():
    points, labels = cloud()
    for dims in (2, 3):
        assert "customdata" not in atlas_map(points[:, :dims], labels, look(dims)).figure.to_json()


@given(st.lists(st.floats(width=32, allow_infinity=False, allow_subnormal=False), min_size=1, max_size=50))
def test_coarse_numbers_are_near_and_gaps_stay(values):
    """One part in 65,536, and the last eight bits are empty."""
    given_ = np.array(values, dtype=np.float32)
    given_ = given_[np.isnan(given_) | (np.abs(given_) < 3e38)]
    found = coarse(given_)
    assert (np.isnan(found) == np.isnan(given_)).all()
    known = ~np.isnan(given_)
    np.testing.assert_allclose(found[known], given_[known], rtol=2**-16)
    assert not (found[known].view(np.uint32) & 0xFF).any()


# the picture of everybody


def test_the_picture_is_drawn_only_where_not_everybody_is_a_point():
    points, labels = cloud(dims=2)
    assert not atlas_map(points, labels, look(2)).figure.layout.images
    points, labels = cloud(4000, 2)
    images = atlas_map(points, labels, look(2, hidden=frozenset({2}))).figure.layout.images
    assert [(one.name, one.visible) for one in images] == [("segment -1", True), ("segment 1", True), ("segment 2", False)]


def test_a_cell_has_the_colour_of_most_and_is_opaque_by_how_many():
    """By hand: three of the first and two of the second in the lower left, one of the second in the upper right."""
    points = np.array([[0, 0]] * 5 + [[1, 1]], dtype=np.float32)
    labels = np.array([1, 1, 1, 2, 2, 2])
    drawn = raster(points, labels, {1: "#ff0000", 2: "#0000ff"})
    first, second = pixels(drawn.pictures[1]), pixels(drawn.pictures[2])
    assert first.shape == (HIGH, WIDE, 4)
    assert first[-1, 0].tolist() == [255, 0, 0, FULL] and (first[..., 3] > 0).sum() == 1
    assert second[0, -1].tolist() == [0, 0, 255, FAINT] and (second[..., 3] > 0).sum() == 1


@given(st.integers(1, 300), st.integers(0, 5))
def test_every_customer_with_a_place_is_in_the_picture(n, seed):
    """The cells that are painted are those in which numpy's histogram counts somebody."""
    random = np.random.default_rng(seed)
    points = random.normal(size=(n, 2)).astype(np.float32)
    points[random.random(n) < 0.1] = np.nan
    labels = random.integers(1, 4, n)
    drawn = raster(points, labels, dict.fromkeys((1, 2, 3), "#123456"))
    painted = sum((pixels(one)[..., 3] > 0).sum() for one in drawn.pictures.values())
    known = points[np.isfinite(points).all(axis=1)].astype(float)
    counts, _, _ = np.histogram2d(known[:, 0], known[:, 1], bins=(WIDE, HIGH), range=(drawn.x, drawn.y))
    assert painted == (counts > 0).sum()


@pytest.mark.parametrize("points", [np.empty((0, 2)), np.full((3, 2), np.nan), np.ones((3, 2))])
def test_a_picture_of_nobody_or_of_one_place(points):
    drawn = raster(points.astype(np.float32), np.ones(len(points), dtype=int), {1: "#000000"})
    assert set(drawn.pictures) == ({1} if np.isfinite(points).any() else set())
    assert drawn.x[0] < drawn.x[1]


# views


def test_a_view_takes_what_can_be_and_mends_the_rest():
    """Anything may come from an address or a browser."""
    read, here = made.table(), looked()
    usual = views.view_of(read, here, {})
    assert (usual.way, usual.axes, usual.drawn, usual.solid) == ("3d", ("c1", "c2", "none"), ("c1", "c2"), False)
    for said in ({"way": 7, "x": ["p0"], "y": {}, "z": None, "shown": {"a": 1}, "hidden": "x", "focus": "y"}, {"x": "c0", "y": "p9"}):
        mended = views.view_of(read, here, said)
        assert (mended.way, mended.axes, mended.hidden, mended.focus) == ("3d", usual.axes, frozenset(), 0)
    asked = views.view_of(read, here, {"way": "2d", "x": "p0", "z": "c3", "shown": ["spread", "x"], "hidden": [2, True, "1"], "focus": 3})
    assert asked == views.View("2d", ("p0", "c2", "c3"), frozenset({"spread"}), frozenset({2}), 3)
    assert views.view_of(read, here, {"x": "none", "y": "none", "z": "none"}).axes == usual.axes
    assert views.view_of(read, here, {"x": "none"}).drawn == ("c2",)


def test_the_default_axes_separate_most():
    """Four columns shape the segments: those with the largest sums of absolute effects, few-valued ones last."""
    read = made.table()
    columns = tuple(replace(read.columns[1], name=f"n{at}", distinct=3 if at == 3 else 50) for at in range(4))
    read = replace(read, frame=pd.DataFrame(np.zeros((12, 4)), columns=[f"n{at}" for at in range(4)]), columns=columns)
    comparison = made.comparison(features=tuple(SimpleNamespace(column=f"n{at}") for at in range(4)))
    effects = [("n0", 0.5), ("n1", -1.5), ("n2", 1.0), ("n3", 9.0), ("n1", 0.2)]
    frame = pd.DataFrame([{"segment": 1, "column": c, "effect": e, "role": "feature"} for c, e in effects])
    segmentation = replace(comparison.choose("kmeans-3"), contrasts=frame)
    assert views.separating_axes(read, comparison, segmentation) == ("c1", "c2", "c0")
    unknown = replace(segmentation, contrasts=frame.iloc[:0])
    assert views.separating_axes(read, comparison, unknown) == ("p0", "p1", "none")


def test_equal_maps_have_equal_keys_and_others_others():
    """Another focus draws nothing anew unless the others fade; another colour, axis, name or labels do."""
    read, here = made.table(), looked()
    view = views.view_of(read, here, {"focus": 1})
    key = views.drawn_key(here, view)
    assert key.startswith("kmeans-3 ")
    assert views.drawn_key(here, replace(view, focus=2)) == key
    fading = replace(view, parts=view.parts | {"focus"})
    others = [views.drawn_key(looked(colours={1: 4}), view), views.drawn_key(here, replace(view, axes=("c2", "c1", "none"))),
              views.drawn_key(looked(key="dbscan-1"), view), views.drawn_key(here, fading),
              views.drawn_key(here, replace(fading, focus=2))]  # fmt: skip
    assert len({key, *others}) == 6


@given(st.lists(st.integers(-999_999, 999_999), min_size=9, max_size=9))
def test_a_camera_goes_through_the_address(numbers):
    found = views.camera_of(Address.parse(Address(camera=".".join(map(str, numbers))).to("/atlas").partition("?")[2]).camera)
    assert [round(v * 1000) for part in ("eye", "center", "up") for v in found[part].values()] == numbers


@pytest.mark.parametrize("said", ["", "1.2.3", "a.b.c.d.e.f.g.h.i", "1.2.3.4.5.6.7.8.99999999", "1.2.3.4.5.6.7.8.--9", "1.2.3.4.5.6.7.8."])
def test_no_camera_is_none(said):
    assert views.camera_of(said) is None


# the card


def test_the_key_names_every_segment_and_says_which_is_hidden():
    """Numbers for the eye, names for the ear and the pointer; names from data are harmless."""
    candidate = made.candidate("kmeans-3", made.SIX + made.FOUR + [-1] * 2, names={1: made.HOSTILE, 2: "b"})
    segmentation = replace(made.comparison().choose("kmeans-3"), candidate=candidate, colours={2: 7})
    shown = card.legend(segmentation, frozenset({2}), noise=True)
    buttons = [item.children for item in shown.children]
    assert [words(one) for one in buttons] == ["1", "2", "Not placed"]
    assert [getattr(one, "aria-pressed") for one in buttons] == ["true", "false", "true"]
    assert getattr(buttons[1], "aria-label") == "2 b on the map" and "sa-tint-7" in buttons[1].children.className
    assert "\u202e" not in getattr(buttons[0], "aria-label") and "\x00" not in buttons[0].title


def test_the_table_of_a_map_holds_medians():
    """By pandas: ages 30, 50 and 80."""
    frame = card.middles(made.table().frame[["age"]].to_numpy(), np.array(made.SIX + made.FOUR + [-1] * 2), {1: "a", 2: "b"}, ["age"])
    assert frame.to_dict("list") == {"Segment": ["Not placed", "1 a", "2 b"], "Customers": [2, 6, 4], "age": [80.0, 30.0, 50.0]}


def test_two_axes_of_one_name_are_both_told():
    frame = card.middles(np.zeros((2, 2)), np.array([1, 1]), {}, ["Customers", "Customers"])
    assert list(frame.columns) == ["Segment", "Customers", "Customers", "Customers"]


def test_the_panel_counts_customers_and_offers_what_can_be_done():
    segmentation = made.comparison().choose("kmeans-3")
    told = words(card.picked_panel(3, 12, {1: 2, 2: 1}, segmentation, csv="/x"))
    assert told.startswith("3 customers chosen , 25% of 12 1 Group 1 2, 66.7% 2 Group 2 1, 33.3%") and "Download as CSV" in told
    assert "Nothing is chosen" in words(card.picked_panel(0, 12, {}, segmentation, csv=""))


def test_a_segment_without_a_value_on_an_axis_has_no_middle():
    """A column that is empty for all of a segment: nothing to warn of, and nothing stands at no place."""
    points = np.array([[1.0, 5.0], [3.0, 7.0], [np.nan, 1.0], [np.nan, 2.0]])
    (only,) = middles(points, np.array([1, 1, 2, 2]), "light")
    assert (only["x"], only["y"], only["text"]) == (2.0, 6.0, "<b>1</b>")
