"""Dash's background channel over our store: each row of the table of stock failures is kept from coming back."""

from __future__ import annotations

import json
import os
import re
import signal
import time

import pytest

from core.errors import BadRequest
from core.model import Plan
from dashboard import ids, jobs
from dashboard.runner.desk import run_key
from dashboard.services import EXTENSION
from dashboard.store import ACTIVE, ENDED, NotFound

MARK = {"X-Atlas": "upload"}
SHOP = b"customer,income,score\n" + b"".join(b"%d,%d,%d\n" % (i, 20 + i % 5 * 20, 15 + i % 4 * 22) for i in range(60))
PLAN = Plan(algorithms=("kmeans",), segments=(2, 3), resamples=0).to_json()


class Page:
    """One browser tab: a session, a page load and its signed handles."""

    def __init__(self, app, client=None) -> None:
        self.app = app
        self.parts = app.extensions[EXTENSION]
        self.client = client or app.test_client()
        config = re.search(r'id="_dash-config"[^>]*>(.*?)</script>', self.client.get("/").text)[1]
        self.end = json.loads(config)["end_id"]

    def upload(self, content: bytes = SHOP) -> str:
        begun = self.client.post("/upload", json={"name": "shop.csv", "total": len(content)}, headers=MARK).json
        self.dataset = self.client.put(
            f"/upload/{begun['upload']}", data=content, headers=MARK | {"X-Offset": "0"}
        ).json["dataset"]
        sql = "SELECT owner FROM datasets WHERE id = ?"
        self.owner = self.parts.store.database.row(sql, self.dataset)["owner"]
        return self.dataset

    def ask(self, plan: str = PLAN) -> str:
        return self.parts.jobs.request(self.owner, "compare", self.dataset, {"plan": plan}).id

    def post(self, run: object, **handles: str):
        body = {
            "output": "compare-finished.data", "outputs": {"id": "compare-finished", "property": "data"},
            "inputs": [{"id": "compare-request", "property": "data", "value": run}], "state": [],
            "changedPropIds": ["compare-request.data"],
        }  # fmt: skip
        return self.client.post("/_dash-update-component", json=body, query_string={"endId": self.end, **handles})

    def poll(self, run: str, begun: dict) -> dict:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = self.post(run, cacheKey=begun["cacheKey"], job=begun["job"])
            if answer.status_code != 200 or "response" in (answer.json or {}):
                return answer
            time.sleep(0.05)
        raise AssertionError("no end in sight")


@pytest.fixture()
def page(app):
    page = Page(app)
    page.upload()
    return page


def finished(answer) -> str:
    return answer.json["response"]["compare-finished"]["data"]


def test_the_channel_brings_the_id_of_the_run_and_the_store_its_result(page):
    run = page.ask()
    begun = page.post(run).json
    assert finished(page.poll(run, begun)) == run
    assert page.parts.store.comparison(page.owner, run).candidates


def test_two_tabs_on_one_run_both_get_it(page):
    run = page.ask()
    other = Page(page.app, page.client)
    first, second = page.post(run).json, other.post(run).json
    assert finished(page.poll(run, first)) == finished(other.poll(run, second)) == run
    assert finished(page.poll(run, first)) == run, "reading does not consume"


def test_two_sessions_with_equal_inputs_get_their_own(app, page):
    other = Page(app)
    other.upload()
    mine, theirs = page.ask(), other.ask()
    assert mine != theirs
    begun = page.post(mine).json, other.post(theirs).json
    assert finished(page.poll(mine, begun[0])) == mine
    assert finished(other.poll(theirs, begun[1])) == theirs


def test_anothers_run_is_not_found_and_anothers_handles_tell_nothing(app, page):
    run = page.ask()
    begun = page.post(run).json
    other = Page(app)
    assert other.post(run).status_code == 404
    assert other.post(run, cacheKey=begun["cacheKey"], job=begun["job"]).status_code == 204
    other.end = page.end
    answer = other.post(run, cacheKey=begun["cacheKey"], job=begun["job"])
    assert page.parts.store.run(page.owner, run).state != "cancelled"
    assert answer.status_code == 204 or finished(answer) == run, "an id at most, never a result"


@pytest.mark.parametrize("run", [None, 7, "x", [], {"a": 1}, "../../x", "A" * 22])
def test_made_up_ids_are_refused_in_words(page, run):
    answer = page.post(run)
    assert answer.status_code in (400, 404)
    assert answer.json["error"]


def test_forged_handles_stop_nothing(page):
    run = page.ask(Plan(segments=(2, 10)).to_json())
    for forged in ("1", f"{run}~{'0' * 64}", f"{os.getpid()}~{'0' * 64}", "~", ""):
        page.post(run, cacheKey=forged, job=forged, cancelJob=forged, oldJob=forged)
    assert page.parts.store.run(page.owner, run).state != "cancelled"


def test_a_newer_request_does_not_stop_the_older_run(page):
    run = page.ask(Plan(segments=(2, 10)).to_json())
    begun = page.post(run).json
    newer = page.ask()
    page.post(newer, oldJob=begun["job"])
    assert page.parts.store.run(page.owner, run).state != "cancelled"


def test_a_killed_job_ends_the_channel_with_its_id_instead_of_silence(page):
    rows = b"a,b,c\n" + b"".join(b"%d,%d,%d\n" % (i % 97, i * 7 % 89, i * 31 % 83) for i in range(4000))
    page.upload(rows)
    run = page.ask(Plan(segments=(2, 10)).to_json())
    begun = page.post(run).json
    while not (work := [w for w in page.parts.store.ledger.work(*ACTIVE) if w.id == run and w.pid]):
        assert page.parts.store.run(page.owner, run).open, "the job was over before it could be killed"
        time.sleep(0.02)
    os.kill(work[0].pid, signal.SIGKILL)
    assert finished(page.poll(run, begun)) == run
    assert page.parts.store.run(page.owner, run).state == "interrupted"


# the desk


def test_equal_requests_join_and_different_ones_do_not(desk, file, owner):
    dataset = file()
    first = desk.jobs.request(owner, "compare", dataset, {"plan": PLAN})
    assert desk.jobs.request(owner, "compare", dataset, {"plan": PLAN}).id == first.id
    assert desk.jobs.request(owner, "compare", dataset, {"plan": Plan(seed=1).to_json()}).id != first.id
    assert desk.jobs.request(owner, "load", dataset, {}).id != first.id


@pytest.mark.parametrize("end", ["cancel", "interrupt"])
def test_what_did_not_succeed_is_never_taken_for_an_answer(desk, file, owner, end):
    dataset = file()
    first = desk.jobs.request(owner, "compare", dataset, {"plan": PLAN})
    getattr(desk.store.ledger, end)(first.id)
    second = desk.jobs.request(owner, "compare", dataset, {"plan": PLAN})
    assert second.id != first.id
    assert desk.jobs.again(owner, first.id).id == second.id, "run again joins what already waits"


def test_the_queue_of_one_session_is_bounded_and_says_so(desk, file, owner):
    runs = [desk.jobs.request(owner, "load", file(f"{i},1,1\n"), {}) for i in range(3)]
    with pytest.raises(BadRequest, match="3 jobs"):
        desk.jobs.request(owner, "load", file("9,1,1\n"), {})
    desk.jobs.cancel(owner, runs[0].id)
    assert desk.jobs.request(owner, "load", file("9,1,1\n"), {}).state == "queued"


@pytest.mark.parametrize(
    ("kind", "request_"),
    [
        ("delete", {}), ("compare", {}), ("compare", {"plan": "{}"}), ("compare", {"plan": 7}),
        ("load", {"answers": [1]}), ("load", {"answers": {"a": 1}}), ("load", None),
    ],
)  # fmt: skip
def test_a_request_that_does_not_fit_is_refused_before_it_is_queued(desk, file, owner, kind, request_):
    with pytest.raises(BadRequest):
        desk.jobs.request(owner, kind, file(), request_)
    assert desk.store.runs(owner) == ()


def test_importance_needs_a_finished_comparison_of_the_same_owner(desk, file, owner):
    dataset = file()
    compare = desk.jobs.request(owner, "compare", dataset, {"plan": PLAN})
    for run in (compare.id, ids.new_id()):
        with pytest.raises(NotFound):
            desk.jobs.request(owner, "importance", dataset, {"run": run, "candidate": "kmeans-2"})


def test_the_functions_work_without_app_and_page(desk, file, owner, monkeypatch):
    dataset = file()
    monkeypatch.setenv("DATA_DIR", str(desk.settings.data_dir))
    compare = desk.jobs.request(owner, "compare", dataset, {"plan": PLAN}).id
    assert jobs.compare(compare) == compare
    importance = desk.jobs.request(owner, "importance", dataset, {"run": compare, "candidate": "kmeans-2"}).id
    assert jobs.importance(importance) == importance
    load = desk.jobs.request(owner, "load", dataset, {}).id
    assert jobs.load(load) == load
    assert {run.state for run in desk.store.runs(owner)} == {"done"}
    assert desk.store.explanation(owner, importance).candidate == "kmeans-2"
    assert desk.store.verify() == ()


def test_a_damaged_result_is_computed_again_when_it_is_asked_for(desk, file, owner):
    dataset = file()
    first = desk.jobs.request(owner, "compare", dataset, {"plan": PLAN}).id
    jobs.perform(desk.store, first)
    (desk.store.directory / "runs" / first / "body.json").write_text("{}")
    assert desk.jobs.request(owner, "compare", dataset, {"plan": PLAN}).id != first


def test_the_key_differs_by_owner_file_kind_and_request():
    keys = {
        run_key(*parts)
        for parts in (("a", "f", "load", {}), ("b", "f", "load", {}), ("a", "g", "load", {}),
                      ("a", "f", "compare", {}), ("a", "f", "load", {"x": 1}))
    }  # fmt: skip
    assert len(keys) == 5


def test_ended_states_are_the_ones_that_nothing_leaves():
    assert set(ENDED) == {"done", "failed", "cancelled", "interrupted"}
