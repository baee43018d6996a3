"""Laws of the figures that set candidates side by side: maps to turn, profiles, agreement, flows."""

import time

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import confusion_matrix

from dashboard import figures, theme
from dashboard.figures.heat import CLIP
from dashboard.figures.scenes import LIMIT, MOST_SCENES
from dashboard.figures.tints import INKS, ink_on, tint

HOSTILE = "<a href='https://x'>%{y}</a>"
SEEN = {"scatter3d", "heatmap", "scatter", "sankey"}


def profiles(candidates, columns=("Age", "Income")):
    random = np.random.default_rng(0)
    rows = [
        (label, segment, "Savers", column, random.normal() * 2)
        for label, count in candidates
        for segment in range(1, count + 1)
        for column in columns
    ]
    return pd.DataFrame(rows, columns=["candidate", "segment", "name", "column", "difference"])


def agreements(keys):
    random = np.random.default_rng(1)
    rows = [(a, b, random.random()) for place, a in enumerate(keys) for b in keys[place + 1 :]]
    return pd.DataFrame(rows, columns=["first", "second", "adjusted_rand"])


@pytest.fixture
def labelings():
    random = np.random.default_rng(2)
    return random.choice([-1, 1, 2, 3], 400), random.choice([1, 2], 400)


def drawn_figures(labelings, mode="light"):
    points = np.random.default_rng(3).normal(size=(400, 3))
    first, second = labelings
    frame = profiles([(HOSTILE, 2), ("b", 3)], columns=("Age", HOSTILE))
    frame.loc[0, "name"] = HOSTILE
    titles, names = (HOSTILE, "b"), {1: HOSTILE, 2: "Two"}
    keys = {"a": HOSTILE, "b": "B"}
    return {
        "scenes": figures.linked_scenes(points, [(HOSTILE, first), ("b", second)], mode=mode).figure,
        "profiles": figures.profile_heat(frame, mode=mode),
        "agreement": figures.agreement_heat(agreements(list(keys)), keys, mode=mode),
        "flow": figures.flow(first, second, first_names=names, second_names=names, titles=titles, mode=mode),
    }


@pytest.mark.parametrize("mode", theme.MODES)
def test_every_figure_uses_the_template_of_its_mode_and_traces_that_the_browser_draws(labelings, mode):
    for figure in drawn_figures(labelings, mode).values():
        assert figure.layout.template.layout.paper_bgcolor == theme.token("surface", mode)
        assert {trace.type for trace in figure.data} <= SEEN


def test_no_figure_carries_markup_or_templates_from_data(labelings):
    """A name is shown, never run."""
    for name, figure in drawn_figures(labelings).items():
        assert "<a href" not in figure.to_json(), name
        assert "%{y}</a>" not in figure.to_json(), name


def test_nothing_to_draw_is_a_figure_that_says_so():
    none = np.array([], dtype=int)
    for figure in (
        figures.linked_scenes(np.zeros((5, 3)), []).figure,
        figures.profile_heat(pd.DataFrame()),
        figures.agreement_heat(pd.DataFrame(), {}),
        figures.flow(none, none),
    ):
        assert figure.data == ()
        assert [note.text for note in figure.layout.annotations] == ["nothing to draw"]
        figure.to_json()


@pytest.mark.parametrize("count", [1, 2, 6, 8])
def test_scenes_share_customers_camera_and_axes(count):
    """As many scenes as candidates, at most six; every one shows the same customers from the same place."""
    random = np.random.default_rng(4)
    points = random.normal(size=(30_000, 3))
    candidates = [(f"c{i}", random.integers(1, i + 3, 30_000)) for i in range(count)]
    drawn = figures.linked_scenes(points, candidates)
    scenes = sorted({trace.scene for trace in drawn.figure.data})
    assert len(scenes) == min(count, MOST_SCENES)
    rows = [np.sort(np.concatenate([t.customdata for t in drawn.figure.data if t.scene == scene])) for scene in scenes]
    assert all(np.array_equal(rows[0], other) for other in rows)
    assert len(rows[0]) == drawn.shown and drawn.shown * len(scenes) <= LIMIT
    layouts = [drawn.figure.layout[scene] for scene in scenes]
    assert all(one.camera == layouts[0].camera and one.xaxis.range == layouts[0].xaxis.range for one in layouts)
    assert f"{drawn.shown:,} of 30,000" in drawn.caption


def test_scenes_draw_each_segment_as_everywhere_else(labelings):
    """One trace per segment with the theme's colour and shape at the customers' own places; noise is smaller."""
    points = np.random.default_rng(5).normal(size=(400, 3))
    traces = [t for t in figures.linked_scenes(points, [("a", labelings[0])]).figure.data]
    assert [trace.name for trace in traces] == ["Not placed", "Segment 1", "Segment 2", "Segment 3"]
    for trace, segment in zip(traces, (-1, 1, 2, 3), strict=True):
        assert (labelings[0][trace.customdata] == segment).all()
        assert trace.marker.color == theme.segment_colour(segment)
        assert trace.marker.symbol == theme.segment_shape(segment)
        assert np.allclose(trace.z, points[trace.customdata, 2], atol=1e-6)
    assert traces[0].marker.size < traces[1].marker.size


def test_each_scene_shows_an_even_share_of_its_segments():
    """Of a million customers in six candidates, each segment keeps its share to one in a hundred, in little time."""
    random = np.random.default_rng(8)
    candidates = [(f"c{i}", random.choice(4, 1_000_000, p=[0.6, 0.2, 0.15, 0.05]) + 1) for i in range(6)]
    started = time.perf_counter()
    drawn = figures.linked_scenes(np.zeros((1_000_000, 3), dtype=np.float32), candidates)
    assert time.perf_counter() - started < 10
    assert drawn.shown == LIMIT // 6
    for trace in drawn.figure.data:
        share = [0.6, 0.2, 0.15, 0.05][int(trace.name.split()[1]) - 1]
        assert len(trace.x) / drawn.shown == pytest.approx(share, abs=0.01)


def test_no_segment_of_any_candidate_is_lost_when_customers_are_drawn():
    """A segment of two customers in the last candidate is on its map, though the others know nothing of it."""
    rare = np.ones(50_000, dtype=int)
    rare[[7, 40_000]] = 2
    drawn = figures.linked_scenes(np.zeros((50_000, 2)), [("a", np.arange(50_000) % 4 + 1), ("rare", rare)])
    assert [trace.name for trace in drawn.figure.data if trace.scene == "scene2"] == ["Segment 1", "Segment 2"]


@pytest.mark.parametrize("dims", [1, 2])
def test_missing_coordinates_become_zero(labelings, dims):
    points = np.random.default_rng(6).normal(size=(400, dims))
    for trace in figures.linked_scenes(points, [("a", labelings[0])]).figure.data:
        assert not np.any(trace.z)
        assert bool(np.any(trace.y)) == (dims > 1)


@pytest.mark.parametrize(("count", "columns"), [(2, 2), (3, 1), (6, 3), (5, 3)])
def test_scenes_fill_a_grid_without_overlap(count, columns):
    """Maps and their titles keep to their own cells; the height grows by rows."""
    points = np.random.default_rng(7).normal(size=(50, 3))
    figure = figures.linked_scenes(points, [(f"c{i}", np.ones(50, int)) for i in range(count)], columns=columns).figure
    cells = [figure.layout["scene" if i == 0 else f"scene{i + 1}"].domain for i in range(count)]
    for place, a in enumerate(cells):
        assert a.y[1] < figure.layout.annotations[place].y + 1e-9 <= 1
        for b in cells[place + 1 :]:
            assert a.x[1] <= b.x[0] + 1e-9 or b.x[1] <= a.x[0] + 1e-9 or b.y[1] <= a.y[0] + 1e-9
    assert figures.linked_scenes_height(count, columns) == -(-count // columns) * figures.linked_scenes_height(1)


def test_profile_cells_are_the_frame_and_gaps_part_the_candidates():
    """Every difference is in its cell, unclipped; colours end at the limit; a gap stands between candidates."""
    frame = profiles([("a", 2), ("b", 3)])
    figure = figures.profile_heat(frame)
    heat, printed = figure.data
    assert heat.z.shape == (2, 6)
    assert np.isnan(heat.z[:, 2]).all()
    by = frame.pivot(index="column", columns=["candidate", "segment"], values="difference").loc[["Age", "Income"]]
    assert np.allclose(np.delete(heat.z, 2, axis=1), by.to_numpy())
    assert (heat.zmin, heat.zmax) == (-CLIP, CLIP)
    assert len(heat.x) == 7 and np.diff(heat.x)[2] < 1
    assert sorted(printed.text) == sorted(f"{value:+.1f}" for value in frame["difference"])
    assert list(figure.layout.xaxis.ticktext) == ["1", "2", "1", "2", "3"]


def test_profiles_of_many_segments_print_no_numbers():
    assert len(figures.profile_heat(profiles([("a", 30)])).data) == 1
    assert len(figures.profile_heat(profiles([("a", 1)])).data) == 2


def test_agreement_is_symmetric_with_ones_on_its_diagonal():
    keys = {key: key.upper() for key in "abcd"}
    frame = agreements(list(keys))
    heat, printed = figures.agreement_heat(frame, keys).data
    assert np.allclose(heat.z, heat.z.T) and np.allclose(np.diag(heat.z), 1)
    for first, second, value in frame.itertuples(index=False):
        assert heat.z["abcd".index(first), "abcd".index(second)] == value
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert list(printed.text) == [f"{value:.2f}" for value in heat.z.ravel()]


def test_an_agreement_that_rounds_to_zero_has_no_sign():
    """-0.00 is no number to read."""
    frame = pd.DataFrame({"first": ["a"], "second": ["b"], "adjusted_rand": [-0.003]})
    printed = figures.agreement_heat(frame, {"a": "A", "b": "B"}).data[1].text
    assert sorted(printed) == ["0.00", "0.00", "1.00", "1.00"]


def test_a_pair_without_agreement_is_an_empty_cell_and_many_candidates_print_none():
    keys = {"a": "A", "b": "B"}
    heat, printed = figures.agreement_heat(pd.DataFrame(), keys).data
    assert np.isnan(heat.z[0, 1]) and list(printed.text) == ["1.00", "1.00"]
    many = {f"k{i}": str(i) for i in range(30)}
    figure = figures.agreement_heat(agreements(list(many)), many)
    assert len(figure.data) == 1
    assert len(set(figure.layout.xaxis.ticktext)) == 30


@pytest.mark.parametrize("mode", theme.MODES)
def test_numbers_in_cells_can_be_read(mode):
    """On every step of either scale the ink is the better of the two by WCAG 2.1's formula, and reaches 4.4:1."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(first, second):
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)

    for scale in (theme.sequential(mode), theme.diverging(mode)):
        for share, under in scale:
            reached = {ink: contrast(luminance(ink), luminance(under)) for ink in INKS}
            assert reached[ink_on(scale, share)] == max(reached.values()) >= 4.4


def test_flows_are_the_table_of_both_labelings(labelings):
    """Widths are the customers counted by scikit-learn's table, links have their source's colour, none is empty."""
    first, second = labelings
    (sankey,) = figures.flow(first, second).data
    left, right = [1, 2, 3, -1], [1, 2]
    table = confusion_matrix(first, second, labels=[-1, 1, 2, 3])
    for source, target, value, colour in zip(
        sankey.link.source, sankey.link.target, sankey.link.value, sankey.link.color, strict=True
    ):
        a, b = left[source], right[target - len(left)]
        assert value == table[[-1, 1, 2, 3].index(a), b] > 0
        assert colour == tint(theme.segment_colour(a), 0.35)
    assert sum(sankey.link.value) == len(first)
    assert list(sankey.node.color) == [theme.segment_colour(segment) for segment in left + right]
    assert sankey.node.label[3] == "Not placed"


def test_flow_hover_tells_counts_and_shares():
    (sankey,) = figures.flow(np.array([1, 1, 1, 1]), np.array([1, 2, 2, 2]), first_names={1: "Savers"}).data
    assert sankey.link.customdata[1] == "1 Savers → Segment 2<br>3 customers, 75% of the first"
    assert sankey.node.customdata[2] == "Segment 2<br>3 customers, 75%"


def test_flow_refuses_labelings_of_different_customers():
    with pytest.raises(ValueError, match="same customers"):
        figures.flow(np.ones(3), np.ones(4))


def test_one_and_thirty_segments_are_drawn():
    for count in (1, 30):
        labels = np.arange(600) % count + 1
        assert len(figures.linked_scenes(np.zeros((600, 3)), [("a", labels)]).figure.data) == count
        assert len(figures.flow(labels, labels).data[0].node.label) == 2 * count
    heights = [figures.flow_height(30, 2), figures.profile_heat_height(40), figures.agreement_heat_height(30)]
    assert min(heights) > 280 == figures.agreement_heat_height(1)
