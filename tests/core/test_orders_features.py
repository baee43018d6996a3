"""Customer features against the same worked out line by line, and against figures known of real files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.model import Kind, OrderPlan
from core.orders.engine import session
from core.orders.features import FEATURES, customer_features
from core.orders.lines import write_lines
from tests.core.slow_features import MAPPING, dirty_table, slow_features

SHARED = Path(__file__).parents[2].parent / "shared"


def made(table, plan: OrderPlan, folder: Path, **how) -> pd.DataFrame:
    """The features of all lines with a customer, date and amount."""
    write_lines(table, plan, folder / "lines.parquet")
    with session(how.pop("engine", "duckdb"), folder=folder, **how) as opened:
        lines = opened.lines(folder / "lines.parquet")
        kept = lines.filter(lines.customer.notnull(), lines.date.notnull(), lines.amount.notnull())
        bought = (kept.amount >= 0) & (kept.quantity >= 0).fill_null(True)
        return customer_features(opened, kept.mutate(purchase=bought), plan)


def same(value: object, expected: object, kind: Kind) -> bool:
    """Whether a figure of the frame is the exact one, to the last digits of a double; None is a gap."""
    if expected is None:
        return bool(pd.isna(value))
    if kind == Kind.NUMBER:
        return bool(np.isclose(float(value), float(expected), rtol=1e-14, atol=1e-14))
    return (value.date() if kind == Kind.DATE else value) == expected


@pytest.mark.parametrize("seed", range(8))
def test_all_features_equal_those_worked_out_line_by_line(seed, tmp_path):
    table = dirty_table(seed, lines=60 + 20 * seed, timed=seed % 3 != 0)
    as_of = table.frame["when"].max().date() + dt.timedelta(1)
    features = made(table, OrderPlan(MAPPING, as_of=as_of.isoformat()), tmp_path, threads=1)
    expected = slow_features(table, as_of)
    assert features["customer_id"].to_list() == sorted(expected)
    assert set(features.columns[1:]) == set(next(iter(expected.values())))
    for row in features.to_dict("records"):
        known = expected[row["customer_id"]]
        wrong = {name: (row[name], known[name]) for name in known
                 if not same(row[name], known[name], FEATURES[name].kind)}
        assert not wrong, row["customer_id"]
    money = [float(expected[who]["monetary"]) for who in features["customer_id"]]
    assert features["monetary"].to_list() == money  # to the last digit


def test_neither_the_order_of_lines_nor_threads_nor_little_memory_change_a_figure(tmp_path):
    table = dirty_table(3, lines=2_000, customers=300)
    plan = OrderPlan(MAPPING, as_of="2024-03-01")
    one = made(table, plan, tmp_path, threads=1)
    shuffled = table.frame.sample(frac=1, random_state=1).reset_index(drop=True)
    two = made(type(table)(raw=shuffled, frame=shuffled, columns=table.columns, source=table.source, fingerprint="g"),
               plan, tmp_path, threads=2, memory_mb=150)
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_features_are_left_out_where_no_column_can_make_them(tmp_path):
    table = dirty_table(4, timed=False)
    plan = OrderPlan({part: MAPPING[part] for part in ("customer", "date", "quantity", "price")}, as_of="2024-03-01")
    features = made(table, plan, tmp_path)
    gone = {name for name, feature in FEATURES.items() if feature.needs and "quantity" not in feature.needs}
    gone |= {name for name, feature in FEATURES.items() if feature.hours}
    assert list(features)[1:] == [name for name in FEATURES if name not in gone]
    assert features["lifetime_value"].equals(features["monetary"])  # no profit: money net of returns


def test_customers_who_only_returned_are_kept_with_gaps(tmp_path):
    table = dirty_table(1)
    table.frame["many"] = -1.0
    features = made(table, OrderPlan(MAPPING, as_of="2024-03-01"), tmp_path)
    assert len(features) == table.frame.dropna(subset=["who", "when"])["who"].nunique()
    assert (features["frequency"] == 0).all() and (features["monetary"] <= 0).all()
    assert features[["recency", "tenure", "return_rate", "first_purchase", "days_between"]].isna().all(axis=None)


def test_no_line_at_all_gives_no_customer(tmp_path):
    table = dirty_table(1)
    table.frame["who"] = None
    assert made(table, OrderPlan(MAPPING, as_of="2024-03-01"), tmp_path).empty


def test_every_feature_says_what_it_is():
    for name, feature in FEATURES.items():
        assert feature.name == name and feature.label and feature.formula.endswith(".") and feature.summary.endswith(".")
        assert feature.unit in ("", "days", "orders", "per 30 days", "money", "share", "items", "products", "categories")


def test_online_retail_equals_published_sums(tmp_path):
    """Known of the file: 4,372 customers with an id, money of their lines 8,300,065.814 net of cancellations."""
    source = SHARED / "data" / "orders" / "online_retail.parquet"
    if not source.exists():
        pytest.skip("the shared data are not here")
    pq = pytest.importorskip("pyarrow.parquet")
    frame = pq.read_table(source, columns=["CustomerID", "InvoiceNo", "InvoiceDate", "Quantity", "UnitPrice"]).to_pandas()
    table = dirty_table(1)
    kinds = {"InvoiceNo": Kind.TEXT, "InvoiceDate": Kind.DATE}
    column = table.columns[0]
    columns = tuple(type(column)(name, kinds.get(name, Kind.NUMBER), column.role) for name in frame)
    table = type(table)(raw=frame, frame=frame, columns=columns, source=table.source, fingerprint="r")
    plan = OrderPlan({"customer": "CustomerID", "order": "InvoiceNo", "date": "InvoiceDate", "quantity": "Quantity",
                      "price": "UnitPrice"}, as_of="2011-12-10")
    features = made(table, plan, tmp_path)
    assert len(features) == 4_372 and (features["frequency"] > 0).sum() == 4_339
    named = frame.dropna(subset=["CustomerID"])
    cents = (named["Quantity"] * (named["UnitPrice"] * 1_000).round().astype("int64")).sum()
    assert round(features["monetary"].sum() * 1_000) == cents == 8_300_065_814
