"""A million customers placed from the command line - read, typed, placed, written - against pandas and scikit-learn doing the like.

``python tests/benchmarks/bench_score.py`` writes score.json beside this file. Each works in a process of its own, and is
timed from before its first import. The peer reads with pandas' quickest reader, prepares with scikit-learn's imputer,
scaler and one-hot encoder, predicts with K-means and writes with ``to_csv``: it tells neither how sure it is, nor a
runner-up, nor who is unlike anyone, and does not look whether a cell would run in a spreadsheet.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import measure
from bench_load import write_shop

ROWS, FITTED, SEGMENTS = 1_000_000, 20_000, 4
FEATURES = ("revenue", "orders", "basket", "country", "segment", "newsletter")
NUMBERS = FEATURES[:3]


def make(folder: str, rows: int) -> dict:
    """The files: all customers as text and as Parquet, the first of them alone, and our model of these."""
    import pandas as pd

    from core import pipeline
    from core.bundles import write_model
    from core.model import Plan, Recipe, Role

    place = Path(folder)
    write_shop(place / "all.csv", rows)
    frame = pd.read_csv(place / "all.csv", dtype_backend="numpy_nullable")
    frame.to_parquet(place / "all.parquet", index=False)
    frame.head(FITTED).to_csv(place / "first.csv", index=False)
    table = pipeline.load(place / "first.csv", "first.csv", {})
    roles = {one.name: str(Role.FEATURE if one.name in FEATURES else Role.PROFILE) for one in table.columns}
    plan = Plan(Recipe(roles=roles), ("kmeans",), (SEGMENTS, SEGMENTS), resamples=0)
    model = pipeline.train(table, pipeline.compare(table, plan), f"kmeans-{SEGMENTS}")
    with (place / "model.zip").open("wb") as stream:
        write_model(model, stream, key=None)
    return {"bytes": (place / "all.csv").stat().st_size, "agreement": model.agreement}


def ours(folder: str, name: str, out: str) -> dict:
    """The command line, from its first import to the file in its place."""
    started = time.perf_counter()
    from core.cli import main

    place = Path(folder)
    status = main(["score", str(place / "model.zip"), str(place / name), "--out", str(place / out), "--defaults"])
    return {"seconds": time.perf_counter() - started, "status": status, "written": (place / out).stat().st_size}


def peer(folder: str) -> dict:
    """The like by pandas and scikit-learn; the fit on the first customers is not timed."""
    started = time.perf_counter()
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    imported = time.perf_counter() - started
    words = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    columns = ColumnTransformer([("numbers", numbers, list(NUMBERS)), ("words", words, list(FEATURES[3:]))])
    place = Path(folder)
    fitted = make_pipeline(columns, KMeans(SEGMENTS, random_state=0)).fit(pd.read_csv(place / "first.csv"))

    def work() -> None:
        frame = pd.read_csv(place / "all.csv", engine="pyarrow")
        frame["segment"] = fitted.predict(frame[list(FEATURES)])
        frame.to_csv(place / "peer.csv", index=False)

    return {"seconds": imported + measure.timed(work)[1]}


def main(rows: int | None) -> None:
    """All parts, each alone; a smaller run is shown and not recorded."""
    before = measure.machine()
    size = rows or ROWS
    with tempfile.TemporaryDirectory() as folder:
        made = measure.alone(make, folder=folder, rows=size)
        text = measure.alone(ours, folder=folder, name="all.csv", out="scored.csv")
        native = measure.alone(ours, folder=folder, name="all.parquet", out="scored.parquet")
        theirs = measure.alone(peer, folder=folder)
    named = "pandas and scikit-learn"
    claims = [
        measure.Claim(f"{size:,} customers from CSV to CSV", text["seconds"], "s", 20.0, peer=named, ratio=theirs["seconds"] / text["seconds"]),
        measure.Claim(f"{size:,} customers from Parquet to Parquet", native["seconds"], "s", 20.0),
        measure.Claim("memory from CSV to CSV", text["peak_mb"], "MB"),
    ]
    details = {"made": made, "csv": text, "parquet": native, "peer": theirs}
    measure.tell("score", claims, details, before=before, record=rows is None)


if __name__ == "__main__":
    measure.begin(main, make, ours, peer)
