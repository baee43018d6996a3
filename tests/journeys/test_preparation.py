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


@pytest.mark.long
def test_setting_aside_is_told_in_rows(data):
    """Customers compared and set aside always make up all rows; without gaps kept, none is filled."""
    assert _effect(data) == (1206, 0, 49)
    choose(data, "Extreme values (outliers)", "Set aside (IQR)")
    expect(data.locator("#effect .sa-stat", has_text="Set aside").locator(".sa-stat-value")).not_to_have_text("0")
    compared, aside, _ = _effect(data)
    assert 0 < aside == 1206 - compared
    choose(data, "Gaps", "Set the row aside")
    expect(data.locator("#effect .sa-stat", has_text="Gaps filled").locator(".sa-stat-value")).to_have_text("0")
    fewer, more_aside, filled = _effect(data)
    assert more_aside > aside
    assert (fewer + more_aside, filled) == (1206, 0)


@pytest.mark.long
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


@pytest.mark.long
def test_the_recipe_goes_into_the_run_and_its_plan(data):
    choose(data, "Extreme values (outliers)", "Set aside (IQR)")
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


@pytest.mark.long
def test_a_parameter_shows_when_it_is_needed(data):
    """Constants, neighbours and orders stay out of sight until their rule is chosen."""
    neighbours, levels = data.locator("#neighbours"), data.get_by_label("Levels from low to high of region")
    expect(neighbours).to_be_hidden()
    choose(data, "Gaps", "Most alike (KNN)")
    expect(neighbours).to_be_visible()
    neighbours.fill("9")
    expect(data.locator(".sa-effect-steps")).to_contain_text("the 9 customers most alike")
    choose(data, "Gaps", "Given value")
    expect(neighbours).to_be_hidden()
    expect(data.get_by_label("Value for gaps in").first).to_be_visible()
    data.get_by_text("More choices").click()
    expect(levels).to_be_hidden()
    choose(data, "Categories", "Ranks")
    expect(levels).to_be_visible()
    levels.fill("North < South")
    expect(data.locator(".sa-effect-steps")).to_contain_text("North < South")


def test_a_recipe_is_saved_and_loaded_again(data, tmp_path):
    """What was chosen comes back from its file; a file that is no recipe is told in words."""
    choose(data, "Gaps", "Most alike (KNN)")
    choose(data, "Long tails (skew)", "Yeo-Johnson")
    data.locator("#neighbours").fill("7")
    steps.settled(data)
    with data.expect_download() as started:
        data.get_by_role("button", name="Save recipe").click()
    path = tmp_path / "recipe.json"
    started.value.save_as(path)
    assert json.loads(path.read_text(encoding="utf-8"))["recipe"]["neighbours"] == 7
    data.reload()
    steps.ready(data)
    expect(data.locator("#gaps input:checked")).to_have_value("median")
    data.locator("#recipe-load input[type=file]").set_input_files(str(path))
    expect(data.locator("#recipe-said")).to_contain_text("all of it fits this file")
    expect(data.locator("#gaps input:checked")).to_have_value("knn")
    expect(data.locator("#neighbours")).to_have_value("7")
    expect(data.locator(".sa-effect-steps")).to_contain_text("Yeo-Johnson")


@pytest.mark.parametrize(("width", "dark"), [pytest.param(1440, False, marks=pytest.mark.long), (390, True)])
def test_the_form_fits_every_screen(visit, width, dark):
    """Nothing sticks out of the page at the side, with everything unfolded."""
    page = visit(width=width, dark=dark)
    steps.open_sample(page)
    choose(page, "Gaps", "Given value")
    choose(page, "Categories", "Ranks")
    page.get_by_text("More choices").click()
    steps.settled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
