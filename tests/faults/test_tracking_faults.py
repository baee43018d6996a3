"""MLflow slow, absent, refusing, full (F20): runs are done regardless, entries arrive once, and are gone after deletion."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dashboard.store import Store
from dashboard.tracking import sender, target
from dashboard.tracking.post import Post
from tests.dashboard import made
from tests.dashboard.made_tracked import CANARIES, finished, found, now_due, poisoned, send


@pytest.fixture()
def here(make_settings):
    return make_settings()


@pytest.fixture()
def store(here) -> Store:
    return Store(here.data_dir)


def told(here, sql: str) -> list:
    """What the embedded store of MLflow holds."""
    with closing(sqlite3.connect(here.data_dir / "tracking" / "mlflow.sqlite")) as database:
        return database.execute(sql).fetchall()


@contextmanager
def black_hole():
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def answering(status: int):
    """A server that gives every request this status, with the request's body in the answer."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"who is ada@example.com?")

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_entry_arrives_whole_without_canaries_and_goes_with_its_run(here, store):
    """Comparison, children, files; no canary in any byte of the tracking folder; after deletion no id and no file of it."""
    noun = poisoned()
    owner, dataset, run = finished(store, noun)
    send(here, store)
    assert store.outbox.state(run) == "sent", store.outbox.problem(run)
    assert told(here, "SELECT count(*) FROM runs")[0][0] == 1 + len(noun.candidates)
    assert told(here, "SELECT value FROM params WHERE key = 'seed'") == [("0",)]
    assert len(told(here, "SELECT * FROM tags WHERE key = 'mlflow.parentRunId'")) == len(noun.candidates)
    folder = here.data_dir / "tracking"
    assert sorted(path.name for path in folder.rglob("artifacts/*")) == ["board.csv", "profiles.csv", "verdict.json"]
    assert found(folder, CANARIES) == []
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*"))
    store.delete_dataset(owner, dataset)
    send(here, store)
    assert store.outbox.unerased() == 0 and store.database.rows("SELECT * FROM outbox") == []
    assert told(here, "SELECT count(*) FROM runs") == [(0,)]
    assert found(folder, (run, noun.fingerprint)) == []
    assert list(folder.rglob("artifacts/*")) == []


def test_a_black_hole_delays_nobody(make_settings):
    """The leader's look takes under 1 s while a sender waits for an answer that never comes; the run is done throughout."""
    with black_hole() as uri:
        here = make_settings(tracking_uri=uri)
        store = Store(here.data_dir)
        post = Post(store, here)
        owner, _, run = finished(store, made.comparison())
        begun = time.monotonic()
        post.look()
        assert time.monotonic() - begun < 1.0
        assert store.run(owner, run).state == "done" and store.outbox.state(run) == "waiting"
        begun = time.monotonic()
        post.close()
        assert time.monotonic() - begun < 1.0


@pytest.mark.long
def test_a_black_hole_is_told_and_holds_the_others(make_settings):
    """One wait, not one for each entry; the reason is ours."""
    with black_hole() as uri:
        here = make_settings(tracking_uri=uri)
        store = Store(here.data_dir)
        runs = [finished(store, made.comparison())[2] for _ in range(3)]
        assert send(here, store, MLFLOW_HTTP_REQUEST_TIMEOUT="1") < 40
        assert {store.outbox.problem(run) for run in runs} == {sender.NO_ANSWER}
        assert store.outbox.due(time.time()) == ()


@pytest.mark.long
@pytest.mark.parametrize(("status", "why"), [(401, "the server refused us (401)"), (500, "the server answered with error 500")])
def test_a_server_that_refuses_is_told(make_settings, status, why):
    with answering(status) as uri:
        here = make_settings(tracking_uri=uri)
        store = Store(here.data_dir)
        owner, _, run = finished(store, made.comparison())
        send(here, store)
        assert (store.outbox.state(run), store.outbox.problem(run)) == ("failed", why)
        assert store.run(owner, run).state == "done"


@pytest.mark.long
def test_what_could_not_be_written_arrives_later_and_once(here, store):
    """The files cannot be written for a while; then they can; and a third try finds the entry there."""
    noun = made.comparison()
    run = finished(store, noun)[2]
    blocked = target.folder(here.data_dir) / "artefacts"
    blocked.write_text("")
    send(here, store)
    assert store.outbox.state(run) == "failed"
    blocked.unlink()
    now_due(store)
    send(here, store)
    assert store.outbox.state(run) == "sent"
    assert told(here, "SELECT count(*) FROM runs") == [(1 + len(noun.candidates),)]
    many = told(here, "SELECT count(*) FROM runs")
    store.database.change("UPDATE outbox SET sent = NULL, again = 0")  # as after a kill between arriving and noting it
    send(here, store)
    assert told(here, "SELECT count(*) FROM runs") == many


@pytest.mark.long
def test_a_half_written_entry_is_written_anew(here, store):
    """A sender killed between the children leaves a run that is not marked as whole: it goes, and one whole run stays."""
    run = finished(store, made.comparison())[2]
    send(here, store)
    many = told(here, "SELECT count(*) FROM runs")
    with closing(sqlite3.connect(here.data_dir / "tracking" / "mlflow.sqlite")) as database:
        database.execute("UPDATE tags SET value = 'no' WHERE key = 'segment_atlas.whole'")
        database.commit()
    store.database.change("UPDATE outbox SET sent = NULL, again = 0")
    send(here, store)
    assert store.outbox.state(run) == "sent"
    assert told(here, "SELECT count(*) FROM runs") == many
    assert told(here, "SELECT value FROM tags WHERE key = 'segment_atlas.whole'") == [("yes",)]


@pytest.mark.long
def test_an_entry_on_another_server_is_said_to_stay(here, store):
    """The settings changed between telling and deleting: the badge says that the entry could not be deleted."""
    owner, dataset, run = finished(store, made.comparison())
    send(here, store)
    store.database.change("UPDATE outbox SET remote = 'another|1'")
    store.delete_dataset(owner, dataset)
    send(here, store)
    assert store.outbox.unerased() == 1 and store.outbox.problem(run) == sender.ELSEWHERE


@pytest.mark.long
def test_without_mlflow_the_sender_says_so(here, store, tmp_path):
    """A partial installation (F29): the import fails, the run is done, the badge tells."""
    run = finished(store, made.comparison())[2]
    blocker = tmp_path / "blocker"
    blocker.mkdir()
    (blocker / "mlflow.py").write_text("raise ImportError('not here')\n")
    send(here, store, PYTHONPATH=str(blocker))
    shutil.rmtree(blocker)
    assert store.outbox.problem(run) == sender.NOT_INSTALLED
