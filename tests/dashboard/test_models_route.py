"""Laws of models on their way out and in: what comes back is what went, and what is no model leaves nothing behind."""

from __future__ import annotations

import io
import pickle
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from core import pipeline
from dashboard.routes import models as route
from dashboard.security.signing import MODELS, derived
from dashboard.store import NotFound
from tests.dashboard import made, made_models


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


def upload(browser, content, **headers):
    return browser.post("/models", data=content, headers={"X-Atlas": "upload", **headers})


def key_of(desk):
    return derived(desk.parts.settings.secret(), MODELS)


def test_a_model_goes_out_signed_and_comes_back_as_it_was(desk, mine):
    """Byte for byte the same file again, and known as made here."""
    first = desk.store.models.add(desk.owner, made_models.model())
    sent = mine.get(f"/models/{first}.zip")
    assert sent.mimetype == "application/zip" and "attachment" in sent.headers["Content-Disposition"]
    told = upload(mine, sent.data).json
    assert told["signed"] is True and told["model"] != first
    assert desk.store.models.saved(desk.owner, told["model"]).signed
    assert mine.get(f"/models/{told['model']}.zip").data == sent.data == made_models.zipped(key_of(desk))


def test_a_model_of_another_server_is_taken_as_such(desk, mine):
    """With another signature or none; on its way out again it is not signed by us."""
    for content in (made_models.zipped(b"k" * 32), made_models.zipped()):
        told = upload(mine, content).json
        assert told["signed"] is False and not desk.store.models.saved(desk.owner, told["model"]).signed
        assert mine.get(f"/models/{told['model']}.zip").data == made_models.zipped()


def test_a_signed_model_that_was_changed_is_refused(desk, mine):
    """One digit of the specification."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made_models.zipped(key_of(desk)))) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b'"rows": 60', b'"rows": 61').replace(b'"rows":60', b'"rows":61'))
    assert changed.getvalue() != made_models.zipped(key_of(desk))
    assert upload(mine, changed.getvalue()).status_code == 400
    assert desk.store.models.listed(desk.owner) == ()


CANARY = Path(tempfile.gettempdir()) / "segment-atlas-canary-of-models"


class Evil:
    """Makes the canary when it is unpickled."""

    def __reduce__(self):
        return (CANARY.touch, ())


def inside(name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("content", [
    b"x", b"PK\x03\x04", pickle.dumps(Evil()), inside("model.json", "{}"), inside("model.pkl", pickle.dumps(Evil())),
    inside("../model.json", "{}"), inside("model.json", "[" * 100_000), b"\x00" * 100_000, b"PK\x05\x06" + b"\x00" * 18,
])  # fmt: skip
def test_what_is_no_model_is_refused_and_leaves_nothing(desk, mine, content):
    """Words, no row, no file, nothing run."""
    answer = upload(mine, content)
    assert answer.status_code == 400 and answer.json["error"]
    assert desk.store.models.listed(desk.owner) == () and not CANARY.exists()
    assert list((desk.store.directory / "models").iterdir()) == [] == list((desk.store.directory / "temp").iterdir())


def test_an_upload_must_come_from_our_page_and_have_an_end(desk, mine, monkeypatch):
    """Another site's form cannot send the header; what is too long is refused before it is read."""
    assert mine.post("/models", data=b"x").status_code == 403
    assert upload(mine, b"").status_code == 411
    assert upload(mine, b"x", Origin="http://elsewhere").status_code == 403
    monkeypatch.setattr(route, "MOST_BYTES", 10)
    assert upload(mine, b"x" * 11).status_code == 413
    monkeypatch.setattr(route, "MOST_MODELS", 0)
    assert upload(mine, b"x").status_code == 413


def test_another_sessions_model_and_an_unknown_one_are_the_same(desk, client):
    """Its file, its key and its deletion."""
    model = desk.store.models.add(desk.owner, made_models.model())
    answers = [client.get(f"/models/{one}.zip") for one in (model, "A" * 22, "x", "../x")]
    assert {one.status_code for one in answers} == {404}
    assert answers[0].data == answers[1].data
    for other in ("B" * 22, ""):
        for ask in (desk.store.models.model, desk.store.models.saved, desk.store.models.renew_key, desk.store.models.revoke_key,
                    desk.store.models.delete):  # fmt: skip
            with pytest.raises(NotFound):
                ask(other, model)
    assert desk.store.models.saved(desk.owner, model).name == made_models.model().name


def placed(desk, text=made_models.FILE):
    """A file that the model has placed: its run."""
    model = desk.store.models.add(desk.owner, made_models.model())
    dataset, table = desk.add("=next.csv"), made_models.read(text)
    desk.load(dataset, table)
    run = desk.jobs.request(desk.owner, "score", dataset, {"model": model, "answers": {}, "mapping": {}})
    return desk.end(run, pipeline.score(made_models.model(), table, {})), table


def test_a_placed_file_comes_back_whole_with_five_columns_more(desk, mine, client):
    """Every row and cell in its order; to its owner alone."""
    run, table = placed(desk, made_models.FILE.replace("c0,", "=1+1,"))
    answer = mine.get(f"/scored/{run.id}.csv")
    assert "next-scored.csv" in answer.headers["Content-Disposition"]
    read = pd.read_csv(io.BytesIO(answer.data), dtype=str, keep_default_na=False)
    assert list(read.columns[-5:]) == ["segment", "segment_name", "confidence", "runner_up", "unlike_anyone"]
    assert len(read) == 60 and read["customer"][0] == "'=1+1" and read["income"].to_list() == table.raw["income"].astype(str).to_list()
    found = pipeline.score(made_models.model(), table, {}).frame
    assert read["segment"].astype(int).to_list() == found["segment"].to_list()
    assert read["confidence"].astype(float).to_list() == pytest.approx(found["confidence"].to_list(), abs=5e-5)
    assert client.get(f"/scored/{run.id}.csv").status_code == 404
    load = desk.store.runs(desk.owner, kind="load")[0]
    assert mine.get(f"/scored/{load.id}.csv").status_code == 404


def test_keys_for_different_purposes_and_secrets_differ():
    """RFC 5869, 2.3: the first block of HKDF-Expand with the purpose as info."""
    import hmac

    assert derived("s" * 32, "p") == hmac.new(b"s" * 32, b"p\x01", "sha256").digest()
    assert len({derived("s" * 32, "a"), derived("s" * 32, "b"), derived("t" * 32, "a")}) == 3


def test_models_of_a_file_or_a_session_are_deleted_with_it(desk):
    """Rows and directories; those of other files and sessions stay."""
    models = desk.store.models
    first, second = desk.add(), desk.add()
    made_of = [models.add(desk.owner, made_models.model(), dataset=one) for one in (first, second)]
    foreign = models.add(desk.owner, made_models.model(), signed=False)
    other = models.add("o" * 22, made_models.model())
    models.delete_of(desk.owner, first)
    assert {one.id for one in models.listed(desk.owner)} == {made_of[1], foreign}
    models.delete_of(desk.owner)
    assert models.listed(desk.owner) == () and [one.id for one in models.listed("o" * 22)] == [other]
    assert [path.name for path in (desk.store.directory / "models").iterdir()] == [other]
