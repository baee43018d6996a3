"""rules.sql and importance.csv as a person and a database read them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.explainers.rules import rules
from core.exports import EXPORTS
from core.exports.importance_csv import COLUMNS, write_importance
from core.model import Explanation, Kind
from tests.core.test_rules import exported, planted, table
from tests.dashboard import made


def segmentation(of, labels, **changes):
    """A segmentation made by hand, with the rules of its labels."""
    candidate = replace(made.candidate("kmeans-3", list(labels), 0.5), **changes)
    chosen = made.comparison(candidates=(made.candidate("kmeans-3", made.SIX + made.FOUR + made.TWO, 0.5),)).choose("kmeans-3")
    return replace(chosen, candidate=candidate, rules=rules(of, {}, labels, seed=0), whole=True)


def text_of(of, chosen, *, raw: bool = False) -> str:
    stream = io.BytesIO()
    EXPORTS["rules_sql"].write(of, chosen, stream, raw=raw)
    return stream.getvalue().decode()


def selects(text: str) -> list[str]:
    """The statements, without comments."""
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return [one.strip() for one in bare.split(";") if one.strip()]


def test_the_file_has_one_select_per_segment_with_what_it_is_worth():
    """Coverage and precision stand in the comment before each; a segment that does not hold carries the warning."""
    of, labels = planted(600)
    chosen = segmentation(of, labels, trust={1: 0.9, 2: 0.55, 3: 0.8}, names={1: "Rich", 2: "Young", 3: "Rest"})
    text = text_of(of, chosen)
    rule = chosen.rules.set_index("segment").loc[1]
    assert len(selects(text)) == 3 and text.count("Do not target on this alone.") == 1
    assert f"Coverage {rule['coverage']:.1%}, precision {rule['precision']:.1%} on 180 customers held out" in text
    assert text.index("Young") < text.index("Do not target") < text.index("Rest")


def test_the_whole_file_runs_as_one_script():
    """SQLite takes every statement of the file as it stands, and each finds as many customers as it says."""
    of, labels = planted(600)
    chosen = segmentation(of, labels)
    base = sqlite3.connect(":memory:")
    header, *rows = exported(of)
    base.execute(f"CREATE TABLE customers ({', '.join(header)})")
    base.executemany(f"INSERT INTO customers VALUES ({', '.join('?' * len(header))})", rows)
    base.executescript(text_of(of, chosen))
    counts = [len(base.execute(sql).fetchall()) for sql in selects(text_of(of, chosen))]
    assert counts == chosen.rules["covered"].tolist()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x00"])
def test_no_name_ends_a_comment(end):
    """What a person or a file calls a segment stays within its line."""
    of, labels = planted(200)
    chosen = segmentation(of, labels, names={1: f"x{end}DROP TABLE customers;{end}--", 2: "b", 3: "c"})
    chosen = replace(chosen, candidate=replace(chosen.candidate, label=f"y{end}DELETE"))
    text = text_of(of, chosen)
    assert len(selects(text)) == 3 and all(one.startswith("SELECT * FROM customers\nWHERE ") for one in selects(text))


def test_raw_names_stand_as_in_the_file():
    """An export for spreadsheets puts an apostrophe before "=a"; a raw one does not, and neither does its SQL."""
    values = np.arange(100.0)
    of = table(**{"=a": (Kind.NUMBER, [str(v) for v in values], values)})
    chosen = segmentation(of, np.where(values < 50, 1, 2).astype(np.int16))
    assert '''"'=a"''' in text_of(of, chosen) and '"=a"' in text_of(of, chosen, raw=True)
    assert '''"'=a"''' not in text_of(of, chosen, raw=True)


def test_what_is_not_known_yet_says_so():
    """A segmentation straight from a comparison has no rules."""
    chosen = made.comparison().choose("kmeans-3")
    text = text_of(made.table(), chosen)
    assert "No rules are known yet" in text and selects(text) == []


def test_importance_is_one_table_of_all_measures():
    """Every figure with its measure, at full precision; columns that go together are joined."""
    groups = pd.DataFrame({"group": [1], "columns": [json.dumps(["a,b", "c"])], "importance": [0.5], "low": [0.4], "high": [0.6]})
    segments = pd.DataFrame({"segment": [2], "column": ["c"], "importance": [1 / 3], "low": [0.1], "high": [0.5]})
    direct = pd.DataFrame({"column": ["c"], "changed": [0.25], "low": [0.2], "high": [0.3]})
    found: Explanation = made.explanation(groups=groups, segments=segments, direct=direct)
    stream = io.BytesIO()
    write_importance(found, stream)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue().decode())))
    assert tuple(rows[0]) == COLUMNS
    assert [row["measure"] for row in rows] == ["permutation", "permutation", "group", "segment", "direct"]
    assert rows[2]["column"] == "a,b + c" and rows[3]["segment"] == "2" and float(rows[3]["importance"]) == 1 / 3
    assert rows[4]["importance"] == "0.25" and rows[0]["segment"] == ""


def test_importance_without_the_other_measures_is_still_a_table():
    """What could not be told is left out; cells that a spreadsheet would run are made harmless."""
    frame = pd.DataFrame({"column": ["=1+1"], "importance": [0.1], "low": [0.0], "high": [0.2]})
    stream = io.BytesIO()
    write_importance(made.explanation(frame=frame), stream)
    assert stream.getvalue().decode().splitlines() == [",".join(COLUMNS), "permutation,,'=1+1,0.1,0.0,0.2"]
