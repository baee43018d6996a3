"""Laws of the way from order lines to customers, to their comparison, and back to the lines."""

from __future__ import annotations

from dataclasses import replace

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html, no_update

from core.model import Plan, Recipe
from core.prepare import saved
from dashboard import orders_view
from dashboard.address import Address
from dashboard.current import current
from dashboard.orders import orders_of
from tests.dashboard import made, made_orders
from tests.pages.states import ORDERS, heading, state_of, stop

NOTHING = ([], [], [], [])


def buttons(shown):
    return {one.id["index"]: one for one in made.of(shown, html.Button) if isinstance(getattr(one, "id", None), dict)
            and one.id["type"] == "orders-go"}  # fmt: skip


def test_customers_are_shown_with_ways_on_and_found_again(desk, page):
    """Made with these choices: told so; the buttons compare, the lines set aside can be had."""
    params = state_of(desk, "made")
    with desk.request():
        shown = page("orders", **params)
    assert {"compare", "compare-top", "make"} <= set(buttons(shown))
    assert "The customers below are made with these choices." in made.words(shown)
    assert any(str(link.href).endswith("/aside.csv") for link in made.of(shown, html.A))


def test_what_customers_are_made_of_is_folded_and_their_views_follow(desk, page):
    """One line that opens; every view is on the page, so that ticks count from each of them."""
    params = state_of(desk, "made")
    with desk.request():
        shown = page("orders", **params)
    (fold,) = [one for one in made.of(shown, html.Details) if getattr(one, "id", "") == "orders-lines"]
    assert "Made of 92 of 100 order lines, 8 set aside" in made.words(fold) and not getattr(fold, "open", False)
    assert "What the columns are" in made.words(fold) and "What this does" in made.words(fold)
    assert made.words(shown).count("What the columns are") == made.words(fold).count("What the columns are")
    (view,) = [one for one in made.of(shown, dbc.RadioItems) if one.id == "orders-view"]
    seen = {one.className for one in made.of(shown, html.Div) if "sa-view-" in str(getattr(one, "className", ""))}
    assert seen == {f"sa-view sa-view-{option['value']}" for option in view.options}


def test_other_choices_unfold_what_customers_are_made_of(desk):
    """The way on is then to make customers by them."""
    params = state_of(desk, "made")
    with desk.request():
        here = current(Address.of(params))
        switched = replace(orders_of(here).plan, treatments={"duplicate": "aside"})
        top = orders_view.top(here, orders_of(here, switched.to_json()))
    assert set(buttons(top)) == {"make-top"} and "What the columns are" in made.words(top)


def test_customers_stay_where_making_others_came_to_nothing(desk):
    """What happened is told at the top, and the customers made before are still there."""
    params = state_of(desk, "made")
    with desk.request():
        here = current(Address.of(params))
        other = replace(orders_of(here).plan, treatments={"duplicate": "aside"})
        run = desk.jobs.request(desk.owner, "customers", params["dataset"], {"answers": {"orders": other.to_json()}})
        assert orders_of(here).made.id == run.id
        before = orders_view.stage(orders_of(here))
        stop(desk, run, "cancelled")
        orders = orders_of(here)
        assert orders.customers is not None and orders.plan == other and orders_view.stage(orders) != before
        assert "was cancelled" in made.words(orders_view.top(here, orders))
        assert "made with other choices" in made.words(orders_view.middle(here, orders))
        assert made.of(orders_view.below(orders), dbc.RadioItems)


@pytest.mark.parametrize(
    ("ticks", "told"),
    [([True, False, True], "2 of 3 features are ticked"), ([True, None], "1 of 2 features is ticked"),
     ([False, 1, "x"], "No feature is ticked: tick at least one")],
)  # fmt: skip
def test_the_number_of_ticks_follows_the_clicks(pages, ticks, told):
    """Only what is ticked counts; whatever else is posted is no tick."""
    assert told in pages.orders.tell(ticks)
    assert pages.orders.tell("x") is no_update


def test_ticked_features_are_compared(desk, pages):
    """The recipe names the ticked columns as features, holds the answers of the customers, and tells money in monetary."""
    params = state_of(desk, "made")
    table = made_orders.customers()
    places = [place for place, column in enumerate(table.columns) if column.name in ("recency", "return_rate")]
    ticks = [{"type": "feature-tick", "index": place} for place in places]
    with desk.request({"type": "orders-go", "index": "compare"}):
        told = pages.orders.go([1], *NOTHING, [True, True], ticks, None, f"?dataset={params['dataset']}")
    plan = Plan.from_json(desk.store.run(desk.owner, told[2]).request["plan"])
    assert told[3] == f"/compare?dataset={params['dataset']}&run={told[2]}"
    assert plan.recipe.roles["monetary"] == "profile" and "recency" not in plan.recipe.roles
    assert plan.recipe.answers["orders"] == desk.store.runs(desk.owner, kind="customers")[0].request["answers"]["orders"]
    with desk.request({"type": "orders-go", "index": "compare"}):
        assert pages.orders.go([1], *NOTHING, [], [], None, f"?dataset={params['dataset']}")[-1].role == "alert"


@pytest.mark.parametrize("index", ["examine", "make", "compare", "x", None])
@pytest.mark.parametrize("state", ["lines", "examined", "made", "read", "nothing"])
def test_a_button_that_only_appeared_starts_nothing(desk, pages, state, index):
    """Also where another one was pressed before."""
    params = state_of(desk, state)
    before = desk.store.runs(desk.owner)
    with desk.request({"type": "orders-go", "index": index}, value=None):
        assert pages.orders.go([1, None], *NOTHING, [], [], None, f"?dataset={params.get('dataset', '')}") == (no_update,) * 9
    assert desk.store.runs(desk.owner) == before


def test_the_page_follows_both_jobs_and_leaves_a_person_alone(desk, pages):
    """Nothing is drawn while nothing happens; the end of a job draws all."""
    params = state_of(desk, "making")
    search = f"?dataset={params['dataset']}"
    with desk.request():
        stage = made.of(pages.orders.layout(**params), dcc.Store)[0].data
        top, middle, below, now = pages.orders.follow(None, 0, search, "/orders", stage, None)
        assert top is middle is now is no_update and made.of(below, html.Progress)
        (run,) = desk.store.runs(desk.owner, kind="customers")
        desk.end(run, made_orders.ordered(), made_orders.customers())
        top, middle, below, now = pages.orders.follow(None, 0, search, "/orders", stage, None)
        assert now[-1] == "done" and "made with these choices" in made.words(middle) and buttons(top)
        assert pages.orders.follow(None, 0, search, "/orders", now, None) == (no_update,) * 4
        assert pages.orders.follow(None, 0, search, "/", stage, None) == (no_update,) * 4


@pytest.mark.parametrize("state", ORDERS)
def test_the_data_page_leads_from_order_lines_to_customers_and_back(desk, pages, page, state):
    """Lines: the way to customers is the primary one. Customers: of how many lines, and the way back."""
    params = state_of(desk, state)
    if state == "making":  # its page follows the job
        return
    with desk.request():
        shown = page("data", **params)
    told = made.words(shown)
    (go,) = [one for one in made.of(shown, html.Button) if getattr(one, "id", "") == "compare-go"]
    assert ("primary" in go.className) == (state == "made")
    assert ("Turn them into customers" in told) == (state != "made")
    assert (heading(shown) == "12 customers made of 92 order lines") == (state == "made")


def test_the_lines_come_back_and_the_customers_are_kept(desk, pages):
    """One press; nothing is read again."""
    params = state_of(desk, "made")
    search = f"?dataset={params['dataset']}"
    with desk.request():
        run, href, body, stage, _ = pages.data.lines_again(1, search)
        assert desk.store.run(desk.owner, run).state == "done" and (href, stage) == (f"/{search}", "ready")
        assert heading(body) == "orders.csv holds order lines"
        assert pages.data.lines_again(1, search) == pages.data.lines_again(None, search) == (no_update,) * 5
        assert "made with these choices" in made.words(pages.orders.layout(**params))


def test_reading_the_lines_otherwise_drops_the_customers(desk, pages):
    """Other answers are answers about lines; a plan for what they were is not kept."""
    params = state_of(desk, "made")
    search = f"?dataset={params['dataset']}"
    with desk.request({"type": "kind", "index": 1}, "value", "category"):
        assert pages.data.answer([], [], [], [], [], search)[0] is no_update  # customers are made as they are
    with desk.request():
        pages.data.lines_again(1, search)
    with desk.request({"type": "kind", "index": 1}, "value", "text"):
        run = pages.data.answer([], [], [], ["text"], [], search)[0]
    assert desk.store.run(desk.owner, run).request == {"answers": {"kind:StockCode": "text"}}


def test_a_recipe_of_customers_makes_them_of_another_file_up_to_today(desk, pages):
    """Next month: the lines become customers by the saved plan, but orders count up to the day they are looked at."""
    old = made_orders.plan(as_of="", today="2011-12-09", treatments={"duplicate": "aside"})
    text = saved(made_orders.customers(), Recipe(gaps="drop", answers={"orders": old.to_json()})).to_json()
    params = state_of(desk, "lines")
    with desk.request():
        told = pages.data.load_recipe({"dataset": params["dataset"], "text": text}, f"?dataset={params['dataset']}")
    load, customers, body, stage, said = told
    run = desk.store.run(desk.owner, customers)
    assert load is no_update and said is None and (run.kind, stage) == ("customers", "queued")
    assert heading(body) == "Making customers of orders.csv"
    plan = run.order_plan
    assert plan.treatments == {"duplicate": "aside"} and plan.mapping == old.mapping and plan.today > old.today
