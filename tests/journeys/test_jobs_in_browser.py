"""A job that is cancelled or killed says so on its page, and can be started again from there."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from data.generate import customers
from tests.journeys import steps

GO_ON = re.compile("^(Run again|Compute the rest)$")


@pytest.fixture(scope="session")
def large(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.csv"
    customers(20_000, 7)[0].to_csv(path, index=False)
    return path


@pytest.fixture()
def running(page, large):
    """A page that shows the comparison of 20,000 customers under way."""
    steps.upload(page, large)
    page.click("#compare-go")
    page.wait_for_url("**/compare?*run=*")
    page.locator("#compare-body progress").wait_for()
    return page


def _job(server, page) -> int:
    """The process that computes the run in the page's address."""
    run = parse_qs(urlsplit(page.url).query)["run"][0]
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        with sqlite3.connect(f"file:{_database(server)}?mode=ro", uri=True) as database:
            row = database.execute("SELECT state, pid FROM runs WHERE id = ?", (run,)).fetchone()
        database.close()
        if row and row[0] == "running" and row[1]:
            return row[1]
        time.sleep(0.05)
    raise AssertionError(f"the job did not start: {row}")


def _database(server) -> Path:
    return next(path for path in server.data_dir.iterdir() if path.suffix in (".sqlite", ".sqlite3", ".db"))


def test_a_cancelled_comparison_says_so_and_runs_again(running, server):
    pid = _job(server, running)
    expect(running.locator("#dock .sa-job")).to_have_count(1)
    _cancel(running)
    _gone(pid)
    expect(running.locator("#dock .sa-job")).to_have_count(0)
    before = running.url
    running.get_by_role("button", name=GO_ON).click()
    running.locator("#compare-body progress").wait_for()
    assert running.url != before, "a new run, so a new address"
    _job(server, running)
    _cancel(running)


@pytest.mark.long
def test_the_progress_names_its_steps_and_moves_on(running):
    """At least three different steps are seen on the page, and the same job stands in the dock of another page."""
    seen: set[str] = set()
    limit = time.monotonic() + 30
    while len(seen) < 3 and time.monotonic() < limit and running.locator("#compare-body progress").count():
        seen.update(running.locator("#compare-body .sa-progress [role=status]").all_inner_texts())
        running.wait_for_timeout(200)
    assert len(seen) >= 3, seen
    steps.go(running, "Data")
    expect(running.locator("#dock .sa-job")).to_be_visible()
    running.get_by_role("button", name="Cancel: Comparing segmentations").click()
    expect(running.locator("#dock .sa-job")).to_have_count(0, timeout=steps.SLOW)


@pytest.mark.long
def test_a_killed_job_shows_as_interrupted_within_15_seconds_and_finishes_when_run_again(running, server):
    os.kill(_job(server, running), signal.SIGKILL)
    began = time.monotonic()
    expect(running.get_by_text("interrupted - run again")).to_be_visible(timeout=15_000)
    print(f"interrupted shown after {time.monotonic() - began:.1f} s")
    running.get_by_role("button", name="Run again").click()
    steps.board(running, timeout=180_000)
    expect(running.locator("#context")).to_contain_text("20,000 customers")


@pytest.mark.long
def test_a_job_goes_on_while_its_page_is_closed(visit, running, server):
    address = running.url
    _job(server, running)
    context = running.context
    running.close()
    time.sleep(1)
    again = visit.watched(context.new_page())
    again.goto(address)
    again.locator("#compare-body progress").wait_for()
    _cancel(again)


def _cancel(page) -> None:
    """Cancel, and wait for the end: with what was finished until then, or with nothing, and always with a way on."""
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("button", name=GO_ON)).to_be_visible(timeout=steps.SLOW)


def _gone(pid: int) -> None:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] in "ZX":
            return
        time.sleep(0.05)
    raise AssertionError("the cancelled job still computes")
