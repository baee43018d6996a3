"""Whatever a file holds, a segmentation of it is told whole, explained and exported, or refused in words."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from core import pipeline
from core.errors import SegmentationError
from core.exports import EXPORTS
from core.exports.importance_csv import write_importance
from core.model import NOISE, Edit, Plan, Shape

random = np.random.default_rng(0)


def blobs(rows: int, columns: int) -> np.ndarray:
    """Two groups of equal size."""
    middles = np.repeat([0, 9], rows // 2)[:, None]
    return (random.normal(0, 1, (rows, columns)) + middles).round(3)


CELLS = ["=cmd|' /C calc'!A0", "<b>x</b>", "O'Brien", 'a"b', "%{x}", "\u202ex", "--", "/* */;", "-- x", "\\"]
NAMES = ["=cmd|x", "<img src=x onerror=alert(1)>", "%{x}", "\u202eevil", "\U0001f600" * 60, "a\r\nb; DROP TABLE", "__proto__", 'a" -- ']
TABLES = {
    "one column": pd.DataFrame(blobs(60, 1), columns=["a"]),
    "six rows": pd.DataFrame({"a": [1, 2, 30, 31, 60, 61], "b": [1, 2, 40, 41, 9, 8]}),
    "two points": pd.DataFrame({"a": [1] * 30 + [5] * 30, "b": [2] * 30 + [7] * 30}),
    "cells": pd.DataFrame(blobs(60, 2), columns=["a", "b"]).assign(city=CELLS * 6, pay=["@SUM(1)", "+1+1", "a\nb"] * 20),
    "names": pd.DataFrame(blobs(60, 8), columns=NAMES),
    "empty and alike names": pd.DataFrame(blobs(60, 6), columns=["", '"q"', "a'b", "Name", "name", "NAME"]),
    "gaps everywhere": pd.DataFrame(blobs(60, 4), columns=list("abcd")).mask(random.random((60, 4)) < 0.4),
    "constants": pd.DataFrame(blobs(60, 2), columns=["a", "b"]).assign(c=3, d="same", e=None),
    "beyond reckoning": pd.DataFrame(blobs(60, 2), columns=["a", "b"]).assign(h=blobs(60, 1) * 1e300, m=[1.7e308] * 30 + [-1.7e308] * 30),
    "words alone": pd.DataFrame({"k": ["a", "b", "c"] * 20, "l": ["x", "y"] * 30}),
    "dates beside": pd.DataFrame(blobs(60, 2), columns=["a", "b"]).assign(since=pd.date_range("2020-01-01", periods=60).astype(str)),
    "money that is none": pd.DataFrame(blobs(60, 2), columns=["a", "b"]).assign(id=range(60), revenue=0),
}
QUICK = ("six rows", "cells")


@pytest.mark.parametrize("name", [one if one in QUICK else pytest.param(one, marks=pytest.mark.long) for one in TABLES])
@pytest.mark.parametrize("algorithm", ["kmeans", pytest.param("dbscan", marks=pytest.mark.long)])
def test_a_segmentation_of_anything_is_told_explained_and_exported(tmp_path, name, algorithm):
    """As it was fitted, and named, split and moved by hand; warnings of numbers that are none are errors here."""
    path = tmp_path / "customers.csv"
    TABLES[name].to_csv(path, index=False)
    table = pipeline.load(path, path.name, {})
    plan = Plan(algorithms=(algorithm,), segments=(2, 2), resamples=0)
    comparison = pipeline.compare(table, plan)
    made = [one for one in comparison.candidates if not one.problem]
    for candidate in made[:1]:
        first, *_ = (segment for segment in candidate.sizes if segment != NOISE)
        edits = Edit("rename", first, text=CELLS[0]), Edit("describe", first, text="\r\n# a\n<script>"), Edit("split", first)
        for shape in (Shape(), Shape(edits), Shape((Edit("move", first, rows=(0,)),))):
            _told(table, comparison, candidate.key, shape)
    assert made or all(one.problem for one in comparison.candidates)


def _told(table, comparison, key, shape):
    try:
        found = pipeline.portray(table, comparison, key, shape=shape, resamples=10)
    except SegmentationError as problem:
        assert shape.edits and str(problem)  # an edit may be impossible, a candidate with segments may not
        return
    assert found.whole and sum(found.candidate.sizes.values()) == len(table)
    for name in EXPORTS:
        for raw in (False, True):
            stream = io.BytesIO()
            EXPORTS[name].write(table, found, stream, raw=raw)
            assert stream.getvalue()
    write_importance(pipeline.importance(table, comparison, key, shape=shape), io.BytesIO())
    assert pipeline.why_here(table, comparison, key, shape=shape, row=0).told
