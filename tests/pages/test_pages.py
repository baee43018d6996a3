"""Laws of all pages: every state has one heading, ids of its own and a way on; hostile input opens nothing."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

import pytest
from dash import dcc, html
from plotly.utils import PlotlyJSONEncoder

from core.model import Plan
from dashboard import ids
from dashboard.shell import layout as shell_layout
from tests.dashboard import made
from tests.pages.states import ENDS, ORDERS, heading, links, state_of

NAMES = ("data", "orders", "explore", "compare", "atlas", "importance", "export")
PATHS = ("/", "/orders", "/explore", "/compare", "/atlas", "/importance", "/export")
HOSTILE = ("?run=../../x", "?dataset=%00", "?choice=" + "a" * 3000, "?run[]=1&run=2&self=3", "?x=<script>&y=p99&z=c-1",
           "?dataset=a&dataset=b", "?%ff=%fe", "?run=" + "A" * 22, "?choice=kmeans-2", "???", "?=&=&")  # fmt: skip


def content(client, path, search):
    """What the browser gets for this address, through the app's own router."""
    outputs = [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}]
    inputs = [{"id": "_pages_location", "property": n, "value": v} for n, v in (("pathname", path), ("search", search))]
    body = {"output": ".._pages_content.children..._pages_store.data..", "outputs": outputs, "inputs": inputs,
            "changedPropIds": ["_pages_location.pathname"], "state": []}  # fmt: skip
    return client.post("/_dash-update-component", json=body)


def as_browser(desk, client):
    with client.session_transaction() as kept:
        kept["owner"] = desk.owner
    client.get("/")
    return client


STATES = ("nothing", "unread", "reading", *ENDS, "read", "looking", "looked", "asked", "comparing", "compared", "measured",
          *ORDERS)


@pytest.mark.parametrize("state", STATES)
def test_every_page_in_every_state_is_whole(desk, page, state):
    """One h1, no id twice (the frame's included), heading levels without a gap, plain JSON, and something to do next."""
    params = state_of(desk, state)
    with desk.request():
        frame = made.known(shell_layout())
        for name in NAMES:
            shown = page(name, **params)
            assert heading(shown), (name, state)
            twice = [one for one, count in Counter([*frame, *made.known(shown)]).items() if count > 1]
            assert not twice, (name, state, twice)
            levels = [int(type(one).__name__[1]) for one in made.of(shown, (html.H1, html.H2, html.H3, html.H4))]
            assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False)), (name, levels)
            json.dumps(shown.to_plotly_json(), cls=PlotlyJSONEncoder)
            ways = made.of(shown, (html.A, dcc.Link, html.Button)) + [one for one in made.known(shown) if one == "drop"]
            assert ways, (name, state)


@pytest.mark.parametrize("path", [*PATHS, "/nowhere"])
def test_a_hostile_address_is_answered_like_an_empty_session(desk, client, path):
    """Through the router, as the browser asks: no error, and but for ids in links nothing of what was sent."""
    browser = as_browser(desk, client)
    answers = [content(browser, path, search) for search in ("", *HOSTILE)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("<script>" in answer.text for answer in answers)
    empty, *told = [re.sub(r'"href":"[^"]*"', "", answer.text) for answer in answers]
    for search, one in zip(HOSTILE, told, strict=True):
        assert one == empty or (path == "/" and "This address leads to nothing you own." in one), search


def test_the_page_of_another_session_is_answered_like_one_that_never_was(desk, client, page):
    """Same words for a stranger's dataset and for an invented id, on every page."""
    params = state_of(desk, "compared")
    desk.owner = ids.new_id()
    made_up = {"dataset": ids.new_id(), "run": ids.new_id()}
    with desk.request():
        for name in NAMES:
            assert made.words(page(name, **params)) == made.words(page(name, **made_up))
    answer = content(as_browser(desk, client), "/atlas", f"?run={params['run']}")
    assert "shop.csv" not in answer.text and "Kmeans" not in answer.text


@pytest.mark.parametrize("kind", ["load", "importance"])
def test_a_run_of_another_kind_shows_no_error(desk, client, kind):
    """An address may name any job of one's own; pages show what they can."""
    params = state_of(desk, "measured")
    run = next(one for one in desk.store.runs(desk.owner) if one.kind == kind)
    for path in PATHS:
        assert content(as_browser(desk, client), path, f"?dataset={params['dataset']}&run={run.id}").status_code == 200


@pytest.mark.parametrize("name", ["compare", "atlas", "importance", "export"])
def test_an_empty_page_leads_to_what_comes_first(desk, page, name):
    """Without a file to Data; with one that is read to Compare."""
    with desk.request():
        assert "/" in links(page(name))
        if name != "compare":
            dataset = state_of(desk, "read")["dataset"]
            assert f"/compare?dataset={dataset}" in links(page(name, dataset=dataset))


def test_an_unknown_page_leads_back(page):
    """The 404 page has one way, and takes any parameter."""
    assert links(page("not_found_404", x="y")) == ["/"]


def test_hostile_labels_are_harmless_on_every_page(desk, page):
    """Names of segments and of the file, wherever they stand."""
    worst = tuple(replace(one, names={s: made.HOSTILE for s in one.names}) for one in made.comparison().candidates)
    dataset = desk.add(name=made.HOSTILE)
    desk.load(dataset)
    run = desk.end(desk.compare(dataset, Plan(segments=(2, 4))), made.comparison(candidates=worst)).id
    with desk.request():
        for name in NAMES:
            told = made.words(page(name, dataset=dataset, run=run))
            assert "\u202e" not in told and "\x00" not in told, name
