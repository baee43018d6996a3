"""The sample files: customers and order lines of a fictional outdoor shop, with known segments.

``python data/generate.py`` writes ``data/samples/customers.csv`` and
``data/samples/orders.csv``; the same seed gives the same bytes. The true segment
of a customer is never in a file: :func:`customers` hands it to tests.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20_260
CUSTOMERS = 1_200
DUPLICATES = 6
SAMPLES = Path(__file__).parent / "samples"

SEGMENTS = ("loyal big spenders", "frequent small baskets", "bargain hunters", "rare but grand", "returners")
_SHARES = (0.16, 0.26, 0.24, 0.20, 0.14)
_REGIONS = ("North", "South", "East", "West")
# Centre and spread (standard deviation) of each number, one row per segment.
_SHAPES = {
    "age": (((52, 5), (33, 5), (41, 5), (60, 5), (28, 4))),
    "visits_per_month": (((9.0, 1.2), (15.0, 1.6), (6.0, 1.0), (1.5, 0.5), (11.0, 1.3))),
    "orders_per_year": (((22, 2.5), (30, 3), (12, 2), (3, 0.8), (16, 2))),
    "average_order_eur": (((140, 14), (32, 5), (45, 7), (230, 22), (80, 9))),
    "discount_share": (((0.08, 0.03), (0.22, 0.05), (0.72, 0.07), (0.05, 0.02), (0.35, 0.06))),
    "returns_rate": (((0.04, 0.02), (0.06, 0.02), (0.10, 0.03), (0.03, 0.015), (0.45, 0.06))),
}
_DIGITS = {"age": 0, "visits_per_month": 1, "orders_per_year": 0, "average_order_eur": 2, "discount_share": 3,
           "returns_rate": 3}
_NEWSLETTER = (0.9, 0.85, 0.95, 0.1, 0.15)
_HOME = (0, 1, 2, 0, 1)


def customers(n: int = CUSTOMERS, seed: int = SEED) -> tuple[pd.DataFrame, np.ndarray]:
    """``n`` customers without duplicates and their true segment (n,) in 0..4, see ``SEGMENTS``.

    Built in: 1 % outliers in spend, 2 % gaps in age and in average order, a category
    that leans on the segment (region), a flag (newsletter), an id with leading zeros.
    """
    rng = np.random.default_rng(seed)
    truth = rng.choice(len(SEGMENTS), size=n, p=_SHARES)
    frame = pd.DataFrame({"customer_id": [f"{i:06d}" for i in rng.permutation(np.arange(1, n + 1))]})
    for name, shape in _SHAPES.items():
        centre, spread = np.array(shape, dtype=float)[truth].T
        values = np.clip(rng.normal(centre, spread), 0, None)
        frame[name] = np.minimum(values, 1) if name.endswith(("share", "rate")) else values
    frame.insert(2, "region", _regions(truth, rng))
    frame.insert(3, "newsletter", np.where(rng.random(n) < np.array(_NEWSLETTER)[truth], "yes", "no"))
    outliers = rng.choice(n, size=max(n // 100, 1), replace=False)
    frame.loc[outliers, "average_order_eur"] *= rng.uniform(2.5, 3.5, len(outliers))
    for name, digits in _DIGITS.items():
        frame[name] = frame[name].round(digits)
    for name in ("age", "average_order_eur"):
        frame.loc[rng.choice(n, size=n // 50, replace=False), name] = np.nan
    return frame, truth


def _regions(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Three of four customers live in the region typical of their segment."""
    home = np.array(_HOME)[truth]
    anywhere = rng.integers(0, len(_REGIONS), len(truth))
    return np.array(_REGIONS, dtype=object)[np.where(rng.random(len(truth)) < 0.75, home, anywhere)]


def with_duplicates(frame: pd.DataFrame, count: int, seed: int) -> pd.DataFrame:
    """``count`` rows appear a second time, further down: what an export run twice leaves."""
    rng = np.random.default_rng(seed)
    again = frame.iloc[np.sort(rng.choice(len(frame), size=count, replace=False))]
    return pd.concat([frame, again], ignore_index=True)


def orders(people: pd.DataFrame, lines: int = 5_000, seed: int = SEED) -> pd.DataFrame:
    """About ``lines`` order lines of ``people`` over two years, in order of date.

    Built in: returns (negative quantity) by the customer's returns rate, 0.5 % repeated
    lines, 1 % lines without a customer id.
    """
    rng = np.random.default_rng(seed)
    weight = people["orders_per_year"].to_numpy() + 0.1
    buyer = np.sort(rng.choice(len(people), size=lines, p=weight / weight.sum()))
    day = np.sort(rng.integers(0, 730, lines))
    who = people.iloc[rng.permutation(buyer)].reset_index(drop=True)
    quantity = rng.integers(1, 5, lines)
    returned = rng.random(lines) < who["returns_rate"]
    basket = who["average_order_eur"].fillna(60.0) * rng.uniform(0.6, 1.4, lines)
    frame = pd.DataFrame({
        "order_id": [f"A{number:06d}" for number in range(1, lines + 1)],
        "customer_id": who["customer_id"],
        "order_date": (np.datetime64("2024-07-01") + day).astype(str),
        "product_group": rng.choice(["Boots", "Tents", "Jackets", "Climbing", "Kitchen"], lines),
        "quantity": np.where(returned, -quantity, quantity),
        "unit_price_eur": (basket / quantity).round(2),
        "discount_share": np.where(rng.random(lines) < who["discount_share"], rng.choice([0.1, 0.2, 0.3], lines), 0.0),
    })
    frame.loc[rng.choice(lines, size=lines // 100, replace=False), "customer_id"] = ""
    return with_duplicates(frame, lines // 200, seed)


def write(folder: Path = SAMPLES) -> tuple[Path, Path]:
    """Write both files into ``folder`` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    people, _ = customers()
    paths = folder / "customers.csv", folder / "orders.csv"
    for path, frame in zip(paths, (_whole(with_duplicates(people, DUPLICATES, SEED)), orders(people)), strict=True):
        path.write_bytes(frame.to_csv(index=False, lineterminator="\n").encode())
    return paths


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Ages and order counts without a decimal point."""
    return frame.assign(age=frame["age"].astype("Int64"), orders_per_year=frame["orders_per_year"].astype("Int64"))


if __name__ == "__main__":
    for written in write():
        print(written)
