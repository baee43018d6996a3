"""Laws of the whole result: the finding first, one id each, and every press, word and line leads to one candidate."""

from __future__ import annotations

import json
import math
from collections import Counter

import pytest
from dash import dcc, html
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.utils import PlotlyJSONEncoder

from dashboard.address import Address
from dashboard.components.comparing import aimed_at, cuts, dragged, results
from dashboard.components.forms import dom_id
from tests.dashboard import made

HERE = Address("d", "r")
WARD_3 = made.candidate("ward-3", made.SIX + made.FOUR + made.TWO, 0.4)
ALONE = {"type": "tree", "index": 0}


def wide(**changes):
    """With a Ward candidate for both cuts of the tree."""
    return made.comparison(candidates=(*made.comparison().candidates, WARD_3), **changes)


def page(comparison, chosen="kmeans-2", here=HERE, **more):
    return results(comparison, here, chosen=chosen, **{"mode": "light", "narrow": False, **more})


def aim(asked, value, comparison=None, choice="kmeans-2", algorithm="any"):
    found = aimed_at(comparison or wide(), asked, value, choice=choice, algorithm=algorithm)
    return found.key if found else None


def line(y0, y1=None):
    return {"shapes[0].x0": 0, "shapes[0].x1": 1, "shapes[0].y0": y0, "shapes[0].y1": y0 if y1 is None else y1}


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("narrow", [True, False])
def test_the_result_is_whole(mode, narrow):
    """The finding as the one h1, every part, no id twice, plain JSON."""
    shown = page(wide(), mode=mode, narrow=narrow)
    assert [made.words(one) for one in made.of(shown, html.H1)] == ["Kmeans, 2 segments is recommended"]
    known = made.known(shown)
    assert not [one for one, count in Counter(known).items() if count > 1]
    assert {"k-panel", "closer", "cuts", "board-box", "side", "compare-now", "linked-maps", "compare-choice"} <= set(known)
    json.dumps([one.to_plotly_json() for one in shown], cls=PlotlyJSONEncoder)


def test_headings_never_skip_a_level():
    """The tree, the closer look and the board stand on the same level, figures beneath."""
    kinds = (html.H1, html.H2, html.H3, html.H4)
    levels = [int(type(one).__name__[1]) for one in made.of(page(wide()), kinds)]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False)), levels


def test_what_is_looked_at_and_side_by_side_is_kept_for_the_callbacks():
    """The choice of the address, else the recommended; the picks of the address, else the proposed."""
    stores = {one.id: one.data for one in made.of(page(wide(), "ward-2", Address("d", "r", picks="ward-2.kmeans-3")), dcc.Store)}
    assert (stores["compare-choice"], stores["compare-picks"]) == ("ward-2", ["ward-2", "kmeans-3"])
    stores = {one.id: one.data for one in made.of(page(wide()), dcc.Store)}
    assert stores["compare-picks"] == ["kmeans-2", "ward-2", "dbscan-1"]


@pytest.mark.parametrize("picks", ["nobody.x", "gmm-2", "kmeans-2", "-._", "kmeans-2.kmeans-2.nobody"])
def test_picks_that_name_nothing_give_a_hint(picks):
    """An old or invented address shows its page."""
    assert "Tick two to six candidates" in made.words(page(wide(), here=Address("d", "r", picks=picks)))


def test_limits_that_no_candidate_keeps_leave_all_to_look_at():
    """Nothing is recommended, yet there are segments: the best of them is looked at, all arguments are there."""
    shown = page(wide(recommended=None, because="No candidate keeps your limits."), None)
    assert [made.words(one) for one in made.of(shown, html.H1)] == ["Nothing can be recommended"]
    assert "No candidate keeps your limits." in made.words(shown)
    stores = {one.id: one.data for one in made.of(shown, dcc.Store)}
    assert stores["compare-choice"] == "kmeans-3"
    assert "silhouette-curve" in made.known(shown)
    assert not any(getattr(one, "className", "") == "sa-k-best" for one in made.walk(shown))


def test_without_any_segments_there_are_reasons_and_the_form():
    """No chart; what the board's callbacks read is there all the same."""
    shown = page(made.comparison(candidates=made.comparison().candidates[:1], recommended=None, because="None fits."), None)
    assert [made.words(one) for one in made.of(shown, html.H1)] == ["No segments were found"]
    assert "It did not settle." in made.words(shown) and not made.of(shown, dcc.Graph)
    assert {"compare-picks", "board-order", "compare-now"} <= set(made.known(shown))


def test_one_algorithm_and_no_evidence_still_make_a_page():
    """The smallest result of an earlier version."""
    alone = made.candidate("ward-2", made.SIX + [2] * 6, 0.5)
    shown = page(made.comparison(candidates=(alone,), recommended="ward-2", evidence={}), "ward-2")
    assert "silhouette-curve" in made.known(shown) and cuts(made.comparison(evidence={}), alone, mode="light") == []


def test_links_keep_the_run():
    """To the Atlas and to the export with the recommended candidate; the board as a file."""
    links = [one.href for one in made.of(page(wide()), (dcc.Link, html.A))]
    assert {"/atlas?dataset=d&run=r&choice=kmeans-2", "/export?dataset=d&run=r&choice=kmeans-2", "/board/r"} <= set(links)


@pytest.mark.parametrize(("k", "algorithm", "key"), [
    (2, "any", "kmeans-2"), (3, "any", "kmeans-3"), (2, "ward", "ward-2"), (3, "ward", "ward-3"), (2, "dbscan", "dbscan-1"),
    (4, "any", None), (3, "dbscan", None), (0, "any", None), (-1, "any", None), (99, "any", None), (None, "any", None),
    ("2", "any", None), ([2], "any", None), ({}, "any", None), (math.nan, "any", None), (math.inf, "any", None),
    (10**400, "any", None), (0.5, "any", None), (2, "nobody", None), (2, "gmm", None),
])  # fmt: skip
def test_a_pressed_number_leads_to_its_best_candidate(k, algorithm, key):
    """Of the chosen algorithm; a number that nobody has, or that is none, leads nowhere."""
    assert aim({"type": "pick-k", "index": k}, 1, algorithm=algorithm) == key
    assert aim({"type": "pick-k", "index": k}, None, algorithm=algorithm) is None


@pytest.mark.parametrize(("value", "key"), [(2, "ward-2"), (3, "ward-3"), (4, None), (0, None), (-3, None), (None, None),
                                            ("", None), ("3", None), (math.nan, None), (math.inf, None), ([3], None)])  # fmt: skip
def test_a_typed_cut_leads_to_the_ward_candidate(value, key):
    """The tree is Ward's, whichever algorithm is chosen above."""
    assert aim({"type": "tree-cut", "index": 0}, value, algorithm="kmeans") == key


@pytest.mark.parametrize(("move", "key"), [
    (line(2.0), "ward-2"), (line(1.0), "ward-2"), (line(0.99), "ward-3"), (line(0.5, 1.5), "ward-2"), (line(2.99), "ward-2"),
    (line(3.0), None), (line(50.0), None), (line(-1.0), "ward-3"),
])  # fmt: skip
def test_a_dragged_line_leads_to_as_many_groups_as_it_cuts(move, key):
    """Merges are at heights 1 and 3: between them two groups, below three, above one, which is no segmentation."""
    assert aim(ALONE, move) == key


FOREIGN = [None, {}, [], "x", 7, {"autosize": True}, {"xaxis.range[0]": 1}, {"shapes[0].y0": 1}, {"shapes[1].y0": 1, "shapes[1].y1": 1},
           line("2"), line(None), line([2]), line(math.nan), line(math.inf), line(-math.inf, math.inf), line(1e308), line(10**400)]  # fmt: skip


@pytest.mark.parametrize("move", FOREIGN, ids=str)
def test_other_movements_lead_nowhere(move):
    """Zooming, resizing and what no browser sends."""
    assert dragged(move) is None and aim(ALONE, move) is None


def test_without_a_tree_its_line_leads_nowhere():
    """A page of another run may still be open."""
    assert aim(ALONE, line(2.0), made.comparison(evidence={})) is None


@pytest.mark.parametrize(("choice", "algorithm", "key"), [
    ("kmeans-2", "ward", "ward-2"), ("kmeans-3", "ward", "ward-3"), ("kmeans-3", "dbscan", "dbscan-1"),
    ("kmeans-3", "any", "kmeans-3"), ("nobody", "ward", "ward-2"), ("kmeans-2", "gmm", None), ("kmeans-2", "nobody", None),
])  # fmt: skip
def test_another_algorithm_keeps_the_number_of_segments_if_it_can(choice, algorithm, key):
    """Else its best; one without segments leads nowhere."""
    assert aim("compare-algorithm", algorithm, choice=choice, algorithm=algorithm) == key


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from([[], {}, line(2.0)])
ASKED = st.sampled_from(["compare-algorithm", "nobody", None, 7]) | st.fixed_dictionaries(
    {}, optional={"type": st.sampled_from(["pick-k", "tree-cut", "tree", "x"]), "index": anything})  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(asked=ASKED, value=anything, choice=st.text(max_size=3), algorithm=st.sampled_from(["any", "ward", ""]))
def test_anything_sent_leads_to_a_candidate_with_segments_or_nowhere(asked, value, choice, algorithm):
    """Never to an error, never to one that has none."""
    found = aimed_at(made.comparison(), asked, value, choice=choice, algorithm=algorithm)
    assert found is None or not found.problem


def test_cuts_are_those_of_the_comparison():
    """The tree and the reach side by side; the reach of the looked-at DBSCAN, else of the best one."""
    comparison = wide()
    for key in ("kmeans-2", "dbscan-1"):
        shown = cuts(comparison, comparison.candidate(key), mode="light")
        assert {dom_id(one.id) for one in made.of(shown, dcc.Graph)} == {dom_id(ALONE), dom_id({"type": "reach", "index": 0})}
        (value,) = [one.value for one in made.walk(shown) if getattr(one, "id", None) == {"type": "reach-value", "index": 0}]
        assert value == 0.5
