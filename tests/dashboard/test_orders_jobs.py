"""Examining order lines and making customers as jobs: what is asked, joined, stored, and how a reading is left again."""

from __future__ import annotations

import pytest

from core import pipeline
from core.errors import SegmentationError
from core.model import OrderPlan
from core.orders.guessing import guess, plan_for
from dashboard import ids, jobs
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


SHOP = [(10.25 + n % 7, -1 if n % 10 == 9 else 1 + n % 4) for n in range(140)]
BOUGHT, BACK = (round(sum(p * q for p, q in SHOP if sign * q > 0) * 10_000) for sign in (1, -1))


def lines_of_shop() -> str:
    """Forty customers with three or four orders each, in two months; every tenth line is a return."""
    rows = ["invoice,customer id,order date,quantity,unit price"]
    for n, (price, quantity) in enumerate(SHOP):
        rows.append(f"A{n:04d},C{n * 7 % 40:03d},2024-{1 + n % 2:02d}-{1 + n % 28:02d},{quantity},{price}")
    return "\n".join(rows) + "\n"


@pytest.fixture()
def shop(desk, tmp_path):
    """That file, read by a job."""
    path = tmp_path / "shop.csv"
    path.write_text(lines_of_shop(), encoding="utf-8")
    dataset = desk.store.add_dataset(desk.owner, "shop.csv", path).id
    return dataset if done(desk, desk.jobs.request(desk.owner, "load", dataset, {"answers": {}})).state == "done" else ""


def done(desk, run):
    jobs.perform(desk.store, run.id)
    return desk.store.run(desk.owner, run.id)


def test_the_jobs_examine_the_stored_lines_and_make_customers_of_them(desk, shop, monkeypatch):
    """Neither reads the file again; money adds up, and nothing is left behind."""
    table = desk.store.table(desk.owner, shop)
    plan = plan_for(table, guess(table), today="2024-12-31")
    monkeypatch.setattr(pipeline, "load_apart", lambda *_given, **_more: pytest.fail("the file was read again"))
    request = {"answers": {}, "plan": plan.to_json()}
    examined = done(desk, desk.jobs.request(desk.owner, "examine", shop, request))
    found = desk.store.examination(desk.owner, examined.id)
    assert (found.uploaded.lines, found.uploaded.customers, found.uploaded.revenue) == (140, 40, BOUGHT + BACK)
    made_by = done(desk, desk.jobs.request(desk.owner, "customers", shop, {"answers": {"orders": plan.to_json()}}))
    assert made_by.state == "done" and made_by.problem is None
    told, customers = desk.store.ordered(desk.owner, made_by.id), desk.store.table(desk.owner, shop)
    assert customers.made.lines == 140 and len(customers) == 40
    assert round(customers.frame["monetary"].sum() * 10_000) == BOUGHT + BACK
    assert (told.effect.purchases.revenue, told.effect.returns.revenue) == (BOUGHT, BACK)
    assert list((desk.store.directory / "temp").iterdir()) == [] and desk.store.verify() == ()


def test_customers_that_cannot_be_made_leave_words_and_no_draft(desk, shop):
    """Every line set aside: the run fails with a hint, and the reading stays the one of the lines."""
    table = desk.store.table(desk.owner, shop)
    plan = plan_for(table, guess(table), as_of="2020-01-01")
    run = done(desk, desk.jobs.request(desk.owner, "customers", shop, {"answers": {"orders": plan.to_json()}}))
    assert run.state == "failed" and run.problem.code != "DEFECT" and run.problem.hint
    assert list((desk.store.directory / "temp").iterdir()) == []
    assert desk.store.table(desk.owner, shop).made is None


def test_a_comparison_of_customers_makes_them_where_they_are_not_stored(desk, shop):
    """A recipe holds the plan among its answers: the lines become customers on the way."""
    table = desk.store.table(desk.owner, shop)
    plan = plan_for(table, guess(table), today="2024-12-31")
    answers = {"orders": plan.to_json()}
    looked = done(desk, desk.jobs.request(desk.owner, "explore", shop, {"answers": answers}))
    assert looked.state == "done", looked.problem
    assert desk.store.table(desk.owner, shop, answers).made is not None
