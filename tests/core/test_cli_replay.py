"""Capsules: a run made again gives the same labels, or the difference is named."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import pipeline
from core.bundles import Capsule, capsule_of, read_capsule, write_capsule
from core.bundles.capsule import sha256_of
from core.cli import main
from core.errors import BadRequest
from core.model import Edit, Plan, Recipe, Shape
from tests.core.test_cli_score import text_of

ALGORITHMS = ("kmeans", "ward", "dbscan")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Capsule]]:
    """A file, and a capsule of one candidate per algorithm, out of a comparison of several; K-means changed by hand."""
    path = tmp_path_factory.mktemp("replay") / "in.csv"
    path.write_text(text_of(), encoding="utf-8")
    table = pipeline.load(path, path.name, {})
    plan = Plan(Recipe(outliers="iqr"), ALGORITHMS, (3, 4), resamples=0, seed=5)
    comparison = pipeline.compare(table, plan)
    made = {}
    for name in ALGORITHMS:
        key = next(one.key for one in comparison.candidates if one.algorithm == name and not one.problem)
        made[name] = capsule_of(comparison.choose(key), sha256_of(path))
    hand = Shape((Edit("merge", 1, number=2), Edit("move", 3, rows=(0, 1, 2)), Edit("rename", 1, text="Ours")))
    whole = pipeline.portray(table, comparison, made["kmeans"].candidate, shape=hand, resamples=0)
    made["by hand"] = capsule_of(whole, sha256_of(path))
    return path, made


def zipped(capsule: Capsule) -> bytes:
    out = io.BytesIO()
    write_capsule(capsule, out)
    return out.getvalue()


def put(folder: Path, capsule: Capsule) -> Path:
    (folder / "capsule.zip").write_bytes(zipped(capsule))
    return folder / "capsule.zip"


def test_what_is_written_is_read(runs):
    """Every field, and equal capsules are equal bytes."""
    for kept in runs[1].values():
        read = read_capsule(io.BytesIO(zipped(kept)))
        assert (read.labels == kept.labels).all()
        assert read.labels.dtype == np.int16
        assert replace(read, labels=kept.labels) == kept
        assert zipped(read) == zipped(kept)


@pytest.mark.parametrize("name", [*ALGORITHMS, "by hand"])
def test_a_run_made_again_is_the_same(runs, tmp_path, capsys, name):
    """Exit status 0 and a sentence; one candidate of several, rows set aside, and changes by hand too."""
    path, kept = runs[0], runs[1][name]
    assert main(["replay", str(put(tmp_path, kept)), "--data", str(path), "--out", str(tmp_path / "labels.csv")]) == 0
    assert "all 300 rows" in capsys.readouterr().out
    told = pd.read_csv(tmp_path / "labels.csv")
    assert told["segment"].tolist() == told["segment_then"].tolist() == kept.labels.tolist()
    assert told["row"].tolist() == list(range(1, 301))


def test_another_label_is_named(runs, tmp_path, capsys):
    """Exit status 4, how many rows, the first of them by number; what is there is still written."""
    path, kept = runs[0], runs[1]["kmeans"]
    labels = kept.labels.copy()
    labels[[7, 9]] = labels[[7, 9]] % 3 + 1
    target = tmp_path / "labels.csv"
    assert main(["replay", str(put(tmp_path, replace(kept, labels=labels))), "--data", str(path), "--out", str(target)]) == 4
    said = capsys.readouterr().err
    assert "2 of 300 rows" in said
    assert f"8 ({labels[7]} then, {kept.labels[7]} now), 10 (" in said
    assert (pd.read_csv(target).query("segment != segment_then")["row"]).tolist() == [8, 10]


def test_other_bytes_and_other_versions_are_named(runs, tmp_path, capsys):
    """Where labels differ they explain it; where none does they are remarks."""
    path, kept = runs[0], runs[1]["kmeans"]
    other = tmp_path / "other.csv"
    other.write_text(path.read_text("utf-8").replace("C0005", "X0005"), encoding="utf-8")
    aged = replace(kept, versions=kept.versions | {"numpy": "0.1"})
    assert main(["replay", str(put(tmp_path, aged)), "--data", str(other)]) == 0
    said = capsys.readouterr().err
    assert "other bytes" in said
    assert f"numpy 0.1 then, {np.__version__} now" in said
    changed = path.read_text("utf-8").splitlines()
    changed[1] = "C0000,410.00,12,west"
    other.write_text("\n".join(changed) + "\n", encoding="utf-8")
    assert main(["replay", str(put(tmp_path, kept)), "--data", str(other)]) == 4
    said = capsys.readouterr().err
    assert "in another segment: 1 (" in said
    assert "other bytes" in said


def test_another_number_of_rows_is_named(runs, tmp_path, capsys):
    """Labels of other rows cannot be compared."""
    path, kept = runs[0], runs[1]["ward"]
    other = tmp_path / "other.csv"
    other.write_text("\n".join(path.read_text("utf-8").splitlines()[:200]) + "\n", encoding="utf-8")
    assert main(["replay", str(put(tmp_path, kept)), "--data", str(other)]) == 4
    assert "199 rows" in capsys.readouterr().err


def members(kept: Capsule) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(zipped(kept))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in content.items():
            archive.writestr(name, body)
    return out


def test_what_is_no_capsule_is_refused(runs):
    """A member more or fewer, other labels, another version, a plan that is none, a shape that is none, a model."""
    whole = members(runs[1]["by hand"])
    body = json.loads(whole["capsule.json"])
    wrong = [
        whole | {"run.py": b"import os"},
        {name: content for name, content in whole.items() if name != "plan.json"},
        whole | {"labels.npy": whole["labels.npy"][:-2] + b"\x09\x00"},
        whole | {"labels.npy": whole["labels.npy"][:-2]},
        whole | {"capsule.json": json.dumps(body | {"version": 9}).encode()},
        whole | {"capsule.json": json.dumps(body | {"data": {"rows": 10**12}}).encode()},
        whole | {"capsule.json": json.dumps(body | {"data": body["data"] | {"sha256": "x"}}).encode()},
        whole | {"plan.json": b"{}"},
        whole | {"shape.json": b'{"version": 1, "edits": [{"kind": "run", "segment": 1}]}'},
        whole | {"capsule.json": b'{"format": "segment-atlas-model"}'},
    ]
    for one in wrong:
        out = packed(one)
        out.seek(0)
        with pytest.raises(BadRequest):
            read_capsule(out)


def test_no_file_is_no_trace(tmp_path, capsys):
    """A capsule or a file that is not there is told in words."""
    (tmp_path / "in.csv").write_text(text_of(), encoding="utf-8")
    assert main(["replay", str(tmp_path / "none.zip"), "--data", str(tmp_path / "in.csv")]) == 2
    assert main(["replay", str(tmp_path / "in.csv"), "--data", str(tmp_path / "in.csv")]) == 2
    assert main(["replay", str(tmp_path / "in.csv"), "--data", str(tmp_path / "none.csv")]) == 2
    assert capsys.readouterr().err.count("error:") == 3
