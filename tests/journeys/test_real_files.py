"""Real customer files, as they come, through every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from data.generate import customers
from tests.journeys import steps

FILES = (
    "Mall_Customers.csv",
    "mall_odd_headers.csv",
    "shopping_data.csv",
    "Wholesale customers data.csv",
    "CC GENERAL.csv",
    "IncomeESL.csv",
    "TravelInsurancePrediction.csv",
    "bank.csv",
    "bank-full.csv",
    "marketing_campaign_TAB.csv",
    "marketing_campaign_bom.csv",
    "marketing_campaign_v2.csv",
    "online_shoppers_intention.csv",
    "segmentation data.csv",
)
MALL = {"Annual Income (k$)", "Spending Score (1-100)"}


def _all_pages(page, path, *, timeout: float) -> None:
    """Data, Compare, Atlas, Importance and Export, nothing set; as many rows leave as came in."""
    steps.upload(page, path, timeout=timeout)
    rows = steps.number(steps.tiles(page, "#data-body")["Rows"])
    steps.compare(page, timeout=timeout)
    steps.open_atlas(page)
    on_cards = steps.sizes(page)
    steps.go(page, "Importance")
    page.click("#importance-go")
    page.locator(".sa-stat", has_text="Segments told apart").first.wait_for(timeout=timeout)
    steps.go(page, "Export")
    labelled = steps.customers(steps.download(page, "customers.csv"))
    assert len(labelled) == rows
    placed = labelled["segment"].astype(int)
    assert [int((placed == s).sum()) for s in range(1, placed.max() + 1)] == on_cards[: placed.max()]


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_a_real_file_goes_through_every_page(page, shared_data, name):
    _all_pages(page, shared_data / "customers" / name, timeout=900_000)


def test_every_plain_csv_beside_the_project_is_named_here(shared_data):
    found = {path.name for path in (shared_data / "customers").glob("*.csv")}
    assert found <= set(FILES)


@pytest.mark.long
def test_twenty_thousand_customers_go_through_every_page(page, tmp_path):
    path = tmp_path / "twenty-thousand.csv"
    customers(20_000, 20_260)[0].to_csv(path, index=False)
    _all_pages(page, path, timeout=600_000)


@pytest.mark.long
def test_the_published_mall_figure_is_on_the_board(page, shared_data):
    """Income and spending score, unscaled, K-means with 5: sizes 81/39/35/23/22, silhouette 0.5539 (public figure)."""
    steps.upload(page, shared_data / "customers" / "Mall_Customers.csv")
    names = page.locator(".sa-column h3").all_inner_texts()
    assert set(names) >= MALL
    for place, name in enumerate(names):
        page.locator("select[id*=role]").nth(place).select_option("feature" if name in MALL else "profile")
    page.get_by_role("group", name="Scaling").get_by_label("None", exact=True).check()
    expect(page.locator("#effect .sa-stat", has_text="Columns used").locator(".sa-stat-value")).to_have_text("2")
    steps.compare(page)
    link = page.get_by_role("link", name="K-means, 5 segments", exact=True)
    row = page.get_by_role("region", name="All candidates").locator("tr").filter(has=link)
    assert row.locator("td").all_inner_texts()[1:3] == ["5", "0.554"]
    row.get_by_role("link").click()
    steps.atlas(page)
    assert steps.sizes(page) == [81, 39, 35, 23, 22]
