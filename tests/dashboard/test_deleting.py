"""Laws of deleting: what is deleted can be taken back for a while, then nothing of it is left anywhere."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from core.memo import Kept
from core.model import Document, Edit, Shape
from dashboard import ids
from dashboard.runner.asked import checked_request
from dashboard.store import NotFound, Remark, Superseded, artefacts, deleting
from dashboard.store.summaries import Summary
from tests.dashboard import made_models

CANARY = "canary.8d1f@example.org"


@pytest.fixture()
def at_once(monkeypatch):
    """Nothing can be taken back."""
    monkeypatch.setattr(deleting, "UNDO_SECONDS", 0.0)


def queued(store, owner, dataset, kind="compare", **request):
    return store.ledger.queue(owner, dataset, kind, request=request, key=ids.new_id(), cap=99, reuse_done=False)[0]


def done(store, owner, dataset, kind="publish", text="x", **request):
    """A finished run of this kind; a document stands for whatever result it would have."""
    run = queued(store, owner, dataset, kind, **request)
    token = store.ledger.claim(run, host="h", pid=1, birth=1)
    store.ledger.saving(run, token)
    noun = Document("report.html", "text/html", np.frombuffer(text.encode(), dtype=np.uint8))
    store.ledger.finish(run, token, store.save_result(run, token, noun))
    return run


def found(directory: Path, text: str) -> list[str]:
    """Files whose bytes hold the text."""
    return [path.name for path in directory.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.fixture()
def family(store, add, owner):
    """A comparison, all that can be made of it, also in another file, and one that has nothing to do with it."""
    shop, other = add(owner).id, add(owner, "a,b\n1,2\n", "b.csv").id
    base = done(store, owner, shop, "compare", plan="{}")
    made = [done(store, owner, shop, kind, run=base, candidate="kmeans-2") for kind in ("portray", "importance", "train", "publish")]
    model, models = ids.new_id(), store.directory / "models"
    digest = artefacts.save(lambda folder: (folder / "spec.json").write_text(CANARY) and None, models / f".{model}", models / model)
    store.database.change("INSERT INTO models VALUES (?, ?, ?, ?, ?, 0, ?, 1, 'k')", model, owner, shop, made[2], CANARY, digest)
    made.append(done(store, owner, other, "score", model=model))
    late = done(store, owner, other, "compare", plan="{}")
    made.append(done(store, owner, other, "migrate", run=late, before={"run": base}))
    store.remarks.keep(base, Remark(True, CANARY))
    store.summaries.keep(base, Summary(1, 1, 1, label=CANARY))
    return base, made, late, model


def test_all_that_was_made_of_a_run_is_known(store, owner, family):
    """At any remove, in any file: descriptions, models, customers placed by them, comparisons with it; nothing else."""
    base, made, late, _ = family
    assert store.deleting.made_of(owner, {base}) == {base, *made}
    assert store.deleting.made_of(owner, {late}) == {late, made[-1]}
    assert store.deleting.made_of(ids.new_id(), {base}) == {base}


def test_what_is_put_aside_is_found_by_nobody_and_comes_back_whole(store, owner, family):
    """Runs, results and notes; the others stay all the while."""
    base, made, late, model = family
    every = {run.id for run in store.runs(owner)}
    assert store.deleting.put_aside(owner, base) == len(made)
    assert {run.id for run in store.runs(owner)} == every - {base, *made} == {late}
    for run in (base, *made):
        with pytest.raises(NotFound):
            store.run(owner, run)
    with pytest.raises(NotFound):
        store.result(owner, made[3], "publish")
    assert store.models.listed(owner) == ()
    with pytest.raises(NotFound):
        store.models.saved(owner, model)
    assert store.deleting.aside(owner)[0].others == len(made) and store.deleting.empty() == 0
    store.deleting.take_back(owner, base)
    assert {run.id for run in store.runs(owner)} == every and store.remarks.of(base) == Remark(True, CANARY)
    assert bytes(store.result(owner, made[3], "publish").content) == b"x" and store.verify() == ()


def test_after_the_time_to_undo_it_is_gone_for_good(store, owner, family, at_once):
    """Rows, directories and models; taking back is no longer possible and says so as for an unknown run."""
    base, made, late, model = family
    store.deleting.put_aside(owner, base)
    assert store.deleting.aside(owner) == () and store.deleting.empty() == len(made) + 1
    with pytest.raises(NotFound):
        store.deleting.take_back(owner, base)
    assert [path.name for path in (store.directory / "runs").iterdir()] == [late]
    assert not (store.directory / "models" / model).exists() and store.verify() == ()
    for table in ("models", "remarks", "summaries", "trash"):
        assert store.database.rows(f"SELECT * FROM {table}") == [], table


def test_a_clock_that_was_set_back_keeps_nothing_for_ever(store, owner, family):
    """What seems to have been deleted tomorrow goes, too."""
    store.deleting.put_aside(owner, family[0])
    store.database.change("UPDATE trash SET since = since + 86400")
    assert store.deleting.empty() == len(family[1]) + 1


def test_nobody_deletes_or_takes_back_anothers(store, owner, family):
    """The answer is that of an unknown id."""
    base, stranger = family[0], ids.new_id()
    for run in (base, ids.new_id(), "x"):
        with pytest.raises(NotFound):
            store.deleting.put_aside(stranger, run)
    store.deleting.put_aside(owner, base)
    with pytest.raises(NotFound):
        store.deleting.take_back(stranger, base)
    assert store.deleting.aside(stranger) == () and len(store.deleting.aside(owner)) == 1


def test_an_open_run_is_cancelled_and_its_job_writes_no_more(store, owner, add, at_once):
    """The job finds its run gone at its next word; what it wrote meanwhile goes (F17)."""
    run = queued(store, owner, add(owner).id, plan="{}")
    token = store.ledger.claim(run, host="h", pid=1, birth=1)
    draft = store.draft(f"{run}.{token}")
    (draft / "half").write_text(CANARY)
    store.deleting.put_aside(owner, run)
    store.deleting.empty()
    for speak in (store.ledger.beat, store.ledger.saving):
        with pytest.raises(Superseded):
            speak(run, token)
    store.summaries.keep(run, Summary(1, 1, 1))
    store.remarks.keep(run, Remark(True, CANARY))
    assert found(store.directory, CANARY) == [] and store.ledger.state(run) == ""


def test_a_model_made_for_a_run_that_was_deleted_meanwhile_is_not_kept(store, owner, add):
    """Its job hears so, as for any word it says of such a run; no row and no file stays."""
    with pytest.raises(Superseded):
        store.models.add(owner, made_models.model(), run=ids.new_id(), dataset=add(owner).id)
    assert store.models.listed(owner) == () and list((store.directory / "models").iterdir()) == []


def test_what_a_model_placed_goes_with_its_run_though_the_model_went_before(store, owner, add):
    """It holds the names of the segments; a model that is gone leads nowhere any more."""
    dataset = add(owner).id
    run = done(store, owner, dataset, "train")
    model = store.models.add(owner, made_models.model(), run=run)
    placed = queued(store, owner, dataset, "score", **checked_request(store, owner, "score", dataset=dataset, request={"model": model}))
    store.models.delete(owner, model)
    assert placed in store.deleting.made_of(owner, {run})


def test_the_same_request_after_deleting_is_a_new_run(store, owner, add):
    """What was deleted is not handed out again, nor joined, while it can still be taken back."""
    dataset = add(owner).id
    ask = {"request": {"plan": "{}"}, "key": "k", "cap": 9, "reuse_done": True}
    first, _ = store.ledger.queue(owner, dataset, "compare", **ask)
    store.deleting.put_aside(owner, first)
    second, new = store.ledger.queue(owner, dataset, "compare", **ask)
    assert new and second != first


@pytest.mark.parametrize("how", ["run", "dataset", "session"])
def test_no_byte_is_left_of_what_was_deleted(store, owner, add, at_once, how):
    """T20: after delete and VACUUM, no file below the data directory holds the canary, the database and its log included."""
    dataset = add(owner, f"name\n{CANARY}\n").id
    keep = add(owner, "a\n1\n", "other.csv").id
    base = done(store, owner, dataset, "compare", CANARY, plan=json.dumps({"note": CANARY}))
    done(store, owner, dataset, "publish", CANARY, run=base, options={"title": CANARY})
    done(store, owner, keep, "migrate", CANARY, run=ids.new_id(), before={"run": base})
    store.remarks.keep(base, Remark(False, CANARY))
    store.reshape(owner, base, "kmeans-2", Shape((Edit("rename", 1, text=CANARY),)), after=0)
    letters = np.frombuffer(CANARY.encode() * 2000, dtype=np.uint8)
    store.memo(owner, dataset, "v")("key", lambda: Kept({"values": letters}, {}))
    assert len(found(store.directory, CANARY)) >= 4
    if how == "run":
        store.deleting.put_aside(owner, base)
        store.deleting.empty()
        (store.directory / "datasets" / dataset / "source").write_text("")  # the file itself is another's to delete
    elif how == "dataset":
        store.delete_dataset(owner, dataset)
    else:
        store.delete_all(owner)
    store.database.rows("VACUUM")
    store.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found(store.directory, CANARY) == []
    with sqlite3.connect(store.directory / "atlas.sqlite") as database:
        assert not any(CANARY in str(line) for line in database.iterdump())


def test_deleting_a_file_takes_what_other_files_had_of_it(store, owner, family):
    """Customers placed by its models and comparisons with its runs; the other file's own stay."""
    base, _, late, model = family
    store.delete_dataset(owner, store.run(owner, base).dataset)
    assert {run.id for run in store.runs(owner)} == {late}
    assert not (store.directory / "models" / model).exists() and store.verify() == ()


def test_deleting_a_session_takes_its_uploaded_models_too(store, owner):
    """They belong to no file."""
    model = ids.new_id()
    store.database.change("INSERT INTO models VALUES (?, ?, NULL, NULL, 'mine', 0, '', 0, '')", model, owner)
    (store.directory / "models" / model).mkdir(parents=True)
    store.delete_all(owner)
    assert store.models.listed(owner) == () and not (store.directory / "models" / model).exists()
