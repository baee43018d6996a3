"""Laws of the report and its links on the Export page: asked for once, followed, and shared only when it is fit to be."""

from __future__ import annotations

import re

import numpy as np
import pytest
from dash import html, no_update

from core.model import Document, Edit, Shape
from dashboard.address import Address
from dashboard.atlas import look
from dashboard.components import report_offered
from dashboard.current import current
from dashboard.store.shares import DAY, Share
from tests.dashboard import made
from tests.pages.states import links, state_of, stop

PAGE = Document("report.html", "text/html", np.frombuffer(b"<p>told", dtype=np.uint8))


@pytest.fixture
def report(pages):
    from pages.export import report

    return report


@pytest.fixture
def sharing(pages):
    from pages.export import sharing

    return sharing


@pytest.fixture
def params(desk):
    return state_of(desk, "compared") | {"choice": "kmeans-2"}


def looked(params):
    return look(current(Address.of(params)))


def search_of(params) -> str:
    return Address(**params).to("")


def press(desk, report, params, what="report_html", personal="no", value=1):
    with desk.request({"type": "report-make", "index": what}, value=value):
        return report.make([value], personal, search_of(params))


def test_a_pressed_button_asks_for_that_report_once(desk, report, params):
    """The job knows run, candidate, shape and the choice; pressed again it is the same job; unpressed it is none."""
    run, _ = press(desk, report, params)
    asked = desk.store.run(desk.owner, run).request
    assert asked["what"] == "report_html" and asked["candidate"] == "kmeans-2" and asked["options"]["personal"] is False
    assert press(desk, report, params)[0] == run
    assert press(desk, report, params, personal="yes")[0] != run and press(desk, report, params, "report_pdf")[0] != run
    assert press(desk, report, params, value=None) == (no_update, no_update)
    assert press(desk, report, params, "rm -rf") == (no_update, no_update)


def test_a_full_queue_is_told_and_asks_for_nothing(desk, report, params):
    """Four jobs wait already: the fifth is refused in words."""
    for _ in range(4):
        desk.jobs.request(desk.owner, "load", desk.add(), {"answers": {}})
    run, said = press(desk, report, params)
    assert run is no_update and made.words(said)


def test_the_section_follows_its_job_from_button_to_download(desk, report, params):
    """A button, then progress, then the ways to it; drawn anew only when something changed."""
    with desk.request():
        first = report.section(looked(params))
        told = report._told(looked(params), False)
        assert "Make it" in made.words(first) and not links(first)
        assert report.follow(None, 0, "no", search_of(params), "/export", told) == (no_update, no_update)
        assert report.follow(None, 0, "no", search_of(params), "/atlas", []) == (no_update, no_update)
    run = desk.store.run(desk.owner, press(desk, report, params)[0])
    with desk.request():
        body, told = report.follow(None, 0, "no", search_of(params), "/export", told)
        assert run.id in str(told) and "Cancel" in made.words(body)
    desk.end(run, PAGE)
    with desk.request():
        body, now = report.follow(None, 0, "no", search_of(params), "/export", told)
        assert links(body) == [f"/document/{run.id}", f"/document/{run.id}?view=1"] and now != told
        assert not links(report.follow(None, 0, "yes", search_of(params), "/export", now)[0])


def test_a_report_of_another_shape_or_name_is_not_shown_as_this_one(desk, report, params):
    """A segment was renamed since: the report would bear the old name, so it is made anew."""
    desk.end(desk.store.run(desk.owner, press(desk, report, params)[0]), PAGE)
    desk.store.reshape(desk.owner, params["run"], "kmeans-2", Shape((Edit("rename", 1, text="Loyal"),)), after=0)
    with desk.request():
        assert report.latest(looked(params), "report_html", False) is None


def test_a_report_that_failed_says_so_and_can_be_tried_again(desk, report, params):
    """The words of the problem stand there beside its one button."""
    stop(desk, desk.store.run(desk.owner, press(desk, report, params)[0]), "failed")
    with desk.request():
        shown = made.words(report.section(looked(params)))
    assert "It broke." in shown and shown.count("Run again") == 1 and "Try again" not in shown


def test_without_pango_the_pdf_has_a_dead_button_with_its_reason(desk, report, params, monkeypatch):
    """F29: the web page can still be made."""
    monkeypatch.setattr(report, "_missing", lambda: "The PDF needs Pango.")
    with desk.request():
        shown = report.section(looked(params))
    buttons = {one.id["index"]: getattr(one, "disabled", None) for one in made.of(shown, html.Button) if isinstance(one.id, dict)}
    assert buttons == {"report_html": None, "report_pdf": True} and "needs Pango" in made.words(shown)


# links


def ready(desk, report, params, personal="no"):
    return desk.end(desk.store.run(desk.owner, press(desk, report, params, personal=personal)[0]), PAGE)


def test_a_link_is_made_of_the_report_without_personal_columns_alone(desk, report, sharing, params):
    """Before there is one, and with only the other, nothing is shared; then the address is shown once and opens it."""
    search = search_of(params)
    with desk.request():
        assert sharing.share(None, "7", search) == (no_update, no_update)
        assert "no report to share" in made.words(sharing.share(1, "7", search)[0])
    ready(desk, report, params, "yes")
    with desk.request():
        assert "no report to share" in made.words(sharing.share(1, "7", search)[0])
    run = ready(desk, report, params)
    with desk.request():
        said, listed = sharing.share(1, "7", search)
        token = re.search(r"http://localhost/shared/([\w-]{43})", made.words(said))[1]
        assert desk.store.shares.opened(token) == (desk.owner, run.id)
        assert token not in str(listed) and token not in str(sharing.section(looked(params)))
        assert "7 days" in made.words(listed)


def test_a_lifetime_that_is_no_choice_makes_no_link(desk, report, sharing, params):
    """Anything can be sent in place of 1, 7 or 30."""
    ready(desk, report, params)
    for days in ("365", None, "", -1, ["7"], "\ud800"):
        with desk.request():
            assert "1, 7 or 30" in made.words(sharing.share(1, days, search_of(params))[0])
    assert desk.store.shares.listed(desk.owner) == ()


def test_a_link_is_taken_back_by_its_button(desk, report, sharing, params):
    """The button of a list just drawn presses nothing; another's or a made-up link is no defect."""
    run = ready(desk, report, params)
    desk.store.shares.add(desk.owner, run.id, "t", days=1)
    (one,) = desk.store.shares.listed(desk.owner)
    for place, value, count in ((one.id, None, 1), ("f" * 64, 1, 1), ("\ud800", 1, 1), (one.id, 1, 0)):
        with desk.request({"type": "share-revoke", "index": place}, value=value):
            sharing.revoke([value])
        assert len(desk.store.shares.listed(desk.owner)) == count


def test_loopback_is_told(desk, sharing, params):
    """A link that leads to this computer opens for nobody else."""
    with desk.request():
        assert "this computer only" in made.words(sharing.section(looked(params)))


@pytest.mark.parametrize(("seconds", "told"), [(7 * DAY - 5, "in 7 days"), (DAY, "in 1 day"), (DAY - 60, "in 24 hours"),
                                               (5_400, "in 2 hours"), (3_599, "in less than an hour")])  # fmt: skip
def test_what_is_left_of_a_link_in_words(seconds, told):
    """Days, on the last day hours."""
    assert report_offered.left(seconds) == told


def test_a_hostile_title_is_text():
    """The name of a file stands in the list of links."""
    shown = report_offered.links([Share("a" * 64, "r", made.HOSTILE, 0, DAY)], now=0)
    assert "\x00" not in made.words(shown) and "\u202e" not in made.words(shown) and len(made.of(shown, html.Button)) == 1
