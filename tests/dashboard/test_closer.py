"""Laws of the closer look: one candidate's own figures, said as what they are, and nothing where there is nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dash import dcc, html

from dashboard.address import Address
from dashboard.components.closer import closer
from tests.dashboard import argued, made

HERE = Address("d", "r")


def look(comparison, key, mode="light"):
    return closer(comparison, comparison.candidate(key), HERE, mode=mode)


def graphs(shown):
    return {one.id: one for one in made.of(shown, dcc.Graph)}


def test_its_segments_are_listed_with_size_share_and_trust():
    """Eight and four of twelve customers, with how well each stays together."""
    shown = look(made.comparison(), "kmeans-2")
    (listed,) = [one for one in made.of(shown, html.Ul) if getattr(one, "className", "") == "sa-sizes"]
    told = [made.words(one) for one in listed.children]
    assert told == [
        "1 Group 1 8 customers, 66.7%; stays together 0.95 of 1",
        "2 Group 2 4 customers, 33.3%; stays together 0.85 of 1",
    ]


def test_customers_without_a_segment_stand_last():
    """They are counted, and named what they are."""
    told = made.words(look(made.comparison(), "dbscan-1"))
    assert told.index("Group 2") < told.index("Not placed 2 customers, 16.7%")
    assert "Not placed" not in made.words(look(made.comparison(), "kmeans-2"))


def test_tiles_tell_separation_stability_and_the_share_placed():
    """What was not measured says so, a score that does not apply says why."""
    assert {"0.5", "0.9", "100%"} <= set(made.words(look(made.comparison(), "kmeans-2")).split())
    told = made.words(look(made.comparison(), "dbscan-1"))
    assert "does not apply, because of a test" in told and "not measured here" in told and "83.3%" in told


def test_it_leads_to_its_own_map():
    """With dataset and run, and without what is side by side."""
    (link,) = made.of(closer(made.comparison(), made.comparison().candidate("ward-2"), replace(HERE, picks="a.b"), mode="light"), dcc.Link)
    assert link.href == "/atlas?dataset=d&run=r&choice=ward-2"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_silhouettes_are_those_of_the_sampled_customers(mode):
    """Five of twelve are drawn; the table has each segment's customers, mean, and share below zero."""
    shown = look(made.comparison(), "kmeans-2", mode)
    assert list(graphs(shown)) == ["widths"]
    assert "5 of 12 customers, drawn at random." in made.words(shown)
    (table,) = made.of(made.of(shown, html.Figure), html.Tbody)
    rows = [[made.words(cell) for cell in row.children] for row in made.of(table, html.Tr)]
    assert rows == [["1", "4", "0.4", "0.25"], ["2", "1", "0.1", "0"]]


def test_unplaced_customers_have_no_silhouette():
    """The fifth sampled customer is noise of DBSCAN's: four are drawn."""
    shown = look(made.comparison(), "dbscan-1")
    (table,) = made.of(made.of(shown, html.Figure), html.Tbody)
    assert sum(int(made.words(row.children[1])) for row in made.of(table, html.Tr)) == len(argued.WIDTH_ROWS) - 1


def test_without_silhouettes_the_card_takes_the_whole_width():
    """An older comparison, and a candidate that was never measured."""
    for evidence in ({}, {"widths": argued.widths([])}):
        shown = look(made.comparison(evidence=evidence), "kmeans-2")
        assert not graphs(shown) and [one.className for one in shown[0].children] == ["sa-col-12"]


def learned(**changes):
    """A candidate of a network that learned for four rounds and kept the second."""
    curves = {"train_loss": (0.9, 0.5, 0.4, 0.3), "validation_loss": (0.9, 0.6, 0.7, 0.8)}
    facts = {"latent_silhouette": 0.61, "reconstruction_error": 0.2, "kept_round": 2.0}
    one = made.candidate("autoencoder-2", made.SIX + [2] * 6, 0.4, curves=curves, facts=facts)
    return made.comparison(candidates=(replace(one, **changes),), recommended=one.key)


def test_a_network_shows_how_it_learned_and_its_own_space_apart():
    """The kept round in words, both losses in the table, the latent silhouette marked as never ranked."""
    shown = look(learned(), "autoencoder-2")
    assert set(graphs(shown)) == {"widths", "losses"}
    told = made.words(shown)
    assert "Round 2 was kept" in told and "0.61" in told and "never ranked" in told and "20%" in told
    table = made.of(made.of(shown, html.Figure)[-1], html.Tbody)
    assert [made.words(row.children[2]) for row in made.of(table, html.Tr)] == ["0.9", "0.6", "0.7", "0.8"]


def test_a_network_without_held_out_customers_shows_one_loss():
    """Too few customers to hold any out: the training loss alone, its last round kept."""
    shown = look(learned(curves={"train_loss": (0.9, 0.5)}, facts={}), "autoencoder-2")
    assert "Round 2 was kept" in made.words(shown) and "losses" in graphs(shown)


def test_notes_and_hostile_names_are_harmless():
    """Notes are told; names from the data lose what cannot be seen."""
    one = replace(made.comparison().candidates[-1], notes=("fitted on a sample", made.HOSTILE), names={1: made.HOSTILE})
    told = made.words(look(made.comparison(candidates=(one,)), one.key))
    assert "fitted on a sample" in told and "\u202e" not in told and "\x00" not in told
