"""The Celery twin with a real Redis and a real worker: the same truth, whatever dies."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from dashboard.app import services_of
from dashboard.settings import ROOT, prepare_data_dir
from dashboard.store.processes import alive, birth
from tests.faults.conftest import LONG, House, until

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture()
def redis(tmp_path):
    """A Redis of this test alone: (address, process)."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until(lambda: _answers(port))
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)


@pytest.fixture()
def workers(redis, make_settings):
    """A maker of workers with one slot."""
    made = []
    environ = os.environ | {"REDIS_URL": redis, "DATA_DIR": str(make_settings().data_dir), "OMP_NUM_THREADS": "1"}

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "celery", "-A", "dashboard.runner.celery_queue", "worker", "-c", "1"]
        made.append(subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))  # fmt: skip
        return made[-1]

    yield start
    for process in made:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


@pytest.fixture()
def house(redis, make_settings, tmp_path):
    settings = make_settings(redis_url=redis)
    prepare_data_dir(settings.data_dir)
    services = services_of(settings)
    services.jobs.start()
    yield House(services, tmp_path)
    services.jobs.stop()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_job_is_computed_by_a_worker_and_nothing_but_its_id_is_queued(house, redis, workers):
    import redis as client

    run = house.compare(house.add())
    with client.Redis.from_url(redis) as broker:
        until(lambda: broker.llen("celery"))
        message = broker.lindex("celery", 0).decode()
    assert '"content-type": "application/json"' in message
    assert run in message
    assert house.owner not in message
    assert "ookie" not in message
    workers()
    assert house.wait(run) == "done"
    assert house.store.comparison(house.owner, run).candidates
    assert house.store.verify() == ()


def test_a_killed_worker_shows_as_interrupted_within_15_seconds_and_the_job_runs_again(house, workers):
    worker = workers()
    run = house.compare(house.add(1200), LONG)
    pid = house.process(run)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert until(lambda: house.state(run) == "interrupted", 15) < 15
    assert not alive(pid, 1)
    workers()
    assert house.wait(house.jobs.again(house.owner, run).id) == "done"


@pytest.mark.long
def test_cancel_stops_the_computing_process_of_the_worker(house, workers):
    workers()
    run = house.compare(house.add(3000), LONG)
    pid = house.process(run)
    house.halt(pid)
    assert not house.store.run(house.owner, run).kept, "a candidate was finished before the job could be stopped"
    work = next(work for work in house.store.ledger.work("running") if work.id == run)
    assert house.jobs.cancel(house.owner, run).state == "cancelled"
    until(lambda: not alive(pid, work.birth), 15)
    assert house.wait(house.compare(house.add())) == "done", "the worker goes on with the next job"


@pytest.mark.long
def test_cancel_keeps_what_a_worker_has_finished(house, workers):
    workers()
    run = house.compare(house.add(1200), LONG)
    pid = house.finished(run)
    assert house.jobs.cancel(house.owner, run).state == "running"
    os.kill(pid, signal.SIGCONT)
    assert house.wait(run) == "done"
    assert house.store.run(house.owner, run).partial
    assert house.store.comparison(house.owner, run).stopped
    assert house.wait(house.compare(house.add())) == "done", "the same worker goes on with the next job"


@pytest.mark.long
def test_a_worker_that_does_not_stop_in_time_is_ended(house, workers, monkeypatch):
    from dashboard.runner import loop

    monkeypatch.setattr(loop, "STOP_SECONDS", 1.0)
    workers()
    run = house.compare(house.add(1200), LONG)
    pid = house.finished(run)
    born = birth(pid)
    assert house.jobs.cancel(house.owner, run).state == "running"
    until(lambda: house.state(run) == "cancelled", 10)
    until(lambda: not alive(pid, born), 15)


def test_a_silent_heart_far_away_is_given_up(house, monkeypatch):
    """A worker on another machine cannot be looked at: its beats are counted on our own clock."""
    from dashboard.runner import loop

    monkeypatch.setattr(loop, "SILENT_SECONDS", 1.0)
    run = house.compare(house.add())
    token = house.store.ledger.claim(run, host="far-away", pid=1, birth=1)
    for _ in range(4):
        time.sleep(0.5)
        house.store.ledger.beat(run, token)
    assert house.state(run) == "running"
    assert until(lambda: house.state(run) == "interrupted", 10) < 10
