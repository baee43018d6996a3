"""The Runs page in a browser: a run is starred, noted, deleted and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


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
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(page.locator(".sa-runs-note")).to_have_text("For the board")
    expect(page.locator(".sa-step[aria-current=page]")).to_be_in_viewport()
