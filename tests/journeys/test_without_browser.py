"""The main job spoken in HTTP alone: post the callback, poll the ticket, fetch the file."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from core.algorithms import proposed
from tests.journeys import steps

CALLBACK = "/_dash-update-component"


class Person:
    """A session that posts callbacks as the page would, from what the server itself says they are."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.get("/")
        self.callbacks = self.get("/_dash-dependencies").json()

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.base + path, timeout=30)

    def post(self, changed: str, *, writes: str, values: dict[str, object], wild: dict[str, list] | None = None) -> dict:
        """The answer of the one callback that ``changed`` triggers and that ``writes``.

        ``values``: "id.property" to value; ``wild``: the "type" of a wildcard id to its (index, value) pairs.
        """
        callback = self._callback(changed, writes)
        wild = wild or {}
        body = {
            "output": callback["output"],
            "outputs": [_target(one) for one in callback["output"].strip(".").split("...")],
            "inputs": [_filled(one, values, wild) for one in callback["inputs"]],
            "state": [_filled(one, values, wild) for one in callback["state"]],
            "changedPropIds": [changed],
        }
        body["outputs"] = body["outputs"] if callback["output"].startswith("..") else body["outputs"][0]
        answer = self.session.post(self.base + CALLBACK, json=body, timeout=30)
        assert answer.status_code == 200, (answer.status_code, answer.text[:300])
        return answer.json()["response"]

    def _callback(self, changed: str, writes: str) -> dict:
        identity, _, prop = changed.rpartition(".")
        for one in self.callbacks:
            read = any(_same(item["id"], identity) and item["property"] == prop for item in one["inputs"])
            if read and writes in one["output"] and not one.get("clientside_function"):
                return one
        raise LookupError(f"no callback from {changed} to {writes}")

    def wait(self, run: str, request: str, seconds: float = 90) -> None:
        """Poll the jobs as the page does until this run has ended; the thin background callback is not needed."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            answer = self.post(
                "pulse.n_intervals", writes="jobs-state.data",
                values={"pulse.n_intervals": 1, f"{request}-request.data": run},
            )  # fmt: skip
            states = {row[0]: row[2] for row in answer.get("jobs-state", {}).get("data", [])}
            if states.get(run) not in ("queued", "running", "saving"):
                assert states.get(run) == "done", states
                return
            time.sleep(0.1)
        raise AssertionError(f"{request} did not end")


def _same(pattern: str, identity: str) -> bool:
    if not pattern.startswith("{"):
        return pattern == identity
    if not identity.startswith("{"):
        return False
    wanted, given = json.loads(pattern), json.loads(identity)
    return wanted.get("type") == given.get("type")


def _target(text: str) -> dict[str, str]:
    identity, _, prop = text.rpartition(".")
    return {"id": identity, "property": prop}


def _filled(item: dict, values: dict[str, object], wild: dict[str, list]) -> object:
    if item["id"].startswith("{"):
        kind = json.loads(item["id"])["type"]
        return [
            {"id": {"type": kind, "index": index}, "property": item["property"], "value": value}
            for index, value in wild.get(kind, [])
        ]
    found = values.get(f"{item['id']}.{item['property']}")
    return {"id": item["id"], "property": item["property"], "value": found}


@pytest.fixture()
def person(base):
    with Person(base) as one:
        yield one


def _ids(href: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}


@pytest.mark.long
def test_sample_to_exported_list_without_a_browser(person):
    opened = person.post(
        '{"index":"customers","type":"sample"}.n_clicks', writes="load-request.data",
        values={}, wild={"sample": [("customers", 1)]},
    )  # fmt: skip
    here = _ids(opened["url"]["href"])
    person.wait(opened["load-request"]["data"], "load")
    started = person.post(
        "compare-now.n_clicks", writes="compare-request.data",
        values={"compare-now.n_clicks": 1, "url.search": f"?dataset={here['dataset']}", "setup-algorithms.value": proposed()},
    )  # fmt: skip
    run = _ids(started["url"]["href"])["run"]
    person.wait(run, "compare")
    framed = person.post(
        "url.search", writes="steps.children",
        values={"url.pathname": "/compare", "url.search": f"?dataset={here['dataset']}&run={run}"},
    )  # fmt: skip
    choice = _ids(_links(framed["steps"]["children"])["/export"])["choice"]
    answer = person.get(f"/download/{run}/{choice}/customers_csv")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    labelled = steps.customers(answer.content)
    assert len(labelled) == 1206
    assert labelled["segment"].astype(int).nunique() == 5, "the sample is made of five segments"
    assert person.get(f"/download/{run}/{choice}/nothing").status_code == 404


def _links(tree: object) -> dict[str, str]:
    """Every link in a tree of components: path to address."""
    if isinstance(tree, list):
        return {path: href for part in tree for path, href in _links(part).items()}
    if not isinstance(tree, dict):
        return {}
    props = tree.get("props", {})
    mine = {urlsplit(props["href"]).path: props["href"]} if isinstance(props.get("href"), str) else {}
    return mine | _links(props.get("children"))
