"""Recipes that are brought back: judged before a page takes them, for one's own files only."""

from __future__ import annotations

import json

import pytest

from core.model import Recipe
from core.prepare import saved
from dashboard.routes import recipes
from tests.dashboard import made

MARK = {"X-Atlas": "recipe"}
TEXT = saved(made.table(), Recipe(gaps="knn")).to_json()


@pytest.fixture()
def dataset(client):
    """A file of the client's session."""
    begun = client.post("/upload", json={"name": "a.csv", "total": 4}, headers={"X-Atlas": "upload"}).json["upload"]
    put = client.put(f"/upload/{begun}", data=b"a\n1\n", headers={"X-Atlas": "upload", "X-Offset": "0"})
    return put.json["dataset"]


def test_a_recipe_comes_back_as_this_program_writes_it(client, dataset):
    """Spaces and the order of keys are ours, what it says stays; a byte order mark of an editor is no harm."""
    other = json.dumps(dict(reversed(json.loads(TEXT).items())))
    for body in (TEXT.encode(), other.encode(), TEXT.encode("utf-8-sig")):
        answer = client.post(f"/recipes/{dataset}", data=body, headers=MARK)
        assert (answer.status_code, answer.json) == (200, {"text": TEXT})


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"[" * 90_000, b"null", TEXT.replace("knn", "ffill").encode()])
def test_what_is_no_recipe_is_refused_in_words(client, dataset, body):
    """Whatever somebody chose by mistake or on purpose."""
    answer = client.post(f"/recipes/{dataset}", data=body, headers=MARK)
    assert answer.status_code == 400 and answer.json["error"]


def test_a_recipe_is_small(client, dataset):
    """A file of another kind is not read to its end."""
    answer = client.post(f"/recipes/{dataset}", data=b" " * (recipes.LARGEST + 1), headers=MARK)
    assert answer.status_code == 413


def test_only_our_page_and_the_owner_may_ask(app, client, dataset):
    """Another site's form has no such header, a stranger no such file."""
    assert client.post(f"/recipes/{dataset}", data=TEXT).status_code == 403
    assert app.test_client().post(f"/recipes/{dataset}", data=TEXT, headers=MARK).status_code == 404
