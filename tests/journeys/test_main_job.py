"""The job the product is for: from an empty app to a labelled list, by clicking on what stands there."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

PATHS = ("/", "/explore", "/compare", "/atlas", "/importance", "/export")
PARTS = ("dataset=", "run=", "choice=")


class Clicks:
    """Counts the clicks of a person."""

    def __init__(self, page) -> None:
        self.page = page
        self.count = 0

    def __call__(self, role: str, name: str) -> None:
        self.count += 1
        self.page.get_by_role(role, name=name).first.click()


def test_a_list_leaves_the_empty_app_within_five_clicks_and_no_setting(page, record_property, project):
    clicks, began = Clicks(page), time.monotonic()
    page.goto("/")
    clicks("button", "Open sample")
    page.locator("#compare-go").wait_for(timeout=30_000)
    clicks("button", "Compare segmentations")
    page.get_by_role("link", name="Open in Atlas").first.wait_for(timeout=steps.SLOW)
    clicks("link", "Open in Atlas")
    steps.atlas(page)
    on_cards = steps.sizes(page)
    assert all(part in page.url for part in PARTS), page.url
    clicks("link", "Export")
    page.get_by_role("link", name="(customers.csv)").wait_for()
    with page.expect_download() as started:
        clicks("link", "(customers.csv)")
    seconds = time.monotonic() - began
    content = steps.Path(started.value.path()).read_bytes()
    record_property("seconds", round(seconds, 1))
    print(f"empty app to exported list: {clicks.count} clicks, {seconds:.1f} s")
    assert clicks.count <= 5
    exported = steps.customers(content)
    given = steps.customers((project / "data" / "samples" / "customers.csv").read_bytes())
    assert len(exported) == 1206
    assert exported[given.columns].equals(given), "every input column and row, in its order"
    assert {"segment", "segment_name"} <= set(exported.columns)
    counted = exported["segment"].astype(int).value_counts()
    assert [counted[s] for s in range(1, len(on_cards) + 1)] == on_cards
    assert on_cards == sorted(on_cards, reverse=True), "segment 1 is the largest"


@pytest.mark.long
def test_a_reload_and_a_pasted_link_show_the_same_page(visit, finished):
    page = visit(state=finished["state"])
    other = visit.watched(page.context.new_page())
    for path in PATHS:
        page.goto(f"{path}?{finished['query']}")
        if path == "/explore":  # it looks at the file by itself, once
            page.locator("h1", has_text="go together").wait_for()
        first = _heading(page)
        page.reload()
        other.goto(f"{path}?{finished['query']}")
        assert (_heading(page), _heading(other)) == (first, first)
        assert page.locator(".sa-empty").count() == 0, f"{path} shows its results"


def test_another_session_finds_nothing_behind_the_link(visit, finished):
    page = visit()
    for path in PATHS:
        page.goto(f"{path}?{finished['query']}")
        _heading(page)
        assert "1,206" not in page.locator("#main").inner_text()
        if path == "/":
            expect(page.get_by_text("This address leads to nothing you own.")).to_be_visible()


@pytest.mark.long
def test_the_choice_in_the_address_is_the_one_shown(visit, finished):
    page = visit(state=finished["state"])
    page.goto(f"/atlas?{finished['query']}")
    steps.atlas(page)
    page.select_option("select[id*='atlas-candidate']", "kmeans-3")
    expect(page.locator(".sa-atlas-cards > li")).to_have_count(3)
    expect(page).to_have_url(re.compile("choice=kmeans-3"))
    page.reload()
    steps.atlas(page)
    expect(page.locator(".sa-atlas-cards > li")).to_have_count(3)
    steps.described(page)


def _heading(page) -> str:
    heading = page.locator("#main h1")
    heading.wait_for()
    steps.settled(page)
    return heading.inner_text()
