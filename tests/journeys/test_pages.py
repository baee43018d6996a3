"""Every page in every state: accessible, inside its width, and with its numbers beside every picture."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Visits
from tests.journeys.examined import in_no_mode, overflow, serious

PAGES = ("/", "/orders", "/explore", "/compare", "/atlas", "/importance", "/score", "/runs", "/migration", "/export")
CHARTED = {"/explore": 4, "/compare": 8, "/atlas": 2, "/importance": 1}
LOOKS = [(1440, False), *(pytest.param(*look, marks=pytest.mark.long) for look in [(1440, True), (390, False), (390, True)])]
WALKED = (390, True)
OTHERS = [look for look in [(1440, False), (1440, True), (390, False)] if look != WALKED]


@dataclass
class Walk:
    """What was seen on every page of a session with results: barriers, addresses asked for, and what the browser kept."""

    problems: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)


def _walk(visits: Visits, finished, artefacts, look: tuple[int, bool]) -> Walk:
    width, dark = look
    page, seen = visits(width=width, dark=dark, state=in_no_mode(finished["state"])), Walk()
    page.on("request", lambda request: seen.asked.append(request.url))
    for path in PAGES:
        _open(page, path, finished["query"])
        assert page.locator("html").get_attribute("data-bs-theme") == ("dark" if dark else "light")
        seen.kept[path] = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        seen.problems += _examined(page, artefacts, _name("ready", path, width, dark))
    return seen


@pytest.fixture(scope="module")
def walked(browser, base, finished, artefacts) -> Walk:
    """One walk on a phone in the dark, looked at by several tests: maps take seconds to draw here."""
    visits = Visits(browser, base)
    seen = _walk(visits, finished, artefacts, WALKED)
    visits.close()
    assert not visits.unexpected(), "\n".join(visits.unexpected())
    return seen


def _open(page: Page, path: str, query: str = "") -> None:
    page.goto(f"{path}?{query}" if query else path)
    page.locator("#main h1").wait_for()
    if query:
        for place in range(CHARTED.get(path, 0)):
            page.locator(".js-plotly-plot:visible").nth(place).locator(".main-svg").first.wait_for(timeout=steps.SLOW)
        if path == "/":
            page.locator("#effect .sa-stat").first.wait_for()
    steps.settled(page)


def _examined(page: Page, artefacts, name: str) -> list[str]:
    """What is wrong with the page as it stands; its picture is kept."""
    page.screenshot(path=str(artefacts / f"{name}.png"), full_page=True)
    return [f"{name}: {problem}" for problem in (*overflow(page), *serious(page))]


def _name(state: str, path: str, width: int, dark: bool) -> str:
    return f"{state}-{path.strip('/') or 'data'}-{width}-{'dark' if dark else 'light'}"


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=lambda one: str(one))
def test_empty_pages_say_what_to_do_first_and_pass(visit, artefacts, width, dark):
    page, problems = visit(width=width, dark=dark), []
    for path in PAGES:
        _open(page, path)
        assert page.locator("html").get_attribute("data-bs-theme") == ("dark" if dark else "light")
        expect(page.locator("#main .btn-primary").first).to_be_visible()
        problems += _examined(page, artefacts, _name("empty", path, width, dark))
    assert problems == []


def test_pages_with_results_pass(walked):
    assert walked.problems == []


@pytest.mark.long
@pytest.mark.parametrize("look", OTHERS, ids=str)
def test_pages_with_results_pass_in_every_width_and_theme(visit, finished, artefacts, look):
    assert _walk(visit, finished, artefacts, look).problems == []


def test_nothing_is_fetched_from_elsewhere(walked, base):
    assert len(walked.asked) > len(PAGES)
    assert [url for url in walked.asked if not url.startswith((base, "data:", "blob:"))] == []


def test_the_browser_keeps_no_data_values(walked):
    """Only ids may outlive a page in the browser: no column names, no cells."""
    assert list(walked.kept) == list(PAGES)
    for text in walked.kept.values():
        assert not re.search(r"average_order|region|South|customers\.csv", text), text[:300]
        assert len(json.dumps(json.loads(text))) < 1000


def test_an_unknown_address_is_not_found_and_leads_back(visit):
    visit.allow(r"http 404: GET", r"status of 404")
    page = visit()
    for path in ("/nowhere", "/atlas/x", "/compare/../../etc", "/Data"):
        assert page.goto(path).status == 404
        expect(page.get_by_text("There is no page here")).to_be_visible()
    page.get_by_role("link", name="Go to Data").click()
    expect(page.locator("h1")).to_contain_text("Which groups")


@pytest.mark.long
def test_a_hostile_address_shows_an_ordinary_page(page):
    for query in ("dataset=%27%22%3E%3Cscript%3E", "run=../../x&choice=0", "choice=" + "9" * 500, "x=p9&y=&z"):
        for path in PAGES:
            page.goto(f"{path}?{query}")
            expect(page.locator("#main h1")).to_be_visible()


@pytest.mark.parametrize("path", [pytest.param(path, marks=[pytest.mark.long] * (path in ("/compare", "/explore"))) for path in CHARTED])
def test_every_chart_has_its_numbers_as_a_table_and_does_not_send_itself_away(visit, finished, path):
    page = visit(state=finished["state"])
    _open(page, path, finished["query"])
    figures = page.locator("figure.sa-figure")
    assert figures.count() >= CHARTED[path]
    without = [
        one.locator("h2, h3, h4").first.inner_text()
        for one in figures.all()
        if one.get_by_text("Show as table").count() == 0
    ]
    assert without == []
    for one in page.locator("details.sa-more > summary", has_text="More arguments").all():
        one.click()
    for one in figures.all():
        one.get_by_text("Show as table").click()
        expect(one.locator("table tbody tr").first).to_be_visible()
    titles = [one.get_attribute("data-title") or "" for one in page.locator(".modebar-btn").all()]
    assert titles, "the mode bar is there"
    assert not [title for title in titles if any(word in title.lower() for word in ("share", "cloud", "plotly", "edit"))]


@pytest.mark.long
def test_the_keyboard_alone_goes_from_the_sample_to_the_comparison(page):
    page.goto("/")
    page.get_by_role("button", name="Open sample").first.wait_for()
    _tab_to(page, "Open sample")
    page.keyboard.press("Enter")
    steps.ready(page)
    _tab_to(page, "Compare segmentations")
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare?*")
    steps.board(page)
    _tab_to(page, "Open in Atlas")
    page.keyboard.press("Enter")
    steps.atlas(page)
    assert page.evaluate("document.activeElement.tagName") == "H1", "a page change moves the focus to its heading"


def _tab_to(page: Page, text: str, most: int = 40) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"{most} presses of Tab did not reach {text!r}")


def test_the_switch_changes_the_mode_and_the_address_keeps_the_page(visit, finished):
    page = visit(state=in_no_mode(finished["state"]))
    _open(page, "/atlas", finished["query"])
    heading = page.locator("#main h1").inner_text()
    page.click("#mode-switch")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("#main h1")).to_have_text(heading)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
