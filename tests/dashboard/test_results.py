"""Laws of results on disk and in memory: whole, read once, within bounds."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import codec
from core.model import Comparison
from dashboard.store import Outdated, artefacts
from dashboard.store.shelf import Shelf, weight
from tests.dashboard.test_store import claimed, queued, same


def finished(store, owner, dataset, noun) -> str:
    run = queued(store, owner, dataset)
    token = claimed(store, run)
    store.ledger.saving(run, token)
    store.ledger.finish(run, token, store.save_result(run, token, noun))
    return run


def test_evidence_and_everything_a_fit_tells_come_back(store, add, owner, nouns):
    """Wide frames of float32 with gaps, series of numbers and what a stopped run says survive the disk."""
    wide = pd.DataFrame(
        np.random.default_rng(0).random((300, 40)).astype(np.float32), columns=[f"k{i}" for i in range(40)]
    )
    wide.iloc[::7, 3] = np.nan
    gap = pd.DataFrame({"k": [2, 3], "gap": [0.5, np.nan], "name": ["K-means", "Ward"]})
    one = replace(
        nouns[1].candidates[0], facts={"bic": 2.5}, curves={"train_loss": (0.5, 0.25), "none": ()},
        stability=(0.5, 1.0), trust={1: 0.75, -1: 0.5},
    )  # fmt: skip
    noun = replace(
        nouns[1], candidates=(one, *nouns[1].candidates[1:]), evidence={"w": wide, "gap": gap}, stopped="Some."
    )
    run = finished(store, owner, add(owner), noun)
    assert same(store.comparison(owner, run), noun)


def test_a_result_is_read_and_checked_once_by_however_many_ask(store, add, owner, nouns, monkeypatch):
    """Pages ask for it with every click; a warm answer touches no file of it."""
    run = finished(store, owner, add(owner), nouns[1])
    read, checked = [], []
    monkeypatch.setattr(codec, "read", lambda *a, real=codec.read: (time.sleep(0.1), read.append(1), real(*a))[2])
    monkeypatch.setattr(artefacts, "check", lambda *a, real=artefacts.check: (checked.append(1), real(*a))[1])
    threads = [
        threading.Thread(target=lambda: (store.comparison(owner, run), store.database.close())) for _ in range(5)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    began = time.perf_counter()
    for _ in range(20):
        store.comparison(owner, run)
    assert (time.perf_counter() - began) / 20 < 0.005
    assert (len(read), len(checked)) == (1, 1)


def test_a_whole_result_in_a_form_of_another_version_is_outdated_not_damaged(store, add, owner, nouns, monkeypatch):
    """Its bytes are as they were written, so nothing is wrong with the disk."""
    run = finished(store, owner, add(owner), nouns[1])
    monkeypatch.setattr(codec, "read", lambda *_: codec._unpack({"plan": {}}, Comparison, {}, []))
    with pytest.raises(Outdated, match="earlier version"):
        store.comparison(owner, run)
    assert store.verify() == ()


def test_the_shelf_keeps_the_last_used_within_its_bounds_and_always_the_last_one():
    """Few results, few bytes: but what is looked at now stays, however large."""
    shelf, made = Shelf(3, 1000), []

    def put(key: str, size: int) -> np.ndarray:
        return shelf.get(("o", key), lambda: (made.append(key), np.zeros(size, np.uint8))[1])

    for key in "abcad":
        put(key, 10)
    put("b", 10)
    assert made == ["a", "b", "c", "d", "b"], "b was used the longest ago when d came"
    put("big", 5000)
    put("big", 5000)
    put("a", 10)
    assert made == ["a", "b", "c", "d", "b", "big", "a"]
    shelf.drop("a")
    put("a", 10)
    assert made[-1] == "a" and len(made) == 8


def test_what_fails_is_not_kept_on_the_shelf_and_blocks_nobody():
    """The next one who asks tries again."""
    shelf = Shelf(2, 100)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            shelf.get("k", lambda: 1 // 0)
    assert shelf.get("k", lambda: 7) == 7


def test_the_weight_of_a_result_is_that_of_its_arrays_and_frames(nouns):
    """Counted by hand: labels, map, outliers, the cells of the profile and of each frame of evidence."""
    comparison = nouns[1]
    frames = [comparison.profiles, *comparison.evidence.values()]
    arrays = sum(one.labels.nbytes for one in comparison.candidates)
    arrays += comparison.coordinates.nbytes + comparison.outlier.nbytes
    assert weight(comparison) == arrays + sum(frame.memory_usage(index=False).sum() for frame in frames)
