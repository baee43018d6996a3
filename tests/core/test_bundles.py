"""Models as zips of JSON and plain arrays: what is written is read, byte for byte and number for number."""

from __future__ import annotations

import json
import zipfile
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core import pipeline
from core.algorithms import ALGORITHMS
from core.bundles import read_model, write_model
from core.bundles.schema import require, schema
from core.errors import BadRequest
from core.model import Feature, LearnedColumn, Model, ModelSegment, Plan, Recipe, Table
from tests.core.hand_made_model import hand_made

KEY = b"k" * 32


def written(model: Model, key: bytes | None = None) -> bytes:
    out = BytesIO()
    write_model(model, out, key=key)
    return out.getvalue()


def same(one: Any, other: Any) -> bool:
    """Equal in every field, arrays in type, shape and every number."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, type(other)) and one == other


QUICK = ("kmeans", "bisecting", "gmm", "ward", "dbscan", "autoencoder")
"""One of each form of arrays."""


def customers(rows: int = 160) -> bytes:
    """Three round groups in two numbers, with gaps, a category of three levels and a flag."""
    random = np.random.default_rng(11)
    group = np.arange(rows) % 3
    spend = np.array([50, 200, 400])[group] + 9 * random.normal(size=rows)
    visits = np.array([30, 3, 12])[group] + random.integers(0, 3, rows)
    region = np.array(["north", "south", "west"])[(group + (random.random(rows) < 0.2)) % 3]
    lines = [f"{i},{spend[i]:.2f},{visits[i] if i % 17 else ''},{region[i]},{'yes' if i % 2 else 'no'}" for i in range(rows)]
    return ("id,spend,visits,region,member\n" + "\n".join(lines) + "\n").encode()


def trained(algorithm: str, recipe: Recipe = Recipe(gap_flags="yes")) -> tuple[Table, Model]:  # noqa: B008  frozen
    """A table and the model of the first candidate that has segments."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        path.write_bytes(customers())
        table = pipeline.load(path, path.name, {})
    comparison = pipeline.compare(table, Plan(recipe, (algorithm,), (3, 3), resamples=0))
    key = next(one.key for one in comparison.candidates if not one.problem)
    return table, pipeline.train(table, comparison, key)


def same_frame(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.equals(other) and (one.dtypes == other.dtypes).all()


def test_what_is_written_is_read():
    """Every field of the model comes back with its type."""
    model = hand_made()
    read, signed = read_model(BytesIO(written(model)))
    assert not signed
    assert same(model, read)


def test_equal_models_are_equal_bytes():
    """Nothing of the clock or of an order of making is in the file."""
    assert written(hand_made(), KEY) == written(hand_made(), KEY)
    assert written(hand_made()) != written(hand_made("Autumn"))


def test_a_signature_is_known_by_its_key_alone():
    """Ours is signed; without a signature, with another key or without ours a model is foreign."""
    ours = written(hand_made(), KEY)
    assert read_model(BytesIO(ours), key=KEY)[1]
    assert not read_model(BytesIO(ours), key=b"another")[1]
    assert not read_model(BytesIO(ours))[1]
    assert not read_model(BytesIO(written(hand_made())), key=KEY)[1]


def test_what_is_no_zip_is_refused():
    """With words, not with a trace."""
    with pytest.raises(BadRequest, match="no zip"):
        read_model(BytesIO(b"spend,visits\n1,2\n"))


def test_every_field_of_a_model_has_its_place_in_the_schema():
    """A field that the schema does not know would be written and never read."""
    known = schema("model")
    parts = {"column": LearnedColumn, "feature": Feature, "segment": ModelSegment}
    for name, kind in parts.items():
        assert set(known["$defs"][name]["properties"]) == {field.name for field in fields(kind)}
    apart = {"arrays", "segment_of", "references", "reference_segments", "centres", "axes", "middle"}
    assert set(known["properties"]) == {field.name for field in fields(Model)} - apart | {"format", "version"}


@pytest.mark.parametrize("algorithm", [one if one in QUICK else pytest.param(one, marks=pytest.mark.long) for one in ALGORITHMS])
def test_a_model_of_every_algorithm_is_read_and_scores_the_same(algorithm):
    """Trained, written, read: every customer is placed as by the model in memory, to the last bit."""
    table, model = trained(algorithm)
    read, _ = read_model(BytesIO(written(model)))
    assert same(model, read)
    assert same_frame(pipeline.score(model, table, {}).frame, pipeline.score(read, table, {}).frame)


def test_a_model_that_would_not_be_read_is_not_written():
    """Too long a name, and a segment that is nowhere: told when it is saved, not when it is needed."""
    for model in (replace(hand_made(), name="x" * 501), replace(hand_made(), parts=((1, 9),))):
        with pytest.raises(BadRequest):
            written(model)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(gaps="knn", neighbours=3),
        Recipe(encoding="ordinal", orders={"region": ("north", "south", "west")}),
        Recipe(skew="yeojohnson", scaling="robust"),
        Recipe(scaling="none", weights="none", gap_flags="yes"),
        Recipe(outliers="iqr", skew="log", scaling="minmax"),
    ],
    ids=["knn", "ordinal", "yeojohnson", "none", "log"],
)
def test_every_preparation_survives(recipe):
    """Each way of filling, encoding, bending and scaling, written and read, places everyone the same."""
    table, model = trained("kmeans", recipe)
    read, _ = read_model(BytesIO(written(model)))
    assert same(model, read)
    assert same_frame(pipeline.score(model, table, {}).frame, pipeline.score(read, table, {}).frame)


def test_the_schema_says_what_it_refuses():
    """Each word of the schema: one body that breaks it, and the place that is named."""
    body = json.loads(zipfile.ZipFile(BytesIO(written(hand_made()))).read("model.json"))
    require(body, "model")
    first = body["preparation"]["columns"][0]
    broken = {
        "rows": "many", "agreement": 2, "unlike": -1, "label": "", "algorithm": "K-means!", "segments": [],
        "parts": [[1]], "preparation": {"columns": [first]}, "params": {"a b": 1}, "drift": [["spend", [], [2]]],
        "made_at": "yesterday", "fingerprint": "<script>", "versions": {"numpy": 2}, "usual": [["1", "spend", "x"]],
        "candidate": None, "compared": 0.5, "plan": [],
    }  # fmt: skip
    for name, value in broken.items():
        with pytest.raises(BadRequest, match=rf"model\.{name}"):
            require(body | {name: value}, "model")
