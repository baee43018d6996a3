"""Understanding segments on the one screen of the Atlas, by mouse and by keyboard; the address keeps what is looked at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps, test_orders_page
from tests.journeys.examined import in_no_mode, overflow, serious

PLOT = "document.querySelector('#atlas-figure .js-plotly-plot')"
FILES = ("Mall_Customers.csv", "CC GENERAL.csv", "marketing_campaign_TAB.csv", "sales_data_sample.csv")
LOOKS = [(1440, False), (1440, True), (1024, False), (390, False), (390, True)]


@pytest.fixture()
def atlas(visit, finished) -> Page:
    """The sample's recommended segmentation, described to the end."""
    page = visit(state=finished["state"])
    page.goto(f"/atlas?{finished['query']}")
    ready(page)
    return page


def ready(page: Page, *, timeout: float = steps.SLOW) -> None:
    steps.atlas(page)
    steps.described(page, timeout=timeout)


def flat(page: Page) -> None:
    """The map in 2D."""
    page.locator("#atlas-way input[value='2d']").check()
    page.wait_for_function(f"() => {{ const plot = {PLOT}; return plot && plot.data.length && plot.data[0].type === 'scatter'; }}")
    page.locator("#atlas-figure .nsewdrag").first.wait_for(state="attached")
    steps.settled(page)


def lasso(page: Page, corners: tuple[tuple[float, float], ...]) -> None:
    """Draw a line through these places, shares of the map from its upper left."""
    page.locator("#atlas-figure").scroll_into_view_if_needed()
    box = page.locator("#atlas-figure .nsewdrag").first.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


def chosen(page: Page) -> int:
    """How many customers are chosen on the map."""
    expect(page.locator("#atlas-picked-panel strong")).to_contain_text("chosen")
    return steps.number(page.locator("#atlas-picked-panel strong").inner_text())


def focused(page: Page) -> str:
    return page.locator(".sa-atlas-card-open[aria-current=true] .sa-seg-number").inner_text()


def turned(page: Page) -> None:
    """The map after a drag with the mouse."""
    page.locator("#atlas-figure").scroll_into_view_if_needed()
    box = page.locator("#atlas-figure").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=6)
    page.mouse.up()


def test_every_part_follows_and_the_address_keeps_it(atlas):
    """Another card by keyboard, another number of segments, the flat map and a lasso; reloaded, the same is shown."""
    before = focused(atlas)
    atlas.locator(".sa-atlas-card-open[aria-current=true]").focus()
    atlas.keyboard.press("ArrowDown")
    atlas.keyboard.press("Enter")
    expect(atlas.locator(".sa-atlas-card-open[aria-current=true] .sa-seg-number")).not_to_have_text(before)
    expect(atlas).to_have_url(re.compile(rf"focus={focused(atlas)}(&|$)"))
    expect(atlas.locator("#atlas-contrast")).to_contain_text(atlas.locator(".is-here .sa-seg-name").inner_text())
    flat(atlas)
    lasso(atlas, ((0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98), (0.02, 0.02)))
    everyone = sum(steps.sizes(atlas))
    assert 0.9 * everyone <= chosen(atlas) <= everyone, "nearly all, though far fewer may be drawn"
    heading = atlas.locator("#atlas-head h1").inner_text()
    atlas.locator(".sa-kstrip button[aria-pressed=false]").first.click()
    expect(atlas.locator("#atlas-head h1")).not_to_have_text(heading)
    expect(atlas.locator("#atlas-picked-panel strong")).to_have_count(0)
    heading = atlas.locator("#atlas-head h1").inner_text()
    atlas.reload()
    steps.atlas(atlas)
    expect(atlas.locator("#atlas-head h1")).to_have_text(heading)
    expect(atlas.locator("#atlas-way input[value='2d']")).to_be_checked()
    steps.described(atlas)


@pytest.mark.long
def test_the_map_turns_hides_and_is_looked_at_from_where_it_was_left(atlas):
    turned(atlas)
    expect(atlas).to_have_url(re.compile(r"camera=-?\d+\."))
    eye = f"() => {PLOT}.layout.scene.camera.eye"
    left = atlas.evaluate(eye)
    first = atlas.locator(".sa-map-legend").first
    first.focus()
    atlas.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "false")
    assert atlas.evaluate(f"() => {PLOT}.data.find(one => one.meta && one.meta.segment === 1).visible") is False
    atlas.reload()
    ready(atlas)
    assert atlas.evaluate(eye) == pytest.approx(left, abs=0.002)


@pytest.mark.long
def test_customers_are_chosen_by_keyboard_and_leave_as_a_file(atlas):
    flat(atlas)
    atlas.get_by_text("Choose customers by numbers").focus()
    atlas.keyboard.press("Enter")
    atlas.locator("#atlas-box-go").focus()
    atlas.keyboard.press("Enter")
    count = chosen(atlas)
    with atlas.expect_download() as started:
        atlas.locator("#atlas-picked-panel a").click()
    assert len(steps.customers(steps.Path(started.value.path()).read_bytes())) == count
    atlas.get_by_role("button", name="Clear").click()
    expect(atlas.locator("#atlas-picked-panel strong")).to_have_count(0)


@pytest.mark.long
def test_every_tab_and_view_opens(atlas):
    for tab in ("rule", "money", "customers", "notes", "persona"):
        before = atlas.locator("#atlas-tab-body").inner_html()
        atlas.locator(f"#atlas-tab input[value='{tab}']").check()
        expect(atlas).to_have_url(re.compile(rf"tab={tab}"))
        atlas.wait_for_function("before => document.querySelector('#atlas-tab-body').innerHTML !== before", arg=before)
    for view in ("lines", "widths", "heat"):
        atlas.locator(f"#atlas-view input[value='{view}']").check()
        expect(atlas).to_have_url(re.compile(rf"view={view}"))
        steps.settled(atlas)


@pytest.mark.parametrize(("width", "dark"), [pytest.param(*one, marks=pytest.mark.long) for one in LOOKS])
def test_the_screen_is_accessible_and_fits(visit, finished, artefacts, width, dark):
    """Nothing wider than the screen, no barrier that axe sees; a picture is kept to be looked at."""
    page = visit(width=width, dark=dark, state=in_no_mode(finished["state"]))
    page.goto(f"/atlas?{finished['query']}")
    ready(page)
    page.screenshot(path=str(artefacts / f"atlas-{width}-{'dark' if dark else 'light'}.png"), full_page=True)
    assert [*overflow(page), *serious(page)] == []


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_understood_on_the_one_screen(page, shared_data, artefacts, name):
    """Cards, figures and a lasso over everybody, whatever the file."""
    if name == "sales_data_sample.csv":
        compared_orders(page, shared_data / "orders" / name)
    else:
        steps.upload(page, shared_data / "customers" / name, timeout=300_000)
        steps.compare(page, timeout=900_000)
    steps.open_atlas(page)
    ready(page, timeout=600_000)
    assert len(steps.sizes(page)) >= 2
    flat(page)
    lasso(page, ((0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98), (0.02, 0.02)))
    assert chosen(page) <= sum(steps.sizes(page))
    page.screenshot(path=str(artefacts / f"atlas-{name.partition('.')[0].replace(' ', '-')}.png"), full_page=True)
    assert [*overflow(page), *serious(page)] == []


def compared_orders(page: Page, path: Path) -> None:
    """Order lines read, customers made of them as proposed, and compared."""
    test_orders_page.examined(page, path)
    test_orders_page.customers_made(page)
    page.get_by_role("button", name="Compare segmentations").first.click()
    steps.board(page, timeout=900_000)
