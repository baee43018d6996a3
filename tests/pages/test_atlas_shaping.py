"""Laws of shaping on the Atlas: each change is a version that can be undone, what cannot be is said, refits take over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dash import html, no_update

from core.model import Edit, Plan, Shape
from core.shaping import formed
from dashboard.address import Address
from dashboard.atlas import asked, carry_over, look
from dashboard.current import current
from tests.dashboard import made


@pytest.fixture()
def shop(desk):
    """The session's own comparison, looked at through its third K-means candidate: 6, 4 and 2 customers."""
    return Shop(desk)


class Shop:
    def __init__(self, desk):
        self.desk = desk
        self.dataset, self.run = desk.finished()
        self.key = "kmeans-3"

    @property
    def search(self):
        return f"?run={self.run}&choice={self.key}"

    @property
    def state(self):
        return {"choice": self.key, "focus": 1}

    @property
    def shaping(self):
        return self.desk.store.shaping(self.desk.owner, self.run, self.key)

    @property
    def edits(self):
        return [(e.kind, e.segment, e.number, e.text) for e in self.shaping.shape.edits]

    def look(self):
        return look(current(Address.parse(self.search)), self.key)

    def does(self, what, name="", other=None, colour=1, reason="", picked=None):
        from pages.atlas import shaping

        with self.desk.request({"type": "shape-do", "index": what}):
            return shaping.do([1], name, other, colour, reason, picked, self.state, self.search)

    def goes(self, way):
        from pages.atlas import shaping

        with self.desk.request({"type": "shape-go", "index": way}):
            return shaping.go([1], self.state, self.search)

    def again(self, **changes):
        """A later comparison of the same file."""
        run = self.desk.compare(self.dataset, Plan(segments=(2, 4), seed=changes.pop("seed", 7)))
        self.run = self.desk.end(run, made.comparison(**changes)).id
        return self


def test_a_name_typed_into_a_card_is_a_version_that_is_shown_at_once(shop):
    """No job is needed for a name; the card and the tidy profile have it."""
    from pages.atlas import shaping

    with shop.desk.request({"type": "rename-text", "index": 2}, "n_submit"):
        state, said = shaping.rename([1], ["Group 1", " Big  spenders "], [{"index": 1}, {"index": 2}], shop.state, shop.search)
        seen = shop.look().segmentation
    assert state["version"] == 1 and "Named segment 2" in made.words(said) and shop.edits == [("rename", 2, 0, "Big spenders")]
    assert seen.candidate.names[2] == "Big spenders"
    assert set(seen.profile.loc[seen.profile["segment"] == 2, "segment_name"]) == {"Big spenders"}
    assert set(seen.profile.loc[seen.profile["segment"] == 0, "segment_name"]) <= {"Everyone"}


@pytest.mark.parametrize("name", ["group 1", " Group  1"])
def test_a_name_that_another_segment_shows_is_refused(shop, name):
    """Also one that was proposed, not chosen."""
    from pages.atlas import shaping

    with shop.desk.request({"type": "rename-text", "index": 2}, "n_submit"):
        _, said = shaping.rename([1], [name], [{"index": 2}], shop.state, shop.search)
    assert "already" in made.words(said) and shop.shaping.versions == ()


def test_the_name_that_a_segment_has_is_no_change(shop):
    """Enter without having typed anything."""
    assert shop.does("rename", name="Group 1")[:2] == (no_update, no_update) and shop.shaping.versions == ()


@pytest.mark.parametrize(
    ("what", "given", "edit"),
    [("rename", {"name": "A"}, ("rename", 1, 0, "A")), ("merge", {"other": "3"}, ("merge", 1, 3, "")), ("lock", {}, ("lock", 1, 0, "")),
     ("colour", {"colour": 9}, ("colour", 1, 9, "")), ("split", {}, ("split", 1, 0, ""))],
)  # fmt: skip
def test_each_button_makes_its_edit_with_time_and_reason(shop, what, given, edit):
    """One version each, and undo is offered with what is said."""
    state, said, _ = shop.does(what, reason="For the board", **given)
    assert shop.edits == [edit] and state["version"] == 1
    (last,) = shop.shaping.shape.edits
    assert last.reason == "For the board" and last.at.startswith("20")
    assert [one.id for one in made.of(said, html.Button)] == [{"type": "shape-go", "index": "toast"}]


@pytest.mark.parametrize(
    ("what", "given", "words"),
    [("merge", {"other": "9"}, "no segment 9"), ("merge", {"other": None}, "Choose"), ("merge", {"other": ["2"]}, "Choose"),
     ("colour", {"colour": 99}, "16 colours"), ("colour", {"colour": {}}, "Choose"), ("rename", {"name": ["x"]}, "at least one"),
     ("rename", {"name": "x" * 61}, "at most 60"), ("unheard", {}, "Choose"), ("move", {}, "No customers are chosen"),
     ("move", {"picked": {"axes": ["p0", "p1"], "box": [[0, 0], [1, 1]]}}, "being worked out")],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_changes_nothing(shop, what, given, words):
    """Whatever a browser sends."""
    state, said, _ = shop.does(what, **given)
    assert state is no_update and words in made.words(said) and shop.shaping.versions == ()


def test_a_locked_segment_refuses_to_be_merged_split_and_looked_at_for_a_split(shop):
    """It says how to go on."""
    shop.does("lock")
    for what, given in (("merge", {"other": "2"}), ("split", {}), ("propose", {})):
        assert "locked" in made.words(shop.does(what, **given)[1])
    assert len(shop.shaping.versions) == 1


def test_a_card_dropped_on_another_merges_them(shop):
    """The one that was dropped joins the other; anything else that a browser may send does nothing."""
    from pages.atlas import shaping

    with shop.desk.request("atlas-merge", "data"):
        for nonsense in (None, 7, {}, {"into": "1", "number": 2}, {"into": True, "number": 2}):
            assert shaping.merge(nonsense, shop.state, shop.search) == (no_update, no_update)
        state, said = shaping.merge({"into": 2, "number": 3}, shop.state, shop.search)
    assert shop.edits == [("merge", 2, 3, "")] and state["focus"] == 2 and "Merged segment 3 into segment 2" in made.words(said)


def test_undo_redo_and_return_lead_through_the_versions(shop):
    """And say so where there is nothing more."""
    assert "nothing to undo" in made.words(shop.goes("undo")[1])
    shop.does("merge", other="3")
    shop.does("rename", name="Both")
    for way, now in (("undo", 1), ("toast", 0), ("redo", 1), ("v2", 2), ("v0", 0)):
        state, _ = shop.goes(way)
        assert state["version"] == now == shop.shaping.now
    shop.goes("v2")
    assert "nothing to redo" in made.words(shop.goes("redo")[1])
    for nonsense in ("v9", "v-1", "x", "v1.5"):
        shop.goes(nonsense)
        assert shop.shaping.now == 2


def test_drawn_buttons_that_nobody_pressed_do_nothing(shop):
    """Dash calls callbacks for parts that are drawn anew."""
    from pages.atlas import shaping

    with shop.desk.request({"type": "shape-go", "index": "undo"}, value=None):
        assert shaping.go([None], shop.state, shop.search) == (no_update, no_update)
        assert shaping.rename([None], ["x"], [{"index": 1}], shop.state, shop.search) == (no_update, no_update)
    with shop.desk.request():
        assert shaping.use_name([], shop.state, shop.search) == (no_update, no_update)
        assert shaping.describe([], [], shop.state, shop.search) == (no_update, no_update)


def test_a_description_is_kept_and_shown_in_the_notes(shop):
    """Also in the bare segmentation, which exports use."""
    from dashboard.components.atlas_notes import tab
    from pages.atlas import shaping

    with shop.desk.request({"type": "note-save", "index": 2}):
        shaping.describe([1], ["They <b>come</b> on Fridays."], shop.state, shop.search)
        looked = shop.look()
        assert looked.segmentation.descriptions == {2: "They <b>come</b> on Fridays."}
        shown = tab(looked, 2)
    assert "Described segment 2" in made.words(shown) and '{"index":2,"type":"note-text"}' in made.known(shown)


def test_a_split_is_looked_for_by_a_job_and_asked_for_once(shop):
    """Names make no other question of it."""
    *_, run = shop.does("propose")
    shop.does("rename", name="Other")
    assert shop.does("propose")[2] == run
    found = shop.desk.store.run(shop.desk.owner, run)
    assert found.kind == "split" and found.request["segment"] == 1 and found.request["shape"] == ""


def test_jobs_are_asked_about_who_is_where_not_about_names(shop):
    """A merge asks for another job, a name, a colour, a lock or a reason does not."""
    with shop.desk.request():
        before = asked(shop.look())
    shop.does("rename", name="A")
    with shop.desk.request():
        assert asked(shop.look()) == before
    shop.does("merge", other="2", reason="x")
    with shop.desk.request():
        assert asked(shop.look())["shape"] == formed(Shape((Edit("merge", 1, 2),))).to_json() != before["shape"]


def test_a_described_shape_stays_described_under_other_names(shop):
    """The job's whole result is shown as present, and names that are undone are the proposed ones again."""
    with shop.desk.request():
        looked = shop.look()
    run = shop.desk.jobs.request(shop.desk.owner, "portray", shop.dataset, asked(looked))
    shop.desk.end(run, replace(looked.segmentation, whole=True))
    shop.does("rename", name="A")
    with shop.desk.request():
        seen = shop.look()
        assert seen.present and seen.run.id == run.id and seen.segmentation.candidate.names[1] == "A"
    shop.goes("undo")
    with shop.desk.request():
        assert shop.look().segmentation.candidate.names[1] == "Group 1"


def test_customers_chosen_on_the_map_move_to_the_segment_in_focus(shop):
    """The three at the far end of both components: rows 9 to 11; where that empties a segment, the job leaves it out."""
    with shop.desk.request():
        looked = shop.look()
    run = shop.desk.jobs.request(shop.desk.owner, "portray", shop.dataset, asked(looked))
    shop.desk.end(run, replace(looked.segmentation, whole=True))
    state, said, _ = shop.does("move", picked={"axes": ["p0", "p1"], "box": [[0.7, 0.7], [1, 1]]})
    assert [e.rows for e in shop.shaping.shape.edits] == [(9, 10, 11)] and state["version"] == 1
    assert "Moved 3 customers to segment 1" in made.words(said)
    assert "being worked out" in made.words(shop.does("move", picked={"axes": ["p0", "p1"], "box": [[0, 0], [1, 1]]})[1])


def test_a_refit_takes_names_and_merges_over_once_and_undo_takes_them_away(shop):
    """Numbered otherwise, the same customers keep their name; the reason says where it is from."""
    shop.does("rename", name="First")
    shop.does("lock", reason="Campaign")
    turned = np.array([3] * 6 + [1] * 4 + [2] * 2)
    shop.again(candidates=(made.candidate("kmeans-3", turned.tolist(), 0.7), made.candidate("kmeans-2", [1] * 8 + [2] * 4, 0.5)))
    with shop.desk.request():
        words = carry_over(shop.look())
        assert words.startswith("Carried over from the comparison of") and shop.look().segmentation.candidate.names[3] == "First"
        assert carry_over(shop.look()) == ""
    assert [e[:2] for e in shop.edits] == [("rename", 3), ("lock", 3)]
    assert shop.shaping.shape.edits[-1].reason.startswith("Carried over") and shop.shaping.shape.edits[-1].reason.endswith("Campaign")
    shop.goes("undo")
    with shop.desk.request():
        assert shop.look().segmentation.candidate.names[3] == "Group 3" and carry_over(shop.look()) == ""


def test_the_callback_tells_what_was_carried_and_does_nothing_where_nothing_was(shop):
    """Recorded by a callback, never by drawing the page."""
    from pages.atlas import shaping

    with shop.desk.request():
        assert shaping.carry(None, shop.state, shop.search) == (no_update, no_update)
    shop.does("merge", other="2")
    shop.again()
    with shop.desk.request():
        assert shop.look().shaping.versions == ()
        state, said = shaping.carry(None, shop.state, shop.search)
    assert state["version"] == 1 and "Carried over" in made.words(said) and shop.edits == [("merge", 1, 2, "")]


def test_nothing_is_taken_from_another_candidate_that_is_there_itself(shop):
    """Somebody shaped kmeans-3: kmeans-2 stays as it was fitted."""
    shop.does("lock")
    shop.again().key = "kmeans-2"
    with shop.desk.request():
        assert carry_over(shop.look()) == ""


def test_the_recommended_candidate_takes_after_one_that_is_no_longer_there(shop):
    """The refit recommends another number of segments; those of the same customers keep their names."""
    shop.does("rename", name="First")
    two = made.candidate("kmeans-2", [2] * 6 + [1] * 6, 0.5)
    shop.again(candidates=(two,)).key = "kmeans-2"
    with shop.desk.request():
        assert carry_over(shop.look()) != "" and shop.look().segmentation.candidate.names[2] == "First"


@pytest.mark.parametrize(("what", "given"), [("split", {}), ("merge", {"other": "3"})])
def test_a_second_click_splits_and_merges_nothing_more(shop, what, given):
    """Sent before the first was answered, or from another tab: the page is shown as it is now, and nothing is changed."""
    shop.does(what, **given)
    seen = shop.state | {"version": 0}
    from pages.atlas import shaping

    with shop.desk.request({"type": "shape-do", "index": what}):
        state, said, _ = shaping.do([2], "", given.get("other"), 1, "", None, seen, shop.search)
    assert len(shop.edits) == 1 and state["version"] == 1 and "meanwhile" in made.words(said)


def test_a_name_given_on_a_page_that_is_behind_is_kept(shop):
    """Names do not depend on what another tab did; only who is in which segment does."""
    from pages.atlas import shaping

    shop.does("colour", colour=3)
    with shop.desk.request({"type": "shape-do", "index": "rename"}):
        shaping.do([1], "Regulars", None, 1, "", None, shop.state | {"version": 0}, shop.search)
    assert [edit[0] for edit in shop.edits] == ["colour", "rename"]


def test_locking_twice_is_one_change(shop):
    shop.does("lock")
    assert shop.does("lock")[:2] == (no_update, no_update) and [edit[0] for edit in shop.edits] == ["lock"]
    shop.does("unlock")
    assert shop.does("unlock")[:2] == (no_update, no_update) and len(shop.edits) == 2
