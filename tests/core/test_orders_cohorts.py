"""Cohorts: against a slow reading in pandas, with sums that must agree, at every length of history."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.model import MONEY_UNITS, OrderPlan
from core.orders.cohorts import COLUMNS, MOST_COHORTS, cohorts
from core.orders.engine import session
from core.orders.lines import TYPES, arrow_type


def lines(seed: int, days: int, count: int = 400) -> pd.DataFrame:
    """Kept lines of some sixty customers over ``days``, some of them returns."""
    random = np.random.default_rng(seed)
    amount = random.integers(1, 900_000, count)
    purchase = random.random(count) > 0.15
    return pd.DataFrame({
        "customer": [f"c{number}" for number in random.integers(0, 60, count)],
        "date": pd.Timestamp("2010-11-20") + pd.to_timedelta(random.integers(0, days, count), unit="D"),
        "amount": np.where(purchase, amount, -amount // 3),
        "purchase": purchase,
    })  # fmt: skip


def made(kept: pd.DataFrame, folder) -> tuple[pd.DataFrame, str]:
    path = folder / "kept.parquet"
    cells = kept.assign(quantity=np.where(kept["purchase"], 1, -1))
    columns = {name: pa.array(cells[name]) if name in cells else pa.nulls(len(cells)) for name in TYPES}
    pq.write_table(pa.table(columns).cast(pa.schema([(name, arrow_type(kind)) for name, kind in TYPES.items()])), path)
    with session(folder=folder) as running:
        read = running.lines(path)
        return cohorts(running, read.mutate(purchase=read["quantity"] > 0), OrderPlan())


FREQUENCY = {"month": "M", "quarter": "Q", "year": "Y"}


def slowly(kept: pd.DataFrame, period: str) -> pd.DataFrame:
    """One row per cohort and age with anything in it, period by period and customer by customer."""
    kept = kept.assign(place=kept["date"].dt.to_period(FREQUENCY[period]))
    rows = {}
    for _, own in kept.groupby("customer"):
        if not own["purchase"].any():
            continue
        first = own.loc[own["purchase"], "place"].min()
        for place, part in own.groupby("place"):
            cell = rows.setdefault((str(first).replace("Q", " Q"), max((place - first).n, 0)), [0, 0])
            cell[0] += int(part["purchase"].any())
            cell[1] += int(part["amount"].sum())
    found = [(cohort, age, active, revenue / MONEY_UNITS) for (cohort, age), (active, revenue) in sorted(rows.items())]
    return pd.DataFrame(found, columns=["cohort", "age", "active", "revenue"])


@pytest.mark.parametrize(("days", "period"), [(300, "month"), (900, "quarter"), (3_000, "year")])
def test_as_a_slow_reading_finds_them(tmp_path, days, period):
    kept = lines(days, days)
    found, cut_by = made(kept, tmp_path)
    assert cut_by == period and tuple(found.columns) == COLUMNS
    told = found[(found["active"] > 0) | (found["revenue"] != 0)]
    known = slowly(kept, period)
    known = known[(known["active"] > 0) | (known["revenue"] != 0)]
    pd.testing.assert_frame_equal(told.drop(columns="customers").reset_index(drop=True), known.reset_index(drop=True),
                                  check_dtype=False)


@pytest.mark.parametrize("seed", range(4))
def test_the_sums_agree(tmp_path, seed):
    kept = lines(seed, 350, 120)
    found, _ = made(kept, tmp_path)
    buyers = set(kept.loc[kept["purchase"], "customer"])
    total = kept.loc[kept["customer"].isin(buyers), "amount"].sum()
    assert round(found["revenue"].sum() * MONEY_UNITS) == total
    start = found[found["age"] == 0]
    assert (start["active"] == start["customers"]).all() and start["customers"].sum() == len(buyers)
    assert (found["active"] <= found["customers"]).all()
    assert start["cohort"].is_monotonic_increasing and len(start) <= MOST_COHORTS
    assert (found.groupby("cohort")["age"].apply(list).map(lambda ages: ages == list(range(len(ages))))).all()


def test_nobody_bought(tmp_path):
    found, period = made(lines(0, 10, 5).assign(purchase=False), tmp_path)
    assert len(found) == 0 and tuple(found.columns) == COLUMNS and period == "month"
