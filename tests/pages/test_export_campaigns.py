"""Laws of the campaign cards of the Export page: what is shown is what is downloaded, and nonsense is refused in words."""

from __future__ import annotations

import dash_bootstrap_components as dbc
import pandas as pd
import pytest
from dash import no_update

from core.model import Uplift
from core.pipeline.uplifting import COLUMNS
from dashboard.address import Address
from dashboard.atlas import asked, look
from dashboard.current import current
from tests.dashboard import made
from tests.pages.states import state_of, stop


@pytest.fixture
def search(desk):
    return Address(**(state_of(desk, "compared") | {"choice": "kmeans-2"})).to("")


def test_groups_are_told_with_what_they_can_show(desk, pages, search):
    """Everyone: 12 customers, of the 8 and the 4 one each is left alone."""
    from pages.export import campaigning

    with desk.request():
        shown = made.words(campaigning.draw(10, 1, 5, search))
        assert "Everyone" in shown and "Download the list" in shown
        for wrong in ((0, 1, 5), (10, -1, 5), (10, 1, 100), ("10", 1, 5), (None, 1, 5), (True, 1, 5)):
            assert "Share is 1 to 50 %" in made.words(campaigning.draw(*wrong, search))
        assert campaigning.draw(10, 1, 5, "") is no_update


def test_a_number_counts_while_the_field_is_still_in_use(desk, search):
    """A click on the list right after typing a seed brought the list of the former seed; it is also said what to keep of the list."""
    from pages.export import campaigning

    with desk.request():
        cards = campaigning.sections(look(current(Address.parse(search))))
    numbers = [one for one in made.of(cards, dbc.Input) if one.type == "number"]
    assert len(numbers) == 3 and all(one.debounce is not True and one.debounce <= 500 for one in numbers)
    assert "column group" in made.words(cards)


def test_columns_that_find_nobody_are_said_so(desk, pages, search):
    """Without a contact nobody can be found; an unknown platform changes nothing, an unknown country is refused."""
    from pages.export import campaigning

    empty = [""] * 7
    with desk.request():
        assert "cannot find customers" in made.words(campaigning.preview("meta", "1", "DE", *empty, search))
        assert "not known" in made.words(campaigning.preview("meta", "1", "XX", *empty, search))
        assert campaigning.preview("nobody", "1", "DE", *empty, search) is no_update
        assert campaigning.preview("meta", ["1"], "DE", "999999", *empty[1:], search) is not no_update


def test_the_form_shows_what_the_results_were_read_with(desk, pages):
    """Twenty per cent and seed 7, after a reload too; of a reading that failed nothing is taken over."""
    from pages.export import uplifting

    params = state_of(desk, "compared") | {"choice": "kmeans-2"}
    results = desk.add("results.csv")
    desk.load(results, made.table())

    def values():
        shown = made.of(uplifting.section(look(current(Address.of(params)))), dbc.Input)
        return {one.id: one.value for one in shown}

    with desk.request():
        assert values() == {"uplift-share": 10, "uplift-seed": 1}
        wrong = desk.jobs.request(desk.owner, "uplift", params["dataset"], asked(look(current(Address.of(params))), results=results, options={"share": "x"}))
        stop(desk, wrong, "failed")
        assert values() == {"uplift-share": 10, "uplift-seed": 1}
        options = {"key": "customer", "outcome": "member", "share": 0.2, "seed": 7, "absent": False}
        run = desk.jobs.request(desk.owner, "uplift", params["dataset"], asked(look(current(Address.of(params))), results=results, options=options))
    frame = pd.DataFrame([(0, "Everyone", 8, 2, 0.5, 0.5, 0.0, -0.5, 0.5, 0.9, "It may have brought nothing.")], columns=list(COLUMNS))
    desk.end(run, Uplift(frame, "member", ("Note.",), kind="rate", unit=""))
    with desk.request():
        assert values() == {"uplift-share": 20, "uplift-seed": 7}
