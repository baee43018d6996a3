"""Laws of what a page looks at: only what this session owns, the run that is named, and the reading it was made on."""

from __future__ import annotations

import pytest

from core.model import Plan, Recipe
from dashboard import ids
from dashboard.address import Address
from dashboard.current import Current, current, mode, narrow
from tests.dashboard import made


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


def test_no_address_is_nothing_and_not_missing(desk):
    """A first visit is no error."""
    with desk.request():
        here = current(Address())
        assert (here.dataset, here.run, here.missing, here.loaded) == (None, None, False, False)
        assert here.table() is here.load_run() is here.comparison() is None


def test_a_file_that_is_not_read_has_no_table(desk):
    """Loaded turns true when the load run has ended well, not before."""
    dataset = desk.add()
    run = desk.jobs.request(desk.owner, "load", dataset, {"answers": {}})
    with desk.request():
        here = current(Address(dataset))
        assert here.dataset.id == dataset and not here.loaded and here.table() is None
        assert here.load_run().id == run.id
        desk.end(run, made.table())
        assert here.loaded and len(here.table()) == 12


@pytest.mark.parametrize("part", ["dataset", "run"])
def test_unknown_and_foreign_ids_are_missing_alike(desk, part):
    """An address never tells whether somebody else has such a thing."""
    foreign = desk.add(owner=ids.new_id())
    with desk.request():
        for one in (foreign, ids.new_id(), "x"):
            here = current(Address(**{part: one}))
            assert here == Current(here.address, missing=True)


def test_a_foreign_run_is_missing(desk):
    """A run id in a link that somebody sent opens nothing in another session."""
    _, run = desk.finished()
    desk.owner = ids.new_id()
    with desk.request():
        assert current(Address(run=run)).missing


def test_the_run_decides_the_dataset(desk):
    """Where an address contradicts itself, the run and the file it was made of are shown."""
    dataset, run = desk.finished()
    other = desk.add()
    with desk.request():
        here = current(Address(other, run))
        assert (here.dataset.id, here.run.id) == (dataset, run)


def test_a_run_that_is_no_comparison_names_only_its_file(desk):
    """The id of a load or importance run opens its file with the latest comparison, never an error."""
    dataset = desk.add()
    load = desk.load(dataset).id
    with desk.request():
        here = current(Address(run=load))
        assert (here.dataset.id, here.run, here.missing) == (dataset, None, False)
    compared = desk.end(desk.compare(dataset), made.comparison()).id
    asked = {"run": compared, "candidate": "kmeans-2"}
    measured = desk.end(desk.jobs.request(desk.owner, "importance", dataset, asked), made.explanation()).id
    with desk.request():
        assert [current(Address(run=one)).run.id for one in (load, measured)] == [compared] * 2


def test_without_a_run_the_latest_finished_comparison_is_shown(desk):
    """Newer ones that wait, failed or were cancelled do not hide it."""
    dataset, first = desk.finished()
    second = desk.end(desk.compare(dataset, Plan(seed=1)), made.comparison(because="Newer.")).id
    desk.jobs.cancel(desk.owner, desk.compare(dataset, Plan(seed=2)).id)
    waiting = desk.compare(dataset, Plan(seed=3)).id
    with desk.request():
        assert current(Address(dataset)).run.id == second
        assert current(Address(dataset)).comparison().because == "Newer."
        assert current(Address(dataset, first)).run.id == first
        assert current(Address(dataset, waiting)).comparison() is None


def test_the_choice_is_that_of_the_address_where_it_has_segments(desk):
    """Unknown candidates and those without segments fall back on the recommended one."""
    _, run = desk.finished()
    expected = {
        "kmeans-3": "kmeans-3",
        "dbscan-1": "dbscan-1",
        "gmm-2": "kmeans-2",
        "kmeans-99": "kmeans-2",
        "": "kmeans-2",
    }
    with desk.request():
        found = {}
        for key in expected:
            here = current(Address(run=run, choice=key))
            found[key] = here.choice(here.comparison())
    assert found == expected


def test_nothing_recommended_is_nothing_chosen(desk):
    """Where no candidate has segments there is no choice, whatever the address says."""
    none = made.comparison(recommended=None)
    with desk.request():
        assert current(Address(choice="gmm-2")).choice(none) is None
        assert current(Address(choice="x")).choice(none) is None


def test_a_named_run_is_shown_on_the_reading_it_was_made_on(desk):
    """Two readings of one file may differ in rows; labels, table and answers of a page must be of the same one."""
    dataset = desk.add()
    desk.load(dataset, made.table(fingerprint="a" * 64), header="yes")
    plan = Plan(recipe=Recipe(answers={"header": "yes"}))
    run = desk.end(desk.compare(dataset, plan), made.comparison(plan=plan)).id
    desk.load(dataset, made.table(fingerprint="b" * 64), header="no")
    with desk.request():
        named, last = current(Address(dataset, run)), current(Address(dataset))
        assert (named.table().fingerprint, named.answers()) == ("a" * 64, {"header": "yes"})
        assert (last.table().fingerprint, last.answers()) == ("b" * 64, {"header": "no"})
        assert last.table(last.comparison()).fingerprint == "a" * 64, "a map of the latest comparison is of its reading"


def test_opening_a_file_again_brings_its_first_reading_back(desk):
    """The answers are those of the table that is shown, not those of the newest load run."""
    dataset = desk.add()
    desk.load(dataset, made.table(questions=(made.QUESTION,)))
    desk.load(dataset, made.table(fingerprint="b" * 64), header="no")
    desk.jobs.request(desk.owner, "load", dataset, {"answers": {}})
    with desk.request():
        here = current(Address(dataset))
        assert here.answers() == {} and here.table().questions == (made.QUESTION,)


def test_answers_are_none_before_anything_was_read(desk):
    """A file without a load run has had no question answered."""
    with desk.request():
        assert current(Address()).answers() == current(Address(desk.add())).answers() == {}


def test_a_comparison_of_an_earlier_version_breaks_no_page(desk):
    """It is still the run that is looked at, but has no result and no recipe; answers are those of the last reading."""
    dataset, run = desk.finished()
    desk.load(dataset, header="yes")
    old = '{"plan": "{\\"version\\": 1, \\"params\\": {}}"}'
    desk.store.database.change("UPDATE runs SET request = ? WHERE id = ?", old, run)
    with desk.request():
        for address in (Address(dataset, run), Address(dataset), Address(run=run, choice="kmeans-2")):
            here = current(address)
            assert here.run.id == run and not here.missing
            assert here.comparison() is None and here.recipe() is None
            assert here.answers() == {"header": "yes"} and here.table() is not None


def test_the_recipe_is_that_of_the_run(desk):
    """Preparing again starts from what was chosen; without a run there is nothing chosen."""
    dataset, _ = desk.finished(recipe=Recipe(scaling="robust"))
    with desk.request():
        assert current(Address(dataset)).recipe() == Recipe(scaling="robust")
        assert current(Address(desk.add())).recipe() is None


@pytest.mark.parametrize(("cookie", "expected"), [("1", True), ("0", False), ("yes", False), ("", False)])
def test_narrow_is_what_the_browser_said(desk, cookie, expected):
    """Only the one value counts; without a cookie the screen is wide."""
    with desk.request(sa_narrow=cookie):
        assert narrow() is expected
    with desk.request():
        assert narrow() is False


@pytest.mark.parametrize(
    ("cookie", "expected"), [("dark", "dark"), ("light", "light"), ("DARK", "light"), ("<b>", "light")]
)
def test_the_mode_is_light_or_dark(desk, cookie, expected):
    """Whatever the cookie holds, a figure gets one of two themes."""
    with desk.request(sa_mode=cookie):
        assert mode() == expected
