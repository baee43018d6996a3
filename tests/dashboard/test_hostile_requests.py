"""Requests that no page of ours sends: refused or answered in words, never with a defect."""

from __future__ import annotations

import io
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadRequest
from dashboard.security.labels import UNSEEN, plain
from dashboard.services import EXTENSION
from dashboard.store import ENDED

CALLBACK = "/_dash-update-component"
MARK = {"X-Atlas": "upload"}
ASKING = b"customer,amount,score\n" + b"".join(
    b'%d,"%d,%d",%d\n' % (i, 1 + i % 5, 100 + i % 7 * 100, i % 4) for i in range(60)
)
QUIET = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}


def body(callback: dict, values: dict[str, object], changed: str, wild: dict[str, list] | None = None) -> dict:
    """What a browser would send for this callback with these values, "id.property" to value."""
    outputs = [
        dict(zip(("id", "property"), one.rsplit(".", 1), strict=True))
        for one in callback["output"].strip(".").split("...")
    ]
    return {
        "output": callback["output"],
        "outputs": outputs if callback["output"].startswith("..") else outputs[0],
        "inputs": [_filled(one, values, wild or {}) for one in callback["inputs"]],
        "state": [_filled(one, values, wild or {}) for one in callback["state"]],
        "changedPropIds": [changed],
    }


def _filled(item: dict, values: dict[str, object], wild: dict[str, list]) -> object:
    if not item["id"].startswith("{"):
        return item | {"value": values.get(f"{item['id']}.{item['property']}")}
    kind = json.loads(item["id"])["type"]
    return [{"id": {"type": kind, "index": index}, "property": item["property"], "value": value}
            for index, value in wild.get(kind, [])]  # fmt: skip


def served(client, writes: str = "", reads: str = "") -> list[dict]:
    """The callbacks that run on the server, write and read this."""
    return [one for one in client.get("/_dash-dependencies").json
            if not one["clientside_function"] and writes in one["output"]
            and (not reads or any(reads in item["id"] for item in one["inputs"]))]  # fmt: skip


def send(client, callback: dict, values: dict[str, object], changed: str, wild: dict[str, list] | None = None):
    return client.post(CALLBACK, json=body(callback, values, changed, wild))


@pytest.fixture()
def asking(app, client):
    """A file of ``client`` that was read and asks a question: (dataset id, load run id)."""
    parts = app.extensions[EXTENSION]
    upload = client.post("/upload", json={"name": "a.csv", "total": len(ASKING)}, headers=MARK).json["upload"]
    dataset = client.put(f"/upload/{upload}", data=ASKING, headers=MARK | {"X-Offset": "0"}).json["dataset"]
    owner = parts.store.database.row("SELECT owner FROM datasets WHERE id = ?", dataset)["owner"]
    run = parts.jobs.request(owner, "load", dataset, {"answers": {}}).id
    while parts.store.run(owner, run).state not in ENDED:
        time.sleep(0.05)
    assert parts.store.table(owner, dataset).questions
    return dataset, run


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(
    ["", "/", "/atlas", "?dataset=x", "x" * 999, "{bad", [], [1], {}, {"dataset": [1]}, {"index": 1}, [[{}]]])  # fmt: skip


@settings(max_examples=200, **QUIET)
@given(data=st.data())
def test_values_of_any_kind_never_meet_a_defect(client, asking, data):
    callback = data.draw(st.sampled_from(served(client)))
    parts = [*callback["inputs"], *callback["state"]]
    plain = {f"{one['id']}.{one['property']}": data.draw(anything) for one in parts if not one["id"].startswith("{")}
    if "url.search" in plain and data.draw(st.booleans()):
        plain["url.search"] = f"?dataset={asking[0]}"
    kinds = {json.loads(one["id"])["type"] for one in parts if one["id"].startswith("{")} - {"sample", "delete"}
    wild = {kind: [(index, data.draw(anything)) for index in ("a", "b")] for kind in kinds}
    changed = callback["inputs"][0]
    answer = send(client, callback, plain, f"{changed['id']}.{changed['property']}", wild)
    assert answer.status_code in (200, 204, 400, 404), answer.text


@pytest.mark.parametrize("path", [CALLBACK, "/upload"])
def test_a_body_nested_without_end_is_refused(client, path):
    for text in ("[" * 50_000 + "]" * 50_000, '{"a":' * 50_000 + "1" + "}" * 50_000):
        assert client.post(path, data=text, content_type="application/json", headers=MARK).status_code == 400


def test_one_part_where_several_are_declared_is_refused(client):
    """A callback that counts its parts is never handed a part instead of their list."""
    (reach,) = served(client, "reach-value")
    asked = body(reach, {}, '{"index":0,"type":"reach"}.relayoutData', {"reach": [(0, None)], "reach-value": [(0, 1)]})
    asked["outputs"] = [{"id": {"index": 0, "type": "reach-value"}, "property": "value"}]
    assert client.post(CALLBACK, json=asked).status_code in (200, 204)
    asked["inputs"] = asked["inputs"][0]
    assert client.post(CALLBACK, json=asked).status_code == 400


@pytest.mark.parametrize("name", ["{bad.n_clicks", "{.x", "[1].x{", "{" * 50_000, '{"a":' * 50_000])
def test_a_changed_part_without_a_name_meets_no_defect(client, name):
    """What changed is read as an id wherever it begins like one."""
    (reflow,) = served(client, "k-panel")
    answer = send(client, reflow, {}, name, {"pick-k": [(3, 1)]})
    assert answer.status_code in (200, 204, 400), answer.text


def test_an_origin_that_is_no_address_is_foreign(client):
    assert client.post(CALLBACK, json={}, headers={"Origin": "http://["}).status_code == 403


def test_a_package_that_is_not_served_is_not_found(client):
    assert client.get("/_dash-component-suites/os/path.js").status_code == 404


def test_a_piece_without_a_length_cannot_outgrow_what_was_announced(client):
    upload = client.post("/upload", json={"name": "a.csv", "total": 3}, headers=MARK).json["upload"]
    headers = MARK | {"X-Offset": "0", "Transfer-Encoding": "chunked"}
    answer = client.put(f"/upload/{upload}", input_stream=io.BytesIO(b"a,b\n" * 99), headers=headers,
                        environ_overrides={"wsgi.input_terminated": True})  # fmt: skip
    assert answer.status_code == 411
    assert client.put(f"/upload/{upload}", data=b"a,", headers=MARK | {"X-Offset": "0"}).json == {"offset": 2}


@pytest.mark.parametrize("path", ["/", "/compare", "/atlas", "/importance", "/export"])
def test_a_run_that_is_no_comparison_leads_to_its_file(client, asking, path):
    (router,) = served(client, "_pages_content.children")
    names = [f"{one['id']}.{one['property']}" for one in router["inputs"]]
    answer = send(client, router, dict(zip(names, (path, f"?run={asking[1]}"), strict=True)), names[0])
    assert answer.status_code == 200, answer.text
    assert path != "/" or "needs a word from you" in answer.text


def test_nothing_is_compared_while_a_choice_is_open(app, client, asking):
    """Neither button starts a job: the Compare page sends its visitor to the question."""
    (now,) = served(client, "compare-request.data", "compare-now")
    answer = send(
        client, now, {"compare-now.n_clicks": 1, "url.search": f"?dataset={asking[0]}"}, "compare-now.n_clicks"
    )
    assert "compare-request" not in answer.json["response"]
    assert answer.json["response"]["url"]["href"] == f"/?dataset={asking[0]}"
    (go,) = served(client, "compare-request.data", "compare-go")
    form = {f"{name}.value": "x" for name in ("gaps", "outliers", "scaling", "encoding")}
    answer = send(
        client, go, form | {"compare-go.n_clicks": 1, "url.search": f"?dataset={asking[0]}"}, "compare-go.n_clicks"
    )
    assert answer.status_code == 204 or "compare-request" not in answer.json["response"]
    rows = app.extensions[EXTENSION].store.database.rows("SELECT kind FROM runs WHERE dataset = ?", asking[0])
    assert [row["kind"] for row in rows] == ["load"]


def test_run_again_says_why_it_cannot(app, client, monkeypatch):
    def full(_owner: str, _run: str):
        raise BadRequest("10 jobs of yours are waiting or running already.")

    monkeypatch.setattr(app.extensions[EXTENSION].jobs, "again", full)
    (again,) = served(client, "said.children", '"again"')
    answer = send(client, again, {"url.pathname": "/"}, '{"index":"x","type":"again"}.n_clicks', {"again": [("x", 1)]})
    assert "10 jobs of yours" in answer.text


def test_a_name_of_invisible_characters_leaves_no_hole():
    assert plain("\ufeff\u202e") == UNSEEN
    assert plain("") == plain(" \n") == ""
