"""Laws of the figures: one trace per segment, capped honestly, safe text, no trace that the browser refuses."""

import itertools

import numpy as np
import pandas as pd
import pytest

from dashboard import figures, theme
from dashboard.figures.curves import spread
from dashboard.figures.maps import CAP_2D, CAP_3D
from dashboard.figures.sampling import stratified

HOSTILE = "<a href='https://x'>%{y}</a>"
NAMES = {1: "Savers", 2: HOSTILE, 3: "Big spenders"}


@pytest.fixture
def points():
    return np.random.default_rng(0).normal(size=(600, 3))


@pytest.fixture
def segments():
    return np.repeat([1, 2, 3, -1], [300, 200, 60, 40]).astype(np.int16)


def drawn_figures(points, labels, mode="light"):
    """Every figure of the catalogue once."""
    curve = pd.DataFrame({"algorithm": ["kmeans", HOSTILE] * 3, "k": [2, 2, 3, 3, 4, 4], "silhouette": [0.3, 0.2] * 3})
    bars = pd.DataFrame({"column": ["age", HOSTILE], "importance": [0.2, 0.1], "low": [0.1, 0], "high": [0.3, 0.2]})
    axes = ("Age", HOSTILE, "Income (EUR)")
    return {
        "3d": figures.scatter3d(points, labels, names=NAMES, axes=axes, mode=mode).figure,
        "2d": figures.scatter2d(points[:, :2], labels, names=NAMES, axes=axes[:2], mode=mode).figure,
        "elbow": figures.elbow(pd.DataFrame({"k": [2, 3], "inertia": [9.0, 4.0]}), mode=mode, recommended=3),
        "silhouette": figures.silhouette_curve(curve, recommended=("kmeans", 3), mode=mode),
        "bars": figures.importance_bars(bars, mode=mode),
    }


@pytest.mark.parametrize("mode", theme.MODES)
def test_every_figure_uses_the_template_of_its_mode_and_no_forbidden_trace(points, segments, mode):
    """scattergl, splom and parcoords draw nothing under the content security policy."""
    for figure in drawn_figures(points, segments, mode).values():
        assert figure.layout.template.layout.paper_bgcolor == theme.token("surface", mode)
        assert {trace.type for trace in figure.data} <= {"scatter", "scatter3d", "bar"}


def test_no_figure_carries_markup_or_templates_from_data(points, segments):
    """A column or segment name is shown, never run."""
    for name, figure in drawn_figures(points, segments).items():
        assert "<a href" not in figure.to_json(), name
        assert "%{y}</a>" not in figure.to_json(), name


@pytest.mark.parametrize("kind", ["3d", "2d"])
def test_one_trace_per_segment_with_scalar_colour_and_shape(points, segments, kind):
    """A colour array costs the browser gigabytes; segment colours and shapes come from the theme."""
    figure = drawn_figures(points, segments)[kind]
    assert len(figure.data) == 4
    for trace, segment in zip(figure.data, (-1, 1, 2, 3), strict=True):
        assert trace.marker.color == theme.segment_colour(segment)
        assert trace.marker.symbol == theme.segment_shape(segment)
        assert trace.x.dtype == np.float32
    assert figure.data[0].marker.size < figure.data[1].marker.size


def test_customdata_holds_row_positions_only(points, segments):
    """Nothing of a customer but the place in the file goes into the browser; every row is there once."""
    figure = drawn_figures(points, segments)["3d"]
    rows = np.concatenate([trace.customdata for trace in figure.data])
    assert sorted(rows) == list(range(600))
    for trace in figure.data:
        assert np.allclose(trace.x, points[trace.customdata, 0], atol=1e-6)


def test_marked_outliers_get_a_ring(points, segments):
    """Rings stand on the marked customers and on no one else."""
    outlier = np.zeros(600, dtype=bool)
    outlier[[3, 590]] = True
    for draw, dims in ((figures.scatter3d, 3), (figures.scatter2d, 2)):
        drawn = draw(points[:, :dims], segments, names=NAMES, axes=("a", "b", "c")[:dims], outlier=outlier)
        assert list(drawn.figure.data[-1].customdata) == [3, 590]


def test_caps_are_kept_and_told():
    """More customers than the cap: exactly the cap is drawn, and the caption says so with both numbers."""
    n = 40_000
    labels = np.random.default_rng(1).integers(1, 4, n)
    points = np.zeros((n, 3))
    for draw, dims, cap in ((figures.scatter3d, 3, CAP_3D), (figures.scatter2d, 2, CAP_2D)):
        drawn = draw(points[:, :dims], labels, names={}, axes=("a", "b", "c")[:dims])
        assert (drawn.shown, drawn.total) == (cap, n)
        assert sum(len(trace.x) for trace in drawn.figure.data) == cap
        assert f"{cap:,} of {n:,}" in drawn.caption
    assert figures.scatter2d(points[:9, :2], labels[:9], names={}, axes=("a", "b")).caption == ""


@pytest.mark.parametrize("cap", [5, 100, 999])
def test_stratified_samples_keep_shares_and_the_smallest(cap):
    """Exact size, no row twice, each segment within one of its share but never lost, equal on every call."""
    labels = np.repeat([-1, 1, 2, 3], [10, 5000, 990, 1])
    rows = stratified(labels, cap)
    assert len(rows) == cap == len(set(rows))
    assert np.array_equal(rows, stratified(labels, cap))
    for segment, size in zip(*np.unique(labels, return_counts=True), strict=True):
        found = int((labels[rows] == segment).sum())
        assert found >= 1
        assert abs(found - cap * size / len(labels)) <= 4


def test_more_segments_than_points_allowed_still_draws_the_cap():
    """30 segments into 10 marks: ten marks."""
    assert len(stratified(np.arange(30), 10)) == 10


def test_one_column_becomes_a_strip():
    """A single feature is drawn along one axis; the height means nothing, so the axis is hidden."""
    drawn = figures.scatter2d(np.arange(5.0)[:, None], np.array([1, 1, 1, 2, 2]), names={}, axes=("Age",))
    assert drawn.figure.layout.yaxis.visible is False
    assert drawn.figure.layout.xaxis.title.text == "Age"


def test_every_segment_is_numbered_at_its_median(points, segments):
    """Direct labels: one number per segment, none for noise."""
    figure = drawn_figures(points, segments)["2d"]
    assert [note.text for note in figure.layout.annotations] == ["<b>1</b>", "<b>2</b>", "<b>3</b>"]
    assert figure.layout.annotations[0].x == pytest.approx(np.median(points[:300, 0]))


def test_only_noise_and_no_rows_are_drawn_without_an_error():
    """Degenerate maps are maps."""
    for n in (0, 4):
        labels = np.full(n, -1)
        assert figures.scatter2d(np.zeros((n, 2)), labels, names={}, axes=("a", "b")).total == n
        assert figures.scatter3d(np.zeros((n, 3)), labels, names={}, axes=("a", "b", "c")).total == n


def test_curves_leave_out_what_has_no_score_and_keep_their_range():
    """A candidate without a silhouette is no point; labels at the ends do not stretch the axis."""
    frame = pd.DataFrame({"algorithm": ["a", "a", "b"], "k": [2, 5, 3], "silhouette": [0.4, 0.5, np.nan]})
    figure = figures.silhouette_curve(frame)
    assert len(figure.data) == 1
    assert tuple(figure.layout.xaxis.range) == (1.6, 5.4)
    assert figures.silhouette_curve(frame.iloc[2:]).data == ()


def test_end_labels_never_overlap():
    """Neighbours keep the gap, nothing moves down, the order stays."""
    placed = spread([0.5, 0.5, 0.51, 0.9], gap=0.05)
    assert all(b - a >= 0.05 - 1e-12 for a, b in itertools.pairwise(sorted(placed)))
    assert placed[3] == 0.9


def test_importance_bars_fall_and_whiskers_span_low_to_high():
    """Strongest first; whiskers are distances from the bar's end and never negative."""
    frame = pd.DataFrame({"column": ["a", "b"], "importance": [0.1, 0.3], "low": [0.0, 0.35], "high": [0.2, 0.4]})
    (bar,) = figures.importance_bars(frame).data
    assert list(bar.x) == [0.3, 0.1]
    assert list(bar.error_x.array) == pytest.approx([0.1, 0.1])
    assert list(bar.error_x.arrayminus) == pytest.approx([0, 0.1])
    assert figures.bars_height(2) == 280 < figures.bars_height(25) == figures.bars_height(99)


@pytest.mark.parametrize(("k", "side"), [(2, "left"), (10, "right")])
def test_the_word_at_the_recommended_number_grows_towards_the_middle(k, side):
    frame = pd.DataFrame({"k": range(2, 11), "inertia": np.arange(9.0, 0.0, -1.0)})
    (word,) = figures.elbow(frame, recommended=k).layout.annotations
    assert word.xanchor == side
