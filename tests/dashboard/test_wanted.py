"""Laws of asking for a job: it is found again by what was asked, by nobody else, and a refusal is told in words."""

from __future__ import annotations

import pytest
from dash import no_update

from dashboard import wanted
from dashboard.ids import new_id
from tests.dashboard import made


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


def test_what_was_asked_is_found_again_by_its_words_alone(desk):
    """Same words, same run; another kind, other words and another file have none."""
    dataset, other = desk.add(), desk.add()
    with desk.request("go"):
        run, said = wanted.ask("explore", dataset, {"answers": {}})
        assert said is None and wanted.newest("explore", dataset, {"answers": {}}).id == run
        assert wanted.newest("load", dataset, {"answers": {}}) is None
        assert wanted.newest("explore", dataset, {"answers": {"sheet": "2"}}) is None
        assert wanted.newest("explore", other, {"answers": {}}) is None


def test_a_refusal_asks_for_nothing_and_says_why(desk):
    """A file that is not there; another session's is the same."""
    for dataset in (new_id(), desk.add(owner=new_id())):
        with desk.request("go"):
            run, said = wanted.ask("explore", dataset, {"answers": {}})
        assert run is no_update and said is not None and said.to_plotly_json()
