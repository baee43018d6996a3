"""Laws of saved models: whole or absent, whatever becomes of the job that makes them."""

from __future__ import annotations

import errno

import pytest

from core import codec
from dashboard import ids, jobs
from dashboard.store import NotFound, Problem
from tests.dashboard import made_models


def queued(store, add, owner):
    """A job that shall make a model: (dataset, run)."""
    dataset = add(owner).id
    return dataset, store.ledger.queue(owner, dataset, "train", request={}, key=ids.new_id(), cap=9, reuse_done=False)[0]


def training(store, add, owner):
    """A run that is about to say that it is done: (dataset, run, token)."""
    dataset, run = queued(store, add, owner)
    token = store.ledger.claim(run, host="h", pid=1, birth=1)
    store.ledger.saving(run, token)
    return dataset, run, token


@pytest.mark.parametrize("end", ["cancelled", "failed", "interrupted"])
def test_a_job_that_ends_between_its_model_and_its_end_has_made_none(store, add, owner, end):
    """Nobody is shown it, no key opens it, and the next tidying leaves neither row nor file; while the job lives they stay."""
    dataset, run, _ = training(store, add, owner)
    model = store.models.add(owner, made_models.model(), run=run, dataset=dataset)
    store.models.tidy()
    assert store.models.listed(owner) == () and (store.directory / "models" / model).is_dir()
    {"cancelled": lambda: store.ledger.cancel(run), "interrupted": lambda: store.ledger.interrupt(run),
     "failed": lambda: store.ledger.fail(run, Problem("X", "It broke.", ""))}[end]()  # fmt: skip
    for asked in (store.models.saved, store.models.model, store.models.renew_key):
        with pytest.raises(NotFound):
            asked(owner, model)
    store.models.tidy()
    assert store.database.rows("SELECT * FROM models") == [] and store.ledger.state(run) == end


def test_a_job_that_is_done_has_its_model(store, add, owner):
    dataset, run, token = training(store, add, owner)
    model = store.models.add(owner, made_models.model(), run=run, dataset=dataset)
    store.ledger.finish(run, token, store.save_result(run, token, made_models.model()))
    store.models.tidy()
    assert [one.id for one in store.models.listed(owner)] == [model] and store.models.model(owner, model).rows == 60


def test_a_full_disk_leaves_no_part_of_a_model(store, owner, monkeypatch):
    def full(_model, directory):
        (directory / "half").write_bytes(b"x" * 999)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(codec, "write", full)
    with pytest.raises(OSError):
        store.models.add(owner, made_models.model())
    assert list((store.directory / "models").iterdir()) == [] and store.models.listed(owner) == ()


def test_a_job_without_room_for_the_model_keeps_no_result_either(store, add, owner, monkeypatch):
    """It is told as what it is, and what it wrote goes, so that there is room again."""
    _, run = queued(store, add, owner)
    monkeypatch.setitem(jobs.WORK, "train", lambda _job, _report: made_models.model())
    monkeypatch.setattr(store.models, "add", lambda *_a, **_k: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    jobs.perform(store, run)
    ended = store.run(owner, run)
    assert (ended.state, ended.problem.code) == ("failed", "DISK_FULL")
    assert not (store.directory / "runs" / run).exists() and list((store.directory / "temp").iterdir()) == []


def test_what_a_job_half_wrote_goes_before_its_failure_is_told(store, add, owner, monkeypatch):
    """On a full disk the draft is what leaves no room to say so; without a word the run would stay open until there is."""
    _, run = queued(store, add, owner)
    told = []
    fail = store.ledger.fail

    def full(_job, _report):
        (store.draft(f"{run}.1") / "half").write_bytes(b"x" * 999)
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setitem(jobs.WORK, "train", full)
    monkeypatch.setattr(store.ledger, "fail", lambda *a, **k: (told.append(list((store.directory / "temp").iterdir())), fail(*a, **k)))
    jobs.perform(store, run)
    assert told == [[]] and store.run(owner, run).problem.code == "DISK_FULL"


def test_a_result_whose_end_could_not_be_told_is_none(store, add, owner, monkeypatch):
    """The last word did not fit either: neither the result nor the model counts."""
    _, run = queued(store, add, owner)
    monkeypatch.setitem(jobs.WORK, "train", lambda _job, _report: made_models.model())
    monkeypatch.setattr(store.ledger, "finish", lambda *_a, **_k: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    jobs.perform(store, run)
    assert store.run(owner, run).problem.code == "DISK_FULL" and store.models.listed(owner) == ()
    assert not (store.directory / "runs" / run).exists()


def test_a_damaged_model_is_found(store, owner):
    model = store.models.add(owner, made_models.model())
    assert store.verify() == ()
    victim = max((store.directory / "models" / model).iterdir(), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    assert [line for line in store.verify() if f"model {model}" in line]
