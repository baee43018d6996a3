"""Lines that are no rows are handed back to their owner as they stood, and to nobody else."""

from __future__ import annotations

import csv
import io
import time

import pytest

from dashboard.services import EXTENSION
from dashboard.store import ENDED

MARK = {"X-Atlas": "upload"}
LINES = [f"K{i:03d},{20 + i % 5 * 20},{15 + i % 4 * 22}" for i in range(60)]
LINES[9] = '=HYPERLINK("x"),this,line,is,much,too,long'
SHOP = "\n".join(["customer,income,score", *LINES, ""]).encode()


@pytest.fixture()
def dataset(app, client) -> str:
    """A file of ``client``'s session, read, with a line that fits nowhere."""
    parts = app.extensions[EXTENSION]
    upload = client.post("/upload", json={"name": "shop.csv", "total": len(SHOP)}, headers=MARK).json["upload"]
    made = client.put(f"/upload/{upload}", data=SHOP, headers=MARK | {"X-Offset": "0"}).json["dataset"]
    owner = parts.store.database.row("SELECT owner FROM datasets WHERE id = ?", made)["owner"]
    run = parts.jobs.request(owner, "load", made, {"answers": {}})
    while parts.store.run(owner, run.id).state not in ENDED:
        time.sleep(0.05)
    return made


def test_lines_set_aside_come_back_harmless_with_number_and_reason(client, dataset):
    """As they stood in the file, but nothing a spreadsheet would run."""
    answer = client.get(f"/lines/{dataset}/aside")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "attachment; filename=shop-lines-aside.csv" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert row["line"] == "11" and row["text"] == "'" + LINES[9] and row["reason"]


def test_a_list_of_lines_may_be_empty(client, dataset):
    """Nothing was put right: the names of the columns alone."""
    answer = client.get(f"/lines/{dataset}/repaired")
    assert answer.get_data(as_text=True).splitlines() == ["line,text,cells,reason"]


@pytest.mark.parametrize("which", ["aside", "repaired"])
def test_b107_lines_of_other_peoples_files_are_not_found(app, dataset, which):
    """A session that knows the id of a file learns nothing by it."""
    assert app.test_client().get(f"/lines/{dataset}/{which}").status_code == 404


def test_only_the_lists_there_are_can_be_had(client, dataset):
    """No other name leads to anything."""
    assert client.get(f"/lines/{dataset}/raw").status_code == 404
    assert client.get("/lines/unknown/aside").status_code == 404
