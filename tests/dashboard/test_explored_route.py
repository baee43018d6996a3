"""Laws of the Explore downloads: the owner's numbers at full precision, harmless in a spreadsheet, nobody else's."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest

from core import pipeline
from dashboard import ids
from tests.dashboard import made


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


@pytest.fixture()
def run(desk):
    dataset = desk.add(name="Kunden 2024.csv")
    table = made.table()
    columns = (replace(table.columns[0]), replace(table.columns[1], name="=age"), *table.columns[2:])
    read = replace(table, frame=table.frame.set_axis([one.name for one in columns], axis=1), columns=columns)
    desk.load(dataset, read)
    return desk.end(desk.jobs.request(desk.owner, "explore", dataset, {"answers": {}}), pipeline.explore(read)).id


def fetch(desk, path, owner=""):
    client = desk.app.test_client()
    with client.session_transaction() as kept:
        kept["owner"] = owner or desk.owner
    return client.get(path)


PARTS = (
    "distribution.csv?column=c1",
    "distributions.csv",
    "relations.csv",
    "gaps.csv",
    "patterns.csv",
    "points.csv?columns=c1.c2",
)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_a_file_that_reads_back(desk, run, part):
    answer = fetch(desk, f"/explored/{run}/{part}")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert "Kunden-2024-" in answer.headers["Content-Disposition"]
    frame = pd.read_csv(io.BytesIO(answer.data))
    assert list(frame.columns)
    assert b"\n=" not in answer.data and b",=" not in answer.data and not answer.data.startswith(b"=")


def test_the_numbers_are_those_of_the_table(desk, run):
    frame = pd.read_csv(io.BytesIO(fetch(desk, f"/explored/{run}/distribution.csv?column=c1").data))
    assert frame["rows"].sum() == 12 and set(frame["column"]) == {"'=age"}
    points = pd.read_csv(io.BytesIO(fetch(desk, f"/explored/{run}/points.csv?columns=c2.c5").data))
    assert sorted(points["income"]) == sorted(made.table().frame["income"])
    assert sorted(points["joined"])[0] == "2024-01-01"


@pytest.mark.parametrize("part", PARTS)
def test_another_session_is_answered_like_an_unknown_address(desk, run, part):
    stranger, invented = (fetch(desk, f"/explored/{one}/{part}", owner=ids.new_id()) for one in (run, ids.new_id()))
    assert stranger.status_code == invented.status_code == 404 and stranger.data == invented.data


@pytest.mark.parametrize("part", ["x.csv", "distribution.csv", "distribution.csv?column=c99", "points.csv?columns=c1.x",
                                  "points.csv?columns=c0.c1", "distribution.csv?column=" + "c" * 5000])  # fmt: skip
def test_what_is_not_there_is_refused_in_words(desk, run, part):
    """A column without points, too."""
    answer = fetch(desk, f"/explored/{run}/{part}")
    assert answer.status_code in (400, 404) and answer.json["error"]


def test_a_job_looks_at_the_file_and_stores_what_it_found(desk):
    """The kind of job as it is carried out: from the table of the answers asked for to the stored noun."""
    from dashboard import jobs

    dataset = desk.add()
    desk.load(dataset)
    asked = desk.jobs.request(desk.owner, "explore", dataset, {"answers": {}})
    jobs.perform(desk.store, asked.id)
    assert desk.store.run(desk.owner, asked.id).state == "done"
    found, wanted = desk.store.explored(desk.owner, asked.id), pipeline.explore(made.table())
    assert found.spreads == wanted.spreads and found.gaps.patterns == wanted.gaps.patterns
    pd.testing.assert_frame_equal(found.relations.frame, wanted.relations.frame)
    assert desk.jobs.request(desk.owner, "explore", dataset, {"answers": {}}).id == asked.id, "found is found"
