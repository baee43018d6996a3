"""1,000 customers placed by ``POST /api/score`` beside what a bare scikit-learn pipeline needs for as many, JSON included.

    .venv/bin/python tests/benchmarks/bench_score_api.py

The whole request is measured inside one process (no network): reading the body, the key, placing, confidence, runner-up, the flag
of who is unlike anyone, writing the answer. The peer reads the same JSON and answers the posterior of each segment
(``Pipeline.predict_proba`` of a ColumnTransformer and the 25 nearest neighbours). Writes ``score_api.json``.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
SAMPLE = ROOT / "data" / "samples" / "customers.csv"
ROUNDS, CUSTOMERS = 15, 1_000
LIMIT = 0.2


def body() -> bytes:
    """The first customers of the sample as JSON."""
    import pandas as pd

    frame = pd.read_csv(SAMPLE).drop(columns="customer_id").head(CUSTOMERS).astype(object)
    return json.dumps({"customers": frame.where(frame.notna(), None).to_dict("records")}).encode()


def ours(content: bytes) -> tuple[Callable[[], bytes], object]:
    """A request to a server in this process, and the model behind it."""
    from core import pipeline
    from core.model import Plan
    from dashboard.app import create_app
    from dashboard.settings import Settings

    table = pipeline.load(SAMPLE, SAMPLE.name, {})
    comparison = pipeline.compare(table, Plan(algorithms=("kmeans",), segments=(5, 5), resamples=2))
    model = pipeline.train(table, comparison, "kmeans-5")
    folder = Path(tempfile.mkdtemp())
    server = create_app(Settings(data_dir=folder / "store", secret_key="s" * 32))
    models = server.extensions["atlas"].store.models
    key = models.renew_key("o" * 22, models.add("o" * 22, model))
    client = server.test_client()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask() -> bytes:
        answer = client.post("/api/score", data=content, headers=headers)
        assert answer.status_code == 200, answer.data
        return answer.data

    return ask, comparison.candidate("kmeans-5").labels


def peer(content: bytes, labels: object) -> Callable[[], bytes]:
    """The same from a scikit-learn pipeline fitted on the same labels."""
    import pandas as pd
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    frame = pd.read_csv(SAMPLE).drop(columns="customer_id")
    figures = list(frame.select_dtypes("number"))
    words = [name for name in frame if name not in figures]
    prepared = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), figures), (OneHotEncoder(handle_unknown="ignore", sparse_output=False), words)
    )
    pipe = make_pipeline(prepared, KNeighborsClassifier(25)).fit(frame, labels)

    def ask() -> bytes:
        customers = pd.DataFrame(json.loads(content)["customers"])
        return json.dumps(pipe.predict_proba(customers).tolist()).encode()

    return ask


def seconds(work: Callable[[], bytes]) -> list[float]:
    """Each of the rounds, after one that does not count."""
    work()
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def main() -> None:
    content = body()
    ask, labels = ours(content)
    here, there = seconds(ask), seconds(peer(content, labels))
    told = {
        "customers": CUSTOMERS,
        "ours_seconds": {"median": statistics.median(here), "worst": max(here)},
        "sklearn_seconds": {"median": statistics.median(there), "worst": max(there)},
        "ratio": statistics.median(here) / statistics.median(there),
        "limit_seconds": LIMIT,
        "within": statistics.median(here) < LIMIT,
        "load": os.getloadavg()[0],
    }
    (Path(__file__).parent / "score_api.json").write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
