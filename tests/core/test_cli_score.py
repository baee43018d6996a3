"""``score``: every row and column of a file, and where the model puts it; the same for one row as for many."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import pipeline
from core.bundles import read_model, write_model
from core.cli import main
from core.exports.placed_rows import write_placed_csv
from core.model import Model, Plan, Recipe, Scored, Table
from core.neutral import restored

ROWS = 300
OURS = ["segment", "segment_name", "confidence", "runner_up", "unlike_anyone"]


def text_of(rows: int = ROWS, seed: int = 4) -> str:
    """Customers of three kinds far apart in spend and visits, with gaps and a category."""
    random = np.random.default_rng(seed)
    kind = np.arange(rows) % 3
    spend = np.array([50, 200, 400])[kind] + 9 * random.normal(size=rows)
    visits = np.array([30, 3, 12])[kind] + random.integers(0, 3, rows)
    region = np.array(["north", "south", "west"])[kind]
    lines = [f"C{i:04},{spend[i]:.2f},{visits[i] if i % 19 else ''},{region[i]}" for i in range(rows)]
    return "customer,spend,visits,region\n" + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Model]:
    """The file, the model.zip made of it, and the model."""
    folder = tmp_path_factory.mktemp("score")
    source, target = folder / "in.csv", folder / "model.zip"
    source.write_text(text_of(), encoding="utf-8")
    table = pipeline.load(source, source.name, {})
    plan = Plan(Recipe(), ("kmeans",), (3, 3), resamples=0)
    model = pipeline.train(table, pipeline.compare(table, plan), "kmeans-3")
    with target.open("wb") as stream:
        write_model(model, stream, key=None)
    return source, target, model


@pytest.fixture
def run(made, tmp_path, capsys):
    """Score a text; exit status, the rows written (None without a file), and what was said on stdout and stderr."""

    def go(text: str, *arguments: str, out: str = "out/scored.csv"):
        source, target = tmp_path / "next.csv", tmp_path / out
        source.write_text(text, encoding="utf-8")
        status = main(["score", str(made[1]), str(source), "--out", str(target), *arguments])
        told = capsys.readouterr()
        rows = None
        if target.exists() and target.suffix == ".csv":
            rows = list(csv.DictReader(io.StringIO(target.read_bytes().decode(), newline="")))
        return status, rows, told.out + "\n".join(line for line in told.err.splitlines() if not line.startswith("{"))

    return go


def test_every_row_and_column_comes_back_in_order_with_ours_behind(run):
    """Cells exactly as they stood; the kinds that the generator made are three segments."""
    status, rows, said = run(text_of())
    given = list(csv.DictReader(io.StringIO(text_of())))
    assert status == 0, said
    assert list(rows[0]) == [*given[0], *OURS]
    assert [{name: row[name] for name in given[0]} for row in rows] == given
    assert {(at % 3, row["segment"]) for at, row in enumerate(rows)} == {(k, s) for k, s in enumerate([r["segment"] for r in rows[:3]])}
    assert len({row["segment"] for row in rows}) == 3
    assert "customer" in said


def test_what_is_written_is_what_the_pipeline_says(run, made):
    """Number for number, through the model as it was in memory."""
    _, rows, _ = run(text_of())
    table = pipeline.load(made[0], made[0].name, {})
    found = pipeline.score(made[2], table, {}).frame
    assert [int(row["segment"]) for row in rows] == found["segment"].tolist()
    assert [row["segment_name"] for row in rows] == found["segment_name"].tolist()
    assert [float(row["confidence"]) for row in rows] == found["confidence"].round(4).tolist()
    assert [int(row["runner_up"] or 0) for row in rows] == found["runner_up"].tolist()
    assert [row["unlike_anyone"] == "yes" for row in rows] == found["unlike_anyone"].tolist()


def test_a_row_alone_is_placed_as_among_all(run):
    """One row of the file by itself gets the cells that it gets in the batch."""
    head, *lines = text_of().splitlines()
    _, whole, _ = run(text_of())
    for at in (0, 1, 19, 200):
        status, alone, said = run(f"{head}\n{lines[at]}\n", "--set", "kind:spend=number", "--set", "kind:region=category", "--defaults")
        assert status == 0, said
        assert alone == [whole[at]]


def test_someone_far_away_is_told(run):
    """A hundred times the spend of anyone."""
    _, rows, _ = run(text_of() + "C9999,99999.5,900,west\n")
    assert rows[-1]["unlike_anyone"] == "yes"
    assert sum(row["unlike_anyone"] == "yes" for row in rows) < 10


def test_columns_of_other_names_are_mapped(run):
    """A column renamed beyond recognition is missing by name; with --map the result is the same."""
    renamed = text_of().replace("spend", "money out = in", 1)
    status, rows, said = run(renamed)
    assert (status, rows) == (2, None)
    assert "spend" in said
    status, rows, said = run(renamed, "--map", "spend=money out = in")
    assert status == 0, said
    assert [row["segment"] for row in rows] == [row["segment"] for row in run(text_of())[1]]


@pytest.mark.parametrize("text", ["spend", "income=spend", "=spend"])
def test_a_mapping_that_is_none_is_refused(run, text):
    """With the columns that there are; nothing is written."""
    status, rows, said = run(text_of(), "--map", text)
    assert (status, rows) == (2, None)
    assert "spend" in said


def test_names_of_the_file_are_never_taken(run):
    """A file that was scored is scored again: ours get a number."""
    text = text_of().replace("customer,", "Segment,", 1)
    _, rows, _ = run(text)
    assert [name for name in rows[0] if name not in ("Segment", "spend", "visits", "region")] == ["segment_2", *OURS[1:]]


def test_unseen_levels_and_gaps_are_told(run):
    """On stderr, with counts; the rows are placed all the same."""
    status, rows, said = run(text_of().replace("west", "moon"))
    assert status == 0
    assert "moon" in said or "nobody had" in said
    assert len(rows) == ROWS


def test_cells_that_would_run_are_harmless(run):
    """Unless --raw; and they come back exactly."""
    text = text_of().replace("C0001", "=1+1").replace("C0002", '"@x,""y"""').replace("C0004", "-5")
    _, rows, _ = run(text)
    assert [rows[at]["customer"] for at in (1, 2, 4)] == ["'=1+1", "'@x,\"y\"", "-5"]
    assert [restored(rows[at]["customer"]) for at in (1, 2, 4)] == ["=1+1", '@x,"y"', "-5"]
    assert run(text, "--raw")[1][1]["customer"] == "=1+1"


def test_parquet_in_and_out(made, tmp_path, run):
    """Native types: numbers stay numbers, and the same segments."""
    frame = pd.read_csv(io.StringIO(text_of()))
    frame.to_parquet(tmp_path / "in.parquet")
    target = tmp_path / "out.parquet"
    assert main(["score", str(made[1]), str(tmp_path / "in.parquet"), "--out", str(target)]) == 0
    back = pd.read_parquet(target)
    assert list(back) == [*frame, *OURS]
    pd.testing.assert_frame_equal(back[list(frame)], frame, check_dtype=False)
    assert back["unlike_anyone"].dtype == bool
    assert back["segment"].tolist() == [int(row["segment"]) for row in run(text_of())[1]]


@pytest.mark.parametrize("name", ["in.csv", "model.zip"])
def test_neither_the_file_nor_the_model_is_written_over(made, name):
    """Refused before anything is read."""
    source, model, _ = made
    before = (source.read_bytes(), model.read_bytes())
    assert main(["score", str(model), str(source), "--out", str(model.parent / name)]) == 2
    assert (source.read_bytes(), model.read_bytes()) == before


def test_what_is_no_model_is_refused_in_words(made, tmp_path, capsys):
    """A CSV named model.zip, and one that is not there."""
    fake = tmp_path / "model.zip"
    fake.write_text("spend\n1\n", encoding="utf-8")
    for path in (fake, tmp_path / "none.zip"):
        assert main(["score", str(path), str(made[0]), "--out", str(tmp_path / "o.csv")]) == 2
        assert "error:" in capsys.readouterr().err
    assert not (tmp_path / "o.csv").exists()


def cells_of(texts: list[str]) -> tuple[Table, Scored]:
    """A table of one column of text, and a made-up result for it."""
    raw = pd.DataFrame({"note": pd.Series(texts, dtype="str" if _plain(texts) else object)})
    frame = pd.DataFrame({"segment": np.ones(len(texts), np.int16), "segment_name": ["=Best"] * len(texts), "confidence": 1 / 3,
                          "runner_up": np.zeros(len(texts), np.int16), "unlike_anyone": False})  # fmt: skip
    table = Table(raw=raw, frame=raw, columns=(), source=None, fingerprint="")  # type: ignore[arg-type]
    return table, Scored(frame, np.zeros((len(texts), 3), np.float32))


def _plain(texts: list[str]) -> bool:
    return all(not any("\ud800" <= mark <= "\udfff" for mark in text) for text in texts)


@pytest.mark.parametrize("halves", [False, True])
def test_any_text_is_written_harmless_and_read_back(halves):
    """Thousands of cells of quotes, commas, line ends, formula signs and wide spaces; by the quick way and the plain one."""
    random = np.random.default_rng(8)
    marks = list("=+-@'\"\t\r\n,; a0.%|é\u3000\ufeff＝") + (["\ud800"] if halves else [])
    texts = ["".join(random.choice(marks, int(random.integers(0, 6)))) for _ in range(4_000)]
    out = io.BytesIO()
    write_placed_csv(*cells_of(texts), out)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8", "surrogatepass"), newline="")))[1:]
    assert [restored(row[0]) for row in rows] == texts
    assert not [row for row in rows if restored(row[0]) != row[0] and not row[0].startswith("'")]
    assert {row[2] for row in rows} == {"'=Best"}
    assert {row[3] for row in rows} == {"0.3333"}


def test_the_model_of_the_zip_is_the_one_that_was_made(made):
    """What segment and the app write is what score reads."""
    assert read_model(made[1])[0].label == made[2].label
