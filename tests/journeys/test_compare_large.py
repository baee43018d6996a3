"""Twenty thousand customers, every algorithm: stopped in the middle, finished, then looked at from every side."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from core.algorithms import ALGORITHMS
from data.generate import customers
from tests.journeys import steps
from tests.journeys.test_compare_page import drawn

LOOK_MS = 1_000
WHOLE = 900_000


@pytest.mark.long
def test_a_large_file_is_stopped_finished_and_looked_at(page, tmp_path, artefacts, record_property):
    path = tmp_path / "large.csv"
    customers(20_000, 7)[0].to_csv(path, index=False)
    steps.upload(page, path)
    steps.go(page, "Compare")
    _tick_all(page)
    page.click("#compare-now")
    page.locator("#compare-body").get_by_text("finished:").wait_for(timeout=120_000)
    page.get_by_role("button", name="Cancel", exact=True).click()
    drawn_in = page.locator("#board-box tbody tr")
    drawn_in.first.wait_for(timeout=180_000)
    steps.settled(page)
    kept = drawn_in.count()
    assert kept >= 1, "what was finished is shown"
    page.screenshot(path=str(artefacts / "large-stopped.png"), full_page=True)
    page.get_by_text("Change what is compared").click()
    page.click("#compare-now")
    page.locator("#compare-body progress").wait_for()
    drawn_in.first.wait_for(timeout=WHOLE)
    drawn(page)
    assert drawn_in.count() > kept
    slowest = max(_looked_at(page, place) for place in range(page.locator("#k-panel button").count()))
    record_property("slowest look, ms", round(slowest))
    print(f"slowest look at another number of segments: {slowest:.0f} ms on the server")
    assert slowest < LOOK_MS
    _six(page)
    page.screenshot(path=str(artefacts / "large-six.png"), full_page=True)
    assert page.locator("#linked-maps").is_visible()


def _tick_all(page: Page) -> None:
    page.locator("#setup-algorithms input").first.wait_for()
    for one in page.locator("#setup-algorithms input").all():
        one.check()
    expect(page.locator("#setup-algorithms input:checked")).to_have_count(len(ALGORITHMS))
    steps.settled(page)


def _looked_at(page: Page, place: int) -> float:
    """Press the number at this place of the strip; the milliseconds until the server answered, 0 for the one shown."""
    button = page.locator("#k-panel button").nth(place)
    if button.get_attribute("aria-pressed") == "true":
        return 0.0
    with page.expect_response(lambda answer: "k-panel.children" in (answer.request.post_data or "")) as answered:
        button.click()
    answered.value.finished()
    timing = answered.value.request.timing
    expect(page.locator("#k-panel button").nth(place)).to_have_attribute("aria-pressed", "true")
    steps.settled(page)
    return timing["responseStart"] - timing["requestStart"]


def _six(page: Page) -> None:
    """Tick or untick until six are side by side."""
    ticks = page.locator("#board-box input[type=checkbox]")
    for place in range(ticks.count()):
        wanted = place < 6
        if ticks.nth(place).is_checked() != wanted:
            with page.expect_response(lambda answer: "side.children" in (answer.request.post_data or "")):
                ticks.nth(place).set_checked(wanted)
    steps.settled(page)
    names = page.evaluate(
        """() => { const plot = document.querySelector('#linked-maps .js-plotly-plot');
           return Object.keys(plot._fullLayout).filter(name => /^scene\\d*$/.test(name)).length; }"""
    )
    assert names == 6
