"""Laws of the interface for machines: a key opens one model and nothing else, and what is answered is what scoring says."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import scoring
from core.model import NOISE
from dashboard.routes import api
from dashboard.routes.api_description import MOST_CUSTOMERS, description
from tests.dashboard import made, made_models


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    monkeypatch.setattr(api, "_pace", api.Pace(api.PER_MINUTE))
    return made.Desk(app, make_settings(), monkeypatch)


@pytest.fixture()
def model(desk):
    return desk.store.models.add(desk.owner, made_models.model())


@pytest.fixture()
def key(desk, model):
    return desk.store.models.renew_key(desk.owner, model)


@pytest.fixture()
def ask(client, key):
    """Send a body with the key."""

    def send(body, *, query="", **headers):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        told = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"} | headers
        return client.post(f"/api/score{query}", data=data, headers=told)

    return send


def test_a_machine_is_told_what_scoring_finds(ask):
    """Row by row the same as core.scoring, whole or one at a time."""
    customers = made_models.records(20)
    answer = ask({"customers": customers})
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    frame, _ = scoring.typed_records(made_models.model(), customers)
    found = scoring.score(made_models.model(), frame).frame
    told = answer.json["customers"]
    assert [one["segment"] or NOISE for one in told] == found["segment"].to_list()
    assert [one["confidence"] for one in told] == found["confidence"].to_list()
    assert [one["runner_up"] or 0 for one in told] == found["runner_up"].to_list()
    assert [one["unlike_anyone"] for one in told] == found["unlike_anyone"].to_list()
    assert [ask({"customers": [one]}).json["customers"][0] for one in customers[:3]] == told[:3]


def test_reasons_come_where_they_are_asked_for(ask):
    plain = ask({"customers": made_models.records(2)}).json["customers"]
    told = ask({"customers": made_models.records(2)}, query="?reasons=1").json["customers"]
    assert all("reasons" not in one for one in plain)
    assert all(one["reasons"] and set(one["reasons"][0]) == {"column", "cell", "here", "there", "pull"} for one in told)


def test_what_was_assumed_is_noted(ask):
    notes = ask({"customers": [{**made_models.records(1)[0], "region": "Atlantis", "income": None, "more": 1}]}).json["notes"]
    assert any("region" in one for one in notes) and any("income" in one for one in notes) and any("more" in one for one in notes)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic {}", "{}", "Bearer {}x", "Bearer \u00e9"])
def test_without_the_key_nothing_is_told(ask, key, header):
    """The same words whatever is wrong with it."""
    answer = ask({"customers": made_models.records(1)}, Authorization=header.format(key))
    assert answer.status_code == 401 and answer.json["error"] == "This key opens no model."
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_is_void_when_it_is_renewed_revoked_or_its_model_is_gone(desk, model, key, ask):
    body = {"customers": made_models.records(1)}
    assert ask(body).status_code == 200
    fresh = desk.store.models.renew_key(desk.owner, model)
    assert ask(body).status_code == 401 and ask(body, Authorization=f"Bearer {fresh}").status_code == 200
    desk.store.models.revoke_key(desk.owner, model)
    assert ask(body, Authorization=f"Bearer {fresh}").status_code == 401
    fresh = desk.store.models.renew_key(desk.owner, model)
    desk.store.models.delete(desk.owner, model)
    assert ask(body, Authorization=f"Bearer {fresh}").status_code == 401


def test_only_the_hash_of_a_key_is_kept(desk, key):
    """Nothing in the data directory holds the key itself."""
    desk.store.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [path for path in desk.parts.settings.data_dir.rglob("*") if path.is_file()]
    assert files and not any(key.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(("body", "status"), [
    (b"", 400), (b"{", 400), (b"[" * 100_000, 400), ([], 400), ({}, 400), ({"customers": {}}, 400), ({"customers": "x"}, 400),
    ({"customers": []}, 422), ({"customers": [1]}, 422), ({"customers": [{}]}, 422), ({"customers": [None]}, 422),
    ({"customers": [{"income": "many", "score": 1, "region": "North", "member": "no"}]}, 422),
    ({"customers": [{"income": [1], "score": 1, "region": "North", "member": "no"}]}, 422),
    ({"customers": [{"income": 1, "score": 1, "region": "North", "member": "perhaps"}]}, 422),
    ({"customers": [{}] * (MOST_CUSTOMERS + 1)}, 413),
    (b'{"customers": [' + b" " * api.MOST_BYTES + b"]}", 413),
])  # fmt: skip
def test_what_does_not_fit_is_refused_with_words(ask, body, status):
    """JSON with the status that fits, never a page, never a defect."""
    answer = ask(body)
    assert answer.status_code == status and answer.json["error"]


def test_a_thousand_customers_with_many_fields_fit(ask):
    """The 2 MB of a page's callbacks would be too few for what the description allows."""
    wide = {f"a column with a long name, number {number}": "a value of some length" for number in range(50)}
    customers = [{**one, **wide} for one in made_models.records(20)] * 50
    answer = ask({"customers": customers})
    assert answer.status_code == 200 and len(answer.json["customers"]) == MOST_CUSTOMERS


def test_a_body_that_does_not_say_it_is_json_is_told_which_header_is_missing(ask):
    answer = ask({"customers": made_models.records(1)}, **{"Content-Type": "text/plain"})
    assert answer.status_code == 415 and "Content-Type" in answer.json["hint"]


def test_a_value_that_cannot_be_read_is_named_with_its_record(ask):
    good = made_models.records(1)[0]
    told = ask({"customers": [good, {**good, "income": "many"}]}).json["error"]
    assert "income" in told and "2" in told


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["customers", "income", "score", "region", "member"]), inner)))  # fmt: skip
def test_no_body_is_a_defect(body):
    """Whatever JSON a machine sends as customers is placed or refused."""
    from core.errors import SegmentationError

    customers = body if isinstance(body, list) else [body]
    try:
        frame, notes = scoring.typed_records(made_models.model(), customers)
        told = api.rows(scoring.score(made_models.model(), frame, notes))
        assert json.dumps(told, allow_nan=False)
    except SegmentationError as problem:
        assert str(problem)


def test_no_session_is_begun_or_needed(ask, app, key):
    """No cookie comes back, and one that is sent changes nothing."""
    answer = ask({"customers": made_models.records(1)})
    assert "Set-Cookie" not in answer.headers
    stranger = app.test_client()
    stranger.get("/")
    assert stranger.post("/api/score", json={"customers": made_models.records(1)}).status_code == 401


def test_values_are_never_logged(ask, caplog):
    """Neither of customers that are placed nor of those that are refused."""
    with caplog.at_level(logging.DEBUG):
        ask({"customers": [{**made_models.records(1)[0], "region": "canary@example.org"}]})
        ask({"customers": [{"canary@example.org": 1}]})
    assert "canary" not in caplog.text


def test_a_key_in_use_keeps_its_session(desk, ask):
    """A session whose model serves machines every day is not swept away as unused."""
    desk.store.touch(desk.owner)
    desk.store.database.change("UPDATE sessions SET seen = 0")
    assert ask({"customers": made_models.records(1)}).status_code == 200
    assert desk.store.sweep(30) == 0


def test_too_many_requests_must_wait(ask, monkeypatch):
    monkeypatch.setattr(api, "_pace", api.Pace(2))
    answers = [ask({"customers": made_models.records(1)}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 30


def test_the_pace_fills_again_evenly_and_keeps_names_apart():
    """60 a minute are one a second, after a burst of 60."""
    pace = api.Pace(60)
    assert [pace.wait("a", 0.0) for _ in range(61)] == [0] * 60 + [1]
    assert pace.wait("b", 0.0) == 0
    assert pace.wait("a", 1.5) == 0 and pace.wait("a", 1.5) == 1
    assert [pace.wait("a", 1e6) for _ in range(61)] == [0] * 60 + [1]


def test_the_description_is_served_to_anyone_and_holds_together(client):
    """Every reference leads somewhere; every status that is answered is told."""
    told = client.get("/api/openapi.json").json
    assert told["openapi"].startswith("3.1") and told == description(told["servers"][0]["url"] + "/")
    text = json.dumps(told)
    for name in ("Asked", "Placed", "Problem"):
        assert f"#/components/schemas/{name}" in text and name in told["components"]["schemas"]
    assert set(told["paths"]["/api/score"]["post"]["responses"]) == {"200", "400", "401", "410", "413", "415", "422", "429"}


def test_answers_keep_to_the_description(ask):
    """Fields and types are those that are told."""
    placed = description("http://x")["components"]["schemas"]["Placed"]
    answer = ask({"customers": made_models.records(5)}, query="?reasons=1").json
    assert set(answer) == set(placed["required"])
    one = placed["properties"]["customers"]["items"]
    types = {"integer": int, "string": str, "number": (int, float), "boolean": bool, "array": list, "null": type(None)}
    for row in answer["customers"]:
        assert set(one["required"]) <= set(row) <= set(one["properties"])
        for name, value in row.items():
            allowed = one["properties"][name]["type"]
            assert any(isinstance(value, types[kind]) for kind in ([allowed] if isinstance(allowed, str) else allowed)), name
