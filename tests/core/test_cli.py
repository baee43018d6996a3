"""The command line: files, exit statuses, and one clear message for every problem."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs

from core.cli import main
from core.cli.segment import CAPSULE, EXPORTED, IMPORTANCE, MODEL
from core.exports import EXPORTS
from core.selection import CAUTION

WRITTEN = sorted([*(EXPORTS[name].filename for name in EXPORTED), IMPORTANCE, MODEL, CAPSULE])


@pytest.fixture
def file(tmp_path):
    """90 customers in three clouds, with a column that looks like a formula."""
    values = make_blobs(90, 2, centers=[(0, 0), (20, 0), (0, 20)], random_state=0)[0]
    frame = pd.DataFrame(values.round(3), columns=["spend", "visits"])
    frame["segment"] = np.tile(["=1+1", "b", "c"], 30)
    path = tmp_path / "customers-in.csv"
    frame.to_csv(path, index=False)
    return path


def run(capsys, *arguments) -> tuple[int, str, str]:
    """``segment`` with few resamples, unless a test asks for others: what they say is tested elsewhere."""
    few = [] if "--resamples" in arguments else ["--resamples", "10"]
    status = main(["segment", *map(str, arguments), *few])
    told = capsys.readouterr()
    return status, told.out, told.err


def messages(err: str) -> list[str]:
    """What stderr says apart from log lines."""
    return [line for line in err.splitlines() if not line.startswith("{")]


def test_writes_every_file_and_says_what_it_found(file, tmp_path, capsys):
    """Every input row comes back in order with its segment; the scores agree with the labels."""
    out = tmp_path / "out"
    status, told, err = run(capsys, file, "--out", out, "--features", "spend,visits")
    assert status == 0 and sorted(path.name for path in out.iterdir()) == WRITTEN
    customers = pd.read_csv(out / "customers.csv")
    assert customers["spend"].tolist() == pd.read_csv(file)["spend"].tolist()
    assert {"segment", "segment_2", "segment_name", "outlier"} <= set(customers.columns)
    scores = json.loads((out / "scores.json").read_text())
    assert scores["n_segments"] == 3 and scores["share_placed"] == 1
    assert scores["sizes"] == customers["segment_2"].value_counts().sort_index().tolist() == [30, 30, 30]
    assert scores["because"] in told and messages(err) == []


def test_log_lines_are_json_without_cells(file, tmp_path, capsys):
    """Away from a terminal each step is one JSON line; no cell of the file is in it."""
    err = run(capsys, file, "--out", tmp_path / "out", "--features", "spend,visits", "--algorithm", "kmeans")[2]
    lines = [json.loads(line) for line in err.splitlines()]
    assert {"Reading the file", "Fitting K-means", "Done"} <= {line["step"] for line in lines}
    assert all(set(line) == {"time", "level", "event", "step", "done", "total"} for line in lines)


@pytest.mark.parametrize(
    "algorithm", ["kmeans", *(pytest.param(name, marks=pytest.mark.long) for name in ("gmm", "ward", "dbscan"))]
)
def test_a_plan_replays_to_the_same_files(file, tmp_path, capsys, algorithm):
    """plan.json on the same file writes the same customers, profiles and plan, byte for byte."""
    first, second = tmp_path / "first", tmp_path / "second"
    choices = ("--features", "spend,visits", "--algorithm", algorithm, "--segments", 3, "--scale", "minmax", "--seed", 5)
    assert run(capsys, file, "--out", first, *choices)[0] == 0
    assert run(capsys, file, "--out", second, "--plan", first / "plan.json")[0] == 0
    for name in ("customers.csv", "profiles.csv", "plan.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    scores = [json.loads((folder / "scores.json").read_text()) for folder in (first, second)]
    assert all(score["n_segments"] == 3 and score["algorithm"] == algorithm for score in scores)


def test_scores_say_the_verdict_and_how_stable_each_segment_is(file, tmp_path, capsys):
    """Three clouds: natural, every segment by name near 1, over as many resamples as asked for."""
    out = tmp_path / "out"
    choices = ("--features", "spend,visits", "--algorithm", "kmeans", "--resamples", 12)
    status, told, _ = run(capsys, file, "--out", out, *choices)
    scores = json.loads((out / "scores.json").read_text())
    assert status == 0 and scores["verdict"] == "natural" and scores["verdict_because"] in told
    assert set(scores["stability"]) == set(pd.read_csv(out / "customers.csv")["segment_name"])
    assert min(scores["stability"].values()) > 0.95 and scores["resamples"] == 12 and scores["caution"] == {}
    plan = json.loads((out / "plan.json").read_text())
    assert plan["resamples"] == 12
    again = run(capsys, file, "--out", tmp_path / "again", "--plan", out / "plan.json")
    replayed = json.loads((tmp_path / "again" / "scores.json").read_text())
    assert again[0] == 0 and all(replayed[name] == scores[name] for name in ("verdict", "verdict_because", "stability"))


def test_a_shaky_segment_carries_its_caution_everywhere(tmp_path, capsys):
    """A crowd cut into eight: whoever is in a segment below 0.60 is told not to be targeted, in every file and on screen."""
    path, out = tmp_path / "crowd.csv", tmp_path / "out"
    values = np.random.default_rng(0).normal(size=(120, 4)).round(3)
    pd.DataFrame(values, columns=["spend", "visits", "age", "income"]).to_csv(path, index=False)
    status, told, _ = run(capsys, path, "--out", out, "--algorithm", "kmeans", "--segments", 8)
    scores = json.loads((out / "scores.json").read_text())
    low = {name for name, value in scores["stability"].items() if value < 0.6}
    assert status == 0 and low and set(scores["caution"]) == low and CAUTION in told
    customers = pd.read_csv(out / "customers.csv", keep_default_na=False)
    assert set(customers.loc[customers["caution"] == CAUTION, "segment_name"]) == low
    profile = pd.read_csv(out / "profiles.csv", keep_default_na=False)
    assert set(profile.loc[profile["caution"] == CAUTION, "segment_name"]) == low
    for name in {"personas.md", "rules.sql"} & set(WRITTEN):
        assert (out / name).read_text().count(CAUTION) >= len(low), name
    assert scores["verdict"] in ("constructive", "none")


def test_resamples_out_of_range_are_wrong_use(file, tmp_path, capsys):
    """0 to 100; without any, stability is unknown and no segment is called shaky."""
    assert run(capsys, file, "--out", tmp_path / "out", "--resamples", 101)[0] == 2
    status = run(capsys, file, "--out", tmp_path / "out", "--resamples", 0, "--algorithm", "kmeans", "--features", "spend")[0]
    scores = json.loads((tmp_path / "out" / "scores.json").read_text())
    assert status == 0 and set(scores["stability"].values()) == {None} and scores["caution"] == {}


@pytest.mark.parametrize("rows", [4, 5, 8])
def test_a_handful_of_customers_still_gets_every_file(tmp_path, capsys, rows):
    """Four customers of one column in two groups: everything is written, nothing breaks."""
    path, out = tmp_path / "few.csv", tmp_path / "out"
    path.write_text("spend\n" + "".join(f"{value}\n" for value in [1.0, 1.1, 9.0, 9.2, 1.2, 9.3, 1.3, 9.4][:rows]))
    status, _, err = run(capsys, path, "--out", out, "--defaults", "--algorithm", "kmeans", "--segments", 2)
    assert status == 0 and sorted(one.name for one in out.iterdir()) == WRITTEN, messages(err)


def test_formulas_are_neutralised_unless_raw(file, tmp_path, capsys):
    """A cell that a spreadsheet would run is written as text; --raw leaves it."""
    for flags, shown in (((), False), (("--raw",), True)):
        out = tmp_path / f"out{len(flags)}"
        run(capsys, file, "--out", out, "--features", "spend", "--algorithm", "kmeans", *flags)
        assert ("=1+1" in set(pd.read_csv(out / "customers.csv")["segment"])) is shown


WRONG = {
    "an unknown column": ("--features", "spend,turnover"),
    "no column": ("--features", ","),
    "not a number": ("--segments", "many"),
    "out of range": ("--segments", "31"),
    "a negative seed": ("--seed", "-1"),
    "no plan there": ("--plan", "none.json"),
    "not a plan": ("--plan", "bad.json"),
    "a plan and a choice": ("--plan", "bad.json", "--scale", "none"),
    "an unknown algorithm": ("--algorithm", "magic"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_status_2_and_writes_nothing(file, tmp_path, capsys, monkeypatch, case):
    """A request that does not fit is told in words, and no folder appears."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text("{}")
    status, _, err = run(capsys, file, "--out", tmp_path / "out", *WRONG[case])
    assert status == 2 and "error: " in messages(err)[-1] and "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_unknown_columns_are_answered_with_the_known_ones(file, tmp_path, capsys):
    """The message lists what could have been typed."""
    err = run(capsys, file, "--out", tmp_path / "out", "--features", "turnover")[2]
    assert "'turnover'" in err and "spend, visits, segment" in err


def test_no_file_and_no_folder(file, tmp_path, capsys):
    """A missing input, and a file where the folder should be, are wrong use."""
    assert run(capsys, tmp_path / "none.csv", "--out", tmp_path / "out")[0] == 2
    assert run(capsys, file, "--out", file)[0] == 2


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"a,b\n1,2\n", b"a,b\n" + b"1,2\n" * 50])
def test_problems_of_the_data_are_status_4(tmp_path, capsys, content):
    """Empty, not a table, too few rows, all rows equal: one message, no traceback, nothing written."""
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    status, _, err = run(capsys, path, "--out", tmp_path / "out")
    assert status == 4 and len(messages(err)) == 1 and messages(err)[0].startswith("error: ")
    assert not (tmp_path / "out").exists()


def test_segments_that_dbscan_cannot_find_are_status_4(file, tmp_path, capsys):
    """DBSCAN finds its own number; when none of its reaches gives the one asked for, that is said."""
    status, _, err = run(capsys, file, "--out", tmp_path / "out", "--algorithm", "dbscan", "--segments", 29)
    assert status == 4 and "No candidate has 29 segments" in err


def test_an_open_choice_is_status_3_until_defaults_are_taken(tmp_path, capsys):
    """Dates that may be read two ways are asked about; --defaults takes the proposal and the plan keeps it."""
    path = tmp_path / "in.csv"
    rows = [f"{at % 12 + 1:02}/{at % 11 + 1:02}/2024,{at * 3 % 17},{at % 5}" for at in range(60)]
    path.write_text("\n".join(["joined,spend,visits", *rows]))
    status, _, err = run(capsys, path, "--out", tmp_path / "out")
    assert status == 3 and "options:" in err
    assert run(capsys, path, "--out", tmp_path / "out", "--defaults", "--algorithm", "kmeans")[0] == 0
    assert json.loads((tmp_path / "out" / "plan.json").read_text())["recipe"]["answers"]
    assert run(capsys, path, "--out", tmp_path / "again", "--plan", tmp_path / "out" / "plan.json")[0] == 0


def test_a_failed_write_leaves_the_earlier_result(file, tmp_path, capsys, monkeypatch):
    """When the third file cannot be written, none of them changes and nothing half-written stays."""
    out = tmp_path / "out"
    assert run(capsys, file, "--out", out, "--features", "spend", "--algorithm", "kmeans")[0] == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    broken = replace(EXPORTS["scores_json"], write=full)
    monkeypatch.setitem(EXPORTS._entries, "scores_json", broken)
    status, _, err = run(capsys, file, "--out", out, "--features", "visits", "--algorithm", "kmeans")
    assert status == 2 and "No space left" in err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_mall_customers_as_a_process(shared_data, project, tmp_path):
    """The published run of the mall customers, through the real command."""
    arguments = ["--features", "Annual Income (k$),Spending Score (1-100)", "--scale", "none"]
    done = subprocess.run(
        [sys.executable, "-m", "core", "segment", shared_data / "customers" / "Mall_Customers.csv", "--out", tmp_path]
        + [*arguments, "--algorithm", "kmeans", "--segments", "5"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    scores = json.loads((tmp_path / "scores.json").read_text())
    assert round(scores["scores"]["silhouette"], 4) == 0.5539
    assert round(scores["scores"]["inertia"], 2) == 44448.46
    assert scores["sizes"] == [81, 39, 35, 23, 22]
    assert "Traceback" not in done.stderr


def test_two_rows_are_told_to_be_too_few(tmp_path, capsys):
    """Two segments need four customers; the message says both numbers."""
    path = tmp_path / "two.csv"
    path.write_text("a,b\n1,2\n5,9\n", encoding="utf-8")
    status, _, err = run(capsys, path, "--out", tmp_path / "out", "--defaults")
    assert status == 4
    assert "needs at least 4 customers; 2 can be used" in messages(err)[-1]
