"""What pretends to be a model is refused in words, quickly, in little memory, and without any effect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from core import scoring
from core.bundles import plain_arrays, read_model
from core.errors import BadRequest
from core.model import NOISE, Model
from tests.core.evil_models import KEY, evil, good, packed, unsigned
from tests.core.test_bundles import trained, written

EVIL = 50


def test_every_evil_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over fifty: a sentence that says why, within a second each, and nothing has been made or run."""
    monkeypatch.chdir(tmp_path)
    canary = tmp_path / "canary"
    models, believed, slow = evil(canary), [], []
    assert len(models) >= EVIL
    for name, content in models.items():
        started = time.process_time()
        try:
            read_model(BytesIO(content), key=KEY)
            believed.append(name)
        except BadRequest as refused:
            assert 20 < len(str(refused)) < 500, name
        if time.process_time() - started > 1.0:
            slow.append(name)
    assert not believed
    assert not slow
    assert list(tmp_path.iterdir()) == []


MEASURE = """
import resource, sys
from io import BytesIO
from pathlib import Path
from core.bundles import read_model
from core.errors import BadRequest
read_model(Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for place in sys.argv[2:]:
    try:
        read_model(Path(place))
    except BadRequest:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.long
def test_no_evil_model_takes_much_memory(tmp_path: Path) -> None:
    """All of them together raise the peak of a process by less than 200 MB over that of a good model."""
    places = []
    for number, content in enumerate([packed(unsigned()), *evil(tmp_path / "canary").values()]):
        places.append(tmp_path / f"{number}.zip")
        places[-1].write_bytes(content)
    done = subprocess.run([sys.executable, "-c", MEASURE, *map(str, places)], capture_output=True, text=True, check=True,
                          env=dict(os.environ) | {"PYTHONPATH": str(Path.cwd())})  # fmt: skip
    assert int(done.stdout) < 200
    assert not (tmp_path / "canary").exists()


def test_the_good_one_is_read() -> None:
    """Else all of the above would be refused for another reason."""
    assert read_model(BytesIO(packed(good())), key=KEY)[1]
    assert not read_model(BytesIO(packed(unsigned())), key=KEY)[1]


def usable(model: Model) -> bool:
    """Scores customers like any model: known segments, shares within 0..1."""
    import pandas as pd

    cells = {}
    for column in model.preparation.columns:
        if column.kind == "category":
            cells[column.name] = pd.Series([*column.known[:2], None, "strange"][-3:], dtype=object)
        else:
            cells[column.name] = pd.Series([column.low, np.nan, 1e12], dtype=float)
    with np.errstate(all="ignore"):
        found = scoring.score(model, pd.DataFrame(cells)).frame
    known = {NOISE, *(one.number for one in model.segments)}
    second = set(found["runner_up"].tolist()) <= known | {0}
    return set(found["segment"].tolist()) <= known and second and bool(found["confidence"].between(0, 1).all())


def mutated(members: dict[str, bytes], random: np.random.Generator) -> bytes:
    """One thing of a model changed: a number, text or entry of its specification, or numbers or the shape of an array."""
    name = str(random.choice(sorted(members)))
    if random.random() < 0.6:
        body = json.loads(members["model.json"])
        _change(body, random)
        return packed(members | {"model.json": json.dumps(body).encode()})
    if name.endswith(".npy"):
        array = plain_arrays.from_bytes(members[name], name).copy()
        return packed(members | {name: plain_arrays.to_bytes(_changed(array, random))})
    content = bytearray(members[name])
    content[int(random.integers(len(content)))] = int(random.integers(256))
    return packed(members | {name: bytes(content)})


ODD = [None, True, -1, 0, 1, 2, 32767, 10**18, -1.5, 1e-320, 1e308, "", "0", "nan", "spend", "region", [], {}, [1, 2, 3], ["a"]]


def _change(body: object, random: np.random.Generator) -> None:
    """Walks down at random and puts something odd there, takes it away, or repeats it."""
    while True:
        keys = list(body) if isinstance(body, dict) else list(range(len(body)))
        if not keys:
            return
        key = keys[int(random.integers(len(keys)))]
        if isinstance(body[key], (dict, list)) and body[key] and random.random() < 0.85:
            body = body[key]
            continue
        turn = random.random()
        if turn < 0.7:
            body[key] = ODD[int(random.integers(len(ODD)))]
        elif turn < 0.85 or isinstance(body, dict):
            del body[key]
        else:
            body.append(body[key])
        return


def _changed(array: np.ndarray, random: np.random.Generator) -> np.ndarray:
    turn = random.random()
    if array.dtype.kind not in "fi" or turn < 0.15:
        return array.T.copy() if array.ndim else array
    if turn < 0.3 and array.ndim:
        return array[: len(array) // 2]
    if turn < 0.4:
        return array.astype(np.float32 if array.dtype.kind == "f" else np.int64)
    odd = [np.nan, np.inf, -1e308, 1e149, -1e-300, 0.0, 40.0] if array.dtype.kind == "f" else [-1, 0, 1, 7, 999, 32767]
    flat = array.reshape(-1)
    if len(flat):
        flat[random.integers(len(flat), size=int(random.integers(1, 4)))] = odd[int(random.integers(len(odd)))]
    return array


def survives(model: Model, *, turns: int, seed: int) -> tuple[int, int]:
    """How many of so many mutations are refused and how many are read; those that are read all score."""
    out = BytesIO(written(model))
    import zipfile

    with zipfile.ZipFile(out) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    random, refused, read = np.random.default_rng(seed), 0, 0
    for _ in range(turns):
        content = mutated(members, random)
        try:
            found, _ = read_model(BytesIO(content))
        except BadRequest:
            refused += 1
            continue
        assert usable(found)
        read += 1
    return refused, read


def test_a_mutated_model_is_refused_or_scores() -> None:
    """150 mutations of a small model: nothing but a refusal in words or a model that places customers."""
    from tests.core.hand_made_model import hand_made

    refused, read = survives(hand_made(), turns=150, seed=5)
    assert refused > 30
    assert read > 10


@pytest.mark.long
@pytest.mark.parametrize("algorithm", ["kmeans", "bisecting", "gmm", "ward", "dbscan", "hdbscan", "kmedoids", "autoencoder"])
def test_mutated_models_of_the_algorithms_are_refused_or_score(algorithm: str) -> None:
    """250 mutations of a trained model of each family, 2,000 in all."""
    refused, read = survives(trained(algorithm)[1], turns=250, seed=17)
    assert refused > 50
    assert read > 10
