"""Laws of the columns that did not shape the segments: outcomes first, intervals, no difference said as such."""

from __future__ import annotations

import pandas as pd
import pytest
from dash import html

from dashboard.components.atlas_outcomes import FIRST, outcomes
from tests.dashboard import made, made_atlas


def shown(frame, **more):
    return outcomes(made_atlas.looked(made_atlas.segmentation(whole=True, outcomes=frame, **more)))


def test_outcomes_stand_before_columns_kept_for_profiles():
    found = shown(made_atlas.outcomes())
    assert [made.words(one) for one in made.of(found, html.Strong) if made.words(one) in ("member", "churned")] == ["churned", "member"]


def test_what_differs_and_what_does_not_is_said():
    told = made.words(shown(made_atlas.outcomes()))
    assert "Segments differ in 1 of 2 columns that did not shape them." in told
    assert "Segments do not differ in member." in told and "no difference shown" in told
    assert "Segments differ in churned: most often yes in 2." in told and "Cramer's V, from 0 to 1" in told


def test_the_interval_is_drawn_to_scale():
    spans = {one.className: one.style for one in made.of(shown(made_atlas.outcomes())[0], html.Span) if getattr(one, "style", None)}
    assert spans["sa-interval-mark"]["left"] == "5.0%", "of the last one: member"
    assert spans["sa-interval-span"] == {"left": "0.0%", "width": "11.0%"}


@pytest.mark.parametrize("value", [float("nan"), 1.7, -0.2])
def test_values_outside_the_scale_do_not_break_it(value):
    found = shown(made_atlas.outcomes(value=value, low=value, high=value))
    for one in made.of(found, html.Span):
        if getattr(one, "className", "") == "sa-interval-mark":
            assert one.style["left"] in ("0.0%", "100.0%")


def test_the_table_holds_every_row_with_its_p():
    (table,) = made.of(shown(made_atlas.outcomes()), html.Table)
    body = [[made.words(cell) for cell in row.children] for row in made.of(made.of(table, html.Tbody), html.Tr)]
    assert body[0] == ["churned", "outcome", "Cramer's V", "0.61", "0.4", "0.8", "0.001", "yes"] and body[1][-1] == "no"


def test_many_columns_fold():
    frame = pd.concat([made_atlas.outcomes()] * 5, ignore_index=True)
    assert f"Show the other {10 - FIRST}" in made.words(shown(frame))


@pytest.mark.parametrize("frame", [pd.DataFrame(), made_atlas.outcomes().head(0)])
def test_without_such_columns_nothing_is_shown(frame):
    assert shown(frame) == []


@pytest.mark.parametrize(("waiting", "parts"), [(True, 2), (False, 0)])
def test_a_place_is_kept_while_a_job_looks(waiting, parts):
    """member and region are kept for profiles."""
    bare = made_atlas.looked(made_atlas.segmentation(), waiting=waiting)
    assert len(outcomes(bare)) == parts
    shaping = made_atlas.segmentation().contrasts.query("role == 'feature'")
    assert outcomes(made_atlas.looked(made_atlas.segmentation(contrasts=shaping), waiting=waiting)) == []


def test_names_from_data_are_harmless():
    told = made.words(shown(made_atlas.outcomes(column=made.HOSTILE, told=made.HOSTILE, measure=made.HOSTILE)))
    assert "\u202e" not in told and "\x00" not in told
