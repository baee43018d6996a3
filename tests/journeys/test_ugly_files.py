"""Three ugly files as people have them: one needs a word, one has lines that fit nowhere, one is refused; nothing is lost."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.examined import overflow, serious

CITIES = ("Köln", "Bonn", "Münster", "Aachen", "Essen")


def asking(folder: Path) -> Path:
    """A report as an ERP writes it: title, semicolons, decimal commas, dates that can be read two ways."""
    lines = [f"K{i:04d};{CITIES[i % 5]};{1 + i % 12:02d}/{1 + i % 11:02d}/2025;{10 + i % 7},{i % 10}0;{i % 4}" for i in range(60)]
    text = "\r\n".join(["Customers of the shop", "", "Customer;City;Joined;Spend;Visits", *lines, ""])
    path = folder / "erp.csv"
    path.write_bytes(text.encode("cp1252"))
    return path


def broken(folder: Path) -> Path:
    """Sixty good rows, a quote that is never closed, and a line that belongs to nothing."""
    lines = [f"K{i:04d},{CITIES[i % 5]},{20 + i % 30},{i * 3 % 17}" for i in range(60)]
    lines[20] = 'K0020,"Köln,40,9'
    lines[40] = "this line is a remark of somebody, about nothing, in particular, and much, too, long, for the table"
    path = folder / "broken.csv"
    path.write_text("\n".join(["customer,city,age,visits", *lines, ""]), encoding="utf-8")
    return path


def bomb(folder: Path) -> Path:
    """A workbook of a few kilobytes that says a gigabyte of blanks is in it."""
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(200):
                sheet.write(b" " * 1_000_000)
    return path


def test_a_file_with_a_question_is_blocked_until_it_is_answered_and_can_be_read_otherwise(page, tmp_path):
    steps.choose_file(page, asking(tmp_path))
    page.locator("#compare-go").wait_for()
    expect(page.locator("h1")).to_contain_text("erp.csv needs a word from you")
    expect(page.locator("#compare-go")).to_be_disabled()
    asked = page.get_by_label("the day or the month come first")
    asked.select_option(label="The month comes first")
    page.get_by_role("button", name="Use these answers").click()
    expect(page.locator("#compare-go")).to_be_enabled()
    expect(page.locator("#data-body")).to_contain_text("62 in the file = 60 loaded + 0 set aside + 2 skipped")
    expect(page.locator("#data-body")).to_contain_text("Köln")
    kinds = page.locator(".sa-column", has_text="Joined").get_by_label("Kind of Joined")
    expect(kinds).to_have_value("date")
    kinds.select_option("text")
    expect(page.locator(".sa-column", has_text="Joined").get_by_label("Kind of Joined")).to_have_value("text")


def test_lines_that_fit_nowhere_are_counted_shown_and_handed_back(page, tmp_path):
    path = broken(tmp_path)
    steps.upload(page, path)
    body = page.locator("#data-body")
    expect(body).to_contain_text("60 in the file = ")
    with page.expect_download() as started:
        page.get_by_role("link", name="set aside").click()
    aside = pd.read_csv(started.value.path())
    assert 42 in aside["line"].tolist()
    loaded = int(steps.tiles(page, "#data-body")["Rows"])
    assert loaded + len(aside) == 60
    original = path.read_text(encoding="utf-8").splitlines()
    assert all(text == original[line - 1] for line, text in zip(aside["line"], aside["text"], strict=True))


def test_a_bomb_is_refused_in_words_and_the_file_before_stays(page, tmp_path):
    steps.upload(page, broken(tmp_path))
    steps.choose_file(page, bomb(tmp_path))
    told = page.locator(".sa-notice-bad")
    told.wait_for(timeout=20_000)
    expect(page.locator("h1")).to_contain_text("could not be read")
    expect(told).to_contain_text("unpack")
    page.get_by_role("link", name="broken.csv").first.click()
    steps.ready(page)
    expect(page.locator("h1")).to_contain_text("broken.csv is ready")


@pytest.mark.parametrize(("made", "width", "dark"), [(asking, 1440, True), (broken, 390, False)])
def test_the_note_on_a_file_is_accessible_and_fits_the_screen(visit, artefacts, tmp_path, made, width, dark):
    page = visit(width=width, dark=dark)
    steps.choose_file(page, made(tmp_path))
    page.locator("#effect .sa-stat").first.wait_for()
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    steps.settled(page)
    page.screenshot(path=str(artefacts / f"data-{made.__name__}-{width}-{'dark' if dark else 'light'}.png"), full_page=True)
    assert [*overflow(page), *serious(page)] == []
