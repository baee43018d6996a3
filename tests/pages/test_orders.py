"""Laws of the Orders page: each state says what to do next, switches tell their effect at once, and nothing starts by accident."""

from __future__ import annotations

import re
from dataclasses import replace

import dash_bootstrap_components as dbc
import pandas as pd
import pytest
from dash import dcc, html, no_update

from core import pipeline
from core.model import OrderPlan, Part, Table
from core.orders.ailments import AILMENTS
from dashboard.components.orders_intake import PARTS
from tests.dashboard import made, made_orders
from tests.pages.states import ENDS, heading, orders_state_of, state_of

NOTHING = ([], [], [], [])
DUPLICATE, CURRENCY = list(AILMENTS).index("duplicate"), list(AILMENTS).index("other_currency")


def buttons(shown):
    return {one.id["index"]: one for one in made.of(shown, html.Button) if isinstance(getattr(one, "id", None), dict)
            and one.id["type"] == "orders-go"}  # fmt: skip


def part(name):
    return {"type": "order-part", "index": PARTS.index(name)}


def form(treatments=None, choices=None):
    """The states of switches and choices as a browser sends them."""
    treated, chosen = treatments or {}, choices or {}
    return (list(treated.values()), [{"type": "order-treatment", "index": place} for place in treated],
            list(chosen.values()), [{"type": "order-choice", "index": name} for name in chosen])  # fmt: skip


@pytest.mark.parametrize(
    ("state", "title"),
    [("nothing", "Turn order lines into customers"), ("reading", "Turn order lines into customers"),
     ("read", "shop.csv does not look like order lines"), ("lines", "6 rows in orders.csv"),
     ("examining", "6 rows in orders.csv"), ("examined", "100 order lines of 12 customers"),
     ("made", "100 order lines of 12 customers")],
)  # fmt: skip
def test_the_heading_says_where_one_stands(desk, page, state, title):
    """A finding as soon as there is one."""
    params = state_of(desk, state)
    with desk.request():
        assert heading(page("orders", **params)) == title


def test_a_file_of_customers_is_told_so_and_may_be_mapped_by_hand(desk, page):
    """No job starts; what its columns do not say is said once."""
    params = state_of(desk, "read")
    with desk.request():
        shown = page("orders", **params)
        assert "does not look like a file of order lines" in made.words(shown)
        assert "for how much" in made.words(shown) and "No column says" not in made.words(shown)
        assert [one.data for one in made.of(shown, dcc.Store) if one.id == "orders-enter"] == [False]
        assert len([one for one in made.of(shown, dbc.Select) if one.id["type"] == "order-part"]) == len(Part)


@pytest.mark.parametrize(("customers", "told"), [(5, True), (200, False)])
def test_dated_rows_of_customers_without_an_amount_are_told_what_they_lack(desk, page, tmp_path, customers, told):
    """Only where customers come back: a file of customers with a date is left alone."""
    days = pd.date_range("2024-01-01", periods=200).strftime("%Y-%m-%d")
    file = tmp_path / "visits.csv"
    pd.DataFrame({"customer_id": [f"A{place % customers:04d}" for place in range(200)], "date": days}).to_csv(file, index=False)
    table = pipeline.load(file, file.name, {})
    params = orders_state_of(desk, "lines", lines=table)
    with desk.request():
        assert ("no column says for how much" in made.words(page("data", **params))) == told
        assert ("No column says for how much" in made.words(page("orders", **params))) == told


def test_order_lines_are_examined_as_soon_as_their_page_is_opened(desk, pages, page):
    """Once: the second visitor finds the run."""
    params = state_of(desk, "lines")
    search = f"?dataset={params['dataset']}"
    with desk.request():
        assert [one.data for one in made.of(page("orders", **params), dcc.Store) if one.id == "orders-enter"] == [True]
        run, said = pages.orders.enter(True, search)
        assert said is no_update and desk.store.run(desk.owner, run).kind == "examine"
        assert pages.orders.enter(True, search) == (no_update, no_update)
    assert desk.store.run(desk.owner, run).order_plan.mapping == dict(made_orders.plan().mapping)


@pytest.mark.parametrize("unseen", [None, False, 1, "x", [True]])
def test_nothing_is_examined_unless_the_page_says_so(desk, pages, unseen):
    """Whatever else is posted."""
    params = state_of(desk, "lines")
    with desk.request():
        assert pages.orders.enter(unseen, f"?dataset={params['dataset']}") == (no_update, no_update)
    assert desk.store.runs(desk.owner, kind="examine") == ()


def test_an_open_question_about_the_file_comes_first(desk, page):
    """Orders need to know how dates are read; the way leads to where it is asked."""
    params = orders_state_of(desk, "lines", lines=made_orders.lines(questions=(made.QUESTION,)))
    with desk.request():
        shown = page("orders", **params)
    assert "1 question about this file is open." in made.words(shown)
    assert f"/?dataset={params['dataset']}" in [link.href for link in made.of(shown, dcc.Link)]
    assert [one.data for one in made.of(shown, dcc.Store) if one.id == "orders-enter"] == [False]


def test_the_doctor_counts_lines_orders_customers_and_money(desk, page):
    """Every ailment that there is, with its switch at the proposal; the others in one sentence."""
    params = state_of(desk, "examined")
    with desk.request():
        told = made.words(page("orders", **params))
        switches = {one.id["index"]: one.value for one in made.of(page("orders", **params), dbc.RadioItems)
                    if one.id["type"] == "order-treatment"}  # fmt: skip
    assert "4 lines (4% of all), 2 orders, 1 customer, \N{MINUS SIGN}200.00" in told
    assert "5 things found" in told
    (missed,) = re.findall(r"Also looked for, in 0 lines: ([^.]*)\.", told)
    assert {"after the reference date", "extreme orders"} <= set(missed.split(", ")) and "duplicate lines" not in missed
    assert not {"shipping", "currency"} & set(re.findall(r"\w+", missed))  # no column tells of them
    assert {list(AILMENTS)[place]: value for place, value in switches.items()} == {
        "cancelled": "net", "returned": "net", "zero_price": "keep", "duplicate": "keep"}  # fmt: skip


def test_the_sum_proves_that_nothing_is_lost(desk, page):
    """Uploaded = kept + set aside, in lines, orders, customers and money; net = bought - taken off."""
    params = state_of(desk, "examined")
    with desk.request():
        shown = page("orders", **params)
    (table,) = [one for one in made.of(shown, html.Table) if "sa-balance-table" in one.className]
    rows = {cells[0]: cells[1:] for cells in ([made.words(cell) for cell in made.of(row, (html.Th, html.Td))]
                                              for row in made.of(table, html.Tr))}  # fmt: skip
    assert rows["Kept"] == ["92", "37", "12", "9,590.00"]
    assert rows["Set aside"] == ["8", "3", "0", "400.00"]
    assert rows["Uploaded"] == ["100", "40", "12", "9,990.00"]
    assert rows["of which bought"][-1] == "9,940.00" and rows["of which taken off or below zero"][-1] == "\N{MINUS SIGN}350.00"


def test_a_switch_tells_its_effect_at_once_and_is_kept(desk, pages, page):
    """No job; the page holds the plan, and a press makes customers by it."""
    params = state_of(desk, "examined")
    search = f"?dataset={params['dataset']}"
    switched = form({DUPLICATE: "aside"}, {"horizon": 90})
    with desk.request({"type": "order-treatment", "index": DUPLICATE}, "value", "aside"):
        effect, kept = pages.orders.reckon([], [], *switched, None, search)
        assert "100 lines uploaded = 88 kept + 12 set aside" in made.words(effect)
        assert OrderPlan.from_json(kept).treatments == {"duplicate": "aside"}
        assert pages.orders.reckon([], [], *switched, kept, search) == (no_update, no_update)
    assert len(desk.store.runs(desk.owner, kind="customers")) == 0
    with desk.request({"type": "orders-go", "index": "make"}):
        run = pages.orders.go([1], *switched, [], [], kept, search)[1]
    plan = desk.store.run(desk.owner, run).order_plan
    assert (dict(plan.treatments), plan.horizon_days) == ({"duplicate": "aside"}, 90)


BAD_FORMS = [({DUPLICATE: "net"}, None), ({99: "aside"}, None), ({DUPLICATE: [1]}, None), ({-1: "aside"}, None)]


@pytest.mark.parametrize(("treatments", "choices"), BAD_FORMS)
def test_a_treatment_that_is_no_option_changes_nothing(desk, pages, treatments, choices):
    """Whatever is posted for a switch."""
    params = state_of(desk, "examined")
    with desk.request({"type": "order-treatment", "index": 0}, "value", "x"):
        told = pages.orders.reckon([], [], *form(treatments, choices), None, f"?dataset={params['dataset']}")
    assert told == (no_update, no_update)


@pytest.mark.parametrize("choices", [{"horizon": 0}, {"horizon": 1.5}, {"horizon": None}, {"horizon": True}, {"rfm": "x"},
                                     {"rfm": "fixed"}, {"rfm": "fixed", "cuts-recency": "1;2"},
                                     {"rfm": "fixed", **{f"cuts-{one}": "4;3;2;1" for one in ("recency", "frequency", "monetary")}}])  # fmt: skip
def test_a_choice_that_does_not_hold_is_refused_in_words(desk, pages, choices):
    """The words stand where the effect stood; no customers are made by it."""
    params = state_of(desk, "examined")
    search = f"?dataset={params['dataset']}"
    with desk.request({"type": "order-choice", "index": "rfm"}, "value", "x"):
        effect, kept = pages.orders.reckon([], [], *form(None, choices), None, search)
        assert effect.role == "alert" and kept is no_update
    with desk.request({"type": "orders-go", "index": "make"}):
        assert pages.orders.go([1], *form(None, choices), [], [], None, search)[-1].role == "alert"
    assert desk.store.runs(desk.owner, kind="customers") == ()


def test_limits_of_ones_own_are_read(desk, pages):
    """Four numbers each, separated by semicolons."""
    params = state_of(desk, "examined")
    limits = {"rfm": "fixed", "cuts-recency": "7; 30; 90; 365", "cuts-frequency": "1;2;3;4", "cuts-monetary": "10;20.5;30;40"}
    with desk.request({"type": "order-choice", "index": "rfm"}, "value", "fixed"):
        _, kept = pages.orders.reckon([], [], *form(None, limits), None, f"?dataset={params['dataset']}")
    assert OrderPlan.from_json(kept).cuts["monetary"] == (10.0, 20.5, 30.0, 40.0)


def test_another_column_is_taken_and_examined_anew(desk, pages):
    """The part that had it is left without; the switches stay as they are."""
    params = state_of(desk, "examined")
    search = f"?dataset={params['dataset']}"
    with desk.request(part(Part.PRODUCT), "value", "c2"):  # Description
        run, *_, kept, said = pages.orders.redo([], [], [], *form({DUPLICATE: "aside"}), None, search)
    plan = OrderPlan.from_json(kept)
    assert said is None and plan.column(Part.PRODUCT) == "Description" and plan.column(Part.DESCRIPTION) == ""
    assert plan.treatments == {"duplicate": "aside"} and desk.store.run(desk.owner, run).order_plan.treatments == {}


def test_a_needed_part_without_a_column_is_named_and_nothing_starts(desk, pages):
    """The doctor waits until there is one."""
    params = state_of(desk, "examined")
    with desk.request(part(Part.CUSTOMER), "value", "none"):
        run, top, middle, *_ = pages.orders.redo([], [], [], *NOTHING, None, f"?dataset={params['dataset']}")
    assert run is no_update and middle == [] and "No column says who bought" in made.words(top)


@pytest.mark.parametrize(("triggered", "value"), [(part(Part.DATE), "c1"), (part(Part.QUANTITY), "c0")])
def test_a_column_of_the_wrong_kind_is_refused_in_words(desk, pages, triggered, value):
    """A code is no date, text is no quantity; the columns are drawn as they were."""
    params = state_of(desk, "examined")
    with desk.request(triggered, "value", value):
        told = pages.orders.redo([], [], [], *NOTHING, None, f"?dataset={params['dataset']}")
    assert told[0] is no_update and told[-1].role == "alert" and "What the columns are" in made.words(told[1])
    assert len(desk.store.runs(desk.owner, kind="examine")) == 1


@pytest.mark.parametrize("triggered", [
    {"type": "order-part", "index": 99}, {"type": "order-part", "index": "x"}, {"type": "order-part", "index": None},
    {"type": "order-other", "index": "0-99"}, {"type": "order-other", "index": "x-y"}, {"type": "order-other", "index": "-"},
    {"type": "order-redo", "index": "seed"}, {"type": "order-redo", "index": 3}, "orders-kept",
])  # fmt: skip
@pytest.mark.parametrize("value", ["c99", "c", "x", None, [1], True, "c1e9"])
def test_a_change_of_what_is_not_there_changes_nothing(desk, pages, triggered, value):
    """Parts, columns and choices that the page does not have."""
    params = state_of(desk, "examined")
    with desk.request(triggered, "value", value):
        told = pages.orders.redo([], [], [], *NOTHING, None, f"?dataset={params['dataset']}")
    assert told == (no_update,) * 7
    assert len(desk.store.runs(desk.owner)) == 2


def test_another_reference_date_is_examined_and_a_bad_one_is_refused(desk, pages):
    """The date that is shown already starts nothing."""
    params = state_of(desk, "examined")
    search = f"?dataset={params['dataset']}"

    def chosen(value):
        with desk.request({"type": "order-redo", "index": "as_of"}, "value", value):
            return pages.orders.redo([], [], [], *NOTHING, None, search)

    assert chosen("2011-12-10") == (no_update,) * 7
    assert chosen("yesterday")[-1].role == "alert"
    assert OrderPlan.from_json(chosen("2011-06-30")[5]).as_of == "2011-06-30"


def test_several_currencies_block_until_somebody_chooses(desk, pages, page):
    """A question without an answer made ahead; the choice opens the button."""
    params = orders_state_of(desk, "examining")
    found = made_orders.examination()
    touched = made_orders.totals(4, 2, 1, 40.0)
    findings = tuple(replace(one, touched=touched) if one.ailment == "other_currency" else one for one in found.findings)
    (run,) = desk.store.runs(desk.owner, kind="examine")
    desk.end(run, replace(found, findings=findings, currencies={"EUR": 96, "<USD>": 4}))
    search = f"?dataset={params['dataset']}"
    with desk.request():
        shown = page("orders", **params)
        assert "These orders are in 2 currencies" in made.words(shown) and buttons(shown)["make"].disabled
        (switch,) = [one for one in made.of(shown, dbc.RadioItems) if one.id == {"type": "order-treatment", "index": CURRENCY}]
        assert switch.value == ""
    with desk.request({"type": "orders-go", "index": "make"}):
        assert pages.orders.go([1], *NOTHING, [], [], None, search)[-1].role == "alert"
    with desk.request({"type": "order-treatment", "index": CURRENCY}, "value", "aside"):
        effect, kept = pages.orders.reckon([], [], *form({CURRENCY: "aside"}), None, search)
        assert not buttons(effect)["make"].disabled
        assert OrderPlan.from_json(kept).treatments == {"other_currency": "aside"}


@pytest.mark.parametrize("stage", [None, "x", [], [1], {"a": 1}, ["lines"] * 9])
@pytest.mark.parametrize("kept", [None, "{", 7, [1], '{"version":2}', OrderPlan(mapping={"customer": "nobody"}).to_json()])
def test_a_hostile_store_shows_the_page_as_it_stands(desk, pages, stage, kept):
    """Whatever the browser says it holds; a plan for another file counts as none."""
    params = state_of(desk, "examined")
    with desk.request():
        assert pages.orders.follow(None, 0, f"?dataset={params['dataset']}", "/orders", stage, kept) == (no_update,) * 4
    with desk.request({"type": "order-treatment", "index": DUPLICATE}, "value", "aside"):
        effect, _ = pages.orders.reckon([], [], *form({DUPLICATE: "aside"}), kept, f"?dataset={params['dataset']}")
    assert "12 set aside" in made.words(effect)


@pytest.mark.parametrize("state", ["ailing", "unmade"])
def test_a_job_that_failed_says_why_and_offers_the_button(desk, page, state):
    """Its words; what was there before stays."""
    params = state_of(desk, state)
    with desk.request():
        shown = page("orders", **params)
    assert ENDS["failed"] in made.words(shown) and [one for one in made.known(shown) if '"again"' in one]
    assert ("100 order lines" in heading(shown)) == (state == "unmade")


def test_names_from_the_data_are_in_no_id_and_no_value_of_a_choice(desk, page):
    """Hostile column names stand in text only, without what hides or links."""
    lines = made_orders.lines()
    evil = {"Country": made.HOSTILE}
    columns = tuple(replace(one, name=evil.get(one.name, one.name)) for one in lines.columns)
    table: Table = replace(lines, columns=columns, raw=lines.raw.rename(columns=evil), frame=lines.frame.rename(columns=evil))
    params = orders_state_of(desk, "lines", lines=table)
    with desk.request():
        shown = page("orders", **params)
    assert not [one for one in made.known(shown) if "https" in one]
    for control in made.of(shown, dbc.Select):
        assert all(option["value"].startswith("c") or option["value"] == "none" for option in control.options)
        assert not any("\u202e" in option["label"] for option in control.options)
