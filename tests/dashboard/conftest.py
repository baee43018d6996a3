"""A store of its own for each test, with one small file in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import ids
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
