"""The same expressions on DuckDB and on a local Spark session give the same findings and the same features."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from core.model import OrderPlan, Part
from core.orders.cohorts import cohorts
from core.orders.doctor import examine
from core.orders.engine import session
from core.orders.features import customer_features
from core.orders.lines import write_lines
from core.orders.treated import aside, treated
from tests.core.slow_features import MAPPING, dirty_table

SHARED = Path(__file__).parents[2].parent / "shared"
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    """Both engines over one folder."""
    pytest.importorskip("pyspark", reason="requirements-spark.txt is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java runtime")
    folder = tmp_path_factory.mktemp("engines")
    with session("duckdb", folder=folder) as duck, session("spark", folder=folder) as spark:
        yield duck, spark, folder


def frames(opened, path: Path, plan: OrderPlan) -> dict[str, pd.DataFrame]:
    """Every frame that order lines lead to, on one engine."""
    lines = opened.lines(path)
    found = examine(opened, lines, plan, "f")
    kept = treated(lines, found.plan)
    return {
        "findings": pd.DataFrame([(f.ailment, *vars(f.touched).values()) for f in found.findings]),
        "masks": found.masks, "orders": found.orders, "customers": found.customers, "examples": found.examples,
        "span": pd.DataFrame([(found.first, found.last, found.plan.as_of, dict(found.currencies))]),
        "aside": opened.frame(aside(lines, found.plan).order_by("line")),
        "features": customer_features(opened, kept, found.plan),
        "cohorts": cohorts(opened, kept, found.plan)[0],
    }


def assert_equal_on_both(engines, table, plan: OrderPlan) -> dict[str, pd.DataFrame]:
    duck, spark, folder = engines
    path = folder / f"{len(list(folder.glob('*.parquet')))}.parquet"  # Spark believes that files stay as they are
    write_lines(table, plan, path)
    ours, theirs = frames(duck, path, plan), frames(spark, path, plan)
    for name, frame in ours.items():
        pd.testing.assert_frame_equal(frame, theirs[name], check_exact=True, obj=name)
    return ours


@pytest.mark.parametrize("seed", range(2))
def test_dirty_orders_are_the_same_on_spark(engines, seed):
    table = dirty_table(seed, lines=400, customers=40, timed=seed != 1)
    found = assert_equal_on_both(engines, table, OrderPlan(MAPPING, today="2024-02-01", unclear_dates=True))
    assert len(found["features"]) == 40 and len(found["findings"]) >= 5


def test_every_treatment_is_the_same_on_spark(engines):
    aside_all = {"duplicate": "aside", "returned": "aside", "zero_price": "aside", "shipping": "aside",
                 "extreme_order": "aside", "zero_quantity": "aside", "service_line": "aside", "test_account": "aside"}
    found = assert_equal_on_both(engines, dirty_table(7, lines=600), OrderPlan(MAPPING, treatments=aside_all))
    assert len(found["aside"]) > 50


@pytest.mark.parametrize(("name", "mapping"), [
    ("online_retail.parquet", {
        Part.CUSTOMER: "CustomerID", Part.ORDER: "InvoiceNo", Part.DATE: "InvoiceDate", Part.QUANTITY: "Quantity",
        Part.PRICE: "UnitPrice", Part.PRODUCT: "StockCode", Part.DESCRIPTION: "Description", Part.COUNTRY: "Country"}),
    ("Sample - Superstore.xls", {
        Part.CUSTOMER: "Customer ID", Part.ORDER: "Order ID", Part.DATE: "Order Date", Part.QUANTITY: "Quantity",
        Part.AMOUNT: "Sales", Part.PROFIT: "Profit", Part.DISCOUNT: "Discount", Part.PRODUCT: "Product ID",
        Part.CATEGORY: "Sub-Category", Part.COUNTRY: "State", Part.SHIPPED: "Ship Date"}),
])
def test_real_files_are_the_same_on_spark(engines, name, mapping):
    from core import pipeline

    path = SHARED / "data" / "orders" / name
    if not path.exists():
        pytest.skip("the shared data are not here")
    table = pipeline.load(path, name, {})
    plan = OrderPlan({str(part): column for part, column in mapping.items()})
    assert len(assert_equal_on_both(engines, table, plan)["features"]) > 700
