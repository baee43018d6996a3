"""The workbook of 100,000 customers, against ``pandas.to_excel`` with the same cells.

``python tests/benchmarks/bench_workbook.py [--rows N]`` prints both and writes workbook.json beside this file.
"""

from __future__ import annotations

import io

from measure import Claim, alone, begin, machine, tell, timed

ROWS, SEGMENTS = 100_000, 6


def _made(rows: int):
    """A table of ten columns - id, five numbers, a date, a flag, two categories - and a segmentation of it."""
    import numpy as np
    import pandas as pd

    from core import profiles
    from core.formats.reading import Reading
    from core.model import Candidate, Plan, Segmentation, Source
    from core.tables import understand

    rng = np.random.default_rng(0)
    raw = pd.DataFrame({
        "customer_id": [f"K-{i:07}" for i in range(rows)], **{f"spent_{i}": rng.gamma(2, 40, rows).round(2).astype(str) for i in range(5)},
        "joined": pd.date_range("2019-01-01", periods=2_000).strftime("%Y-%m-%d").to_numpy()[rng.integers(0, 2_000, rows)],
        "member": np.array(["yes", "no"])[rng.integers(0, 2, rows)], "region": np.array(["North", "South", "West"])[rng.integers(0, 3, rows)],
        "channel": np.array(["web", "shop", "phone", "mail"])[rng.integers(0, 4, rows)],
    }, dtype="str")  # fmt: skip
    table = understand(Reading(raw, Source("shop.csv", "text")), {})
    labels = (1 + rng.integers(0, SEGMENTS, rows)).astype(np.int16)
    names = {one: f"Group {one}" for one in range(1, SEGMENTS + 1)}
    told = Candidate("kmeans-6", "kmeans", "K-means, 6 segments", {}, labels, profiles.sizes(labels), names, (), 1.0)
    profile = profiles.profile(table, {c.name: c.role for c in table.columns}, labels, names=names)
    return table, Segmentation("f" * 64, Plan(), told, profile, np.zeros(rows, dtype=bool), {}, "It is simple.")


def ours(rows: int) -> dict:
    """Seconds to write the workbook of a table that is read and segmented."""
    from core.exports import EXPORTS

    table, segmentation = _made(rows)
    stream = io.BytesIO()
    _, seconds = timed(lambda: EXPORTS["workbook_xlsx"].write(table, segmentation, stream))
    return {"seconds": round(seconds, 2), "mb": round(stream.tell() / 1e6, 1)}


def pandas_to_excel(rows: int) -> dict:
    """Seconds of ``pandas.DataFrame.to_excel(engine="xlsxwriter")`` with the same columns, no charts and no other sheets."""
    table, segmentation = _made(rows)
    frame = table.frame.assign(segment=segmentation.candidate.labels)
    stream = io.BytesIO()
    _, seconds = timed(lambda: frame.to_excel(stream, engine="xlsxwriter", index=False))
    return {"seconds": round(seconds, 2), "mb": round(stream.tell() / 1e6, 1)}


def main(rows: int | None) -> None:
    before, size = machine(), rows or ROWS
    mine, theirs = alone(ours, rows=size), alone(pandas_to_excel, rows=size)
    claims = [
        Claim(f"workbook of {size:,} customers", mine["seconds"], "s", 30, peer="pandas.to_excel", ratio=theirs["seconds"] / mine["seconds"]),
        Claim(f"its memory for {size:,} customers, data included", mine["peak_mb"], "MB", 1_000),
    ]
    tell("workbook", claims, {"ours": mine, "pandas": theirs}, before=before, record=rows is None)


if __name__ == "__main__":
    begin(main, ours, pandas_to_excel)
