"""Laws of the campaign cards of the Export page: what is shown is what is downloaded, and nonsense is refused in words."""

from __future__ import annotations

import pytest
from dash import no_update

from dashboard.address import Address
from tests.dashboard import made
from tests.pages.states import state_of


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


def test_columns_that_find_nobody_are_said_so(desk, pages, search):
    """Without a contact nobody can be found; an unknown platform changes nothing, an unknown country is refused."""
    from pages.export import campaigning

    empty = [""] * 7
    with desk.request():
        assert "cannot find customers" in made.words(campaigning.preview("meta", "1", "DE", *empty, search))
        assert "not known" in made.words(campaigning.preview("meta", "1", "XX", *empty, search))
        assert campaigning.preview("nobody", "1", "DE", *empty, search) is no_update
        assert campaigning.preview("meta", ["1"], "DE", "999999", *empty[1:], search) is not no_update
