"""The embedded store opened by a full MLflow in an environment of its own, as the README says."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.store import Store
from tests.dashboard import made
from tests.dashboard.made_tracked import finished, send

START_SECONDS = 180.0


@pytest.fixture(scope="session")
def mlflow(project) -> Path:
    """The command of a full MLflow in .cache/mlflow, of the version that the README names; made where it is missing."""
    version = re.search(r"pip install mlflow==(\S+)", (project / "README.md").read_text()).group(1)
    assert f"mlflow-skinny=={version}" in (project / "constraints.txt").read_text()
    folder = project / ".cache" / "mlflow"
    command = folder / "bin" / "mlflow"
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "pip"), "install", "--quiet", f"mlflow=={version}"], check=True, timeout=900)
    return command


@contextmanager
def opened(command: Path, database: Path, folder: Path):
    """The page of MLflow on loopback; ends the process and its workers, which are a group of their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asked = [str(command), "ui", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--backend-store-uri", f"sqlite:///{database}"]
    environ = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
    with (folder / "mlflow.log").open("w") as log:
        running = subprocess.Popen(asked, cwd=folder, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            yield f"http://127.0.0.1:{port}", running
        finally:
            os.killpg(running.pid, 9)
            running.wait()


def answered(base: str, running: subprocess.Popen, path: str, body: dict | None = None) -> dict:
    """What MLflow answers, once it is up."""
    until = time.monotonic() + START_SECONDS
    data = None if body is None else json.dumps(body).encode()
    while True:
        try:
            request = urllib.request.Request(f"{base}{path}", data=data, headers={"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read())
        except (ConnectionError, TimeoutError, urllib.error.URLError):
            assert running.poll() is None and time.monotonic() < until
            time.sleep(0.5)


@pytest.mark.long
def test_a_full_mlflow_shows_the_experiment_and_its_nested_runs(mlflow, make_settings, tmp_path):
    """One comparison: MLflow's own REST API tells the experiment, the run with its tag, and a child per candidate."""
    here = make_settings()
    store = Store(here.data_dir)
    noun = made.comparison()
    run = finished(store, noun)[2]
    send(here, store)
    with opened(mlflow, here.data_dir / "tracking" / "mlflow.sqlite", tmp_path) as (base, running):
        found = answered(base, running, "/api/2.0/mlflow/experiments/get-by-name?experiment_name=Segment%20Atlas")
        asked = {"experiment_ids": [found["experiment"]["experiment_id"]], "max_results": 100}
        runs = answered(base, running, "/api/2.0/mlflow/runs/search", asked)["runs"]
    tags = [{tag["key"]: tag["value"] for tag in one["data"]["tags"]} for one in runs]
    parents = [one["info"]["run_id"] for one, tag in zip(runs, tags, strict=True) if tag.get("segment_atlas.run") == run]
    assert len(parents) == 1
    children = [tag["candidate"] for tag in tags if tag.get("mlflow.parentRunId") == parents[0]]
    assert sorted(children) == sorted(one.key for one in noun.candidates)
