"""Laws of the frame: steps that can be gone, one line about what is looked at, the truth about jobs, guards of callbacks."""

from __future__ import annotations

import dash
import pytest
from dash import dcc, html, no_update

from core.model import Recipe
from dashboard import ids, shell
from dashboard.address import Address
from dashboard.store import Problem
from tests.dashboard import made, made_orders

AGAIN, CANCEL = len(shell.KINDS) + 2, {"type": "cancel", "index": ""}
OPEN = [("Data", "/"), ("Score", "/score"), ("Runs", "/runs")]
"""The steps that need neither a file nor a comparison."""


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(queue_per_session=2), monkeypatch)


def frame(pathname, **parts):
    return shell.frame(pathname, Address(**parts).to("").lstrip(), None)


def hrefs(steps):
    return [(link.children[1].children, link.href) for step in steps for link in made.of(step, (html.A, dcc.Link))]


def test_the_layout_has_each_id_once_and_every_page_container(desk):
    """Two parts of one id would make every callback on it fail in the browser."""
    with desk.request():
        found = made.known(shell.layout())
    assert len(found) == len(set(found))
    assert {"url", "main", "dock", "said", "steps", "context", "pulse", "jobs-state", "uploaded"} <= set(found)
    assert {f"{kind}-{part}" for kind in shell.KINDS for part in ("request", "finished")} <= set(found)


def test_the_first_link_leads_to_the_content(desk):
    """A keyboard user skips the rail: the link names the id of the main part, which can take the focus."""
    with desk.request():
        made_layout = shell.layout()
    (skip,) = [link for link in made.of(made_layout, html.A) if link.href.startswith("#")]
    (main,) = made.of(made_layout, html.Main)
    assert skip.href == f"#{main.id}" and main.tabIndex == -1


def test_without_a_file_only_what_needs_none_can_be_opened(desk):
    """A file can be brought, a stored model used and an earlier run found; the others say what they wait for."""
    with desk.request():
        steps, facts = frame("/")
    assert hrefs(steps) == OPEN
    waits = [made.words(step).split(" ", 1)[1] for step in steps if not made.of(step, (html.A, dcc.Link))]
    assert waits == [*["Waits for a file"] * 3, *["Waits for a comparison"] * 3]
    assert made.words(facts) == "No file yet"


def test_a_file_that_was_read_opens_compare(desk):
    """Not before: a queued or failed load opens nothing."""
    dataset = desk.add()
    with desk.request():
        assert [name for name, _ in hrefs(frame("/", dataset=dataset)[0])] == [name for name, _ in OPEN]
        assert made.words(frame("/", dataset=dataset)[1]) == "shop.csv"
        desk.load(dataset)
        steps, facts = frame("/", dataset=dataset)
    paths = {"Data": "/", "Orders": "/orders", "Explore": "/explore", "Compare": "/compare", "Score": "/score", "Runs": "/runs"}
    assert hrefs(steps) == [(name, f"{path}?dataset={dataset}") for name, path in paths.items()]
    assert made.words(facts) == "shop.csv 12 customers"


def test_the_step_of_orders_stands_aside_for_a_file_of_customers(desk):
    """Dimmed and told why, but open; plain for order lines; and lines are never counted as customers."""
    plain, lines = desk.add(), desk.add("orders.csv")
    desk.load(plain)
    desk.load(lines, made_orders.lines())
    with desk.request():
        (aside,) = [link for link in made.of(frame("/", dataset=plain)[0], dcc.Link) if link.href.startswith("/orders")]
        steps, facts = frame("/", dataset=lines)
        (way,) = [link for link in made.of(steps, dcc.Link) if link.href.startswith("/orders")]
    assert aside.className == "sa-step is-aside" and "For order files" in made.words(aside)
    assert way.className == "sa-step" and made.words(way).strip() == "Orders"
    assert made.words(facts) == "orders.csv 6 order lines"


def test_a_comparison_opens_everything_and_links_keep_run_and_choice(desk):
    """The choice of the address is carried through every step; the line above names it."""
    dataset, run = desk.finished()
    with desk.request():
        steps, facts = frame("/atlas", dataset=dataset, run=run, choice="kmeans-3")
    query = f"?dataset={dataset}&run={run}&choice=kmeans-3"
    assert [href for _, href in hrefs(steps)] == [
        f"{p}{query}" for p in ("/", "/orders", "/explore", "/compare", "/atlas", "/importance", "/score", "/runs", "/export")
    ]
    assert made.words(facts) == "shop.csv 12 customers Kmeans, 3 segments"


@pytest.mark.parametrize("path", ["/", "/orders", "/explore", "/compare", "/atlas", "/importance", "/score", "/runs", "/export"])
def test_exactly_the_page_that_is_open_is_marked(desk, path):
    """aria-current says where one is; an address that is no page marks none."""
    dataset, run = desk.finished()
    with desk.request():
        found = made.of(frame(path, dataset=dataset, run=run)[0], html.A)
        assert [getattr(link, "aria-current") for link in found] == ["page"]  # noqa: B009
        assert found[0].href.partition("?")[0] == path
        assert made.of(frame("/nowhere", dataset=dataset, run=run)[0], html.A) == []


def test_what_became_of_segments_is_a_part_of_the_runs(desk):
    """A page without a step of its own marks the one that it belongs to."""
    dataset, run = desk.finished()
    with desk.request():
        found = made.of(frame("/migration", dataset=dataset, run=run)[0], html.A)
    assert [link.href.partition("?")[0] for link in found] == ["/runs"]


def test_every_page_with_an_icon_names_a_need_that_the_frame_knows(app):
    """A new page cannot ask for what is never there."""
    pages = [page for page in dash.page_registry.values() if page.get("icon")]
    assert {page["needs"] for page in pages} <= {"", *shell.WAITS}
    assert len({page["order"] for page in pages}) == len(pages) == 9


@pytest.mark.parametrize("search", [None, 7, "?run=../..", "?dataset=%00&run=x", "?run=" + "a" * 64, ["x"]])
def test_a_hostile_address_shows_the_first_step(desk, search):
    """Whatever the browser says it looks at."""
    with desk.request():
        steps, facts = shell.frame(None, search, {"x": 1})
    assert made.words(facts) == "No file yet" and hrefs(steps) == OPEN


def test_a_hostile_file_name_is_harmless_in_the_context_bar(desk):
    """It stands on every page."""
    dataset = desk.add(name=made.HOSTILE)
    with desk.request():
        told = made.words(frame("/", dataset=dataset)[1])
    assert "\u202e" not in told and "\x00" not in told


# jobs


def pulse(state=None):
    return shell.pulse(0, *[None] * 6, state)


def test_without_jobs_the_browser_stops_asking(desk):
    """An empty dock, a disabled pulse, and no change of a state that is known."""
    with desk.request():
        assert pulse() == ([], [], True)
        assert pulse([]) == (no_update, [], True)


def test_live_jobs_are_in_the_dock_and_the_browser_keeps_asking(desk):
    """Queued, running and saving are live; the state changes with each of them and not in between."""
    dataset = desk.add()
    run = desk.compare(dataset)
    with desk.request():
        seen = []
        token = None
        for step in ("queued", "running", "saving"):
            if step == "running":
                token = desk.begin(run)
            if step == "saving":
                desk.store.ledger.saving(run.id, token)
            state, dock, stopped = pulse(seen[-1] if seen else None)
            assert state == [[run.id, "compare", step]] and len(dock) == 1 and stopped is False
            assert pulse(state)[0] is no_update
            seen.append(state)
        desk.jobs.cancel(desk.owner, run.id)
        assert pulse(seen[-1]) == ([[run.id, "compare", "cancelled"]], [], True)


def test_nobody_sees_the_jobs_of_another_session(desk):
    """The dock is one's own."""
    desk.compare(desk.add())
    desk.owner = ids.new_id()
    with desk.request():
        assert pulse() == ([], [], True)


# cancel


def test_the_cross_cancels_its_job_and_no_other(desk):
    """Whether pressed on the page or in the dock."""
    for kind in ("cancel", "cancel-docked"):
        one, other = desk.compare(desk.add()), desk.compare(desk.add())
        with desk.request(triggered={"type": kind, "index": one.id}):
            assert shell.cancel([1], [None]) is no_update
        assert desk.store.run(desk.owner, one.id).state == "cancelled"
        assert desk.store.run(desk.owner, other.id).state == "queued"
        desk.jobs.cancel(desk.owner, other.id)


@pytest.mark.parametrize("clicks", [([], []), ([None], []), ([0], [None])])
def test_a_cross_that_only_appeared_cancels_nothing(desk, clicks):
    """Dash calls back when buttons are drawn; nobody has pressed one then."""
    run = desk.compare(desk.add())
    with desk.request(triggered={"type": "cancel", "index": run.id}):
        assert shell.cancel(*clicks) is no_update
    assert desk.store.run(desk.owner, run.id).state == "queued"


def test_cancelling_needs_a_trigger_and_a_run_of_ones_own(desk):
    """No trigger, an unknown id, a stranger's run, a run that has ended: nothing happens, nothing fails."""
    run = desk.compare(desk.add())
    with desk.request():
        assert shell.cancel([1], []) is no_update
    with desk.request(triggered={"type": "cancel", "index": "x"}):
        assert shell.cancel([1], []) is no_update
    mine, desk.owner = desk.owner, ids.new_id()
    with desk.request(triggered={"type": "cancel", "index": run.id}):
        assert shell.cancel([1], []) is no_update
    assert desk.store.run(mine, run.id).state == "queued"
    desk.owner = mine
    ended = desk.end(run, made.comparison())
    with desk.request(triggered={"type": "cancel", "index": run.id}):
        assert shell.cancel([1], []) is no_update
    assert desk.store.run(mine, ended.id).state == "done"


# run again


def again(desk, run, clicks=(1,), path="/compare"):
    with desk.request(triggered={"type": "again", "index": run}):
        return shell.run_again(list(clicks), path)


def by_kind(outputs):
    """The request that each kind of job gets, and where the page goes."""
    return dict(zip(shell.KINDS, outputs, strict=False)), outputs[len(shell.KINDS)]


def test_again_asks_for_the_same_and_goes_to_where_it_shows(desk):
    """Only the request of its own kind is filled; the address names the new comparison."""
    dataset = desk.add()
    run = desk.compare(dataset)
    desk.store.ledger.fail(run.id, Problem("X", "It broke."))
    asked, href = by_kind(again(desk, run.id))
    compare = asked.pop("compare")
    assert set(asked.values()) == {no_update} and compare != run.id
    assert desk.store.run(desk.owner, compare).request == run.request
    assert href == f"/compare?dataset={dataset}&run={compare}"


def test_again_for_a_file_stays_with_the_file(desk):
    """A load run is not a run that an address may name."""
    dataset = desk.add()
    run = desk.jobs.request(desk.owner, "load", dataset, {"answers": {}})
    desk.jobs.cancel(desk.owner, run.id)
    asked, href = by_kind(again(desk, run.id, path="/"))
    load = asked.pop("load")
    assert set(asked.values()) == {no_update} and desk.store.run(desk.owner, load).state == "queued"
    assert href == f"/?dataset={dataset}"


def test_again_for_importance_goes_back_to_its_candidate(desk):
    """The address names the comparison and the candidate that are explained, not the measurement."""
    dataset, compared = desk.finished(recipe=Recipe())
    asked = {"run": compared, "candidate": "kmeans-3"}
    run = desk.jobs.request(desk.owner, "importance", dataset, asked)
    desk.store.ledger.interrupt(run.id)
    told, href = by_kind(again(desk, run.id, path="/importance"))
    assert desk.store.run(desk.owner, told["importance"]).request == {**asked, "shape": ""}
    assert href == f"/importance?dataset={dataset}&run={compared}&choice=kmeans-3"


@pytest.mark.parametrize("clicks", [[], [None], [0, None]])
def test_again_is_not_asked_for_by_a_button_that_only_appeared(desk, clicks):
    """Every output stays as it is and nothing is queued."""
    run = desk.compare(desk.add())
    desk.jobs.cancel(desk.owner, run.id)
    assert set(again(desk, run.id, clicks)) == {no_update}
    assert len(desk.store.runs(desk.owner)) == 1


def test_again_without_a_trigger_changes_nothing(desk):
    """A made-up request names no button."""
    with desk.request():
        assert shell.run_again([1], "/") == (no_update,) * AGAIN


def test_again_for_an_unknown_or_foreign_run_starts_nothing(desk):
    """Nothing is queued and the page stays; whether a stranger's run exists is not told."""
    run = desk.compare(desk.add())
    desk.owner = ids.new_id()
    told = [again(desk, one) for one in (run.id, ids.new_id(), "x")]
    assert all(one[:4] == (no_update,) * 4 for one in told)
    assert made.words(told[0][4:]) == made.words(told[1][4:]) == made.words(told[2][4:])
    assert desk.store.runs(desk.owner) == ()


def test_again_with_a_full_queue_says_so(desk):
    """The button does not stay silent when two jobs are under way already."""
    run = desk.compare(desk.add())
    desk.jobs.cancel(desk.owner, run.id)
    for _ in range(2):
        desk.compare(desk.add())
    *unchanged, said = again(desk, run.id)
    assert set(unchanged) == {no_update}
    assert said.role == "alert" and "2 jobs of yours" in made.words(said)
