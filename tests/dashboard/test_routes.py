"""Downloads belong to their session; health tells the truth; files are served small and once."""

from __future__ import annotations

import gzip
import time

import pytest

from core.exports import EXPORTS
from core.model import Edit, Plan, Shape
from dashboard.routes.sending import file_name
from dashboard.routes.vendor import address
from dashboard.services import EXTENSION
from dashboard.store import ENDED

MARK = {"X-Atlas": "upload"}
SHOP = b"customer,income,score\n" + b"".join(b"%d,%d,%d\n" % (i, 20 + i % 5 * 20, 15 + i % 4 * 22) for i in range(60))


@pytest.fixture()
def run(app, client):
    """A finished compare run of ``client``'s session: (run id, candidate key)."""
    parts = app.extensions[EXTENSION]
    identity = client.post("/upload", json={"name": "naïve \r\n;\"x.csv", "total": len(SHOP)}, headers=MARK).json["upload"]
    dataset = client.put(f"/upload/{identity}", data=SHOP, headers=MARK | {"X-Offset": "0"}).json["dataset"]
    owner = parts.store.database.row("SELECT owner FROM datasets WHERE id = ?", dataset)["owner"]
    plan = Plan(algorithms=("kmeans",), segments=(2, 3)).to_json()
    found = parts.jobs.request(owner, "compare", dataset, {"plan": plan})
    while parts.store.run(owner, found.id).state not in ENDED:
        time.sleep(0.05)
    return found.id, parts.store.comparison(owner, found.id).candidates[0].key


@pytest.mark.parametrize("name", list(EXPORTS))
def test_every_export_downloads_with_a_plain_file_name(client, run, name):
    answer = client.get(f"/download/{run[0]}/{run[1]}/{name}", buffered=True)
    assert answer.status_code == 200
    assert len(answer.data) > 50
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert EXPORTS[name].filename in disposition


def test_changed_segments_are_handed_out_only_as_they_are_now(app, client, run):
    """After a merge nobody has described, every export is refused in words, and none has the segments of before."""
    store = app.extensions[EXTENSION].store
    owner = store.database.row("SELECT owner FROM runs WHERE id = ?", run[0])["owner"]
    store.reshape(owner, *run, Shape((Edit("merge", 1, 2),)), after=0)
    for name in EXPORTS:
        answer = client.get(f"/download/{run[0]}/{run[1]}/{name}")
        assert answer.status_code == 400 and b"not described yet" in answer.data


def test_another_session_gets_not_found(app, run):
    stranger = app.test_client()
    for name in EXPORTS:
        assert stranger.get(f"/download/{run[0]}/{run[1]}/{name}").status_code == 404


@pytest.mark.parametrize("part", ["..", "%2e%2e", "x", "kmeans-99", "a" * 300])
def test_made_up_addresses_get_not_found(client, run, part):
    for path in (f"/download/{part}/{run[1]}/plan_json", f"/download/{run[0]}/{part}/plan_json",
                 f"/download/{run[0]}/{run[1]}/{part}"):  # fmt: skip
        assert client.get(path).status_code == 404


def test_file_names_are_letters_digits_dots_and_hyphens():
    assert file_name('a\r\nb";/../c.csv', "kmeans-2", "plan.json") == "c-kmeans-2-plan.json"
    assert file_name("...", "k", "plan.json") == "k-plan.json"


def test_health_and_readiness_answer(client):
    assert client.get("/healthz").json == {"status": "alive"}
    deadline = time.monotonic() + 10
    while (answer := client.get("/readyz")).status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answer.json["checks"] == {"jobs": True, "store": True}


def test_not_ready_when_the_store_cannot_be_written(app, client, monkeypatch):
    parts = app.extensions[EXTENSION]
    monkeypatch.setattr(parts.store, "directory", parts.store.directory / "gone")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["store"]) == (503, False)


def test_bootstrap_comes_from_the_package_compressed_and_may_be_kept(client):
    answer = client.get(address(), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(answer.data).decode()
    assert text.startswith("@charset") and "sourceMappingURL" not in text
    assert "Set-Cookie" not in answer.headers
    assert client.get("/vendor/../settings.py").status_code == 404


def test_pages_are_never_kept(client):
    for path in ("/", "/_dash-layout", "/_dash-dependencies"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.headers["Vary"]
