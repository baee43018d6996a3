"""Laws of the callbacks around single customers: what is pressed is what happens, what is sent in ill will is nothing."""

from __future__ import annotations

import pandas as pd
import pytest
from dash import html, no_update

from core.model import Why
from dashboard.components.atlas_listing import Asked
from tests.dashboard import made
from tests.pages.states import state_of, stop


@pytest.fixture()
def parts(pages):
    return pages.atlas.customers


@pytest.fixture()
def seen(desk):
    """A comparison that is looked at: (search, atlas-state)."""
    params = state_of(desk, "compared")
    return f"?run={params['run']}", {"choice": "kmeans-2", "focus": 1, "version": 0, "told": []}


def press(desk, kind, index, value=1, prop="n_clicks"):
    return desk.request({"type": kind, "index": index}, prop=prop, value=value)


@pytest.mark.parametrize(
    ("kind", "index", "value", "after"),
    [("list-view", 0, "border", Asked("border", find="c")), ("list-sort", "c1", 1, Asked("all", "c1", page=0, find="c")),
     ("list-sort", "margin", 2, Asked("all", "margin", page=0, find="c")), ("list-turn", "later", 1, Asked("all", page=2, find="c")),
     ("list-turn", "earlier", 1, Asked("all", page=0, find="c")), ("list-find", 0, "c3", Asked("all", page=0, find="c3"))],
)  # fmt: skip
def test_what_is_pressed_is_what_is_asked_for(desk, parts, kind, index, value, after):
    state = Asked("all", page=1, find="c").state()
    with press(desk, kind, index, value):
        assert parts.ask_list([], [], [], [], [state]) == [after.state()]


def test_freshly_drawn_buttons_press_nothing(desk, parts):
    with press(desk, "list-sort", "c1", None):
        assert parts.ask_list([], [], [None], [], [Asked().state()]) == [no_update]
    with press(desk, "why-open", 3, None):
        assert parts.ask_why([None], [], [{}], {}, "") == ([no_update], no_update)


@pytest.mark.parametrize("index", ["../../x", "<b>", "c99999999999", "c99", "=margin", None, ["c1"]])
def test_a_column_that_is_not_there_sorts_nothing(desk, parts, seen, index):
    """Whatever is sent, the list that follows can be drawn."""
    search, state = seen
    with press(desk, "list-sort", index):
        (after,) = parts.ask_list([], [], [], [], [Asked("all").state()])
        shown = parts.draw_list([after if isinstance(after, dict) else Asked("all").state()], state, search)
    assert "1 to 8 of 8" in " ".join(made.words(one) for one in shown[0])


def test_the_list_is_of_the_segment_in_focus(desk, parts, seen):
    search, state = seen
    with desk.request():
        first, second = (parts.draw_list([Asked("all").state()], state | {"focus": n}, search)[0] for n in (1, 2))
        assert parts.draw_list([], state, search) == []
        assert parts.draw_list([None], state, search) == [no_update]
    assert "1 to 8 of 8" in " ".join(map(made.words, first)) and "1 to 4 of 4" in " ".join(map(made.words, second))


def test_the_question_asks_for_a_job_about_that_row(desk, parts, seen):
    search, state = seen
    with press(desk, "why-open", 3):
        ((said,), run) = parts.ask_why([1], [], [{}], state, search)
    asked = desk.store.run(desk.owner, run)
    assert (asked.kind, asked.request["row"], asked.request["candidate"]) == ("why", 3, "kmeans-2")
    assert said == {"row": 3, "run": run, "state": "queued"}


@pytest.mark.parametrize("row", [-1, True, "3", None, 2**50])
def test_a_row_that_makes_no_sense_asks_for_nothing(desk, parts, seen, row):
    search, state = seen
    with press(desk, "why-open", row):
        (_, run) = parts.ask_why([1], [], [{}], state, search)
    assert run is no_update


def account() -> Why:
    pulls = pd.DataFrame({"column": ["age"], "own": ["30 years"], "segment_value": ["30 years"], "runner_up_value": ["60 years"], "pull": [1.0]})
    return Why(3, 1, 2, "It is in segment 1 mostly for age.", pulls, pd.DataFrame(columns=["column", "now", "then", "distance", "segment"]))


def test_the_panel_follows_the_job_to_its_end_and_closes(desk, parts, seen):
    """Waiting with progress, then the account; nothing is drawn anew while nothing has changed."""
    search, state = seen
    with press(desk, "why-open", 3):
        ((said,), run) = parts.ask_why([1], [], [{}], state, search)
    with desk.request():
        (shown,) = parts.draw_why([said], state, search)
        assert "Why customer c3 is here" in made.words(shown) and made.of(shown, html.Progress)
        assert parts.follow_why(None, [said]) == [no_update]
    desk.end(desk.store.run(desk.owner, run), account())
    with desk.request():
        (after,) = parts.follow_why(None, [said])
        assert after["state"] == "done"
        assert "It is in segment 1 mostly for age." in made.words(parts.draw_why([after], state, search)[0])
        assert parts.draw_why([{}], state, search) == [None]
    with press(desk, "why-close", 0):
        assert parts.ask_why([], [1], [after], state, search) == ([{}], no_update)


@pytest.mark.parametrize("end", ["failed", "cancelled", "interrupted"])
def test_a_job_that_came_to_nothing_says_so_and_can_be_tried_again(desk, parts, seen, end):
    search, state = seen
    with press(desk, "why-open", 3):
        ((said,), run) = parts.ask_why([1], [], [{}], state, search)
    stop(desk, desk.store.run(desk.owner, run), end)
    with desk.request():
        (shown,) = parts.draw_why([said], state, search)
    assert "could not be told" in made.words(shown) and "Try again" in made.words(shown)


@pytest.mark.parametrize("said", [{"run": "x" * 22}, {"row": "a", "run": 7}, {"row": 10**12}, {"problem": "x"}])
def test_an_account_that_is_not_ours_is_no_account(desk, parts, seen, said):
    search, state = seen
    with desk.request():
        (shown,) = parts.draw_why([said], state, search)
        assert parts.follow_why(None, [said]) == [no_update]
    assert made.words(shown).startswith("Why here?") or "Why" in made.words(shown)
