"""The Runs page in a browser: a run is starred, noted, deleted and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


def by_keyboard(page):
    """What is drawn anew keeps the keyboard: a heading that sorts, a star; a note is written where it was asked for."""
    for press in (page.get_by_role("button", name="Stability"), page.locator(".sa-runs-star").first):
        press.focus()
        was = page.locator("#runs-list").inner_html()
        page.keyboard.press("Enter")
        expect(page.locator("#runs-list")).not_to_have_js_property("innerHTML", was)
        expect(press).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".sa-runs-star[aria-pressed=true]")).to_have_count(1)
    expect(page.locator(".sa-runs-star").first).to_be_focused()
    page.get_by_role("button", name="note").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sa-runs-field textarea")).to_be_focused()
    page.get_by_role("button", name="Leave it as it was").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="note").first).to_be_focused()


@pytest.mark.long
def test_a_run_is_starred_noted_deleted_and_taken_back(visit, finished):
    """Each at once and in its place; a reload shows the same. The open step stands in sight on a phone."""
    page = visit(state=finished["state"])
    page.goto("/runs")
    files = page.locator(".sa-runs-file")
    expect(files.first).to_be_visible()
    count = files.count()
    page.locator(".sa-runs-star").first.click()
    expect(page.locator(".sa-runs-star[aria-pressed=true]")).to_have_count(1)
    page.get_by_role("button", name="note").first.click()
    page.fill(".sa-runs-field textarea", "For the board")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".sa-runs-note")).to_have_text("For the board")
    page.locator(".sa-runs-delete").first.click()
    expect(files).to_have_count(count - 1)
    page.get_by_role("button", name="Undo").click()
    expect(files).to_have_count(count)
    by_keyboard(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(page.locator(".sa-runs-note")).to_have_text("For the board")
    expect(page.locator(".sa-step[aria-current=page]")).to_be_in_viewport()
