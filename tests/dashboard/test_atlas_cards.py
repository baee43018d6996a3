"""Laws of the cards, the form and the notes: everybody counted once, nothing from data is markup, states are said in words."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import dash_bootstrap_components as dbc
import pandas as pd
import pytest
from dash import html

from core.model import Edit, Shape, Split
from core.selection.wording import CAUTION
from dashboard.components import atlas_cards, atlas_notes, atlas_shape
from dashboard.store.versions import Shaping, Version
from tests.dashboard import made


def segmentation(key="kmeans-3", **changes):
    return replace(made.comparison().choose(key), **changes)


def looked(shown=None, shaping=None):
    shown = shown or segmentation()
    return SimpleNamespace(segmentation=shown, shaping=shaping or Shaping(), segments=tuple(s for s in shown.candidate.sizes if s > 0))


def cards(shown, focus=1):
    return atlas_cards.cards(shown, focus).children


def opened(card):
    return card.children[0]


def test_cards_stand_by_size_and_count_every_customer_once():
    """Six, four and two of twelve; those not placed stand last and cannot be looked at."""
    told = [made.words(one) for one in cards(segmentation())]
    assert [("50%" in told[0], "33.3%" in told[1], "16.7%" in told[2]), len(told)] == [(True, True, True), 3]
    noisy = cards(segmentation("dbscan-1"))
    assert "Not placed" in made.words(noisy[-1]) and not made.of(noisy[-1], html.Button)


def test_one_card_is_in_the_order_of_tab_and_says_that_it_is_looked_at():
    """Roving: the arrow keys lead to the others."""
    buttons = [opened(one) for one in cards(segmentation(), focus=2)]
    assert [one.tabIndex for one in buttons] == [-1, 0, -1]
    assert [getattr(one, "aria-current", None) for one in buttons] == [None, "true", None]
    assert [one.id["index"] for one in buttons] == [1, 2, 3]


def test_no_button_stands_in_another():
    """The pencil and the field stand beside the button that is the card."""
    for card in cards(segmentation()):
        assert not [one for one in made.of(opened(card).children, html.Button | dbc.Input)]
        assert [one.id for one in made.of(card, dbc.Input)] == [{"type": "rename-text", "index": opened(card).id["index"]}]


@pytest.mark.parametrize(
    ("trust", "words", "warned"),
    [({1: 0.95}, "very stable 0.95", False), ({1: 0.8}, "stable 0.8", False), ({1: 0.6}, "pattern only 0.6", False),
     ({1: 0.59}, "do not trust 0.59", True), ({}, "trust not measured yet", False)],
)  # fmt: skip
def test_trust_is_said_in_words_and_a_weak_segment_carries_the_warning(trust, words, warned):
    """Under 0.60 and nowhere else."""
    shown = segmentation()
    shown = replace(shown, candidate=replace(shown.candidate, trust=trust))
    told = made.words(cards(shown)[0])
    assert words in told and (CAUTION in told) is warned


def test_a_hostile_name_is_text_on_one_line():
    """In the card, in the field and in the label of the pencil."""
    shown = segmentation()
    shown = replace(shown, candidate=replace(shown.candidate, names={**shown.candidate.names, 1: made.HOSTILE}))
    card = cards(shown)[0]
    (field,) = made.of(card, dbc.Input)
    pencil = next(one for one in made.of(card, html.Button) if getattr(one, "data-sa-rename", None))
    for text in (made.words(card), field.value, getattr(pencil, "aria-label")):  # noqa: B009
        assert "\u202e" not in text and "\x00" not in text


def test_a_chosen_colour_keeps_the_shape():
    """The number of the palette comes over the segment's own class."""
    shown = segmentation(colours={2: 9})
    card = cards(shown)[1]
    assert card.className.split()[1:3] == ["sa-seg-2", "sa-tint-9"]
    assert "sa-tint" not in cards(shown)[0].className


def test_a_lock_is_said_on_the_card():
    """In words, not by a sign alone."""
    shown = cards(segmentation(locked=(2,)))
    assert ["locked" in made.words(one) for one in shown] == [False, True, False]


def test_the_form_offers_what_the_segment_allows():
    """A locked one can be unlocked, named and coloured; the others are there to be merged with."""
    form = atlas_shape.tools(looked(segmentation(locked=(1,))), 1, [])
    off = {one.id["index"]: bool(one.disabled) for one in made.of(form, html.Button)}
    assert off == {"rename": False, "merge": True, "propose": True, "unlock": False, "move": True, "colour": False}
    (others,) = made.of(form, dbc.Select)
    assert [one["value"] for one in others.options] == ["2", "3"]


def test_undo_and_redo_are_off_where_they_lead_nowhere():
    """Before any change, in the middle, and at the end."""
    versions = tuple(Version(n, Shape((Edit("lock", 1),)), 0.0) for n in (1, 2))
    for now, off in ((0, [True, False]), (1, [False, False]), (2, [False, True])):
        bar = atlas_shape.bar(looked(shaping=Shaping(now, versions)))
        assert [one.disabled for one in made.of(bar, html.Button)] == off


def test_a_proposal_shows_sizes_trust_and_reason_before_the_button():
    """What would set the halves apart is told from the new segment's side."""
    contrasts = pd.DataFrame({"segment": [1, 2], "caption": ["age", "age"], "own": [30.0, 50.0], "rest": [50.0, 30.0], "effect": [-2.0, 2.0]})
    split = Split(1, (60, 40), (0.9, 0.5), 50, 0.6, 0.4, "Worth it: so they say.", contrasts)
    run = SimpleNamespace(state="done")
    shown = atlas_shape.proposal(run, split, ("Old <b>", "A new segment"))
    told = made.words(shown)
    for words in ("Worth it: so they say.", "60 customers", "40 customers", "very stable 0.9", "do not trust 0.5", "50 resamples"):
        assert words in told
    assert [one.id for one in made.of(shown, html.Button)] == [{"type": "shape-do", "index": "split"}]
    assert atlas_shape.proposal(None, None, ("", "")) == []


def test_the_history_tells_every_edit_in_words_with_its_reason():
    """The latest first, down to the fit; the present one has no button."""
    edits = [Edit("rename", 1, text="A\u202e"), Edit("describe", 1, text="x"), Edit("describe", 1), Edit("colour", 1, 3), Edit("lock", 1),
             Edit("unlock", 1), Edit("merge", 1, 2), Edit("split", 1), Edit("move", 1, rows=(1, 2), reason="They asked")]  # fmt: skip
    versions = tuple(Version(n, Shape(tuple(edits[:n])), 1_700_000_000.0) for n in range(1, 10))
    shown = atlas_notes.tab(looked(shaping=Shaping(8, versions)), 1)
    told = made.words(shown)
    for words in ("Named segment 1 “A”", "Merged segment 2 into segment 1", "Moved 2 customers to segment 1", "They asked", "14 Nov 2023, 22:13 UTC"):
        assert words in told
    ways = [one.id["index"] for one in made.of(shown, html.Button) if one.id["type"] == "shape-go"]
    assert ways == ["v9", "v7", "v6", "v5", "v4", "v3", "v2", "v1", "v0"]


@pytest.mark.parametrize(("now", "listed"), [(500, 51), (250, 101), (0, 50)])
def test_a_long_history_lists_what_lies_near_and_counts_the_rest(now, listed):
    """Five hundred versions would weigh half a megabyte with every segment that is looked at."""
    versions = tuple(Version(n, Shape((Edit("lock", 1),)), 0.0) for n in range(1, 501))
    shown = atlas_notes.tab(looked(shaping=Shaping(now, versions)), 1)
    rows = [one for one in made.of(shown, html.Li) if getattr(one, "className", "") == "sa-version"]
    assert len(rows) == listed + 1 and f"{500 - listed} more lie further away" in made.words(shown)
