"""A real gunicorn killed, stopped and started again on one data directory."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from core.model import Plan
from dashboard import ids
from dashboard.settings import prepare_data_dir
from dashboard.store import ACTIVE, ENDED, Store
from dashboard.store.artefacts import file_digest
from dashboard.store.processes import alive
from tests.faults.conftest import LONG, SHORT, shop, until


class Desk:
    """Asks for runs straight in the store, as a page would through the desk."""

    def __init__(self, directory: Path, folder: Path) -> None:
        self.store = Store(prepare_data_dir(directory))
        self.folder = folder
        self.owner = ids.new_id()

    def compare(self, rows: int, plan: str) -> str:
        path = self.folder / ids.new_id()
        path.write_text(shop(rows))
        dataset = self.store.add_dataset(self.owner, "shop.csv", path).id
        request = {"plan": Plan.from_json(plan).to_json()}
        return self.store.ledger.queue(
            self.owner, dataset, "compare", request=request, key=ids.new_id(), cap=9, reuse_done=False
        )[0]

    def ended(self, run: str) -> bool:
        return self.store.ledger.state(run) in ENDED

    def running(self, run: str):
        return next((work for work in self.store.ledger.work(*ACTIVE) if work.id == run), None)

    def digests(self, run: str) -> dict[str, str]:
        return {path.name: file_digest(path) for path in (self.store.directory / "runs" / run).iterdir()}


@pytest.fixture()
def desk(tmp_path):
    return Desk(tmp_path / "store", tmp_path)


def test_after_kill_9_of_the_server_finished_runs_are_intact_and_the_open_one_ends(serve, desk):
    server = serve(JOB_SLOTS="1")
    server.start()
    done = desk.compare(60, SHORT)
    until(lambda: desk.ended(done))
    before = desk.digests(done)
    open_run = desk.compare(1200, LONG)
    until(lambda: desk.running(open_run))
    job = desk.running(open_run)
    server.kill()
    assert alive(job.pid, job.birth), "a job does not depend on the web process"
    assert server.start() < 10
    until(lambda: desk.ended(open_run), 60)
    assert desk.store.run(desk.owner, open_run).state == "done", "the new runner takes the living job over"
    assert desk.store.run(desk.owner, done).state == "done"
    assert desk.digests(done) == before
    assert desk.store.comparison(desk.owner, done).candidates
    assert desk.store.verify() == ()


@pytest.mark.long
def test_a_job_that_died_with_the_server_shows_as_interrupted_after_the_restart(serve, desk):
    server = serve(JOB_SLOTS="1")
    server.start()
    run = desk.compare(3000, LONG)
    until(lambda: desk.running(run))
    job = desk.running(run)
    server.kill()
    os.kill(job.pid, signal.SIGKILL)
    server.start()
    assert until(lambda: desk.ended(run), 15) < 15
    assert desk.store.run(desk.owner, run).state == "interrupted"


def test_sigterm_stops_the_jobs_frees_the_port_and_the_next_start_succeeds(serve, desk):
    server = serve(JOB_SLOTS="1")
    server.start()
    run = desk.compare(3000, LONG)
    until(lambda: desk.running(run))
    job = desk.running(run)
    assert server.stop() < 10
    assert not alive(job.pid, job.birth)
    assert desk.store.run(desk.owner, run).state == "interrupted"
    assert server.start() < 10


@pytest.mark.long
def test_what_waits_in_the_queue_is_computed_after_a_restart(serve, desk):
    run = desk.compare(60, SHORT)
    serve().start()
    until(lambda: desk.ended(run))
    assert desk.store.run(desk.owner, run).state == "done"


def test_a_dangerous_setting_stops_the_start_with_one_line(serve, tmp_path):
    import subprocess
    import sys

    from dashboard.settings import ROOT

    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"HOST": "0.0.0.0", "DATA_DIR": str(tmp_path)}, capture_output=True,
        timeout=30, text=True,
    )  # fmt: skip
    assert ended.returncode != 0
    assert "HOST=0.0.0.0" in ended.stderr
    assert "Traceback" not in ended.stderr
