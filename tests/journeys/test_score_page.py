"""From segments to a model, and from a model to one more customer and a file of them."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys import steps

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "samples" / "customers.csv"


def model_made(page, query):
    page.goto(f"/score?{query}")
    page.locator("#score-head h1").wait_for()
    if page.locator("#model-make").is_visible():
        page.click("#model-make")
    page.locator("#score-figure .main-svg").first.wait_for(timeout=30_000)
    steps.settled(page)


def test_a_model_is_made_and_places_a_customer_at_once(visit, finished):
    """What is typed is placed without a click; nobody has orders of 100,000."""
    page = visit(state=finished["state"])
    model_made(page, finished["query"])
    expect(page.locator("#score-result")).to_contain_text("of the 25 most similar customers")
    page.get_by_role("spinbutton", name="average_order_eur").fill("100000")
    expect(page.locator("#score-result")).to_contain_text("Unlike anyone")


@pytest.mark.long
def test_a_file_is_dropped_mapped_placed_and_taken_along(visit, finished, tmp_path):
    """Every row and column comes back, also those that the model does not know; a machine is told the same."""
    page = visit(state=finished["state"])
    model_made(page, finished["query"])
    rows = pd.read_csv(SAMPLE).sample(200, random_state=1).rename(columns={"age": "Alter"}).assign(extra="=1+1")
    rows.to_csv(tmp_path / "next.csv", index=False)
    page.locator("#drop input[type=file]").set_input_files(str(tmp_path / "next.csv"))
    page.locator("#score-go").wait_for(timeout=30_000)
    expect(page.locator("#score-file")).to_contain_text("1 column of the model not found")
    page.locator("#score-file").get_by_label("age", exact=True).select_option("Alter")
    page.click("#score-go")
    link = page.get_by_role("link", name="Download all with their segment")
    link.wait_for(timeout=30_000)
    with page.expect_download() as started:
        link.click()
    read = pd.read_csv(io.BytesIO(Path(started.value.path()).read_bytes()), dtype=str)
    assert len(read) == 200 and list(read["customer_id"]) == [str(one) for one in rows["customer_id"]]
    assert set(read["extra"]) == {"'=1+1"} and set(read["unlike_anyone"]) <= {"yes", "no"}
    page.locator("#model-key-make").press("Enter")
    page.locator(".sa-score-key").wait_for()
    expect(page.locator("#model-key-make")).to_be_focused()
    key = page.locator(".sa-score-key").inner_text()
    customer = rows.rename(columns={"Alter": "age"}).iloc[0].to_dict()
    told = page.request.post("/api/score", headers={"Authorization": f"Bearer {key}"}, data={"customers": [customer]}).json()
    assert str(told["customers"][0]["segment"]) == read["segment"][0]


@pytest.mark.long
@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_the_page_is_accessible_and_fits(visit, finished, width, dark):
    """No finding of axe, nothing wider than the screen."""
    page = visit(state=finished["state"], width=width, dark=dark)
    model_made(page, finished["query"])
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
