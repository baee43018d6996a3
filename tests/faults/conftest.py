"""Parts for fault tests: running services without a web server, a file big enough to be interrupted, real servers."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import numpy as np
import pytest

from core.model import Plan
from dashboard import ids
from dashboard.app import services_of
from dashboard.services import Services
from dashboard.settings import ROOT, prepare_data_dir
from dashboard.store import ACTIVE, ENDED, FITTING

LONG = Plan(algorithms=("gmm", "kmeans", "ward"), segments=(2, 10), resamples=1).to_json()
SHORT = Plan(algorithms=("kmeans",), segments=(2, 3), resamples=0).to_json()


def until(true: Callable[[], object], seconds: float = 30.0) -> float:
    """Wait for it; the seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - began


def shop(rows: int) -> str:
    """Customers in four blurred groups."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(rows, 5)) + rng.integers(0, 4, size=(rows, 1)) * 3
    lines = [",".join(f"{cell:.4f}" for cell in row) for row in values]
    return "a,b,c,d,e\n" + "\n".join(lines) + "\n"


class House:
    """Running services with helpers to ask and to wait."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services = services
        self.store, self.jobs = services.store, services.jobs
        self.folder = folder
        self.owner = ids.new_id()

    def add(self, rows: int = 60, owner: str = "") -> str:
        path = self.folder / ids.new_id()
        path.write_text(shop(rows))
        return self.store.add_dataset(owner or self.owner, "shop.csv", path).id

    def compare(self, dataset: str, plan: str = SHORT, owner: str = "") -> str:
        return self.jobs.request(owner or self.owner, "compare", dataset, {"plan": plan}).id

    def state(self, run: str) -> str:
        return self.store.ledger.state(run)

    def wait(self, run: str, seconds: float = 60.0) -> str:
        until(lambda: self.state(run) in ENDED, seconds)
        return self.state(run)

    def process(self, run: str) -> int:
        """The process of a run, once it computes."""
        until(lambda: any(work.id == run and work.pid for work in self.store.ledger.work(*ACTIVE)))
        return next(work.pid for work in self.store.ledger.work(*ACTIVE) if work.id == run)

    def halt(self, pid: int) -> None:
        """Stop a process between two of its writes: inside one it would hold the lock of the whole store."""
        for _ in range(100):
            os.kill(pid, signal.SIGSTOP)
            with closing(sqlite3.connect(self.store.database.path, timeout=0.1, isolation_level=None)) as probe:
                try:
                    probe.execute("BEGIN IMMEDIATE")
                    probe.execute("ROLLBACK")
                    return
                except sqlite3.OperationalError:
                    os.kill(pid, signal.SIGCONT)
                    time.sleep(0.01)
        raise AssertionError("the process writes all the time")

    def finished(self, run: str) -> int:
        """The process of a comparison that has something to keep and goes on, stopped in the middle of its work."""
        pid = self.process(run)
        until(lambda: self.store.run(self.owner, run).kept or self.state(run) in ENDED)
        self.halt(pid)
        shown = self.store.run(self.owner, run)
        assert shown.state == "running" and shown.kept and shown.step.startswith(FITTING), "it was over too soon"
        return pid

    def frozen(self, run: str) -> int:
        """Stop the process of a run in the middle of its work."""
        pid = self.process(run)
        self.halt(pid)
        assert self.state(run) in ACTIVE, "the job was over before it could be stopped"
        return pid


@pytest.fixture()
def house(make_settings, tmp_path):
    """Services with one slot, their runner working."""
    settings = make_settings(job_slots=1)
    prepare_data_dir(settings.data_dir)
    services = services_of(settings)
    services.jobs.start()
    yield House(services, tmp_path)
    services.jobs.stop()


class Server:
    """A real gunicorn on a free port of loopback."""

    def __init__(self, data_dir: Path, **environ: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data_dir = data_dir
        self.environ = {"PORT": str(self.port), "DATA_DIR": str(data_dir), "OMP_NUM_THREADS": "1", "TRACKING": "0", **environ}
        self.cookies = CookieJar()
        self.process: subprocess.Popen | None = None

    def start(self) -> float:
        """Start and wait until it is ready; the seconds it took."""
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | self.environ, start_new_session=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        return until(lambda: self.get("/readyz")[0] == 200)

    def get(self, path: str) -> tuple[int, bytes]:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, problem.read()
        except (urllib.error.URLError, ConnectionError):
            return 0, b""

    def kill(self) -> None:
        """kill -9 of the master and its workers, as in a power cut; jobs are left alone."""
        workers = children(self.process.pid)  # asked first: with their master dead they are nobody's children
        self.process.kill()
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """SIGTERM; the seconds until the master is gone."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        return time.monotonic() - began


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in re.findall(r"\d+", tasks.read_text())] if tasks.exists() else []


@pytest.fixture()
def serve(tmp_path):
    """A maker of servers on one data directory; all are stopped at the end."""
    made: list[Server] = []

    def make(**environ: str) -> Server:
        made.append(Server(tmp_path / "store", **environ))
        return made[-1]

    yield make
    for server in made:
        if server.process is not None:
            server.stop()
