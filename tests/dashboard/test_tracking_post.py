"""The leader's part: milliseconds, one sender at a time, no secrets handed on, none of it in the web process."""

from __future__ import annotations

import errno
import subprocess
import sys
import time

import pytest

from dashboard.settings import ROOT
from dashboard.store import Store
from dashboard.tracking import post, sender, target
from dashboard.tracking.post import Post
from tests.dashboard import made
from tests.dashboard.made_tracked import finished

APP = """
import sys
if {blocked}:
    sys.modules["mlflow"] = None
import dashboard.jobs, core.pipeline
from dashboard.app import create_app
from dashboard.settings import Settings
app = create_app(Settings(data_dir={folder!r}, secret_key="s" * 32))
parts = app.extensions["atlas"]
parts.jobs.start()
assert app.test_client().get("/").status_code == 200
parts.jobs.stop()
assert sys.modules.get("mlflow") is None, "the web process holds MLflow"
print("well")
"""


class Started:
    """A process that lives until it is ended; keeps what it was started with."""

    made: list = []

    def __init__(self, command, **options) -> None:
        self.command, self.options, self.code = command, options, None
        Started.made.append(self)

    def poll(self):
        return self.code

    def kill(self) -> None:
        self.code = -9

    def wait(self) -> None: ...


@pytest.fixture()
def started(monkeypatch):
    Started.made = []
    monkeypatch.setattr(post.subprocess, "Popen", Started)
    monkeypatch.setattr(post, "LOOK_SECONDS", 0.0)
    return Started.made


@pytest.fixture()
def parts(make_settings):
    here = make_settings()
    store = Store(here.data_dir)
    return here, store, finished(store, made.comparison())[2]


def test_one_sender_at_a_time(parts, started):
    here, store, run = parts
    at = Post(store, here)
    at.look()
    at.look()
    assert len(started) == 1
    assert store.outbox.state(run) == "waiting"
    at.close()
    assert started[0].code == -9


def test_a_sender_that_takes_too_long_is_ended(parts, started, monkeypatch):
    here, store, run = parts
    monkeypatch.setattr(post, "MOST_SECONDS", 0.0)
    at = Post(store, here)
    at.look()
    at.look()
    assert started[0].code == -9
    assert store.outbox.problem(run) == post.TOO_LONG
    assert len(started) == 1  # the entry waits for its next try


def test_switched_off_nothing_is_started(parts, started, make_settings):
    _, store, run = parts
    Post(store, make_settings(tracking=False)).look()
    assert started == [] and store.outbox.state(run) == ""


def test_not_installed_is_told_and_nothing_started(parts, started, monkeypatch):
    here, store, run = parts
    monkeypatch.setattr(post.target, "installed", lambda: False)
    Post(store, here).look()
    assert started == [] and store.outbox.problem(run) == post.NOT_INSTALLED


def test_the_sender_gets_no_secret_and_no_telemetry(make_settings):
    here = make_settings(tracking_uri="http://user:word@example.com", host="0.0.0.0", allow_anonymous=True)
    given = target.surroundings(here, {"SECRET_KEY": "x", "REDIS_URL": "y", "MLFLOW_TRACKING_TOKEN": "z", "DO_NOT_TRACK": "0"})
    assert "SECRET_KEY" not in given and "REDIS_URL" not in given
    assert given["MLFLOW_TRACKING_TOKEN"] == "z"
    assert (given["MLFLOW_DISABLE_TELEMETRY"], given["DO_NOT_TRACK"], given["HOST"]) == ("true", "true", "127.0.0.1")
    assert "word" not in target.mark(here) and len(target.mark(here)) == 12


@pytest.mark.parametrize(
    ("defect", "told"),
    [
        (RuntimeError("API request to endpoint /api failed with error code 401 != 200. Response body: 'ada'"), "the server refused us (401)"),
        (RuntimeError("API request to endpoint /api failed with error code 500 != 200"), "the server answered with error 500"),
        (RuntimeError("API request to http://user:word@host/api failed with exception Max retries"), sender.NO_ANSWER),
        (OSError(errno.ENOSPC, "No space left"), sender.NO_SPACE),
        (RuntimeError("(sqlite3.OperationalError) database or disk is full [parameters: ('ada')]"), sender.NO_SPACE),
        (ValueError("ada@example.com"), "it failed (ValueError)"),
    ],
)  # fmt: skip
def test_reasons_are_words_of_ours(defect, told):
    assert sender.reason(defect) == told


def test_pauses_grow_to_five_minutes():
    found = [sender.pause(tries) for tries in range(40)]
    assert found[:3] == [5.0, 10.0, 20.0] and max(found) == 300.0 and found == sorted(found)


def test_looking_costs_milliseconds(parts, started):
    """100 looks with 50 runs, none of them due: under 1 s in all."""
    here, store, _ = parts
    at = Post(store, here)
    at.look()
    begun = time.process_time()
    for _ in range(100):
        at.look()
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize("blocked", [False, pytest.param(True, marks=pytest.mark.long)])
def test_the_app_works_and_never_imports_mlflow(tmp_path, blocked):
    """A fresh process, with MLflow there and with its import blocked."""
    code = APP.format(blocked=blocked, folder=str(tmp_path / "store"))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "well", done.stderr[-2000:]
