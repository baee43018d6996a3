"""Laws of the head of the Atlas: the verdict in words, how a candidate came to be looked at, and every way to another."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import dash_bootstrap_components as dbc
import pytest
from dash import html

from dashboard.address import Address
from dashboard.components import atlas_top
from tests.dashboard import made
from tests.dashboard.made import known, of, words

HERE = Address("d", "r", "kmeans-2")


def looked(key="kmeans-2", run=None, waiting=False, **changes):
    comparison = made.comparison(verdict="natural")
    segmentation = replace(comparison.choose(key), **changes)
    return SimpleNamespace(comparison=comparison, key=key, segmentation=segmentation, run=run, waiting=waiting)


def run(state, **more):
    return SimpleNamespace(id="abc", kind="portray", state=state, step="", stopping=False, open=state == "running", problem=None, plan=None, **more)


@pytest.mark.parametrize("verdict", ["natural", "reproducible", "constructive", "none"])
def test_each_verdict_is_told_with_its_reason_and_what_it_means(verdict):
    shown = atlas_top.top(looked(verdict=verdict, reason="Because of 0.42."), HERE)
    told = words(shown)
    word, meaning = atlas_top.VERDICTS[verdict]
    assert word in told and "Because of 0.42." in told and meaning in told and "Dolnicar" in told
    (box,) = [one for one in of(shown, html.Div) if str(getattr(one, "className", "")).startswith("sa-verdict ")]
    assert box.className == f"sa-verdict is-{verdict}"


def test_the_head_says_how_large_the_largest_segment_is_of_everybody():
    (heading,) = of(atlas_top.top(looked(), HERE), html.H1)
    assert words(heading) == "Kmeans, 2 segments: the largest holds 66.7% of 12 customers"


def test_what_was_chosen_by_hand_says_so_and_claims_no_verdict_before_it_is_known():
    told = words(atlas_top.top(looked("kmeans-3"), HERE))
    assert "Chosen by hand" in told and "Recommended" not in told and "Dolnicar" not in told
    assert "Recommended" in words(atlas_top.top(looked(), HERE))


def test_notes_of_the_fit_are_told_harmlessly():
    candidate = made.candidate("kmeans-2", [1] * 8 + [2] * 4, 0.5, notes=(made.HOSTILE,))
    told = words(atlas_top.top(looked(candidate=candidate), HERE))
    assert "<a href" in told and "\u202e" not in told and "\x00" not in told


def test_a_job_under_way_is_said_quietly_and_can_be_stopped():
    """A status that is always there; nothing in it once all is told."""
    working = atlas_top.status(looked(run=run("running"), waiting=True))
    assert "Being described" in words(working) and known(working) == ['{"index":"abc","type":"cancel"}']
    assert "Being described" in words(atlas_top.status(looked())) and not known(atlas_top.status(looked()))
    assert atlas_top.status(looked(run=run("done"), whole=True)) == []
    (place,) = [one for one in of(atlas_top.top(looked(), HERE), html.Div) if getattr(one, "id", "") == "atlas-status"]
    assert place.role == "status"


@pytest.mark.parametrize(("state", "told"), [("failed", "did not work"), ("cancelled", "was cancelled"), ("interrupted", "was interrupted"), ("done", "damaged")])
def test_a_job_that_told_nothing_can_be_run_again(state, told):
    shown = atlas_top.top(looked(run=run(state)), HERE)
    assert told in words(shown) and '{"index":"abc","type":"again"}' in known(shown)
    assert told not in words(atlas_top.top(looked(run=run(state), whole=True), HERE)), "what an earlier job told is shown"


def test_every_candidate_with_segments_can_be_reached():
    """The k strip and chips press what is; the one without segments is nowhere."""
    shown = atlas_top.chooser(looked("kmeans-3"))
    chips = [one for one in of(shown, html.Button) if getattr(one, "className", "") == "sa-chip"]
    assert {one.id["index"]: getattr(one, "aria-pressed") for one in chips} == {"kmeans": "true", "ward": "false", "dbscan": "false"}
    assert [words(one) for one in chips if "recommended" in words(one)] == ["K-means , recommended"]
    (places,) = of(shown, html.Ol)
    pressed = {one.id["index"]: getattr(one, "aria-pressed") for one in of(places, html.Button)}
    assert pressed == {2: "false", 3: "true"}
    assert "3 segments, chosen" in words(places) and "2 segments, recommended" in words(places)
    (choice,) = of(shown, dbc.Select)
    assert {one["value"] for one in choice.options} == {"kmeans-2", "dbscan-1", "kmeans-3", "ward-2"}
    assert choice.options[0] == {"value": "kmeans-2", "label": "Kmeans, 2 segments (recommended)"} and choice.value == "kmeans-3"
