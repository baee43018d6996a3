"""From order lines to a labelled list of customers, in a real browser: doctor, customers, segments, export."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Visits
from tests.journeys.examined import in_no_mode, overflow, serious

LINES = "data/samples/orders.csv"
CHARTS = 5
NAMES = {"RFM groups": "groups", "Expected value": "value", "Cohorts": "cohorts", "Features": "features"}
LOOKS = [
    pytest.param(1440, False, marks=pytest.mark.long),
    pytest.param(1440, True, marks=pytest.mark.long),
    pytest.param(390, False, marks=pytest.mark.long),
    pytest.param(390, True, marks=pytest.mark.long),
]
WAIT = 300_000


def examined(page: Page, path: Path) -> None:
    """The file is read and recognised, and the doctor has looked at it; no column is mapped by hand."""
    steps.choose_file(page, path)
    page.get_by_role("link", name="Turn them into customers").click(timeout=WAIT)
    page.locator("#orders-doctor .sa-ailment").first.wait_for(timeout=WAIT)
    steps.settled(page)


def customers_made(page: Page) -> None:
    page.get_by_role("button", name="Make customers").first.click()
    drawn(page)


def drawn(page: Page) -> None:
    """Everything about the customers is on the page, in one of its views."""
    page.locator("#orders-made").wait_for(timeout=WAIT)
    page.locator("#orders-results .js-plotly-plot .main-svg").nth(CHARTS - 1).wait_for(state="attached", timeout=WAIT)
    steps.settled(page)


def see(page: Page, view: str) -> None:
    """Choose what to see of the customers."""
    page.get_by_role("radio", name=view, exact=True).check(force=True)
    shown = page.locator(f".sa-view-{NAMES[view]}")
    expect(shown).to_be_visible()


def unfolded(page: Page) -> None:
    """What customers are made of, where it is folded away, is opened."""
    if page.locator("#orders-lines:not([open])").count():
        page.locator("#orders-lines > summary").click()


def balance(page: Page) -> dict[str, list[float]]:
    """The reconciliation: lines, orders, customers and revenue of each part; what is not told is 0."""
    unfolded(page)
    found = {}
    for row in page.locator(".sa-balance-table tbody tr").all():
        cells = [
            cell.replace(",", "").replace("\N{MINUS SIGN}", "-").strip("–")
            for cell in row.locator("td").all_inner_texts()
        ]
        found[row.locator("th").inner_text()] = [float(cell or 0) for cell in cells]
    return found


def adds_up(found: dict[str, list[float]]) -> None:
    """Kept and set aside are what was uploaded, in lines and to the cent; so are the parts of both."""
    parts = [figures for name, figures in found.items() if name.startswith("of which")]
    for place in (0, 3):
        assert found["Kept"][place] + found["Set aside"][place] == pytest.approx(found["Uploaded"][place], abs=0.001)
        assert sum(part[place] for part in parts) == pytest.approx(found["Uploaded"][place], abs=0.001)


def exported(page: Page) -> pd.DataFrame:
    """The labelled customers, by way of the board, the map and the Export page."""
    page.get_by_role("button", name="Compare segmentations").first.click()
    steps.board(page, timeout=WAIT)
    steps.open_atlas(page)
    on_cards = steps.sizes(page)
    steps.go(page, "Export")
    found = steps.customers(steps.download(page, "customers.csv"))
    placed = found["segment"].astype(int)
    assert [int((placed == one).sum()) for one in range(1, placed.max() + 1)] == on_cards[: placed.max()]
    return found


@pytest.fixture(scope="session")
def made(browser, base, project):
    """A session in which customers were made of the sample's lines: its cookies, and its address after "?"."""
    visits = Visits(browser, base)
    page = visits()
    examined(page, project / LINES)
    customers_made(page)
    found = {"state": page.context.storage_state(), "query": page.url.partition("?")[2]}
    visits.close()
    assert not visits.unexpected(), "\n".join(visits.unexpected())
    return found


@pytest.fixture()
def orders(visit, made):
    page = visit(state=made["state"])
    page.goto(f"/orders?{made['query']}")
    drawn(page)
    return page


def test_a_switch_tells_what_it_does_before_anything_is_done(orders):
    """By keyboard: setting 25 duplicate lines aside takes 1,604.45 off, adds up, and starts no job."""
    before = balance(orders)
    adds_up(before)
    assert before["Uploaded"][:3] == [5025, 5000, 1071]
    group = orders.get_by_role("group", name=re.compile("duplicate"))
    group.get_by_role("radio", name="Keep").focus()
    orders.keyboard.press("ArrowRight")
    expect(group.get_by_role("radio", name="Set aside")).to_be_checked()
    expect(orders.get_by_text("The customers below were made with other choices.")).to_be_visible()
    after = balance(orders)
    adds_up(after)
    assert before["Kept"][0] - after["Kept"][0] == 25
    assert before["Kept"][3] - after["Kept"][3] == pytest.approx(1604.45)
    assert after["Uploaded"] == before["Uploaded"]
    expect(orders.locator("progress")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), LOOKS, ids=lambda one: str(one))
def test_the_page_passes_with_customers_made(visit, made, artefacts, width, dark):
    """Every view, everything unfolded, on every width and in every theme."""
    page = visit(width=width, dark=dark, state=in_no_mode(made["state"]))
    page.goto(f"/orders?{made['query']}")
    drawn(page)
    for view, name in NAMES.items():
        see(page, view)
        shot = f"ready-orders-{name}-{width}-{'dark' if dark else 'light'}.png"
        page.screenshot(path=str(artefacts / shot), full_page=True)
    page.evaluate("() => document.querySelectorAll('#main details').forEach(one => { one.open = true; })")
    for view in NAMES:
        see(page, view)
        assert [*overflow(page), *serious(page)] == []


def test_charts_of_every_view_are_drawn_in_its_width(orders):
    """Also those that were not seen when they were drawn."""
    for view, name in NAMES.items():
        see(orders, view)
        for plot in orders.locator(f".sa-view-{name} .js-plotly-plot").all():
            box, drawn_in = plot.locator("xpath=..").bounding_box(), plot.locator(".main-svg").first.bounding_box()
            assert drawn_in["width"] == pytest.approx(box["width"], abs=2) and drawn_in["width"] > 200
    assert orders.evaluate("() => document.querySelectorAll('.sa-view').length") == len(NAMES)


def test_every_chart_has_its_numbers_as_a_table_and_as_a_file(orders):
    figures = orders.locator("#orders-results figure.sa-figure")
    assert figures.count() >= CHARTS
    for one in figures.all():
        assert one.get_by_text("Show as table").count() == 1, one.locator("h2, h3").first.inner_text()
    see(orders, "RFM groups")
    with orders.expect_download() as started:
        figures.first.get_by_role("link", name="Download the numbers").click()
    groups = pd.read_csv(io.BytesIO(Path(started.value.path()).read_bytes())).set_index("group")
    kept = balance(orders)["Kept"]
    assert groups.loc["Everyone", "customers"] == groups.drop("Everyone")["customers"].sum() == kept[2]
    assert groups.loc["Everyone", "revenue"] == pytest.approx(kept[3], abs=0.005)


def test_a_reload_shows_the_same_and_starts_nothing(orders):
    told = orders.locator("#orders-made h2").inner_text()
    orders.reload()
    drawn(orders)
    assert orders.locator("#orders-made h2").inner_text() == told
    expect(orders.locator("progress")).to_have_count(0)


@pytest.mark.long
def test_ticks_decide_what_shapes_the_segments(orders):
    """Two features are left ticked, which is said at once, so two columns are used."""
    see(orders, "Features")
    orders.locator("#orders-features .sa-more > summary").click()
    ticks = orders.locator("#orders-features input[type=checkbox]")
    for one in ticks.all():
        if one.is_enabled() and one.is_checked():
            one.uncheck()
    for name in ("Recency", "Frequency"):
        orders.locator("#orders-features").get_by_label(name, exact=True).check()
    expect(orders.locator("#orders-ticked")).to_contain_text("2 of ")
    see(orders, "RFM groups")
    orders.get_by_role("button", name="Compare segmentations").first.click()
    steps.board(orders, timeout=WAIT)
    steps.go(orders, "Data")
    used = orders.locator("#effect .sa-stat", has_text="Columns used").locator(".sa-stat-value")
    expect(used).to_have_text("2")


@pytest.mark.long
def test_order_lines_become_segments_and_a_list(page, project):
    """The whole way on the sample: what leaves is what was made, to the cent."""
    examined(page, project / LINES)
    expect(page.locator("#main h1")).to_contain_text("5,025 order lines")
    customers_made(page)
    kept = balance(page)["Kept"]
    found = exported(page)
    assert len(found) == kept[2]
    assert found["monetary"].astype(float).sum() == pytest.approx(kept[3], abs=0.005)


@pytest.mark.long
def test_online_retail_goes_from_file_to_segments_to_export(page, shared_data, artefacts):
    """541,909 lines, 135,080 of them without a customer; 4,372 customers with 8,300,065.814 net of returns."""
    examined(page, shared_data / "orders" / "online_retail.parquet")
    page.screenshot(path=str(artefacts / "retail-doctor.png"), full_page=True)
    found = balance(page)
    adds_up(found)
    assert found["Uploaded"][0] == 541_909 and found["Set aside"][0] == 135_080 and found["Kept"][2] == 4_372
    customers_made(page)
    page.screenshot(path=str(artefacts / "retail-customers.png"), full_page=True)
    assert [*overflow(page), *serious(page)] == []
    listed = exported(page)
    page.screenshot(path=str(artefacts / "retail-export.png"), full_page=True)
    assert len(listed) == 4_372
    assert listed["monetary"].astype(float).sum() == pytest.approx(8_300_065.814, abs=0.005)
