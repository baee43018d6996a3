"""Looking around in a finished comparison with the mouse: every part follows, and the address keeps what is looked at."""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.examined import in_no_mode, overflow, serious

TREE = """[id='{"index":0,"type":"tree"}']"""
CUT = """[id='{"index":0,"type":"tree-cut"}']"""
REACH = """[id='{"index":0,"type":"reach"}']"""
REACHED = """[id='{"index":0,"type":"reach-value"}']"""
LINE = """id => {
  const plot = document.getElementById(id).querySelector('.js-plotly-plot'), axis = plot._fullLayout.yaxis;
  const box = plot.getBoundingClientRect(), size = plot._fullLayout._size, at = plot._fullLayout.shapes[0];
  return {x: box.left + size.l + size.w / 2, y: box.top + size.t + axis.d2p((at.y0 + at.y1) / 2), value: (at.y0 + at.y1) / 2};
}"""
EYES = """() => {
  const plot = document.querySelector('#linked-maps .js-plotly-plot');
  return Object.keys(plot._fullLayout).filter(name => /^scene\\d*$/.test(name)).sort()
    .map(name => (plot.layout[name].camera || {}).eye || null);
}"""


@pytest.fixture()
def result(visit, finished) -> Page:
    """The sample's comparison, drawn to the end."""
    page = visit(state=finished["state"])
    page.goto("/compare?" + re.sub(r"&choice=[^&]*", "", finished["query"]))
    drawn(page)
    return page


def drawn(page: Page) -> None:
    page.locator("#board-box table").wait_for(timeout=30_000)
    page.locator("#linked-maps .main-svg").first.wait_for(timeout=30_000)
    steps.settled(page)


def chosen(page: Page) -> str:
    """The candidate in the address."""
    return page.url.partition("choice=")[2].partition("&")[0]


def other_k(page: Page) -> int:
    """A number of segments that can be picked and is not."""
    return int(page.locator("#k-panel button[aria-pressed=false] .sa-k-number").first.inner_text())


@pytest.mark.long
def test_another_number_and_another_algorithm_are_looked_at_and_kept(result):
    before = result.locator("#closer h2").inner_text()
    k = other_k(result)
    button = result.locator("#k-panel button", has=result.get_by_text(str(k), exact=True))
    best = button.locator(".sa-k-note").inner_text()
    button.click()
    expect(result.locator("#closer h2")).not_to_have_text(before)
    expect(result.locator("#k-panel button[aria-pressed=true] .sa-k-number")).to_have_text(str(k))
    expect(result).to_have_url(re.compile(r"choice=[a-z]+-"))
    expect(result.locator("#closer .sa-sizes li .sa-seg-number").last).to_be_visible()
    steps.settled(result)
    expect(result.locator("#closer h2")).to_contain_text(f"{best}, ")
    assert chosen(result) in result.locator("#closer a").first.get_attribute("href"), "nothing moved on by itself"
    result.select_option("#compare-algorithm", "ward")
    expect(result).to_have_url(re.compile(rf"choice=ward-{k}(&|$)"))
    looked = result.locator("#closer h2").inner_text()
    result.reload()
    drawn(result)
    expect(result.locator("#closer h2")).to_have_text(looked)


@pytest.mark.long
def test_a_typed_and_a_dragged_cut_lead_to_the_tree_s_own_candidate(result):
    result.fill(CUT, "3")
    result.press(CUT, "Enter")
    expect(result).to_have_url(re.compile(r"choice=ward-3(&|$)"))
    steps.settled(result)
    result.locator(f"{TREE} .shapelayer path").first.wait_for(state="attached")
    result.locator(TREE).scroll_into_view_if_needed()
    three = _line(result, TREE)["value"]
    result.fill(CUT, "5")
    result.press(CUT, "Enter")
    expect(result).to_have_url(re.compile(r"choice=ward-5(&|$)"))
    steps.settled(result)
    expect(result.locator("#cuts h3", has_text="cut at 5 segments")).to_be_visible()
    _drag_to(result, TREE, three)
    expect(result).to_have_url(re.compile(r"choice=ward-3(&|$)"))
    expect(result.locator("#closer h2")).to_contain_text("3 segments")
    expect(result.locator(CUT)).to_have_value("3")


@pytest.mark.long
def test_the_typed_reach_follows_the_dragged_line(result):
    result.locator(f"{REACH} .shapelayer path").first.wait_for(state="attached")
    before = float(result.input_value(REACHED))
    _drag_to(result, REACH, before * 1.3)
    expect(result.locator(REACHED)).not_to_have_value(f"{before:.4g}")
    assert float(result.input_value(REACHED)) == pytest.approx(before * 1.3, rel=0.05)


@pytest.mark.long
def test_all_maps_turn_together(result):
    box = result.locator("#linked-maps").bounding_box()
    result.locator("#linked-maps").scroll_into_view_if_needed()
    box = result.locator("#linked-maps").bounding_box()
    x, y = box["x"] + box["width"] / 6, box["y"] + box["height"] / 4
    result.mouse.move(x, y)
    result.mouse.down()
    result.mouse.move(x + 60, y + 30, steps=6)
    result.mouse.up()
    expect(result.locator("#side")).to_have_attribute("data-linked", "linked")
    result.wait_for_timeout(500)
    eyes = result.evaluate(EYES)
    assert len(eyes) >= 2 and eyes[0] is not None, eyes
    assert all(eye == pytest.approx(eyes[0], abs=1e-6) for eye in eyes), eyes


@pytest.mark.long
def test_the_board_sorts_filters_and_keeps_what_is_ticked(result):
    silhouette = result.locator("#board-box th", has_text="Separation")
    silhouette.get_by_role("button").click()
    expect(silhouette).to_have_attribute("aria-sort", "descending")
    silhouette.get_by_role("button").click()
    expect(silhouette).to_have_attribute("aria-sort", "ascending")
    ticked = result.locator("#board-box input:checked")
    before = ticked.count()
    assert before >= 2, "the proposed ones are ticked"
    with result.expect_response(lambda answer: "side.children" in (answer.request.post_data or "")):
        result.locator("#board-box input:not(:checked)").first.check()
    expect(result).to_have_url(re.compile(r"picks="))
    expect(ticked).to_have_count(before + 1)
    kept = result.url.partition("picks=")[2].partition("&")[0].split(".")
    assert len(kept) == before + 1
    result.select_option("#board-algorithm", "ward")
    expect(result.locator("#board-box tbody tr", has_text="K-means")).to_have_count(0)
    result.select_option("#board-algorithm", "any")
    expect(ticked).to_have_count(before + 1)
    result.reload()
    drawn(result)
    expect(ticked).to_have_count(before + 1)


@pytest.mark.long
def test_the_flow_follows_its_two_choices(result):
    result.locator("#flow-figure .main-svg").first.wait_for()
    before = result.locator("#flow").inner_text()
    other = result.locator("#flow-to option").last.get_attribute("value")
    result.select_option("#flow-to", other)
    expect(result.locator("#flow")).not_to_have_text(before)


@pytest.mark.long
def test_the_board_leaves_as_a_file(result):
    rows = result.locator("#board-box tbody tr").count()
    with result.expect_download() as started:
        result.get_by_role("link", name="Download the board").click()
    assert started.value.suggested_filename.endswith("board.csv")
    frame = pd.read_csv(io.BytesIO(steps.Path(started.value.path()).read_bytes()), encoding="utf-8-sig")
    assert len(frame) == rows and frame["recommended"].sum() == 1


@pytest.mark.long
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False)], ids=lambda one: str(one))
def test_the_whole_page_unfolded_is_accessible(visit, finished, artefacts, width, dark):
    page = visit(width=width, dark=dark, state=in_no_mode(finished["state"]))
    page.goto(f"/compare?{finished['query']}")
    drawn(page)
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    steps.settled(page)
    page.screenshot(path=str(artefacts / f"compare-unfolded-{width}-{'dark' if dark else 'light'}.png"), full_page=True)
    assert [*overflow(page), *serious(page)] == []


def _line(page: Page, graph: str) -> dict:
    return page.evaluate(LINE, graph[5:-2])


def _drag_to(page: Page, graph: str, value: float) -> None:
    """Take the line of a figure with the mouse to another height."""
    page.locator(graph).scroll_into_view_if_needed()
    here = _line(page, graph)
    there = page.evaluate(
        """([id, value]) => { const plot = document.getElementById(id).querySelector('.js-plotly-plot');
           return plot.getBoundingClientRect().top + plot._fullLayout._size.t + plot._fullLayout.yaxis.d2p(value); }""",
        [graph[5:-2], value],
    )
    page.mouse.move(here["x"], here["y"])
    page.mouse.down()
    page.mouse.move(here["x"], (here["y"] + there) / 2, steps=4)
    page.mouse.move(here["x"], there, steps=4)
    page.mouse.up()
