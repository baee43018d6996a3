"""Jobs read in a process that can be lost: its death is told in words, and nothing of it is left behind."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from core import codec, formats, pipeline
from core.fenced import Limits, fenced
from dashboard import jobs


def job(desk, owner, dataset, kind="load", request=None, **given):
    run = desk.jobs.request(owner, kind, dataset, request or {}).id
    jobs.perform(desk.store, run, **given)
    return desk.store.run(owner, run)


def drafts(desk) -> list[Path]:
    return list((desk.store.directory / "temp").iterdir())


def test_a_file_read_apart_is_the_table_that_is_read_here(desk, file, owner, tmp_path):
    """Byte for byte as stored: cells, kinds, notes, questions, fingerprint."""
    dataset = file()
    assert job(desk, owner, dataset).state == "done"
    here = pipeline.load(desk.store.source(owner, dataset), "shop.csv", {})
    (tmp_path / "here").mkdir()
    codec.write(here, tmp_path / "here")
    (stored,) = (desk.store.directory / "datasets" / dataset / "tables").iterdir()
    for path in (tmp_path / "here").iterdir():
        assert path.read_bytes() == (stored / path.name).read_bytes()
    assert drafts(desk) == []


def test_the_job_itself_never_reads(desk, file, owner, monkeypatch):
    """What understands the file runs in another process, for comparisons as well."""
    real, here = formats.read, os.getpid()

    def read(*given):
        assert os.getpid() != here
        return real(*given)

    monkeypatch.setattr(formats, "read", read)
    dataset = file()
    from core.model import Plan

    plan = Plan(algorithms=("kmeans",), segments=(2, 2), resamples=0).to_json()
    assert job(desk, owner, dataset, "compare", {"plan": plan}).state == "done"


@pytest.mark.parametrize(("death", "code"), [
    (os.abort, "DAMAGED"), (lambda: bytearray(10**12), "TOO_LARGE_TO_READ"), (lambda: time.sleep(60), "TOO_SLOW"),
    (lambda: 1 / 0, "DEFECT"),
])  # fmt: skip
def test_a_reader_that_dies_fails_the_run_in_words(desk, file, owner, monkeypatch, death, code, caplog):
    """A code, a sentence and a hint; no draft stays and the store is sound."""
    monkeypatch.setattr(formats, "read", lambda *_: death())
    run = job(desk, owner, file(), most=Limits(seconds=1))
    assert (run.state, run.problem.code) == ("failed", code)
    assert run.problem.text.endswith(".") and run.problem.hint
    assert drafts(desk) == [] and desk.store.verify() == ()


def test_a_run_that_is_cancelled_while_its_file_is_read_leaves_nobody_reading(desk, file, owner, monkeypatch, tmp_path):
    """The reader is gone with the job, whoever ended the run."""
    told = tmp_path / "pid"

    def endless(*_):
        told.write_text(str(os.getpid()))
        time.sleep(60)

    monkeypatch.setattr(formats, "read", endless)
    run = desk.jobs.request(owner, "load", file(), {}).id

    def cancel():
        while not (told.exists() and told.read_text()):
            time.sleep(0.01)
        desk.store.ledger.cancel(run)

    canceller = threading.Thread(target=cancel)
    canceller.start()
    jobs.perform(desk.store, run)
    canceller.join()
    assert desk.store.run(owner, run).state == "cancelled"
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)
    assert drafts(desk) == []


def test_databases_of_other_threads_outlive_a_fork(store):
    """A child in which those threads have ended closes none of their connections: SQLite forbids that."""
    opened, done = threading.Event(), threading.Event()
    found: list[object] = []

    def use():
        store.database.row("SELECT 1")
        opened.set()
        done.wait()
        found.append(store.database.row("PRAGMA integrity_check")[0])
        store.database.close()

    other = threading.Thread(target=use)
    other.start()
    opened.wait()
    try:
        from dashboard.store import database

        assert fenced(lambda _: len(database._held), Limits()) >= 1
    finally:
        done.set()
        other.join()
    assert found == ["ok"] and database._held == []
    with sqlite3.connect(store.database.path) as fresh:
        assert fresh.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    fresh.close()


def test_a_job_process_that_is_killed_takes_its_reader_along(desk, file, owner, monkeypatch, tmp_path):
    """kill -9 of the job: the run can be given to another, and the file is read by nobody."""
    told = tmp_path / "pid"

    def endless(*_):
        told.write_text(str(os.getpid()))
        time.sleep(60)

    monkeypatch.setattr(formats, "read", endless)
    run = desk.jobs.request(owner, "load", file(), {}).id
    desk.store.database.close()
    pid = os.fork()
    if not pid:
        jobs.perform(desk.store, run)
        os._exit(0)
    while not (told.exists() and told.read_text()):
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    reader = Path(f"/proc/{told.read_text()}/stat")
    deadline = time.monotonic() + 10
    while reader.exists() and reader.read_text().rpartition(")")[2].split()[0] not in "ZX":
        assert time.monotonic() < deadline, "the reader lives on"
        time.sleep(0.01)
