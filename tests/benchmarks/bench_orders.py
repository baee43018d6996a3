"""Order lines to customer features: a known file whole, and twenty million lines against pandas in the same run.

``python tests/benchmarks/bench_orders.py`` writes orders.json beside this file. The known file (Online Retail) lies in
the shared data; without it only the made-up lines are measured.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import measure

LINES, PER_CUSTOMER, PER_ORDER = 20_000_000, 20, 5
BLOCK = 1_000_000
DAYS, FIRST_DAY, AS_OF = 730, 19_000, "2024-01-09"
RETAIL = measure.ROOT.parent / "shared" / "data" / "orders" / "online_retail.parquet"
RETAIL_PLAN = {
    "customer": "CustomerID", "order": "InvoiceNo", "date": "InvoiceDate", "quantity": "Quantity",
    "price": "UnitPrice", "product": "StockCode", "description": "Description", "country": "Country",
}  # fmt: skip
MADE_PLAN = {part: part for part in ("customer", "order", "date", "quantity", "price", "product", "category", "country")}


def write_orders(path: Path, lines: int, seed: int = 0) -> None:
    """``lines`` canonical order lines, five to an order and on average twenty to a customer; 2 % are returns."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from core.orders.lines import TYPES, arrow_type

    random = np.random.default_rng(seed)
    schema = pa.schema([(name, arrow_type(kind)) for name, kind in TYPES.items()])
    names = {"customer": ("C{:07d}", lines // PER_CUSTOMER), "product": ("P{:05d}", 5_000),
             "category": ("Category {:02d}", 20), "country": ("Country {:02d}", 30)}  # fmt: skip
    names = {name: pa.array([form.format(at) for at in range(size)]) for name, (form, size) in names.items()}
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for start in range(0, lines, BLOCK):
            size = min(BLOCK, lines - start)
            order = np.arange(start, start + size) // PER_ORDER
            one = order - order[0]
            customer = random.integers(0, len(names["customer"]), one[-1] + 1)[one]
            hour = (FIRST_DAY * 24 + random.integers(0, DAYS * 24, one[-1] + 1))[one]
            product = (random.random(size) ** 3 * 5_000).astype(int)
            quantity = random.integers(1, 10, size) * np.where(random.random(size) < 0.02, -1, 1)
            price = random.integers(100, 50_000, size) * 10
            codes = {"customer": customer, "product": product, "category": product % 20, "country": customer % 30}
            made = {name: values.take(pa.array(codes[name])) for name, values in names.items()} | {
                "line": pa.array(np.arange(start + 1, start + size + 1)), "order": pa.array(order).cast(pa.string()),
                "date": pa.array((hour * 3_600_000_000).astype("datetime64[us]")), "day": pa.array(hour // 24),
                "hour": pa.array(hour % 24), "quantity": pa.array(quantity * 10_000), "price": pa.array(price),
                "amount": pa.array(quantity * price),
            }  # fmt: skip
            empty = {name: pa.nulls(size, schema.field(name).type) for name in schema.names if name not in made}
            writer.write_table(pa.table({name: (made | empty)[name] for name in schema.names}, schema=schema))


def told(features, seconds: float) -> dict:  # noqa: ANN001
    """Figures by which two ways of the same features can be told to agree."""
    numbers = features.select_dtypes("number").drop(columns="lifetime_value", errors="ignore")
    return {"seconds": round(seconds, 2), "customers": len(features),
            "sums": {name: float(f"{numbers[name].sum():.9g}") for name in sorted(numbers)}}  # fmt: skip


def ours(path: str, mapping: dict, as_of: str) -> dict:
    """Seconds from canonical Parquet to all features, treatments as proposed."""
    from core.model import OrderPlan
    from core.orders.engine import session
    from core.orders.features import customer_features
    from core.orders.treated import treated

    measure.warm()
    plan = OrderPlan(mapping, as_of=as_of)

    def run():  # noqa: ANN202
        with session(folder=Path(path).parent) as opened:
            return customer_features(opened, treated(opened.lines(Path(path)), plan), plan)

    return told(*measure.timed(run))


def whole(path: str) -> dict:
    """Seconds from a file of order lines to customers with everything told of them, by step."""
    from core import pipeline
    from core.model import OrderPlan
    from core.orders.lines import write_lines
    from core.pipeline.ordering import make_customers

    measure.warm()
    table, loaded = measure.timed(lambda: pipeline.load(Path(path), Path(path).name, {}))
    plan = OrderPlan(RETAIL_PLAN)
    built, made = measure.timed(lambda: make_customers(table, plan))
    with tempfile.TemporaryDirectory() as folder:
        canonical = Path(folder) / "lines.parquet"
        _, written = measure.timed(lambda: write_lines(table, plan, canonical))
        features = ours(str(canonical), RETAIL_PLAN, "2011-12-10")["seconds"]
    steps = {"load": loaded, "write_lines": written, "features": features, "make_customers": made}
    return {"seconds": round(loaded + written + features, 2), "customers": len(built.table),
            "steps": {name: round(value, 2) for name, value in steps.items()}}  # fmt: skip


def peer(path: str, as_of: str) -> dict:
    """Seconds of the same features as an analyst writes them with pandas."""
    import pandas as pd
    import pyarrow.parquet  # noqa: F401  loaded before the clock starts

    day = (pd.Timestamp(as_of) - pd.Timestamp("1970-01-01")).days
    return told(*measure.timed(lambda: _with_pandas(path, day)))


def _with_pandas(path: str, as_of: int):  # noqa: ANN202
    import pandas as pd

    names = ["customer", "order", "day", "hour", "quantity", "amount", "product", "category", "country"]
    lines = pd.read_parquet(path, columns=names)
    bought = lines[lines["amount"] >= 0]
    by = bought.groupby("customer")
    orders = bought.groupby(["customer", "order"], as_index=False).agg(day=("day", "min"), hour=("hour", "min"))
    orders["weekend"] = (orders["day"] + 3) % 7 >= 5
    for at, name in enumerate(("night", "morning", "afternoon", "evening")):
        orders[name] = orders["hour"] // 6 == at
    begun = orders.groupby("customer")
    shares = begun[["weekend", "night", "morning", "afternoon", "evening"]].mean().add_suffix("_share")
    money = by["amount"].sum() / 10_000
    found = pd.DataFrame({"monetary": lines.groupby("customer")["amount"].sum() / 10_000}).join(shares)
    found["frequency"] = begun.size().reindex(found.index).fillna(0)
    found["recency"] = as_of - by["day"].max()
    found["tenure"] = as_of - by["day"].min()
    found["average_order_value"] = money / begun.size()
    found["purchase_frequency"] = begun.size() * 30 / found["tenure"]
    found["basket_size"] = by["quantity"].sum() / 10_000 / begun.size()
    returned = -lines[lines["amount"] < 0].groupby("customer")["amount"].sum() / 10_000
    found["return_rate"] = (returned.reindex(found.index).fillna(0) / money)[money > 0]
    found["products"], found["categories"] = by["product"].nunique(), by["category"].nunique()
    weighed = bought.groupby(["customer", "category"], as_index=False)["amount"].sum()
    best = weighed.sort_values(["customer", "amount", "category"], ascending=[True, False, True])
    best = best.drop_duplicates("customer").set_index("customer")
    found["favourite_category"] = best["category"]
    found["favourite_category_share"] = best["amount"] / 10_000 / money
    common = lines.groupby(["customer", "country"], as_index=False).size()
    common = common.sort_values(["customer", "size", "country"], ascending=[True, False, True])
    found["country"] = common.drop_duplicates("customer").set_index("customer")["country"]
    return _rhythm_with_pandas(bought, found, as_of).reset_index()


def _rhythm_with_pandas(bought, found, as_of: int):  # noqa: ANN001, ANN202
    import pandas as pd

    days = bought.groupby(["customer", "day"], as_index=False)["amount"].sum()
    by = days.groupby("customer")
    days["gap"], days["first"] = by["day"].diff(), by["day"].transform("min")
    quartiles = days.groupby("customer")["gap"].quantile([0.25, 0.5, 0.75]).unstack()
    found["days_between"] = quartiles[0.5]
    found["days_between_spread"] = (quartiles[0.75] - quartiles[0.25])[by.size() > 2]
    late = days[days["day"] * 2 >= days["first"] + as_of].groupby("customer")["amount"].sum()
    spent = by["amount"].sum()
    found["trend"] = (2 * late.reindex(spent.index).fillna(0) - spent) / spent
    found["repeat_purchases"] = by.size() - 1
    again = days[days["gap"].notna()].groupby("customer")["amount"].mean() / 10_000
    found["repeat_value"] = again
    for name, picked in (("first_purchase", by["day"].min()), ("last_purchase", by["day"].max())):
        found[name] = pd.to_datetime(picked, unit="D")
    return found


def main(rows: int | None) -> None:
    """The known file whole, then the made-up lines in both ways."""
    before = measure.machine()
    known = measure.alone(whole, path=str(RETAIL)) if RETAIL.exists() else None
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "lines.parquet")
        write_orders(Path(path), rows or LINES)
        own = measure.alone(ours, path=path, mapping=MADE_PLAN, as_of=AS_OF)
        other = measure.alone(peer, path=path, as_of=AS_OF)
    wrong = {name: (own["sums"][name], value) for name, value in other["sums"].items()
             if abs(own["sums"][name] - value) > 1e-6 * abs(value)}  # fmt: skip
    if wrong or own["customers"] != other["customers"]:
        raise SystemExit(f"The two ways disagree: {wrong}")
    times = other["seconds"] / own["seconds"]
    what = f"{rows or LINES:,} order lines of {own['customers']:,} customers"
    claims = [
        measure.Claim(f"{what} to features", own["seconds"], "s", 30, peer="pandas", ratio=times),
        measure.Claim(f"{what}: highest memory", own["peak_mb"] / 1000, "GB", 4),
        measure.Claim(f"{what}: times as fast as pandas", times, "times", 3, at_least=True),
    ]
    if known:
        claims.append(measure.Claim("Online Retail, 541,909 lines, from its file to features", known["seconds"], "s", 5))
    measure.tell("orders", claims, {"ours": own, "pandas": other, "online_retail": known}, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, ours, whole, peer)
