"""The command line's board: one row per candidate with true numbers, labels beside it, limits kept."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from core.algorithms import ALGORITHMS
from core.cli import main
from core.cli.planned import named_algorithms
from core.errors import BadRequest

COLUMNS = ["algorithm", "segments", "params", "silhouette", "calinski_harabasz", "davies_bouldin", "share_placed"]
COLUMNS += ["smallest", "largest", "stability", "seconds", "recommended"]

QUICK = ("--scale", "none", "--resamples", 0)


@pytest.fixture
def file(tmp_path):
    """120 customers with ids, in clouds of 60, 40 and 20."""
    values = make_blobs([60, 40, 20], 2, centers=[(0, 0), (30, 0), (0, 30)], random_state=0)[0]
    frame = pd.DataFrame(values.round(3), columns=["spend", "visits"])
    frame.insert(0, "customer", [f"C-{at:04}" for at in range(120)])
    path = tmp_path / "customers-in.csv"
    frame.sample(frac=1, random_state=1).to_csv(path, index=False)
    return path


def run(capsys, *arguments) -> tuple[int, str, str]:
    """Status, stdout, and the messages of stderr without log lines."""
    status = main(["compare", *map(str, arguments)])
    told = capsys.readouterr()
    return status, told.out, "\n".join(line for line in told.err.splitlines() if not line.startswith("{"))


def compared(capsys, file, *arguments) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Board and labels of a run that succeeds; scales nothing, so that scikit-learn sees the same values.

    Without resamples, unless the test asks for some: they take longer than all the rest.
    """
    out, labels = file.parent / "out" / "board.csv", file.parent / "out" / "labels.parquet"
    status, _, messages = run(capsys, file, "--out", out, "--labels", labels, *QUICK, *arguments)
    assert status == 0 and messages == ""
    assert sorted(path.name for path in out.parent.iterdir()) == ["board.csv", "labels.parquet"]
    return pd.read_csv(out), pd.read_parquet(labels)


def test_the_board_agrees_with_scikit_learn(file, capsys):
    """Every score of every row is scikit-learn's on the labels that stand in the Parquet file."""
    board, labels = compared(capsys, file, "--algorithms", "kmeans,ward", "--segments", "2-4")
    assert list(board.columns) == COLUMNS
    assert board[["algorithm", "segments"]].to_numpy().tolist() == [[a, k] for a in ("kmeans", "ward") for k in (2, 3, 4)]
    values = pd.read_csv(file)[["spend", "visits"]]
    for row, key in zip(board.itertuples(), labels.columns[1:], strict=True):
        part = labels[key]
        assert key == f"{row.algorithm}-{row.segments}" and json.loads(row.params)["n_segments"] == row.segments
        assert row.silhouette == pytest.approx(silhouette_score(values, part), rel=1e-6)
        assert row.calinski_harabasz == pytest.approx(calinski_harabasz_score(values, part), rel=1e-9)
        assert row.davies_bouldin == pytest.approx(davies_bouldin_score(values, part), rel=1e-9)
        assert (row.smallest, row.largest) == (part.value_counts().min(), part.value_counts().max())
        assert row.share_placed == 1 and row.seconds >= 0


def test_the_labels_are_those_of_the_file(file, capsys):
    """Ids as they stand in the file, in its order; the three clouds are numbered by size."""
    labels = compared(capsys, file, "--algorithms", "kmeans", "--segments", 3)[1]
    given = pd.read_csv(file)
    assert labels.columns.tolist() == ["customer", "kmeans-3"]
    assert labels["customer"].tolist() == given["customer"].tolist()
    cloud = np.where(given["spend"] > 15, 2, np.where(given["visits"] > 15, 3, 1))
    assert labels["kmeans-3"].tolist() == cloud.tolist()
    assert labels["kmeans-3"].dtype.kind == "i"


def test_rows_are_numbered_where_there_is_no_id(file, capsys):
    """Without an id column customers are known by their row, from 1."""
    pd.read_csv(file).drop(columns="customer").to_csv(file, index=False)
    labels = compared(capsys, file, "--algorithms", "kmeans", "--segments", 2)[1]
    assert labels["row"].tolist() == list(range(1, 121))


def test_customers_set_aside_count_in_sizes(file, capsys):
    """An extreme customer kept out of the fit is placed, so the sizes add up to the whole file."""
    with file.open("a") as stream:
        stream.write("C-9999,900,0\n")
    board, labels = compared(capsys, file, "--algorithms", "kmeans", "--segments", 2, "--outliers", "iqr")
    assert board["smallest"][0] + board["largest"][0] == len(labels) == 121
    assert board["share_placed"][0] == 1


def test_noise_is_no_segment(file, capsys):
    """What DBSCAN leaves out is -1 in the labels, missing in share placed, and no smallest segment."""
    board, labels = compared(capsys, file, "--algorithms", "dbscan")
    for row, key in zip(board.itertuples(), labels.columns[1:], strict=True):
        placed = labels[key][labels[key] > 0]
        assert row.share_placed == len(placed) / 120
        assert row.segments == placed.nunique()
        assert row.smallest == placed.value_counts().min()
    assert (labels.iloc[:, 1:] == -1).any(axis=None)


def test_one_row_is_recommended_within_the_limits(file, capsys):
    """Three clouds are recommended; at most two segments, or 30 customers or a quarter in each, leave two."""
    arguments = ("--algorithms", "kmeans", "--segments", "2-4")
    free, _ = compared(capsys, file, *arguments)
    assert free.loc[free["recommended"], "segments"].tolist() == [3]
    for limit in (("--max-segments", 2), ("--min-customers", 30), ("--min-share", 0.25)):
        held, _ = compared(capsys, file, *arguments, *limit)
        assert held.loc[held["recommended"], "segments"].tolist() == [2], limit
        assert held["silhouette"].tolist() == free["silhouette"].tolist()


def test_the_same_run_gives_the_same_files(file, capsys):
    """Same file, choices and seed: equal labels and equal boards but for the seconds."""
    arguments = ("--algorithms", "kmeans,gmm", "--segments", "2-3", "--seed", 7)
    first, second = (compared(capsys, file, *arguments) for _ in range(2))
    assert first[0].drop(columns="seconds").equals(second[0].drop(columns="seconds"))
    assert first[1].equals(second[1])


def test_numbers_keep_their_full_precision(file, capsys):
    """A score read back is the double that was computed: no digit is rounded away."""
    board, labels = compared(capsys, file, "--algorithms", "kmeans", "--segments", 2)
    text = (file.parent / "out" / "board.csv").read_text()
    assert repr(float(board["silhouette"][0])) in text
    assert len(repr(float(board["silhouette"][0]))) > 15


def test_resamples_fill_the_stability_of_the_best(file, capsys):
    """Without resamples the column is empty; with them the best candidate of clear clouds agrees fully."""
    arguments = ("--algorithms", "kmeans", "--segments", "2-4")
    none, _ = compared(capsys, file, *arguments)
    assert none["stability"].isna().all()
    some, _ = compared(capsys, file, *arguments, "--resamples", 3)
    assert some.loc[some["recommended"], "stability"].tolist() == pytest.approx([1.0], abs=0.02)


def test_a_candidate_that_cannot_be_made_keeps_its_row(file, capsys, monkeypatch):
    """Its scores and sizes are empty, its labels 0, and the reason is told."""

    kmeans = ALGORITHMS["kmeans"]

    def refuse(values, *, n_segments, **rest):
        if n_segments == 3:
            raise BadRequest("Three is too many.")
        return kmeans.fit(values, n_segments=n_segments, **rest)

    monkeypatch.setitem(ALGORITHMS._entries, "kmeans", replace(kmeans, fit=refuse))
    out, labels = file.parent / "board.csv", file.parent / "labels.parquet"
    arguments = ("--algorithms", "kmeans", "--segments", "2-3")
    status, told, _ = run(capsys, file, "--out", out, "--labels", labels, *arguments)
    assert status == 0 and "Three is too many." in told
    row = pd.read_csv(out).iloc[1]
    assert row[COLUMNS[3:10]].isna().all()
    assert row["segments"] == 0 and json.loads(row["params"])["n_segments"] == 3
    assert (pd.read_parquet(labels)["kmeans-3"] == 0).all()


def test_nothing_is_written_when_nothing_could_be_made(file, capsys, monkeypatch):
    """A board of failures only is a problem with the data, status 4."""
    def refuse(values, **anything):
        raise BadRequest("Not today.")

    monkeypatch.setitem(ALGORITHMS._entries, "kmeans", replace(ALGORITHMS["kmeans"], fit=refuse))
    status, _, messages = run(capsys, file, "--out", file.parent / "board.csv", "--algorithms", "kmeans")
    assert status == 4 and "Not today." in messages
    assert not (file.parent / "board.csv").exists()


WRONG = {
    "an unknown algorithm": ("--algorithms", "kmeans,magic"),
    "an algorithm twice": ("--algorithms", "kmeans,kmeans"),
    "no algorithm": ("--algorithms", ","),
    "no range": ("--segments", "2-many"),
    "a falling range": ("--segments", "5-3"),
    "one segment at most": ("--max-segments", "1"),
    "a share over a half": ("--min-share", "0.7"),
    "a share that is no number": ("--min-share", "nan"),
    "too many resamples": ("--resamples", "1000"),
    "an unknown column": ("--features", "turnover"),
    "labels over the board": ("--labels", "board.csv"),
    "labels over the input": ("--labels", "customers-in.csv"),
    "labels in the place of a folder": ("--labels", "."),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_status_2_and_writes_nothing(file, capsys, monkeypatch, case):
    """A request that does not fit is told in words; the folder stays as it was."""
    monkeypatch.chdir(file.parent)
    before = file.read_bytes()
    status, _, messages = run(capsys, file, "--out", "board.csv", *WRONG[case])
    assert status == 2 and "error: " in messages and "Traceback" not in messages
    assert [path.name for path in file.parent.iterdir()] == [file.name] and file.read_bytes() == before


def test_a_device_is_never_replaced(file, capsys):
    """Written results take the place of what was there: a pipe or a device is refused, whatever rights there are."""
    pipe = file.parent / "pipe"
    os.mkfifo(pipe)
    status, _, messages = run(capsys, file, "--out", pipe, *QUICK)
    assert status == 2 and "device" in messages and pipe.is_fifo()


def test_names_that_no_disk_takes_are_told_in_words(file, capsys):
    """A name longer than file systems allow is wrong use, as input and as output."""
    endless = file.parent / ("a" * 300)
    for arguments in ((endless, "--out", file.parent / "board.csv"), (file, "--out", endless)):
        status, _, messages = run(capsys, *arguments, *QUICK, "--algorithms", "kmeans", "--segments", "2")
        assert status == 2 and messages.startswith("error:"), messages


def test_the_input_is_never_the_board(file, capsys):
    """Writing over the customers is refused before anything is read."""
    before = file.read_bytes()
    assert run(capsys, file, "--out", file)[0] == 2
    assert run(capsys, file.with_name("none.csv"), "--out", file.with_name("board.csv"))[0] == 2
    assert file.read_bytes() == before


def test_an_open_choice_is_status_3_until_defaults_are_taken(tmp_path, capsys):
    """Dates that may be read two ways are asked about; --defaults takes the proposal."""
    path, out = tmp_path / "in.csv", tmp_path / "board.csv"
    rows = [f"{at % 12 + 1:02}/{at % 11 + 1:02}/2024,{at * 3 % 17},{at % 5}" for at in range(60)]
    path.write_text("\n".join(["joined,spend,visits", *rows]))
    assert run(capsys, path, "--out", out, "--algorithms", "kmeans")[0] == 3 and not out.exists()
    assert run(capsys, path, "--out", out, "--algorithms", "kmeans", "--defaults")[0] == 0 and out.exists()


def test_a_file_that_is_no_table_is_status_4(tmp_path, capsys):
    """One message, nothing written."""
    (tmp_path / "in.csv").write_bytes(b"")
    status, _, messages = run(capsys, tmp_path / "in.csv", "--out", tmp_path / "board.csv")
    assert status == 4 and len(messages.splitlines()) == 1 and not (tmp_path / "board.csv").exists()


def test_a_failed_write_leaves_the_earlier_board(file, capsys, monkeypatch):
    """When the labels cannot be written, the board does not change and nothing half-written stays."""
    compared(capsys, file, "--algorithms", "kmeans", "--segments", 2)
    out = file.parent / "out"
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    write = pq.write_table

    def full(table, where, **options):
        if not any(name.startswith("kmeans") for name in table.schema.names):  # the file as it was read, not the labels
            return write(table, where, **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full)
    arguments = ("--out", out / "board.csv", "--labels", out / "labels.parquet", "--algorithms", "kmeans")
    status, _, messages = run(capsys, file, *arguments, "--segments", 3)
    assert status == 2 and "No space left" in messages and "labels.parquet" in messages
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_names_of_algorithms():
    """Nothing typed means those proposed, all the whole catalogue, a list just these in its order."""
    assert named_algorithms(None) == tuple(name for name, one in ALGORITHMS.items() if one.in_default)
    assert named_algorithms("all") == tuple(ALGORITHMS)
    assert named_algorithms("ward, kmeans") == ("ward", "kmeans")


def test_an_id_column_named_like_a_candidate_is_kept_apart(file, capsys):
    """No two columns of the labels share a name."""
    pd.read_csv(file).rename(columns={"customer": "kmeans-2"}).to_csv(file, index=False)
    labels = compared(capsys, file, "--algorithms", "kmeans", "--segments", 2)[1]
    assert labels.columns.tolist() == ["kmeans-2_", "kmeans-2"]
