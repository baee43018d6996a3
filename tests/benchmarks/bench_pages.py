"""How quick the web app is: first page, page changes, import, a large upload. Writes pages.md beside this file.

Run it with ``make bench`` on a quiet machine; the targets are those of the product's promises.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil
import requests
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.faults.conftest import Server  # noqa: E402  the project is not installed
from tests.journeys import steps  # noqa: E402
from tests.journeys.conftest import ARGUMENTS, CHROMIUM  # noqa: E402

REPEATS = 5
UPLOAD = 200_000_000
PIECE = 8 * 2**20
INTERACTIVE = "() => document.querySelector('#drop input[type=file]') !== null"


class Line(NamedTuple):
    """One measured thing; ``target`` None where there is none."""

    what: str
    value: float
    unit: str
    target: float | None = None


def importing() -> list[Line]:
    """Seconds from process start to ``dashboard.app`` imported, beside Dash alone and Python alone."""
    return [
        Line(f"import {name}" if name else "start Python", _median(lambda name=name: _import(name)), "s", target)
        for name, target in (("dashboard.app", 3.0), ("dash", None), ("", None))
    ]


def _import(name: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {name}" if name else "pass"], cwd=ROOT, check=True)
    return time.perf_counter() - began


def first_page(browser: Browser, base: str) -> list[Line]:
    """From the address typed to a file field and buttons that work, with an empty cache."""
    return [Line("first page interactive, empty cache", _median(lambda: _first(browser, base)), "s", 1.5)]


def _first(browser: Browser, base: str) -> float:
    context = browser.new_context(base_url=base)
    page = context.new_page()
    began = time.perf_counter()
    page.goto("/", wait_until="commit")
    page.get_by_role("button", name="Open sample").first.wait_for()
    page.wait_for_function(INTERACTIVE, polling=10)
    steps.settled(page)
    taken = time.perf_counter() - began
    context.close()
    return taken


def page_changes(browser: Browser, base: str) -> list[Line]:
    """Per page: how long the server took for the callbacks of the change, the slowest one and all of them."""
    context = browser.new_context(base_url=base)
    page = context.new_page()
    steps.open_sample(page)
    steps.compare(page)
    steps.open_atlas(page)
    steps.go(page, "Importance")
    steps.measure(page)
    spent: list[float] = []
    page.on("requestfinished", lambda request: _note(request, spent))
    lines = []
    for step in ("Data", "Compare", "Atlas", "Importance", "Export"):
        slowest, together = [], []
        for _ in range(REPEATS):
            steps.go(page, "Export" if step != "Export" else "Data")
            page.wait_for_timeout(700)
            spent.clear()
            steps.go(page, step)
            page.wait_for_timeout(1200)
            slowest.append(max(spent, default=0.0))
            together.append(sum(spent))
        lines.append(Line(f"page change to {step}: slowest answer", statistics.median(slowest), "ms", 300))
        lines.append(Line(f"page change to {step}: all answers together", statistics.median(together), "ms"))
    context.close()
    return lines


def _note(request, spent: list[float]) -> None:
    if "_dash-update-component" in request.url:
        timing = request.timing
        spent.append(timing["responseStart"] - timing["requestStart"])


def upload(server: Server) -> list[Line]:
    """A large file in the pieces that assets/upload.js sends; how far the server's memory grows meanwhile."""
    worker = _worker(server)
    before = worker.memory_info().rss
    peak, offset, block = before, 0, os.urandom(PIECE)
    head = {"X-Atlas": "upload"}
    began = time.perf_counter()
    with requests.Session() as session:
        base = f"http://127.0.0.1:{server.port}/upload"
        session.get(base.removesuffix("/upload")).raise_for_status()
        begun = session.post(base, json={"name": "large.csv", "total": UPLOAD}, headers=head).json()["upload"]
        while offset < UPLOAD:
            piece = block[: UPLOAD - offset]
            sent = session.put(f"{base}/{begun}", data=piece, headers=head | {"X-Offset": str(offset)})
            sent.raise_for_status()
            offset += len(piece)
            peak = max(peak, worker.memory_info().rss)
    taken = time.perf_counter() - began
    return [
        Line(f"upload of {UPLOAD // 10**6} MB", taken, "s"),
        Line("growth of the server's memory meanwhile", (peak - before) / 2**20, "MB"),
    ]


def _worker(server: Server) -> psutil.Process:
    """The gunicorn child that answers requests: the one that holds the most memory."""
    return max(psutil.Process(server.process.pid).children(), key=lambda one: one.memory_info().rss)


def _median(measure) -> float:
    return statistics.median(measure() for _ in range(REPEATS))


def report(lines: list[Line]) -> str:
    """The lines as Markdown, with the machine they were measured on."""
    rows = [
        f"| {one.what} | {one.value:.2f} {one.unit} | {'' if one.target is None else f'{one.target:g} {one.unit}'} |"
        for one in lines
    ]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, Chromium over loopback, software WebGL"
    return "\n".join([
        "# The web app's pages", "",
        f"Written by `bench_pages.py`; medians of {REPEATS}. Machine: {machine}.", "",
        "| measured | value | target |", "| --- | --- | --- |", *rows, "",
    ])  # fmt: skip


def main() -> None:
    lines = importing()
    folder = Path(tempfile.mkdtemp())
    server = Server(folder / "store")
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            base = f"http://127.0.0.1:{server.port}"
            lines += first_page(browser, base) + page_changes(browser, base)
            browser.close()
        lines += upload(server)
    finally:
        server.stop()
        shutil.rmtree(folder)
    text = report(lines)
    print(text)
    Path(__file__).with_name("pages.md").write_text(text)


if __name__ == "__main__":
    main()
