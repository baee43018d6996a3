"""Laws of candidates side by side: two to six, the same customers in all, and every count adds up."""

from __future__ import annotations

from dataclasses import replace

import dash_bootstrap_components as dbc
import numpy as np
import pytest
from dash import dcc, html

from core.algorithms import ALGORITHMS
from dashboard.components.side import MOST, flow_figure, proposed, side_by_side, size_frame
from tests.dashboard import made

TWO = ("kmeans-2", "ward-2")


def shown(comparison, picks, mode="light", narrow=False):
    return side_by_side(comparison, picks, mode=mode, narrow=narrow)


def graphs(tree):
    return {one.id: one for one in made.of(tree, dcc.Graph)}


def scenes(tree):
    return [name for name in graphs(tree)["linked-maps"].figure.to_dict()["layout"] if name.startswith("scene")]


def many(count):
    """So many candidates, each split elsewhere."""
    labels = [[1] * (11 - at % 8) + [2] * (1 + at % 8) for at in range(count)]
    return tuple(made.candidate(f"kmeans-{at}", given, 0.5) for at, given in enumerate(labels))


@pytest.mark.parametrize("picks", [(), ("kmeans-2",), ("kmeans-2", "gmm-2"), ("nobody", "x"), ("kmeans-2", "kmeans-2")])
def test_fewer_than_two_give_a_hint(picks):
    """Unknown ones and those without segments do not count; no empty chart."""
    told = shown(made.comparison(), picks)
    assert "Tick two to six" in made.words(told) and not graphs(told)


@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize("count", range(2, 7))
def test_two_to_six_are_all_shown(count, narrow):
    """A map for each, one below the other on a phone, and no notice."""
    comparison = made.comparison(candidates=many(count), recommended="kmeans-0")
    tree = shown(comparison, tuple(one.key for one in comparison.candidates), narrow=narrow)
    assert len(scenes(tree)) == count
    assert "ticked candidates" not in made.words(tree)


def test_more_than_six_show_six_and_say_so():
    """In the order of the run, whatever the order of ticking."""
    comparison = made.comparison(candidates=many(8), recommended="kmeans-0")
    tree = shown(comparison, tuple(one.key for one in comparison.candidates[::-1]))
    assert len(scenes(tree)) == MOST
    assert f"The first {MOST} of 8 ticked candidates are shown." in made.words(tree)
    flows = {one.id: [option["value"] for option in one.options] for one in made.of(tree, dbc.Select)}
    assert flows["flow-from"] == flows["flow-to"] == [f"kmeans-{at}" for at in range(MOST)]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_maps_profiles_sizes_agreement_and_flow_are_there(mode):
    """With a table for every figure, and a heading each."""
    tree = shown(made.comparison(), TWO, mode)
    assert set(graphs(tree)) == {"linked-maps", "profile-heat", "agreement"}
    assert all(made.of(one, html.Tbody) for one in made.of(tree, html.Figure))
    assert "flow" in made.known(tree)


def test_the_flow_starts_between_two_different_candidates():
    """From the first to the second of those shown."""
    first, second = made.of(shown(made.comparison(), TWO), dbc.Select)
    assert (first.value, second.value) == ("ward-2", "kmeans-2")


def test_the_agreement_is_that_of_the_shown():
    """Of all pairs that the run measured, only theirs; the value is the adjusted Rand index of scikit-learn."""
    from sklearn.metrics import adjusted_rand_score

    comparison = made.comparison()
    (table,) = made.of([one for one in made.of(shown(comparison, TWO), html.Figure) if "agree" in made.words(one)], html.Tbody)
    (row,) = made.of(table, html.Tr)
    expected = adjusted_rand_score(comparison.candidate("ward-2").labels, comparison.candidate("kmeans-2").labels)
    assert float(made.words(row.children[2])) == pytest.approx(expected, abs=5e-4)


def test_an_older_comparison_without_evidence_still_shows_maps_and_sizes():
    """What needs evidence is left out, without a gap."""
    tree = shown(made.comparison(evidence={}), TWO)
    assert set(graphs(tree)) == {"linked-maps"} and "How large the segments are" in made.words(tree)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_any_number_of_components_can_be_mapped(axes):
    """A file with one column has one component."""
    flat = np.linspace(0, 1, 12 * axes, dtype=np.float32).reshape(12, axes)
    tree = shown(made.comparison(coordinates=flat, explained=(0.5,) * axes), TWO)
    assert len(scenes(tree)) == 2 and f"{axes} principal components" in made.words(tree)


def test_every_column_of_the_sizes_adds_up_to_everyone():
    """Segments and customers not placed; a segment that a candidate does not have is empty."""
    whole = [one for one in made.comparison().candidates if not one.problem]
    frame = size_frame(whole)
    assert frame["segment"].tolist() == ["1", "2", "3", "not placed"]
    for one in whole:
        assert frame[one.label].sum() == len(one.labels)
    assert frame[whole[1].label].isna().tolist() == [False, False, True, True]


def test_the_flow_keeps_every_customer():
    """The bands of the figure and the cells of its table sum to the customers."""
    comparison = made.comparison()
    drawn = flow_figure(comparison.candidate("dbscan-1"), comparison.candidate("kmeans-3"), mode="light")
    (graph,) = made.of(drawn, dcc.Graph)
    assert sum(graph.figure.data[0].link.value) == 12
    cells = [int(made.words(cell)) for cell in made.of(made.of(drawn, html.Tbody), html.Td)]
    assert sum(cells) == 12


def test_proposed_are_the_best_of_each_algorithm_and_never_too_many():
    """At most six, the recommended first."""
    assert proposed(made.comparison()) == ("kmeans-2", "ward-2", "dbscan-1")
    each = tuple(made.candidate(f"{name}-2", made.SIX + [2] * 6, 0.5) for name in ALGORITHMS)
    found = proposed(made.comparison(candidates=each, recommended=each[-1].key))
    assert len(found) == min(MOST, len(ALGORITHMS)) and found[0] == each[-1].key
    assert proposed(made.comparison(candidates=made.comparison().candidates[:1], recommended=None)) == ()


def test_candidates_of_one_name_are_not_mixed_up():
    """Captions round: two settings of DBSCAN may read alike. Maps, sizes, profiles and options keep both apart."""
    first = made.candidate("dbscan-1", made.SIX + [2] * 6, 0.5)
    second = replace(made.candidate("dbscan-2", [1] * 9 + [2] * 3, 0.4), label=first.label)
    tree = shown(made.comparison(candidates=(first, second), recommended=first.key), (first.key, second.key))
    assert len(scenes(tree)) == 2
    (sizes,) = [one for one in made.of(tree, html.Table) if "Customers by segment" in made.words(one)]
    cells = [[made.words(cell) for cell in row.children] for row in made.of(made.of(sizes, html.Tbody), html.Tr)]
    assert cells == [["1", "6", "9"], ["2", "6", "3"]]
    options = [option["label"] for option in made.of(tree, dbc.Select)[0].options]
    assert options == [f"{first.label} (dbscan-1)", f"{first.label} (dbscan-2)"]
    assert {"dbscan-1", "dbscan-2"} <= set(graphs(tree)["profile-heat"].figure.to_json().replace("(", " ").replace(")", " ").split())


def test_hostile_names_are_harmless():
    """In maps, tables, options and the flow."""
    bad = tuple(replace(one, label=made.HOSTILE, names=dict.fromkeys(one.names, made.HOSTILE)) for one in many(2))
    comparison = made.comparison(candidates=bad, recommended=None)
    trees = [*shown(comparison, tuple(one.key for one in bad)), flow_figure(*bad, mode="light")]
    drawn = "".join(graph.figure.to_json() for graph in made.of(trees, dcc.Graph))
    told = made.words(trees) + drawn
    assert "\u202e" not in told and "\x00" not in told and "<a href" not in drawn
