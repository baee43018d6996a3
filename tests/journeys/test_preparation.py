"""What is chosen under Preparation is told in rows before the run, and is what the run does."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

LABELS = ("Customers compared", "Set aside, then placed", "Gaps filled")


def choose(page: Page, group: str, label: str) -> None:
    """Pick one of a segmented choice."""
    page.get_by_role("group", name=group).get_by_label(label, exact=True).check()


def _effect(page: Page) -> tuple[int, ...]:
    shown = steps.tiles(page, "#effect")
    return tuple(steps.number(shown[label]) for label in LABELS)


@pytest.fixture()
def data(page):
    steps.open_sample(page)
    return page


def test_setting_aside_is_told_in_rows(data):
    """Customers compared and set aside always make up all rows; without gaps kept, none is filled."""
    assert _effect(data) == (1206, 0, 49)
    choose(data, "Extreme values (outliers)", "Set aside")
    expect(data.locator("#effect .sa-stat", has_text="Set aside").locator(".sa-stat-value")).not_to_have_text("0")
    compared, aside, _ = _effect(data)
    assert 0 < aside == 1206 - compared
    choose(data, "Gaps", "Set the row aside")
    expect(data.locator("#effect .sa-stat", has_text="Gaps filled").locator(".sa-stat-value")).to_have_text("0")
    fewer, more_aside, filled = _effect(data)
    assert more_aside > aside
    assert (fewer + more_aside, filled) == (1206, 0)


def test_without_any_column_the_run_cannot_start_and_says_why(data):
    for column in data.locator("select[id*=role]").all():
        column.select_option("ignore")
    expect(data.locator("#effect .sa-notice-bad")).to_be_visible()
    expect(data.locator("#compare-go")).to_be_disabled()
    assert "column" in data.locator("#effect").inner_text().lower()
    data.locator("select[id*=role]").nth(1).select_option("feature")
    data.locator("select[id*=role]").nth(4).select_option("feature")
    expect(data.locator("#compare-go")).to_be_enabled()
    assert steps.tiles(data, "#effect")["Columns used"] == "2"


def test_the_recipe_goes_into_the_run_and_its_plan(data):
    choose(data, "Extreme values (outliers)", "Set aside")
    choose(data, "Scaling", "Robust")
    data.locator("select[id*=role]").nth(2).select_option("profile")
    data.get_by_label("Unit of visits_per_month").fill("visits")
    data.keyboard.press("Tab")
    steps.settled(data)
    steps.compare(data)
    steps.go(data, "Export")
    recipe = json.loads(steps.download(data, "plan.json"))["recipe"]
    assert (recipe["outliers"], recipe["scaling"], recipe["gaps"]) == ("iqr", "robust", "median")
    assert recipe["roles"] == {"region": "profile"}
    assert recipe["units"] == {"visits_per_month": "visits"}
    labelled = steps.customers(steps.download(data, "customers.csv"))
    assert len(labelled) == 1206
    assert (labelled["segment"].astype(int) > 0).all(), "rows set aside are still placed"
    steps.go(data, "Data")
    steps.ready(data)
    chosen = data.locator("#outliers input:checked").get_attribute("value")
    assert chosen == "iqr", "the Data page shows the recipe of the run in the address"
