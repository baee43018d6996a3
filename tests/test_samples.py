"""The sample files are what their generator says, and their segments can be found."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from core.formats import read
from core.formats.reading import Reading
from core.model import Recipe, Role, Source
from core.prepare import prepare
from core.tables import understand


@pytest.fixture(scope="module")
def generate(project: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample_generator", project / "data" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generating_again_gives_the_same_bytes(generate: ModuleType, project: Path, tmp_path: Path) -> None:
    """The committed files are the generator's."""
    for path in generate.write(tmp_path):
        assert path.read_bytes() == (project / "data" / "samples" / path.name).read_bytes()


def test_the_customer_file_is_understood(project: Path) -> None:
    """Id left out, gaps, duplicates and the currency found, nothing asked."""
    path = project / "data" / "samples" / "customers.csv"
    table = understand(read(path, path.name, {}), {})
    assert len(table) == 1_206
    assert table.duplicates == 6
    assert table.column("customer_id").role is Role.ID
    assert table.column("average_order_eur").unit == "EUR"
    assert table.column("age").gaps >= 24
    assert not table.questions
    assert len(table.quarantine) == 0


def test_the_truth_can_be_found(generate: ModuleType) -> None:
    """K-means with default preparation: adjusted Rand over 0.9 at 5, where the silhouette is highest."""
    frame, truth = generate.customers(1_200, generate.SEED)
    matrix = prepare(understand(Reading(frame, Source("sample", "frame")), {}), Recipe())
    values, truth = matrix.values, truth[matrix.rows]
    labels = {k: KMeans(k, n_init=5, random_state=0).fit_predict(values) for k in range(2, 9)}
    assert adjusted_rand_score(truth, labels[5]) > 0.9
    assert max(labels, key=lambda k: silhouette_score(values, labels[k])) == 5


def test_twenty_thousand_customers_come_from_the_same_law(generate: ModuleType) -> None:
    """Any number of customers, every segment with its share."""
    frame, truth = generate.customers(20_000, 1)
    assert len(frame) == 20_000
    assert frame["customer_id"].is_unique
    np.testing.assert_allclose(np.bincount(truth) / 20_000, (0.16, 0.26, 0.24, 0.20, 0.14), atol=0.02)


def test_orders_hold_returns_repeats_and_missing_ids(project: Path) -> None:
    """About 5,000 lines of known customers, with the declared faults."""
    folder = project / "data" / "samples"
    orders = pd.read_csv(folder / "orders.csv", dtype=str, keep_default_na=False)
    people = pd.read_csv(folder / "customers.csv", dtype=str)
    assert len(orders) == 5_025
    assert orders.duplicated().sum() == 25
    assert (orders["customer_id"] == "").sum() >= 50
    assert orders["quantity"].str.startswith("-").mean() > 0.02
    assert set(orders["customer_id"]) - {""} <= set(people["customer_id"])
