"""A store of its own for each test, with one small file in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import pipeline
from core.model import Plan
from dashboard import ids
from dashboard.app import services_of
from dashboard.settings import prepare_data_dir
from dashboard.store import Store

SHOP = "customer,income,score\n" + "".join(f"{i},{20 + i % 5 * 20},{15 + i % 4 * 22}\n" for i in range(60))


@pytest.fixture()
def store(tmp_path: Path) -> Store:
    return Store(prepare_data_dir(tmp_path / "store"))


@pytest.fixture()
def add(tmp_path: Path, store: Store):
    """Put text among an owner's files."""

    def put(owner: str, text: str = SHOP, name: str = "shop.csv"):
        path = tmp_path / ids.new_id()
        path.write_text(text, encoding="utf-8")
        return store.add_dataset(owner, name, path)

    return put


@pytest.fixture()
def owner() -> str:
    return ids.new_id()


@pytest.fixture()
def desk(make_settings):
    """Services whose runner was never started: requests stay queued."""
    return services_of(make_settings(queue_per_session=3))


@pytest.fixture()
def mine(desk, app):
    """A browser of the session of a :class:`tests.dashboard.made.Desk`."""
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["owner"] = desk.owner
    return browser


@pytest.fixture()
def file(desk, tmp_path, owner):
    """Put a file among the owner's, told apart by ``name``; its id."""

    def put(name: str = "") -> str:
        path = tmp_path / ids.new_id()
        path.write_text(SHOP + name, encoding="utf-8")
        return desk.store.add_dataset(owner, "shop.csv", path).id

    return put


@pytest.fixture()
def nouns(store, add, owner):
    """A real table, its comparison and an explanation."""
    dataset = add(owner)
    table = pipeline.load(store.source(owner, dataset.id), "shop.csv", {})
    comparison = pipeline.compare(table, Plan(algorithms=("kmeans", "dbscan"), segments=(2, 3), resamples=2))
    explanation = pipeline.importance(table, comparison, "kmeans-3")
    return table, comparison, explanation
