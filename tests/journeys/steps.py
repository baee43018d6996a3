"""What a person does on the pages, said once: every journey is made of these."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page, expect

SLOW = 120_000
BOARD = "text=All candidates >> nth=0"


def open_sample(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Open sample").first.click()
    ready(page)


def upload(page: Page, path: Path, *, timeout: float = 30_000) -> None:
    """Choose a file in the drop zone of the start page and wait until it is read, taking the proposed answers."""
    choose_file(page, path)
    ready(page, timeout=timeout)


def choose_file(page: Page, path: Path) -> None:
    page.goto("/")
    page.locator("#drop input[type=file]").set_input_files(str(path))


def ready(page: Page, *, timeout: float = 30_000) -> None:
    """The file is read; where it asks something, the proposed answers are taken."""
    button = page.locator("#compare-go")
    button.wait_for(timeout=timeout)
    page.locator("#effect .sa-stat").first.wait_for()
    if button.is_disabled():
        page.get_by_role("button", name="Use these answers").click()
        expect(button).to_be_enabled(timeout=timeout)
    settled(page)


def compare(page: Page, *, timeout: float = SLOW) -> None:
    """Start the comparison with whatever the form says and wait for the board."""
    page.click("#compare-go")
    board(page, timeout=timeout)


def board(page: Page, *, timeout: float = SLOW) -> None:
    page.locator(BOARD).wait_for(timeout=timeout)
    settled(page)


def open_atlas(page: Page) -> None:
    page.get_by_role("link", name="Open in Atlas").first.click()
    atlas(page)


def atlas(page: Page) -> None:
    page.locator("#atlas-figure .main-svg").first.wait_for(timeout=30_000)
    settled(page)


def measure(page: Page, *, timeout: float = SLOW) -> None:
    """Measure the importance for the chosen candidate; what is measured already is only waited for."""
    page.locator("#importance-body h1").wait_for()
    if page.locator("#importance-go").is_visible():
        page.click("#importance-go")
    page.get_by_role("heading", name="matters most").first.wait_for(timeout=timeout)
    settled(page)


def go(page: Page, step: str) -> None:
    """Take a step in the rail."""
    page.get_by_role("navigation", name="Steps").get_by_role("link", name=step, exact=True).click()
    page.wait_for_url(f"**/{step.lower()}*" if step != "Data" else "**/?*")
    settled(page)


def settled(page: Page) -> None:
    """No callback is under way."""
    page.wait_for_function("() => !document.querySelector('[data-dash-is-loading=\"true\"]')", timeout=SLOW)


def download(page: Page, filename: str) -> bytes:
    """The export with this file name, fetched through its button on the Export page."""
    with page.expect_download() as started:
        page.get_by_role("link", name=f"({filename})").click()
    return Path(started.value.path()).read_bytes()


def customers(content: bytes) -> pd.DataFrame:
    """customers.csv as text, apostrophes and all."""
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig")


def sizes(page: Page) -> list[int]:
    """The customers on the segment cards of the Atlas, in their order."""
    texts = page.locator(".sa-atlas-cards .sa-atlas-card-words .sa-push").all_inner_texts()
    return [int(text.replace(",", "")) for text in texts]


def described(page: Page, *, timeout: float = SLOW) -> None:
    """The job that describes the segments has ended and its result is drawn."""
    page.wait_for_function("() => !document.querySelector('#atlas-status > *')", timeout=timeout)
    settled(page)


def tiles(page: Page, within: str) -> dict[str, str]:
    """Label to value of the number tiles inside ``within``."""
    found = page.locator(f"{within} .sa-stat")
    return {
        one.locator(".sa-stat-label").inner_text(): one.locator(".sa-stat-value").inner_text() for one in found.all()
    }


def number(text: str) -> int:
    return int(text.replace(",", "").split()[0])
