"""Requests around models, runs, migrations, documents and links that no page of ours sends, and those of another session
that has got hold of every id: answered, never with a defect, never with a word of the owner's, and nothing is changed."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import ids
from tests.dashboard.test_hostile_requests import CALLBACK, served
from tests.pages.handed import KEY, OWN, hand_over, holdings
from tests.pages.test_atlas_hostile import nested

QUIET = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}
WORDS = ("score", "model", "runs-", "migra", "report", "share", "uplift", "control-", "audience", "book-", "export-", "publish", "train")
ACTS = ("star", "note", "keep", "leave", "delete", "undo")
JOBS = "-finished.data"
"""Background callbacks: Dash's own ticket is told by another test."""


def mine(client):
    """The callbacks of the pages Score, Runs, Migration and Export."""
    said = lambda one: one["output"] + json.dumps([one["inputs"], one["state"]])  # noqa: E731
    return [one for one in served(client) if any(word in said(one) for word in WORDS) and not one["output"].endswith(JOBS)]


@pytest.fixture()
def handed(desk, pages):
    return hand_over(desk, pages)


@pytest.fixture()
def as_owner(app):
    """A browser session of this owner."""

    def opened(owner):
        client = app.test_client()
        with client.session_transaction() as session:
            session["owner"] = owner
        return client

    return opened


def sensible(handed, path, name):
    """What the page itself would send for a property, by the id of its component or the type of a pattern."""
    of = handed.ids
    known = {"url.search": handed.search, "url.pathname": path, "score-placed.data": of["other"], "score-model.data": of["model"],
             "score-uploaded.data": {"dataset": of["other"]}, "score-placed-choice.value": of["after"], "model-opened.data": {"model": of["model"]},
             "runs-picks.data": [of["run"], of["before"]], "runs-choices.data": {of["run"]: KEY}, "runs-file.value": of["dataset"],
             "runs-favourite.value": "yes", "runs-asked.data": {"noting": of["run"], "by": "best"}, "migration-measure.value": "revenue",
             "control-share.value": 10, "control-seed.value": 1, "control-base.value": 5, "audience-platform.value": "klaviyo",
             "audience-segment.value": "1", "audience-land.value": "DE", "audience-email.value": "0", "report-personal.value": "no",
             "share-days.value": "7", "uplift-file.value": of["after"], "uplift-key.value": "0", "uplift-outcome.value": "1",
             "uplift-share.value": 50, "uplift-seed.value": 1, "uplift-absent.value": "no", "score-way.value": "solid",
             "score-field.value": 40, "score-map.value": "c1", "runs-tick.value": True, "runs-note.value": "mine now", "runs-choice.value": KEY,
             "migration-enter.data": True}  # fmt: skip
    return known.get(name, 1 if name.endswith("n_clicks") else None)


def places(handed, kind):
    """Keys of the components that match a pattern, as the pages draw them."""
    of = handed.ids
    keys = {"score-field": [0, 1, 2, 3], "score-map": [0, 1, 2, 3], "model-delete": [of["model"]], "runs-sort": ["best"], "runs-turn": [1],
            "report-make": ["report_html"], "share-revoke": [of["share"]]}  # fmt: skip
    if kind == "runs-act":
        return [{"act": act, "index": of["run"]} for act in ACTS]
    return [{"index": one} for one in keys.get(kind, [of["run"]])]


def request(handed, callback, path, *, first, place=None, poison=None):
    """A body for this callback, triggered by its input ``first``, at ``place`` where that is a pattern. ``poison`` maps
    positions among inputs and states to other values."""

    def parts(at, one):
        if not one["id"].startswith("{"):
            value = (poison or {}).get(at, (sensible(handed, path, f"{one['id']}.{one['property']}"),))[0]
            return one | {"value": value}
        kind = json.loads(one["id"])["type"]
        shown = [{"type": kind, **keys} for keys in (places(handed, kind) if kind != "runs-act" or place is None else [place])]
        usual = lambda keys: {name: keys[name] for name in sorted(keys)} if one["property"] == "id" else sensible(handed, path, f"{kind}.{one['property']}")  # noqa: E731
        return [{"id": keys, "property": one["property"], "value": (poison or {}).get(at, (usual(keys),))[0]} for keys in shown]

    def output(one):
        name, _, prop = one.rpartition(".")
        return {"id": name, "property": prop}

    inputs = [parts(at, one) for at, one in enumerate(callback["inputs"])]
    state = [parts(len(inputs) + at, one) for at, one in enumerate(callback["state"])]
    outputs = [output(one) for one in callback["output"].strip(".").split("...")]
    changed = callback["inputs"][first]
    name = changed["id"]
    if name.startswith("{"):
        keys = inputs[first][0]["id"]
        name = json.dumps({key: keys[key] for key in sorted(keys)}, separators=(",", ":"))
    return {"output": callback["output"], "outputs": outputs if callback["output"].startswith("..") else outputs[0],
            "inputs": inputs, "state": state, "changedPropIds": [f"{name}.{changed['property']}"]}  # fmt: skip


def every(handed, client):
    """All requests that the pages can send about what was handed over: (what, body), each input of each callback once."""
    for callback in mine(client):
        placed = any(one["id"] == "url" and one["property"] == "pathname" for one in callback["state"])
        for path in ("/score", "/runs", "/migration", "/export") if placed else ("/score",):
            for first, one in enumerate(callback["inputs"]):
                acts = places(handed, "runs-act") if "runs-act" in one["id"] else [None]
                for place in acts:
                    what = f"{path} {one['id']} {place or ''} -> {callback['output'][:60]}"
                    yield what, request(handed, callback, path, first=first, place=place)


def test_another_session_learns_and_changes_nothing_by_any_callback(handed, as_owner, caplog):
    """Every input of every callback of four pages, with the owner's ids: the owner is shown words of its own by a good
    part of them, another session by none, and no row of the owner's becomes another."""
    desk, stranger = handed.desk, as_owner(ids.new_id())
    before = holdings(desk, handed.owner)
    told, asked = [], list(every(handed, stranger))
    with caplog.at_level(logging.ERROR):
        for what, body in asked:
            answer = stranger.post(CALLBACK, json=body)
            assert answer.status_code in (200, 204, 400, 404), f"{what}: {caplog.text}"
            told += [what] if OWN in answer.text else []
    assert told == []
    assert holdings(desk, handed.owner) == before
    owner = as_owner(handed.owner)
    kept = [body for what, body in asked if not any(word in what for word in ("delete", "revoke", "migration-names"))]
    shown = {body["output"] for body in kept if OWN in owner.post(CALLBACK, json=body).text}
    assert len(shown) >= 13, "what is sent must be what the pages send"


@settings(max_examples=40, **QUIET)
@given(data=st.data())
def test_nothing_that_is_sent_meets_a_defect(handed, as_owner, caplog, data):
    """From the owner itself: what the page sends, but for at most three values, which are anything."""
    owner = as_owner(handed.owner)
    callback = data.draw(st.sampled_from(mine(owner)))
    count = len(callback["inputs"]) + len(callback["state"])
    poison = {at: (data.draw(nested),) for at in data.draw(st.sets(st.integers(0, count - 1), max_size=3))}
    path = data.draw(st.sampled_from(["/score", "/runs", "/migration", "/export"]))
    body = request(handed, callback, path, first=data.draw(st.integers(0, len(callback["inputs"]) - 1)), poison=poison)
    caplog.clear()
    with caplog.at_level(logging.ERROR):
        answer = owner.post(CALLBACK, json=body)
    assert answer.status_code in (200, 204, 400, 404), f"{body} {caplog.text}"


def test_a_number_that_no_form_can_hold_is_refused_in_words_and_stops_no_deletion(handed, as_owner):
    """As the share (4) or the seed (5) of a control group: JSON of SQLite has neither, and what asks it could delete nothing."""
    desk, owner = handed.desk, as_owner(handed.owner)
    (callback,) = [one for one in mine(owner) if one["output"].startswith("..uplift-request")]
    runs = len(desk.store.runs(handed.owner))
    for number in (float("nan"), float("inf"), -1e308, 10**400, -(10**400), 2**63):
        for place in (4, 5):
            answer = owner.post(CALLBACK, json=request(handed, callback, "/export", first=0, poison={place: (number,)}))
            assert answer.status_code == 200 and "sa-notice-bad" in answer.text, (number, place)
    assert len(desk.store.runs(handed.owner)) == runs
    desk.store.deleting.put_aside(handed.owner, handed.ids["run"])
    desk.store.deleting.everything(handed.owner)
    assert handed.owner not in holdings(desk, handed.owner)


@pytest.mark.parametrize("button", ["book-go", "report-make", "share-go", "uplift-go", "score-go"])
def test_a_button_about_what_another_window_deleted_says_so(handed, as_owner, button):
    """It is on the screen until the page is loaded anew; without a word it would seem broken."""
    desk, owner = handed.desk, as_owner(handed.owner)
    (callback,) = [one for one in mine(owner) if any(button in part["id"] for part in one["inputs"])]
    body = request(handed, callback, "/export", first=0)
    assert "no longer there" not in owner.post(CALLBACK, json=body).text
    desk.store.deleting.put_aside(handed.owner, handed.ids["run"])
    assert "no longer there" in owner.post(CALLBACK, json=body).text


# by rule of the server: the address with the owner's ids, and what its owner gets; a rule that is new must be added
ADDRESSES = {
    "/document/<run>": ("GET", "/document/{publish}?view=1", 200),
    "/download/<run>/<candidate>/<name>": ("GET", "/download/{run}/kmeans-3/customers_csv", 200),
    "/capsule/<run>/<candidate>.zip": ("GET", "/capsule/{run}/kmeans-3.zip", 200),
    "/board/<run>": ("GET", "/board/{run}", 200),
    "/lines/<dataset>/<which>": ("GET", "/lines/{dataset}/aside", 200),
    "/atlas-numbers/<run>/<candidate>/<name>.csv": ("GET", "/atlas-numbers/{run}/kmeans-3/profile.csv", 200),
    "/audience/<run>/<candidate>/<int:segment>/<platform>.csv": ("GET", "/audience/{run}/kmeans-3/1/klaviyo.csv?email=0", 400),
    "/campaign/<run>/<candidate>/list.csv": ("GET", "/campaign/{run}/kmeans-3/list.csv", 200),
    "/uplift-numbers/<run>.csv": ("GET", "/uplift-numbers/{uplift}.csv", 200),
    "/customers/<run>/<candidate>/<int:segment>/<view>.csv": ("GET", "/customers/{run}/kmeans-3/1/all.csv", 200),
    "/explored/<run>/<part>.csv": ("GET", "/explored/{run}/points.csv", 404),
    "/ordered/<run>/<part>.csv": ("GET", "/ordered/{run}/values.csv", 404),
    "/picked/<run>/<candidate>.csv": ("GET", "/picked/{run}/kmeans-3.csv", 404),
    "/importance-numbers/<run>.csv": ("GET", "/importance-numbers/{run}.csv", 404),
    "/migration-list/<run>.csv": ("GET", "/migration-list/{migrate}.csv?before=1&now=1", 200),
    "/migration-numbers/<run>.csv": ("GET", "/migration-numbers/{migrate}.csv", 200),
    "/runs-numbers/list.csv": ("GET", "/runs-numbers/list.csv", 200),
    "/runs-numbers/<what>.csv": ("GET", "/runs-numbers/sizes.csv?picks={run}.{before}", 200),
    "/models/<model>.zip": ("GET", "/models/{model}.zip", 200),
    "/scored/<run>.csv": ("GET", "/scored/{score}.csv", 200),
    "/recipes/<dataset>": ("POST", "/recipes/{dataset}", 400),
    "/upload/<upload>": ("DELETE", "/upload/{dataset}", 404),
}
OPEN = {"/", "/<path:path>", "/shared/<token>", "/upload", "/models", "/healthz", "/readyz", "/vendor/bootstrap.min.css", "/api/openapi.json",
        "/api/score", "/assets/<path:filename>", "/_reload-hash", "/_favicon.ico"}  # fmt: skip
"""Rules that name nothing of anybody's, or that open by a secret of their own."""


def test_every_address_is_its_owners_alone(handed, app, as_owner):
    """Another session and nobody at all get one and the same answer, without a word of the owner's; ids of another kind of
    thing are no way in either, and nothing of it is kept by a proxy."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/_dash-")}
    assert rules == {*ADDRESSES, *OPEN}
    desk, owner, stranger = handed.desk, as_owner(handed.owner), as_owner(ids.new_id())
    before = holdings(desk, handed.owner)
    for method, path, expected in ADDRESSES.values():
        mark = {"X-Atlas": "recipe" if method == "POST" else "upload"}
        own = owner.open(path.format(**handed.ids), method=method, headers=mark, json={} if method == "POST" else None)
        assert own.status_code == expected, (path, own.data[:200])
        assert own.headers["Cache-Control"] == "no-store" and "Cookie" in own.headers.get("Vary", ""), path
        swapped = {name: handed.ids["token"] if name == "key" else handed.ids["train"] for name in handed.ids}
        for client, known in ((stranger, handed.ids), (app.test_client(), handed.ids), (owner, swapped)):
            answer = client.open(path.format(**known), method=method, headers=mark, json={} if method == "POST" else None)
            if client is owner and method != "GET" or "list.csv" in path and path.startswith("/runs"):
                continue
            assert answer.status_code == 404, (path, answer.status_code, answer.data[:200])
            assert OWN.encode() not in answer.data, path
    assert holdings(desk, handed.owner) == before
    assert OWN not in stranger.get("/runs-numbers/list.csv").text
    assert OWN in owner.get("/runs-numbers/list.csv").text
