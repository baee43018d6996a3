"""Exploring a file: the page looks by itself, and every choice is kept in the address."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.examined import overflow, serious


def opened(page):
    """The sample's Explore page, drawn."""
    steps.open_sample(page)
    steps.go(page, "Explore")
    page.locator("#explore-pair-plot .main-svg").first.wait_for(timeout=30_000)
    steps.settled(page)


def test_the_page_looks_by_itself_and_keeps_what_was_found(page):
    """No button is pressed; a reload shows the result at once, without another job."""
    opened(page)
    expect(page.locator("#main h1")).to_contain_text("go together")
    expect(page.locator("#explore-spread .barlayer .point").first).to_be_attached()
    expect(page.locator("#dock .sa-job")).to_have_count(0)
    page.reload()
    page.locator("#explore-pair-plot .main-svg").first.wait_for()
    expect(page.locator("#dock .sa-job")).to_have_count(0)
    expect(page.locator("progress")).to_have_count(0)


@pytest.mark.long
def test_choices_are_in_the_address_and_come_back_from_it(page):
    opened(page)
    page.get_by_role("button", name="region category").click()
    expect(page.get_by_role("heading", name="region:")).to_be_visible()
    page.get_by_label("Pearson (straight lines)").check()
    expect(page).to_have_url(re.compile("measure=pearson"))
    page.locator("#explore-pair-add").select_option(label="age")
    expect(page.get_by_role("heading", name="against one another")).to_be_visible()
    expect(page).to_have_url(re.compile(r"pairs=c\d+\.c\d+\.c\d+.*column=c\d|column=c\d.*pairs=c\d+\.c\d+\.c\d+"))
    page.reload()
    expect(page.get_by_role("heading", name="region:")).to_be_visible()
    expect(page.get_by_role("heading", name="against one another")).to_be_visible()
    expect(page.locator("#explore-measure input:checked + label")).to_have_text("Pearson (straight lines)")
    expect(page.locator("#explore-pair-plot .scatterlayer .trace").nth(2)).to_be_attached()
    page.get_by_role("button", name="Leave age out").click()
    expect(page.get_by_role("heading", name="against one another")).to_have_count(0)


@pytest.mark.long
def test_a_column_is_found_and_chosen_by_the_keyboard(page):
    opened(page)
    page.locator("#explore-search").focus()
    page.keyboard.type("returns")
    expect(page.locator(".sa-explore-column")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="returns_rate:")).to_be_visible()
    expect(page.locator(".sa-explore-column")).to_have_count(1)


@pytest.mark.long
def test_the_numbers_of_a_chart_are_a_file(page):
    opened(page)
    page.get_by_role("button", name="age number").click()
    expect(page.get_by_role("heading", name="age:")).to_be_visible()
    with page.expect_download() as started:
        page.locator("#explore-distribution").get_by_role("link", name="CSV").click()
    frame = pd.read_csv(io.BytesIO(Path(started.value.path()).read_bytes()))
    assert set(frame["column"]) == {"age"} and frame["rows"].sum() == 1206


@pytest.mark.long
def test_after_choices_the_page_is_accessible_on_a_phone_in_the_dark(visit):
    """Five columns against one another, a date's periods, the rest of the pages of columns."""
    page = visit(width=390, dark=True)
    opened(page)
    for name in ("age", "average_order_eur", "discount_share"):
        page.locator("#explore-pair-add").select_option(label=name)
        expect(page.get_by_role("button", name=f"Leave {name} out")).to_be_visible()
    expect(page.locator("#explore-pair-plot .heatmaplayer image")).to_have_count(10)
    expect(page.locator("#explore-pair-add")).to_be_disabled()
    assert [*overflow(page), *serious(page)] == []
