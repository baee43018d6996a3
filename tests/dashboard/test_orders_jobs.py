"""Examining order lines and making customers as jobs: what is asked, joined, stored, and how a reading is left again."""

from __future__ import annotations

import pytest

from core.errors import SegmentationError
from core.model import OrderPlan
from dashboard import ids
from dashboard.store import NotFound
from tests.dashboard import made, made_orders


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(queue_per_session=4), monkeypatch)


@pytest.fixture()
def dataset(desk):
    """Order lines that are read."""
    found = desk.add("orders.csv")
    desk.load(found, made_orders.lines())
    return found


def asked(desk, dataset, kind="examine", plan=None, owner=""):
    text = (plan or made_orders.plan()).to_json()
    request = {"answers": {}, "plan": text} if kind == "examine" else {"answers": {"orders": text}}
    return desk.jobs.request(owner or desk.owner, kind, dataset, request)


def test_plans_that_differ_only_after_the_doctor_share_one_examination(desk, dataset):
    """Treatments, horizon and scores change nothing that the doctor looks at; a reference date does."""
    run = asked(desk, dataset)
    other = made_orders.plan(treatments={"returned": "keep"}, horizon_days=90, rfm="kmeans", seed=4)
    assert asked(desk, dataset, plan=other).id == run.id
    assert asked(desk, dataset, plan=made_orders.plan(as_of="2011-06-01")).id != run.id


def test_an_examination_that_is_asked_for_again_is_the_newest(desk, dataset):
    """Going back to an earlier choice of columns shows it when the page is opened once more."""
    first = desk.end(asked(desk, dataset), made_orders.examination())
    desk.end(asked(desk, dataset, plan=made_orders.plan(as_of="2011-06-01")), made_orders.examination())
    assert asked(desk, dataset).id == first.id
    assert desk.store.runs(desk.owner, dataset, "examine")[0].id == first.id


def test_customers_are_a_reading_with_an_account_beside_it(desk, dataset):
    """The table under the answers, the account under the run; the plan under the answer ``orders``."""
    run = desk.end(asked(desk, dataset, "customers"), made_orders.ordered(), made_orders.customers())
    answers = run.request["answers"]
    assert desk.store.answers(desk.owner, dataset) == answers
    assert OrderPlan.from_json(answers["orders"]) == run.order_plan == made_orders.plan()
    assert desk.store.table(desk.owner, dataset).made.orders == 37
    assert desk.store.ordered(desk.owner, run.id).currency == "GBP"
    assert desk.store.verify() == ()


def test_the_lines_can_be_had_again_and_then_the_customers(desk, dataset):
    """Both readings are kept; asking for one that is done makes it the last."""
    run = desk.end(asked(desk, dataset, "customers"), made_orders.ordered(), made_orders.customers())
    desk.jobs.request(desk.owner, "load", dataset, {"answers": {}})
    assert desk.store.table(desk.owner, dataset).made is None
    assert asked(desk, dataset, "customers").id == run.id
    assert desk.store.table(desk.owner, dataset).made is not None


def test_a_run_whose_account_is_gone_is_made_anew(desk, dataset):
    """Damage is not an answer: an equal request starts once more."""
    run = desk.end(asked(desk, dataset, "customers"), made_orders.ordered(), made_orders.customers())
    desk.store.discard_result(run.id)
    assert asked(desk, dataset, "customers").id != run.id


BAD = {
    "no plan": ("examine", {"answers": {}}),
    "a plan of nothing": ("examine", {"answers": {}, "plan": "{}"}),
    "a list for a plan": ("examine", {"answers": {}, "plan": [1]}),
    "an unknown column": ("examine", {"answers": {}, "plan": OrderPlan(mapping={"customer": "nobody"}).to_json()}),
    "an unknown column for customers": ("customers", {"answers": {"orders": OrderPlan(mapping={"date": "x"}).to_json()}}),
    "answers that are no text": ("examine", {"answers": {"header": 1}, "plan": made_orders.plan().to_json()}),
    "an examination of customers": ("examine", {"answers": {"orders": "x"}, "plan": made_orders.plan().to_json()}),
    "customers without a plan": ("customers", {"answers": {}}),
    "customers of nonsense": ("customers", {"answers": {"orders": "{"}}),
    "customers by reading": ("load", {"answers": {"orders": made_orders.plan().to_json()}}),
    "a look at nonsense": ("explore", {"answers": {"orders": "{"}}),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_request_that_does_not_fit_is_refused_in_words(desk, dataset, case):
    """Nothing is queued."""
    kind, request = BAD[case]
    before = desk.store.runs(desk.owner)
    with pytest.raises(SegmentationError) as told:
        desk.jobs.request(desk.owner, kind, dataset, request)
    assert str(told.value).endswith(".") and desk.store.runs(desk.owner) == before


def test_a_strangers_lines_are_as_unknown_as_invented_ones(desk, dataset):
    """Neither job can be asked for, and no result can be read."""
    run = desk.end(asked(desk, dataset), made_orders.examination())
    stranger = ids.new_id()
    for kind in ("examine", "customers"):
        with pytest.raises(NotFound):
            asked(desk, dataset, kind, owner=stranger)
    with pytest.raises(NotFound):
        desk.store.examination(stranger, run.id)
    with pytest.raises(NotFound):
        desk.store.ordered(desk.owner, run.id)
