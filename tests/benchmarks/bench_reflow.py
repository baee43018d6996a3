"""How quickly the Compare page answers a click on a number of segments or an algorithm, at 20,000 customers.

Peer: what a page has to do that keeps nothing - fit scikit-learn's K-means once and take every customer's silhouette.
Writes reflow.json beside this file.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from measure import Claim, customers, machine, tell
from playwright.sync_api import Page, sync_playwright

from tests.faults.conftest import Server
from tests.journeys import steps
from tests.journeys.conftest import ARGUMENTS, CHROMIUM

ROWS = 20_000
GOAL = 0.3
PEER = "one fit and its silhouettes by scikit-learn"


def clicks(page: Page) -> tuple[list[float], list[float]]:
    """Seconds of the server for each click, and until the chosen candidate stands on the page."""
    spent: list[float] = []
    page.on("requestfinished", lambda request: _note(request, spent))
    seen = []
    for place in range(page.locator(".sa-kstrip button").count()):
        seen.append(_until_shown(page, lambda place=place: page.locator(".sa-kstrip button").nth(place).click()))
    names = page.locator("#compare-algorithm option").all()
    for value in filter(None, [one.get_attribute("value") for one in names]):
        seen.append(_until_shown(page, lambda value=value: page.select_option("#compare-algorithm", value)))
    return spent, [one for one in seen if one]


def _note(request, spent: list[float]) -> None:
    if "_dash-update-component" in request.url and "k-panel" in (request.post_data or ""):
        timing = request.timing
        spent.append((timing["responseStart"] - timing["requestStart"]) / 1000)


def _until_shown(page: Page, act) -> float:
    before = page.locator("#closer h2").first.inner_text()
    began = time.perf_counter()
    act()
    steps.settled(page)
    page.wait_for_timeout(50)
    changed = page.locator("#closer h2").first.inner_text() != before
    taken = time.perf_counter() - began - 0.05
    page.wait_for_timeout(400)
    return taken if changed else 0.0


def without_store(path: Path) -> float:
    """Seconds of scikit-learn for one number of segments."""
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_samples
    from sklearn.preprocessing import StandardScaler

    values = StandardScaler().fit_transform(pd.read_csv(path))
    began = time.perf_counter()
    silhouette_samples(values, KMeans(5, n_init=10, random_state=0).fit_predict(values))
    return time.perf_counter() - began


def main() -> None:
    import pandas as pd

    before = machine()
    folder = Path(tempfile.mkdtemp())
    path = folder / "customers.csv"
    pd.DataFrame(customers(ROWS), columns=[f"x{at}" for at in range(8)]).round(4).to_csv(path, index=False)
    server = Server(folder / "store")
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_context(base_url=f"http://127.0.0.1:{server.port}").new_page()
            steps.upload(page, path)
            steps.compare(page, timeout=300_000)
            page.wait_for_timeout(3000)
            server_side, on_page = clicks(page)
            browser.close()
    finally:
        server.stop()
    peer = without_store(path)
    shutil.rmtree(folder)
    found = {
        "slowest answer of the server to a click": max(server_side),
        "median answer of the server to a click": statistics.median(server_side),
        "median until the candidate stands on the page": statistics.median(on_page),
    }
    claims = [Claim(what, taken, "s", GOAL, peer=PEER, ratio=peer / taken) for what, taken in found.items()]
    tell("reflow", claims, {"rows": ROWS, "clicks": len(server_side)}, before=before, record=True)


if __name__ == "__main__":
    main()
