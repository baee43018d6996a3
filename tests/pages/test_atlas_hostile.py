"""Requests around the Atlas that no page of ours sends, from a session that owns segments: answered, never with a defect."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.model import Split, Why
from dashboard.address import Address
from dashboard.atlas import asked, look
from dashboard.current import current
from tests.dashboard.test_hostile_requests import CALLBACK, served
from tests.pages.states import measured

KEY = "kmeans-3"
QUIET = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}
EVIL = ["", "x" * 5000, "\x00", "\ud800", "=cmd|'/C calc'!A0", "<img src=x onerror=alert(1)>", "%{x}", "\u202eevil", "😀" * 60,
        "'; DROP TABLE runs; --", "__proto__", "../../etc/passwd", "c99999", "p0", "c1", "none", "2d", "3d", "kmeans-2", "gmm-2",
        "typical", "unusual", "v1", "v99999", "undo", "redo", "split", "merge", "move", "lock", "rename", "propose", "٣", "1", "3"]  # fmt: skip
NUMBERS = [0, 1, 2, 3, -1, 2**15, 2**63, 10**30, 0.5, float("nan"), float("inf"), -1e308]
leaves = st.none() | st.booleans() | st.sampled_from(NUMBERS) | st.sampled_from(EVIL)
nested = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
    ["choice", "focus", "version", "told", "axes", "box", "polygon", "without", "row", "run", "view", "by", "find", "page",
     "into", "number", "index", "lassoPoints", "count", "problem", "state", "__proto__"]), inner, max_size=4), max_leaves=8)  # fmt: skip


def placing(rows):
    return pd.DataFrame({"second": np.full(rows, 2, dtype=np.int16), **{
        name: np.linspace(0, 1, rows, dtype=np.float32) for name in ("margin", "depth", "unusual")}})  # fmt: skip


@pytest.fixture()
def shop(desk, client):
    """A session with a comparison; its cookie is the client's. (desk, run, ids of its other runs)"""
    dataset, run = desk.finished()
    with client.session_transaction() as session:
        session["owner"] = desk.owner
    others = {"importance": measured(desk, dataset, run, KEY).id}
    with desk.request():
        looked = look(current(Address(run=run)), KEY)
    ask = lambda kind, **more: desk.jobs.request(desk.owner, kind, dataset, asked(looked, **more))  # noqa: E731
    whole = replace(looked.comparison.choose(KEY), whole=True, placing=placing(12))
    others["portray"] = desk.end(ask("portray"), whole).id
    others["split"] = desk.end(ask("split", segment=1), Split(1, (3, 3), (0.9, 0.8), 50, 0.5, 0.2, "Worth it.")).id
    pulls = pd.DataFrame({"column": ["age"], "own": ["30"], "segment_value": ["30"], "runner_up_value": ["60"], "pull": [1.0]})
    changes = pd.DataFrame(columns=["column", "now", "then", "distance", "segment"])
    others["why"] = desk.end(ask("why", row=3), Why(3, 1, 2, "Mostly for age.", pulls, changes)).id
    return desk, run, others


def sensible(kind, name, run, others):
    """What the page itself would send for a property, of an element of a pattern by the kind of it."""
    known = {"url.search": f"?run={run}&choice={KEY}", "url.pathname": "/atlas", "url.href": "http://localhost/atlas",
             "atlas-state.data": {"choice": KEY, "focus": 2, "version": 0, "told": []},
             "atlas-area.data": {"axes": ["c1", "c2"], "box": [[0, 0], [99, 9999]]}, "atlas-way.value": "2d",
             "atlas-x.value": "c1", "atlas-y.value": "c2", "atlas-z.value": "none", "atlas-shown.value": ["middles"],
             "atlas-picked.data": {"axes": ["c1", "c2"], "box": [[0, 0], [99, 9999]], "without": [], "count": 12},
             "atlas-merge.data": {"into": 1, "number": 2}, "atlas-shape-with.value": "2", "atlas-shape-name.value": "Big",
             "list-state": {"view": "all", "by": "", "page": 0}, "why-state": {"row": 3, "run": others["why"], "state": "queued"}}  # fmt: skip
    return known.get(kind or name, 1 if name.endswith("n_clicks") else "Big" if name.endswith("value") else None)


def mine(callback):
    """Whether a callback belongs to the Atlas or the Importance page."""
    said = callback["output"] + json.dumps([callback["inputs"], callback["state"]])
    words = ("atlas", "importance", "list-", "why-", "shape-", "contrast", "overview", "note-", "rename-", "use-name", "split", "portray")
    return any(word in said for word in words)


PLACES = [1, 2, 3, 0, -1, "undo", "redo", "toast", "v1", "v0", "split", "merge", "rename", "move", "colour", "propose", "c1", "margin",
          "later", "x", "=cmd", 2**40]  # fmt: skip


def request(data, callback, run, others):
    """A body for this callback: what the page sends, but for at most two values, which are anything."""
    parts = [*callback["inputs"], *callback["state"]]
    poisoned = data.draw(st.sets(st.integers(0, len(parts) - 1), max_size=2))
    places = data.draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=1) | st.sampled_from([[], [1, 2]]))

    def filled(at, one):
        wild, kind = one["id"].startswith("{"), ""
        if wild:
            kind = json.loads(one["id"])["type"]
        value = lambda: data.draw(nested) if at in poisoned else sensible(kind, f"{one['id']}.{one['property']}", run, others)  # noqa: E731
        if not wild:
            return one | {"value": value()}
        return [{"id": {"type": kind, "index": place}, "property": one["property"], "value": value()} for place in places]

    def output(one):
        name, _, prop = one.rpartition(".")
        if not name.startswith("{"):
            return {"id": name, "property": prop}
        return [{"id": {"type": json.loads(name)["type"], "index": place}, "property": prop} for place in places]

    outputs = [output(one) for one in callback["output"].strip(".").split("...")]
    inputs = [filled(at, one) for at, one in enumerate(callback["inputs"])]
    state = [filled(len(inputs) + at, one) for at, one in enumerate(callback["state"])]
    first = data.draw(st.sampled_from(callback["inputs"]))
    changed = first["id"]
    if changed.startswith("{"):
        place = places[0] if places else 1
        changed = json.dumps({"index": place, "type": json.loads(changed)["type"]}, separators=(",", ":"))
    return {"output": callback["output"], "outputs": outputs if callback["output"].startswith("..") else outputs[0],
            "inputs": inputs, "state": state, "changedPropIds": [f"{changed}.{first['property']}"]}  # fmt: skip


@settings(max_examples=120, **QUIET)
@given(data=st.data())
def test_nothing_that_is_sent_meets_a_defect(client, shop, caplog, data):
    """Every callback of the Atlas and of Importance, on a session that has all there can be."""
    _, run, others = shop
    callback = data.draw(st.sampled_from([one for one in served(client) if mine(one)]))
    asked_for = request(data, callback, run, others)
    caplog.clear()
    with caplog.at_level(logging.ERROR):
        answer = client.post(CALLBACK, json=asked_for)
    assert answer.status_code in (200, 204, 400, 404), f"{asked_for} {caplog.text}"


def test_a_request_that_counts_other_parts_than_are_drawn_is_refused_not_a_defect(client, shop):
    """Two lists on a page that has one: Dash would answer with its own complaint."""
    _, run, _ = shop
    (callback,) = [one for one in served(client) if one["output"] == '{"index":["ALL"],"type":"list-grid"}.children']
    part = lambda kind, prop, value=None: [{"id": {"type": kind, "index": n}, "property": prop, "value": value} for n in (0, 1)]  # noqa: E731
    asked_for = {"output": callback["output"], "outputs": part("list-grid", "children"), "inputs": [part("list-state", "data", {"view": "all"})[:1]],
                 "state": [{"id": "atlas-state", "property": "data", "value": {"choice": KEY}}, {"id": "url", "property": "search", "value": f"?run={run}"}],
                 "changedPropIds": ['{"index":0,"type":"list-state"}.data']}  # fmt: skip
    answer = client.post(CALLBACK, json=asked_for)
    assert answer.status_code == 400 and "Reload" in answer.json["error"]


@pytest.mark.parametrize("run", ["\ud800", "\x00", "x" * 5000, "../../x", None, 5, [], {}])
def test_a_made_up_run_in_the_state_of_the_page_is_nobodys(client, shop, run):
    """Halves of characters can be sent, and no query takes them."""
    _, compared, _ = shop
    (callback,) = [one for one in served(client) if one["output"] == '{"index":["ALL"],"type":"why-panel"}.children']
    asked_for = {"output": callback["output"], "outputs": [{"id": {"type": "why-panel", "index": 0}, "property": "children"}],
                 "inputs": [[{"id": {"type": "why-state", "index": 0}, "property": "data", "value": {"row": 3, "run": run, "problem": "No."}}]],
                 "state": [{"id": "atlas-state", "property": "data", "value": {"choice": KEY}},
                           {"id": "url", "property": "search", "value": f"?run={compared}"}],
                 "changedPropIds": ['{"index":0,"type":"why-state"}.data']}  # fmt: skip
    answer = client.post(CALLBACK, json=asked_for)
    assert answer.status_code == 200 and "No." in answer.text
