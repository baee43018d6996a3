"""A report of hostile names in a browser without any policy to protect it: nothing runs, nothing is asked for, all can use it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from core import reports
from tests.core import reported


@pytest.mark.long
def test_a_report_opened_from_disk_asks_for_nothing_and_runs_nothing(browser, tmp_path):
    """One file, opened as a colleague would: one request (itself), no dialog, no link to elsewhere, no fault for axe,
    and no scrolling aside, wide or narrow."""
    path = tmp_path / "report.html"
    path.write_text(reports.page(reports.summarise(*reported.nouns())), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    asked, dialogs = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for width in (1100, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="Method and limits").click()
    assert page.url.endswith("#method")
    context.close()
    assert {url.partition("#")[0] for url in asked} == {path.as_uri()} and dialogs == []
