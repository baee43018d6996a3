"""Laws of the figures that help to choose a number of segments and to set an algorithm."""

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage

from dashboard import figures, theme
from dashboard.figures.choosing import MAX_BOXED
from dashboard.figures.tuning import MOST_POINTS
from dashboard.figures.widths import CAP

HOSTILE = "<a href='https://x'>%{y}</a>"
KS = list(range(2, 11))


def tree_of(linked, sizes):
    """A scipy linkage over leaves of these sizes as the frame that the figures take."""
    known = [*sizes]
    rows = []
    for left, right, height, _ in linked:
        a, b = int(left), int(right)
        rows.append((a, b, height, known[a], known[b]))
        known.append(known[a] + known[b])
    return pd.DataFrame(rows, columns=["left", "right", "height", "left_size", "right_size"])


def random_tree(leaves, method="ward", seed=0):
    random = np.random.default_rng(seed)
    linked = linkage(random.normal(size=(leaves, 3)), method)
    sizes = random.integers(5, 900, leaves).tolist()
    return linked, sizes, tree_of(linked, sizes)


def scores(names=("kmeans", HOSTILE)):
    rows = [(name, k, 10.0 * k + place) for place, name in enumerate(names) for k in KS]
    return pd.DataFrame(rows, columns=["name", "k", "score"])


def resamples(names, of=5):
    random = np.random.default_rng(1)
    rows = [(name, k, agreement) for name in names for k in KS for agreement in random.random(of)]
    return pd.DataFrame(rows, columns=["name", "k", "agreement"])


def drawn_figures(mode="light"):
    labels = np.repeat([1, 2, -1], [30, 20, 10])
    gap = pd.DataFrame({"k": KS, "gap": np.linspace(0.1, 0.9, 9), "error": 0.05})
    crowd = pd.DataFrame({"share": np.linspace(0, 1, 50), "distance": np.linspace(0, 2, 50) ** 3})
    bend = pd.DataFrame({"k": KS, "inertia": [100.0 / k for k in KS]})
    widths = np.linspace(-0.3, 0.8, 60)
    return {
        "profile": figures.silhouette_profile(widths, labels, names={1: HOSTILE}, mode=mode).figure,
        "gap": figures.gap_curve(gap, recommended=4, mode=mode),
        "criterion": figures.criterion_curve(scores(), column="score", title=HOSTILE, recommended=3, mode=mode),
        "elbow": figures.elbow(bend, recommended=4, knee=5, mode=mode),
        "boxes": figures.stability_boxes(resamples(["kmeans", HOSTILE]), recommended=4, mode=mode),
        "tree": figures.dendrogram(random_tree(8)[2], cut_at=3, mode=mode),
        "crowd": figures.k_distance(crowd, eps=0.5, knee=0.6, mode=mode),
        "loss": figures.loss_curve([3.0, 2.0, 1.0], [3.0, 2.5, 2.6], stopped_at=2, mode=mode),
    }


def empty_figures():
    none = pd.DataFrame()
    return {
        "profile": figures.silhouette_profile(np.array([]), np.array([], dtype=int)).figure,
        "unplaced": figures.silhouette_profile(np.full(3, np.nan), np.array([1, 1, -1])).figure,
        "gap": figures.gap_curve(none, recommended=3),
        "criterion": figures.criterion_curve(none, column="score", title="Score", recommended=3),
        "elbow": figures.elbow(pd.DataFrame({"k": [], "inertia": []}), recommended=3, knee=4),
        "boxes": figures.stability_boxes(none, recommended=3),
        "tree": figures.dendrogram(none, cut_at=3),
        "crowd": figures.k_distance(none, eps=0.5, knee=0.2),
        "loss": figures.loss_curve([], [], stopped_at=3),
    }


def words_of(figure):
    return [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize("mode", theme.MODES)
def test_every_figure_uses_the_template_of_its_mode_and_traces_that_the_browser_draws(mode):
    for figure in drawn_figures(mode).values():
        assert figure.layout.template.layout.paper_bgcolor == theme.token("surface", mode)
        assert {trace.type for trace in figure.data} <= {"scatter", "box"}


def test_no_figure_carries_markup_or_templates_from_data():
    """A name is shown, never run."""
    for name, figure in drawn_figures().items():
        assert "<a href" not in figure.to_json(), name
        assert "%{y}</a>" not in figure.to_json(), name


def test_nothing_to_draw_is_a_figure_that_says_so():
    """Empty input gives a valid figure without data, without shapes and without numbers on its axes."""
    for name, figure in empty_figures().items():
        assert figure.data == () and figure.layout.shapes == (), name
        assert words_of(figure) == ["nothing to draw"], name
        assert figure.layout.xaxis.showticklabels is False, name
        figure.to_json()


def test_silhouette_bands_hold_each_segment_from_best_to_worst():
    """The widths of a band are the segment's own, falling; its height is its customers; colours are the theme's."""
    random = np.random.default_rng(2)
    labels = np.repeat([1, 2, 3, -1], [40, 25, 1, 9])
    widths = random.uniform(-0.4, 0.9, 75)
    widths[3] = np.nan
    drawn = figures.silhouette_profile(widths, labels)
    assert (drawn.shown, drawn.total, drawn.caption) == (65, 65, "")
    for trace, segment in zip(drawn.figure.data, (1, 2, 3), strict=True):
        own = np.sort(widths[(labels == segment) & np.isfinite(widths)])[::-1]
        assert trace.x[2:-2] == pytest.approx(own, abs=1e-6)
        assert trace.y[-1] - trace.y[0] == pytest.approx(len(own))
        assert trace.fillcolor == theme.segment_colour(segment)


def test_silhouette_labels_tell_the_share_below_zero_and_the_average():
    labels = np.repeat([1, 2], [4, 5])
    widths = np.array([0.5, 0.4, -0.1, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2])
    figure = figures.silhouette_profile(widths, labels).figure
    words = words_of(figure)
    assert "25%" in words and "0%" in words
    assert f"average {widths.mean():.2f}" in words
    assert figure.layout.shapes[0].x0 == pytest.approx(widths.mean())


def test_silhouette_limit_is_kept_and_told():
    """Of many customers at most the limit is drawn: the best and the worst of every segment are among them."""
    random = np.random.default_rng(3)
    labels = np.concatenate([random.integers(1, 30, 40_000), [30, 30]])
    widths = random.uniform(-1, 1, len(labels))
    drawn = figures.silhouette_profile(widths, labels)
    assert CAP - 60 <= drawn.shown <= CAP
    assert f"{drawn.shown:,} of 40,002" in drawn.caption
    assert sum(len(trace.x) - 4 for trace in drawn.figure.data) == drawn.shown
    assert len(drawn.figure.data) == 30
    for segment, trace in enumerate(drawn.figure.data, start=1):
        own = widths[labels == segment]
        assert (trace.x[2], trace.x[-3]) == pytest.approx((own.max(), own.min()), abs=1e-6)


def test_labels_of_thirty_bands_stand_apart_and_inside():
    """However unequal thirty segments are, their numbers stay a line of text apart and within the chart."""
    labels = np.concatenate([np.full(2_000, 1), np.arange(2, 31)])
    figure = figures.silhouette_profile(np.linspace(-0.2, 0.9, len(labels)), labels).figure
    heights = sorted(note.y for note in figure.layout.annotations if "■" in note.text)
    whole = figure.layout.yaxis.range[0]
    line = whole * 14 / figures.silhouette_profile_height(30)
    assert min(np.diff(heights)) >= line
    assert heights[0] >= 0 and heights[-1] <= whole


def test_gap_and_its_errors_are_those_of_the_frame():
    frame = pd.DataFrame({"k": [4, 2, 3], "gap": [0.5, 0.1, 0.4], "error": [0.03, 0.01, np.nan]})
    figure = figures.gap_curve(frame, recommended=4)
    curve, ring = figure.data
    assert list(curve.x) == [2, 3, 4]
    assert list(curve.y) == [0.1, 0.4, 0.5]
    assert list(curve.error_y.array) == [0.01, 0, 0.03]
    assert (ring.x[0], ring.y[0]) == (4, 0.5)
    assert "<b>votes for 4</b>" in words_of(figure)


@pytest.mark.parametrize(
    ("recommended", "better", "ring"),
    [
        (("b", 3), "higher", (3, 31.0)),
        (3, "higher", (3, 31.0)),
        (3, "lower", (3, 30.0)),
        (("a", 99), "higher", None),
        (None, "lower", None),
    ],
)
def test_a_criterion_marks_its_vote_on_the_line_it_belongs_to(recommended, better, ring):
    """A pair marks its own line, a number the best line there, an unknown or missing vote nothing."""
    frame = scores(("a", "b"))
    figure = figures.criterion_curve(frame, column="score", title="Score", better=better, recommended=recommended)
    for trace, name in zip(figure.data, ("a", "b"), strict=False):
        assert list(trace.y) == list(frame.loc[frame["name"] == name, "score"])
    found = [(trace.x[0], trace.y[0]) for trace in figure.data[2:]]
    assert found == ([ring] if ring else [])
    assert figure.layout.yaxis.title.text == "Score"


@pytest.mark.parametrize(("factor", "form"), [(0.01, "~g"), (100.0, "~s")])
def test_only_thousands_get_a_letter(factor, form):
    """0.8 is not 800m."""
    frame = scores().assign(score=lambda rows: rows["score"] * factor)
    assert figures.criterion_curve(frame, column="score", title="Score").layout.yaxis.tickformat == form


def test_a_criterion_refuses_an_unknown_direction():
    with pytest.raises(ValueError, match="better"):
        figures.criterion_curve(scores(), column="score", title="Score", better="left")


@pytest.mark.parametrize(
    ("knee", "recommended", "words"),
    [
        (5, 7, ["knee at 5", "<b>recommended</b>"]),
        (5, 5, ["<b>recommended, knee at 5</b>"]),
        (5, None, ["knee at 5"]),
        (99, None, []),
    ],
)
def test_the_elbow_shows_its_knee(knee, recommended, words):
    """A diamond on the curve with one word; when the knee is the recommended number, one word for both."""
    frame = pd.DataFrame({"k": KS, "inertia": [100.0 / k for k in KS]})
    figure = figures.elbow(frame, knee=knee, recommended=recommended)
    assert words_of(figure) == words
    diamonds = [(t.x[0], t.y[0]) for t in figure.data if t.marker.symbol == "diamond"]
    assert diamonds == ([(5, 20.0)] if knee == 5 else [])


def test_boxes_hold_every_resample_and_shade_the_recommended_number():
    frame = resamples(["a", "b"])
    figure = figures.stability_boxes(frame, recommended=("b", 4))
    for trace, name in zip(figure.data, ("a", "b"), strict=True):
        own = frame[frame["name"] == name]
        assert list(trace.y) == list(own["agreement"])
        assert list(trace.x) == list(own["k"])
        assert trace.boxpoints == "all"
    (shade,) = figure.layout.shapes
    assert shade.x0 < 4 < shade.x1 and shade.x1 - shade.x0 < 1


def test_boxes_keep_the_algorithms_that_agree_best_and_say_so():
    """Of six algorithms four are drawn, in the frame's order, and the axis tells it."""
    frame = resamples([f"n{i}" for i in range(6)])
    frame["agreement"] = frame["name"].str[1:].astype(int) / 10
    figure = figures.stability_boxes(frame)
    assert [trace.name for trace in figure.data] == ["n2", "n3", "n4", "n5"]
    assert len(figure.data) == MAX_BOXED
    assert "4 of 6" in figure.layout.xaxis.title.text


@pytest.mark.parametrize("method", ["ward", "average", "single", "complete", "centroid"])
@pytest.mark.parametrize("leaves", [2, 3, 12, 30])
def test_cuts_agree_with_scipy(leaves, method):
    """The number of groups at any height is fcluster's, also where merges go down again (centroid)."""
    linked, _, tree = random_tree(leaves, method, seed=leaves)
    heights = [*linked[:, 2], *(linked[:, 2] * 0.999), 0.0, linked[:, 2].max() * 2]
    for height in heights:
        assert figures.groups_at(tree, height) == len(set(fcluster(linked, height, criterion="distance")))


@pytest.mark.parametrize("method", ["ward", "average", "centroid"])
def test_a_cut_for_a_number_gives_that_number(method):
    """cut_height and groups_at are each other's inverse; numbers out of range go to the nearest end."""
    _, _, tree = random_tree(17, method)
    reachable = {figures.groups_at(tree, height) for height in [0.0, *tree["height"]]}
    for groups in reachable:
        assert figures.groups_at(tree, figures.cut_height(tree, groups)) == groups
    assert method == "centroid" or reachable == set(range(1, 18))
    assert figures.groups_at(tree, figures.cut_height(tree, 0)) == 1
    assert figures.groups_at(tree, figures.cut_height(tree, 99)) == 17


def test_equal_heights_give_the_next_smaller_number():
    tree = pd.DataFrame(
        {
            "left": [0, 2, 4],
            "right": [1, 3, 5],
            "height": [1.0, 1.0, 2.0],
            "left_size": [1, 1, 2],
            "right_size": [1, 1, 2],
        }
    )
    assert figures.groups_at(tree, figures.cut_height(tree, 3)) == 2
    assert figures.groups_at(pd.DataFrame(), 1.0) == 1 and figures.cut_height(pd.DataFrame(), 1) == 0.0


@pytest.mark.parametrize("groups", [1, 2, 5, 12])
def test_branches_take_the_colours_of_the_segments_that_the_cut_makes(groups):
    """Each segment's strokes reach exactly the leaves that fcluster gives it; segments are numbered by size."""
    linked, sizes, tree = random_tree(12)
    figure = figures.dendrogram(tree, cut_at=groups)
    labels = fcluster(linked, groups, criterion="maxclust")
    wanted = sorted((sum(np.array(sizes)[labels == label]) for label in set(labels)), reverse=True)
    ticks = [int(text.replace(",", "")) for text in figure.layout.xaxis.ticktext]
    assert sorted(ticks) == sorted(sizes)
    for segment, size in enumerate(wanted, start=1):
        (trace,) = [t for t in figure.data if t.name == f"Segment {segment}"]
        assert trace.line.color == theme.segment_colour(segment)
        leaves = {x for x, y in zip(trace.x, trace.y, strict=True) if y == 0}
        assert sum(ticks[int(x)] for x in leaves) == size


def test_the_cut_is_the_first_shape_and_can_be_dragged():
    _, _, tree = random_tree(9)
    shape = figures.dendrogram(tree, cut_at=4).layout.shapes[0]
    assert shape.editable is True and shape.type == "line" and shape.line.dash == "dash"
    assert shape.y0 == shape.y1 == figures.cut_height(tree, 4)
    assert figures.groups_at(tree, shape.y0) == 4


def test_branches_do_not_cross():
    """Leaves under any merge stand next to one another."""
    _, _, tree = random_tree(30)
    figure = figures.dendrogram(tree, cut_at=30)
    assert len([trace for trace in figure.data if trace.name.startswith("Segment")]) == 30
    for groups in range(1, 30):
        for trace in figures.dendrogram(tree, cut_at=groups).data:
            if trace.name.startswith("Segment"):
                leaves = sorted({int(x) for x, y in zip(trace.x, trace.y, strict=True) if y == 0})
                assert leaves == list(range(leaves[0], leaves[-1] + 1))


def test_the_crowd_curve_is_thinned_with_its_ends_and_carries_the_reach():
    n = 20_000
    frame = pd.DataFrame({"share": np.linspace(0, 1, n), "distance": np.linspace(0, 1, n) ** 4})
    figure = figures.k_distance(frame, eps=0.2, knee=0.25)
    curve, knee = figure.data
    assert len(curve.x) == MOST_POINTS
    assert (curve.x[0], curve.x[-1]) == (0, 1) and curve.y == pytest.approx(curve.x**4, abs=1e-9)
    assert knee.x[0] == pytest.approx(0.25**0.25, abs=2e-3) and knee.y[0] == 0.25
    shape = figure.layout.shapes[0]
    assert shape.editable is True and shape.y0 == shape.y1 == 0.2
    assert figures.k_distance(frame).layout.shapes == ()


def test_losses_are_drawn_per_round_and_the_kept_round_is_marked():
    figure = figures.loss_curve([3.0, 2.0, 1.0, 0.9], [3.0, 2.5, 2.6, 2.7], stopped_at=2)
    train, validation = figure.data
    assert list(train.x) == [1, 2, 3, 4] and list(train.y) == [3.0, 2.0, 1.0, 0.9]
    assert list(validation.y) == [3.0, 2.5, 2.6, 2.7]
    assert figure.layout.shapes[0].x0 == 2
    assert "<b>kept: round 2</b>" in words_of(figure)
    assert len(figures.loss_curve([1.0]).data) == 1


def test_a_key_below_names_every_line_once_and_nothing_else():
    """On a phone the names stand under the chart: no label at an end remains, rings and diamonds have no entry."""
    frame = pd.DataFrame(
        [(name, k, 0.3 + 0.01 * k) for name in ("a", "b", "c") for k in (2, 3)], columns=["algorithm", "k", "silhouette"]
    )
    drawn = figures.silhouette_curve(frame, recommended=("a", 2))
    words = len(drawn.layout.annotations)
    room = figures.key_below(drawn, narrow=True)
    entries = [trace.name for trace in drawn.data if trace.showlegend]
    assert entries == ["a", "b", "c"] and drawn.layout.showlegend
    assert len(drawn.layout.annotations) == words - 3
    assert drawn.layout.margin.b > room > 0
