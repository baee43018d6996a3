"""Files come in as they are; what cannot be read is told, and what was there stays."""

from __future__ import annotations

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.journeys import steps


def _frame() -> pd.DataFrame:
    return pd.DataFrame({
        "customer": [f"K{i:04d}" for i in range(90)],
        "spend": [round(20 + 60 * (i % 3) + (i * 7 % 11) / 3, 2) for i in range(90)],
        "visits": [2 + 9 * (i % 3) + i * 5 % 4 for i in range(90)],
    })  # fmt: skip


def _xlsx(frame: pd.DataFrame, path) -> None:
    frame.to_excel(path, index=False, engine="xlsxwriter")


WRITERS = {
    "shop.csv": lambda frame, path: frame.to_csv(path, index=False),
    "shop.tsv": lambda frame, path: frame.to_csv(path, index=False, sep="\t"),
    "shop.xlsx": _xlsx,
    "shop.parquet": lambda frame, path: frame.to_parquet(path),
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.long] * (name in ("shop.tsv", "shop.parquet"))) for name in WRITERS])
def test_each_kind_of_file_shows_its_rows_and_columns(page, tmp_path, name):
    WRITERS[name](_frame(), tmp_path / name)
    steps.upload(page, tmp_path / name)
    expect(page.locator("h1")).to_contain_text(f"{name} is ready")
    expect(page.locator("#context")).to_contain_text("90 customers")
    assert page.locator(".sa-column h3").all_inner_texts() == ["customer", "spend", "visits"]
    shown = steps.tiles(page, "#data-body")
    assert (shown["Rows"], shown["Columns"]) == ("90", "3")


def test_a_dropped_file_is_read_like_a_chosen_one(page, tmp_path):
    page.goto("/")
    page.locator("#drop input[type=file]").wait_for(state="attached")
    text = _frame().to_csv(index=False)
    transfer = page.evaluate_handle(
        "text => { const t = new DataTransfer(); t.items.add(new File([text], 'dropped.csv')); return t; }", text
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
    steps.ready(page)
    expect(page.locator("h1")).to_contain_text("dropped.csv is ready")


def test_a_file_over_the_limit_is_refused_in_words_and_the_page_stays(visit, page, tmp_path):
    visit.allow(r"http 413: POST .*/upload", r"status of 413")
    big = tmp_path / "big.csv"
    with big.open("wb") as stream:
        stream.truncate(31_000_000)
    steps.choose_file(page, big)
    expect(page.locator("#drop-said")).to_contain_text("larger than 30 MB")
    expect(page.get_by_role("button", name="Open sample").first).to_be_visible()
    small = tmp_path / "shop.csv"
    WRITERS["shop.csv"](_frame(), small)
    page.locator("#drop input[type=file]").set_input_files(str(small))
    steps.ready(page)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("holiday.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, marks=pytest.mark.long),
        ("report.xlsx", b"PK\x03\x04 not really a workbook"),
        pytest.param("table.parquet", b"PAR1 no footer here PAR1", marks=pytest.mark.long),
    ],
)
def test_what_is_no_table_is_told_and_earlier_files_stay(page, tmp_path, name, content):
    steps.open_sample(page)
    (tmp_path / name).write_bytes(content)
    steps.choose_file(page, tmp_path / name)
    expect(page.locator("h1")).to_contain_text("could not be read", timeout=30_000)
    told = page.locator(".sa-notice-bad").first
    expect(told).to_be_visible()
    words = told.inner_text()
    assert "Traceback" not in words
    assert "reference" not in words, f"a file of the wrong kind is not a defect: {words}"
    page.get_by_role("link", name="customers.csv").click()
    steps.ready(page)
    expect(page.locator("h1")).to_contain_text("customers.csv is ready")


def test_an_empty_file_is_told(visit, page, tmp_path):
    visit.allow(r"http 400: POST .*/upload", r"status of 400")
    (tmp_path / "empty.csv").write_bytes(b"")
    steps.choose_file(page, tmp_path / "empty.csv")
    expect(page.locator("#drop-said")).to_contain_text("empty")


def test_an_upload_tells_how_far_it_is_and_is_cancelled_by_keyboard(page, tmp_path):
    """Megabytes of megabytes; the button keeps the focus while pieces arrive, and what came is gone."""
    large = tmp_path / "large.csv"
    large.write_bytes(b"a,b\n" + b"1,2\n" * 6_000_000)
    pieces = []

    def slow(route):
        pieces.append(route.request.headers["x-offset"])
        if len(pieces) < 3:
            route.continue_()

    page.goto("/")
    page.route("**/upload/*", lambda route: slow(route) if route.request.method == "PUT" else route.continue_())
    steps.choose_file(page, large)
    stop = page.get_by_role("button", name="Cancel upload")
    stop.focus()
    expect(page.locator(".sa-progress-count")).to_have_text("16.8 MB of 24.0 MB, 69%")
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#drop-said")).to_contain_text("cancelled")
    expect(stop).to_have_count(0)
    assert pieces == ["0", "8388608", "16777216"]


def test_a_file_that_is_here_already_is_said_to_be(page, tmp_path):
    """The same content under another name opens what is there."""
    for name in ("first.csv", "second.csv"):
        WRITERS["shop.csv"](_frame(), tmp_path / name)
    steps.upload(page, tmp_path / "first.csv")
    page.goto("/")
    steps.upload(page, tmp_path / "second.csv")
    expect(page.locator("h1")).to_contain_text("first.csv is ready")
    expect(page.get_by_text("This file is already here.")).to_be_visible()
