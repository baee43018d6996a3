"""Which columns matter is measured on request, shown with its doubt, and kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core.algorithms import proposed
from tests.journeys import steps


def test_the_recommended_candidate_shows_bars_and_its_accuracy(visit, finished):
    """The sample's segments are known to be separable: a forest tells nearly all of them apart."""
    page = visit(state=finished["state"])
    page.goto(f"/importance?{finished['query']}")
    steps.measure(page)
    expect(page.locator(".js-plotly-plot .barlayer .point").first).to_be_attached()
    told = page.locator(".sa-stat", has_text="Segments told apart")
    expect(told).to_contain_text("balanced accuracy")
    assert float(told.locator(".sa-stat-value").first.inner_text().rstrip("%")) > 90


@pytest.mark.long
def test_every_algorithm_can_be_measured_at_once(page):
    steps.open_sample(page)
    steps.compare(page)
    steps.go(page, "Importance")
    page.click("#importance-all")
    expect(page.get_by_role("heading", name="matters most")).to_have_count(len(proposed()), timeout=steps.SLOW)
    expect(page.locator("#dock .sa-job")).to_have_count(0, timeout=10_000)
    page.reload()
    expect(page.get_by_role("heading", name="matters most")).to_have_count(len(proposed()))
