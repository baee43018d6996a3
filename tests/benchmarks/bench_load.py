"""A million customers as text: read, typed, reported and kept, against pandas' quickest reader in the same run.

``python tests/benchmarks/bench_load.py`` writes load.json beside this file. Each
reads in a process of its own that holds its libraries already.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import measure

COLUMNS, ROWS = 12, 1_000_000
RUNS = 3


def write_shop(path: Path, rows: int, seed: int = 0) -> None:
    """``rows`` customers of a made-up shop: ids, names, mail, dates, money, counts, flags and categories, with gaps."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    random = np.random.default_rng(seed)

    def pick(words: list[str], missing: float = 0.0) -> pa.Array:
        found = pa.array(words).take(pa.array(random.integers(0, len(words), rows)))
        return pc.if_else(pa.array(random.random(rows) >= missing), found, pa.scalar(None, pa.string()))

    def days(first: str, span: int) -> pa.Array:
        drawn = np.datetime64(first) + random.integers(0, span, rows)
        return pa.array(drawn.astype("datetime64[D]")).cast(pa.string())

    def money(scale: float, missing: float = 0.0) -> pa.Array:
        cents = np.round(random.lognormal(3, 1, rows) * scale, 2)
        return pa.array(cents, mask=random.random(rows) < missing)

    number = pa.array(np.arange(100_000, 100_000 + rows)).cast(pa.string())
    first = ["Anna", "Ben", "Chloé", "Daniel", "Eva", "Félix", "Greta", "Hugo", "Inès", "Jonas", "Käthe", "Luca"]
    last = ["Müller", "Smith", "García", "Rossi", "Novák", "Jensen", "O'Brien", "Weber", "Dubois", "Kowalska"]
    forename, surname = pick(first), pick(last)
    table = pa.table({
        "customer_id": pc.binary_join_element_wise("C", number, ""),
        "name": pc.binary_join_element_wise(forename, surname, " "),
        "email": pc.binary_join_element_wise(pc.binary_join_element_wise("user", number, ""), "example.org", "@"),
        "signup": days("2018-01-01", 2900),
        "last_order": days("2025-01-01", 500),
        "revenue": money(12.0, 0.02),
        "orders": pa.array(random.poisson(6, rows)),
        "basket": money(2.5),
        "country": pick(["DE", "FR", "IT", "ES", "GB", "PL", "NL"]),
        "segment": pick(["gold", "silver", "bronze"], 0.05),
        "newsletter": pick(["yes", "no"]),
        "postcode": pa.array(random.integers(10_000, 99_999, rows)).cast(pa.string()),
    })  # fmt: skip
    csv.write_csv(table, path, csv.WriteOptions(quoting_style="needed"))


def peer(path: str) -> dict:
    """Seconds of pandas' reader with pyarrow's engine: cells to columns, no report, nothing kept."""
    import pandas as pd
    import pyarrow.csv  # noqa: F401  loaded before the clock starts

    frame, seconds = measure.timed(lambda: pd.read_csv(path, engine="pyarrow"))
    return {"seconds": seconds, "shape": list(frame.shape)}


def ours(path: str) -> dict:
    """Seconds from the file to the stored table and its report, by step."""
    from core import codec, formats, pipeline, tables

    measure.warm()
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        reading, read = measure.timed(lambda: formats.read(Path(path), "shop.csv", {}))
        table, typed = measure.timed(lambda: tables.understand(reading, {}))
        told, reported = measure.timed(lambda: pipeline.report(table))
        _, kept = measure.timed(lambda: codec.write(table, Path(folder)))
        seconds = time.perf_counter() - started
        stored = sum(item.stat().st_size for item in Path(folder).iterdir())
    steps = {"read": read, "typed": typed, "reported": reported, "kept": kept}
    return {
        "seconds": seconds,
        "steps": {name: round(value, 2) for name, value in steps.items()},
        "rows": told.loaded,
        "kinds": dict(told.columns),
        "stored_mb": round(stored / 1e6),
    }


def bombs() -> dict[str, bytes]:
    """What is crafted to bring a reader down, by the kind of harm."""
    from tests.core import crafted

    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return {
        "gzip of 1.5 GB": crafted.gzip_of_zeros(1_500),
        "Parquet, one text many times": crafted.dictionary_bomb(20_000_000, 120),
        "Parquet, prefixes of one text": crafted.prefix_bomb(200_000, 20_000),
        "Parquet, rows of one value": crafted.rows_bomb(300_000_000),
        "workbook, billion laughs": crafted.xlsx(prolog=crafted.laughs()),
        "workbook, one text many times": crafted.shared_text_bomb(200_000, 30_000),
        "workbook, far cell": crafted.xlsx(crafted.GOOD_ROWS + far),
        "zip, overlapping members": crafted.overlapping_zip(200, 20_000_000),
        "zip, encrypted": crafted.encrypted_zip(),
        "JSON, 200,000 deep": b'[{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}]",
    }


def refusals(folder: str) -> dict:
    """Seconds until each bomb is refused (or read), as in a job, and how far this process grew meanwhile."""
    from core import pipeline
    from core.errors import DataProblem

    measure.warm()
    found, before = {}, measure.peak_mb()
    for path in sorted(Path(folder).iterdir()):
        started = time.perf_counter()
        try:
            code = f"{pipeline.load_apart(path, 'file', {}, keep=len, fence=pipeline.Fence()):,} rows read"
        except DataProblem as problem:
            code = problem.code
        seconds = round(time.perf_counter() - started, 2)
        found[path.name] = {"outcome": code, "seconds": seconds, "bytes": path.stat().st_size}
    return {"bombs": found, "grown_mb": round(measure.peak_mb() - before)}


def main(rows: int | None) -> None:
    """The best of some runs of each, in turn, so that both meet the same machine."""
    before = measure.machine()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.csv"
        write_shop(path, rows or ROWS)
        size = path.stat().st_size / 1e6
        pairs = [(measure.alone(ours, path=str(path)), measure.alone(peer, path=str(path))) for _ in range(RUNS)]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in bombs().items():
            (Path(folder) / name).write_bytes(content)
        refused = measure.alone(refusals, folder=folder)
    best = min((own for own, _ in pairs), key=lambda one: one["seconds"])
    quickest = min((other for _, other in pairs), key=lambda one: one["seconds"])
    what = f"{(rows or ROWS):,} x {COLUMNS}, {size:.0f} MB of text"
    claims = [
        measure.Claim(f"{what}: loaded, typed, reported, kept, in times of pandas with pyarrow",
                      best["seconds"] / quickest["seconds"], "times", 10),
        measure.Claim(f"{what}: highest memory", max(own["peak_mb"] for own, _ in pairs) / 1000, "GB", 1.5),
        measure.Claim(f"{what}: seconds", best["seconds"], "s"),
        measure.Claim("slowest refusal of a crafted file", max(one["seconds"] for one in refused["bombs"].values()), "s", 5),
        measure.Claim("growth of the process that has crafted files read", refused["grown_mb"], "MB", 64),
    ]  # fmt: skip
    measure.tell("load", claims, {"ours": best, "pandas": quickest, "refusals": refused}, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, ours, peer, refusals)
