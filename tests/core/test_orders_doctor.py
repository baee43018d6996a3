"""The order doctor finds what was planted, no more and no less, and what it says is so in lines, orders and money."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from core.errors import BadRequest
from core.model import OrderPlan, Treatment
from core.orders.ailments import AILMENTS
from core.orders.doctor import examine, mask, treatment
from core.orders.effect import effect
from core.orders.engine import session
from core.orders.lines import write_lines
from core.orders.treated import resolved
from tests.core.dirty_orders import TODAY, dirty, totals, write_rows

QUICK_SEEDS = 9


def diagnosed(one, folder):
    """The examination of dirty lines, and the mask of each line."""
    path = folder / "lines.parquet"
    write_lines(one.table, one.plan, path)
    with session(folder=folder, threads=1) as running:
        lines = running.lines(path)
        found = examine(running, lines, one.plan, "f")
        masks = running.frame(lines.select("line", mask=mask(lines, found.plan)).order_by("line"))
    return found, masks["mask"].to_numpy()


def check_seed(seed, folder):
    one = dirty(seed)
    found, masks = diagnosed(one, folder)
    for bit, name in enumerate(AILMENTS):
        detected = set((np.flatnonzero((masks >> bit) & 1) + 1).tolist())
        assert detected == one.planted(name), f"{name} with seed {seed}"
    assert found.uploaded == totals(one.lines)
    told = {finding.ailment: finding.touched for finding in found.findings}
    having = {name: [line for line in one.lines if name in line.has] for name in AILMENTS}
    assert told == {name: totals(lines) for name, lines in having.items() if lines}
    assert list(told) == [name for name in AILMENTS if name in told]
    for name in told:
        shown = found.examples.loc[found.examples["ailment"] == name, "line"].tolist()
        assert 1 <= len(shown) <= 5
        assert min(one.planted(name)) in shown
        assert set(shown) <= one.planted(name)


@pytest.mark.parametrize("seed", range(QUICK_SEEDS))
def test_what_was_planted_is_found(seed, tmp_path):
    check_seed(seed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(QUICK_SEEDS, 200))
def test_what_was_planted_is_found_in_two_hundred_files(seed, tmp_path):
    check_seed(seed, tmp_path)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The lines of one dirty file in an open session."""
    folder = tmp_path_factory.mktemp("lines")
    one = dirty(1)
    write_lines(one.table, one.plan, folder / "lines.parquet")
    with session(folder=folder, threads=1) as running:
        yield one, running, running.lines(folder / "lines.parquet")


def test_the_reference_date_is_the_day_after_the_latest_order(written):
    one, running, lines = written
    days = sorted(line.date.date() for line in one.lines if line.date)
    plan = replace(one.plan, as_of="", today="")
    assert resolved(running, lines, plan).as_of == (days[-1] + dt.timedelta(days=1)).isoformat()
    before = max(day for day in days if day <= TODAY)
    assert resolved(running, lines, replace(plan, today=TODAY.isoformat())).as_of == (
        before + dt.timedelta(days=1)
    ).isoformat()
    assert resolved(running, lines, replace(plan, as_of="2020-02-29")).as_of == "2020-02-29"


def test_the_reference_date_of_lines_that_are_all_later(written):
    """Then it is the day on which the file was looked at, and every line with a date is after it."""
    one, running, lines = written
    plan = replace(one.plan, as_of="", today="2001-01-01")
    found = examine(running, lines, plan, "f")
    dated = [line for line in one.lines if line.date]
    assert (found.plan.as_of, found.first, found.last) == ("2001-01-01", "", "")
    assert {one.ailment: one.touched for one in found.findings}["future_date"] == totals(dated)


def test_lines_on_the_reference_date_count(written):
    one, running, lines = written
    last = max(line.date.date() for line in one.lines if line.date)
    found = examine(running, lines, replace(one.plan, as_of=last.isoformat(), today=""), "f")
    assert "future_date" not in {one.ailment for one in found.findings}
    assert found.last == last.isoformat()


def test_examples_are_told_as_text(written):
    one, running, lines = written
    shown = examine(running, lines, one.plan, "f").examples
    known = [line.date is not None and line.amount is not None for line in one.lines]
    line = shown[[known[number - 1] for number in shown["line"]]].iloc[0]
    planted = one.lines[line["line"] - 1]
    assert (line["order"], line["product"]) == (planted.order, planted.product)
    assert float(line["amount"]) * 10_000 == pytest.approx(planted.amount, abs=0.1)
    assert line["date"] == planted.date.isoformat(sep=" ", timespec="seconds")
    gone = shown[shown["ailment"] == "missing_customer"]
    assert (gone["customer"] == "").all()


def test_currencies_are_counted_without_regard_to_capitals(written):
    one, running, lines = written
    found = examine(running, lines, one.plan, "f").currencies
    texts = [line.currency.upper() for line in one.lines if line.currency]
    assert found == {name: texts.count(name) for name in set(texts)}
    assert next(iter(found)) == "GBP"


def flagged(rows, ailment, folder, **plan):
    """Which of these canonical lines (from 0) have an ailment."""
    write_rows(rows, folder / "rows.parquet")
    with session(folder=folder, threads=1) as running:
        lines = running.lines(folder / "rows.parquet")
        flags = lines.select("line", flag=AILMENTS[ailment].flag(lines, OrderPlan(**plan)))
        return np.flatnonzero(running.frame(flags.order_by("line"))["flag"]).tolist()


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        (["1", "2", "C3", "c4"], [2, 3]),
        (["C1", "C2", "C3"], []),
        (["S1", "C2", "A3", "7"], []),
        (["1", "2", "CA3", "C", "C-4", "C5X"], []),
        (["1", None, None, None, "C2"], [4]),
    ],
)
def test_numbers_with_c_are_cancellations_among_plain_numbers_only(orders, expected, tmp_path):
    rows = [{"order": order} for order in orders]
    assert flagged(rows, "cancelled", tmp_path, mapping={"order": "Order"}) == expected
    assert flagged(rows, "cancelled", tmp_path) == []


def test_a_single_letter_is_a_size_where_nothing_is_described(tmp_path):
    sizes = [{"product": letter} for letter in ("S", "M", "L", "D")]
    assert flagged(sizes, "service_line", tmp_path) == []
    assert flagged([*sizes, {"product": "85123A", "description": "Lantern"}], "service_line", tmp_path) == [0, 1, 3]
    honest = [{"product": "M", "description": "Shirt, medium"}, {"product": "POST", "description": "Bed post"}]
    assert flagged(honest, "service_line", tmp_path) == []


def test_order_numbers_that_we_made_up_do_not_hide_duplicates(tmp_path):
    rows = [{"customer": "a", "amount": 5, "order": str(number)} for number in range(3)]
    assert flagged(rows, "duplicate", tmp_path) == [1, 2]
    assert flagged(rows, "duplicate", tmp_path, mapping={"order": "Order"}) == []


def test_the_commonest_currency_of_equals_is_the_first_by_letter(tmp_path):
    rows = [{"currency": name} for name in ("USD", "EUR", "usd", "eur", None)]
    assert flagged(rows, "other_currency", tmp_path) == [0, 2]


@pytest.mark.parametrize("spread", [1, 3])
def test_extreme_orders_are_beyond_both_fences(spread, tmp_path):
    """As Tukey's far-out fence of the logarithms in numpy, and at least ten times the median, to the last unit."""
    totals = [int(100 * spread**step) for step in (0, 1, 2, 3, 4)] * 8
    low, middle, high = np.quantile(np.log(totals), (0.25, 0.5, 0.75), method="lower")
    fence = max(np.exp(high + 3 * (high - low)), 10 * np.exp(middle))
    rows = [{"order": str(at), "amount": amount} for at, amount in enumerate([*totals, -5, 0])]
    edge = [{"order": "below", "amount": int(fence * 0.999)}, {"order": "above", "amount": int(fence * 1.001) + 1}]
    assert flagged([*rows, *edge], "extreme_order", tmp_path) == [len(rows) + 1]


def test_two_threads_find_the_same(tmp_path):
    one = dirty(4)
    write_lines(one.table, one.plan, tmp_path / "lines.parquet")
    told = []
    for threads in (1, 2):
        with session(folder=tmp_path, threads=threads) as running:
            told.append(examine(running, running.lines(tmp_path / "lines.parquet"), one.plan, "f"))
    for name in ("masks", "orders", "customers", "examples"):
        assert getattr(told[0], name).equals(getattr(told[1], name))
    assert told[0].findings == told[1].findings


def test_a_treatment_is_the_proposal_until_it_is_chosen():
    assert treatment(OrderPlan(), "returned") is Treatment.NET
    assert treatment(OrderPlan(treatments={"returned": "aside"}), "returned") is Treatment.ASIDE
    with pytest.raises(BadRequest, match="Duplicate lines cannot be treated as 'net'"):
        treatment(OrderPlan(treatments={"duplicate": "net"}), "duplicate")


@pytest.mark.long
def test_online_retail(shared_data, tmp_path):
    """The figures that everybody finds in this file."""
    from core.pipeline import load

    path = shared_data / "orders" / "online_retail.parquet"
    if not path.is_file():
        pytest.skip("Online Retail is not beside this checkout")
    columns = {
        "order": "InvoiceNo", "product": "StockCode", "description": "Description", "quantity": "Quantity",
        "date": "InvoiceDate", "price": "UnitPrice", "customer": "CustomerID", "country": "Country",
    }  # fmt: skip
    plan = OrderPlan(mapping=columns)
    write_lines(load(path, path.name, {}), plan, tmp_path / "lines.parquet")
    with session(folder=tmp_path) as running:
        found = examine(running, running.lines(tmp_path / "lines.parquet"), plan, "f")
    lines = {one.ailment: one.touched.lines for one in found.findings}
    assert (found.uploaded.lines, found.uploaded.orders, found.uploaded.customers) == (541_909, 25_900, 4_372)
    assert (lines["missing_customer"], lines["cancelled"], lines["duplicate"]) == (135_080, 9_288, 5_268)
    assert (found.first, found.last, found.plan.as_of) == ("2010-12-01", "2011-12-09", "2011-12-10")
    done = effect(found, {})
    assert done.kept.lines == 406_829
    assert (done.purchases.lines, done.purchases.customers) == (397_924, 4_339)
    assert (round(done.purchases.revenue / 1e4, 3), done.kept.revenue) == (8_911_407.904, 83_000_658_140)
