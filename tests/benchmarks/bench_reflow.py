"""How quickly the Atlas opens from a stored run, and answers a click on a number of segments or an algorithm.

Clicks and one opening in a browser at 20,000 customers; an opening at 1,000,000 as the server makes it. Peer: what a page
has to do that keeps nothing - fit scikit-learn's K-means once and take every customer's silhouette. Writes reflow.json
beside this file.
"""

from __future__ import annotations

import gzip
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from measure import Claim, begin, customers, machine, tell
from playwright.sync_api import Page, sync_playwright

from tests.faults.conftest import Server
from tests.journeys import steps
from tests.journeys.conftest import ARGUMENTS, CHROMIUM

ROWS, MANY = 20_000, 1_000_000
GOAL = 0.3
OPENED, SENT = 1.0, 600.0
PEER = "one fit and its silhouettes by scikit-learn"
FINGERPRINTED = re.compile(r"/(assets|vendor|_dash-component-suites)/")


class Watched:
    """What the server answers a page."""

    def __init__(self, page: Page) -> None:
        self.requests: list = []
        page.on("requestfinished", lambda request: self.requests.append(request))  # Playwright marks what it is handed

    def answers(self) -> list[tuple[str, float, float]]:
        """(address or outputs, seconds, kB as sent) of each since the list was cleared."""
        return [_answer(one) for one in list(self.requests) if not FINGERPRINTED.search(one.url)]


def _answer(request) -> tuple[str, float, float]:
    timing, outputs = request.timing, re.search(r'"output":"([^"]{0,200})', request.post_data or "")
    what = outputs.group(1) if outputs else request.url.partition("?")[0]
    taken = (timing["responseStart"] - timing["requestStart"]) / 1000
    return what, taken, request.sizes()["responseBodySize"] / 1000


def opened(page: Page, watched: Watched) -> dict[str, float]:
    """The page loaded anew from what is stored."""
    watched.requests.clear()
    page.reload()
    steps.atlas(page)
    page.wait_for_timeout(2000)
    answers = watched.answers()
    spent = [taken for what, taken, _ in answers if "_pages_content" in what or what.endswith("/atlas")]
    return {"seconds": sum(spent), "kilobytes": sum(size for *_, size in answers)}


def clicks(page: Page, watched: Watched) -> tuple[list[float], list[float]]:
    """Seconds of the slowest answer of each click that draws a part, and until another candidate heads the page."""
    spent, seen = [], []
    for selector in (".sa-kstrip button", ".sa-chip"):
        for place in range(page.locator(selector).count()):
            steps.described(page)
            watched.requests.clear()
            taken = _until_shown(page, lambda at=place, which=selector: page.locator(which).nth(at).click())
            drawn = [seconds for what, seconds, _ in watched.answers() if what.startswith("..atlas-")]
            if taken and drawn:
                seen.append(taken)
                spent.append(max(drawn))
    return spent, seen


def _until_shown(page: Page, act) -> float:
    before = page.locator("#atlas-head h1").inner_text()
    began = time.perf_counter()
    act()
    try:
        page.wait_for_function("before => document.querySelector('#atlas-head h1').innerText !== before", arg=before, timeout=3000)
    except Exception:  # noqa: BLE001  the candidate that is shown already was pressed
        return 0.0
    taken = time.perf_counter() - began
    page.wait_for_timeout(400)
    return taken


def opened_by_server(rows: int) -> dict:
    """Seconds of the page's layout with its text, and kB packed, for two candidates of so many customers."""
    import pandas as pd
    import pytest
    from plotly.utils import PlotlyJSONEncoder

    from core import pipeline
    from core.model import Plan
    from dashboard.app import create_app
    from dashboard.settings import Settings
    from tests.dashboard import made

    folder = Path(tempfile.mkdtemp())
    app = create_app(Settings(data_dir=folder / "store", secret_key="s" * 32))
    patch = pytest.MonkeyPatch()
    desk = made.Desk(app, Settings(data_dir=folder / "other", secret_key="s" * 32), patch)
    path = folder / "customers.parquet"
    pd.DataFrame(customers(rows), columns=[f"x{at}" for at in range(8)]).to_parquet(path, index=False)
    table = pipeline.load(path, path.name, {})
    plan = Plan(algorithms=("kmeans",), segments=(4, 5))
    compared = pipeline.compare(table, plan)
    whole = pipeline.portray(table, compared, compared.recommended)
    dataset = desk.add()
    desk.load(dataset, table)
    run = desk.end(desk.compare(dataset, plan), compared)
    request = {"run": run.id, "candidate": compared.recommended, "shape": "", "resamples": 50}
    desk.end(desk.jobs.request(desk.owner, "portray", dataset, request), whole)
    import json

    import pages

    found = []
    with desk.request():
        for _ in range(3):
            began = time.perf_counter()
            text = json.dumps(pages.atlas.layout(dataset=dataset, run=run.id), cls=PlotlyJSONEncoder)
            found.append(time.perf_counter() - began)
    patch.undo()
    shutil.rmtree(folder)
    return {"first": found[0], "seconds": statistics.median(found), "kilobytes": len(gzip.compress(text.encode(), 6)) / 1000}


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


def in_browser(path: Path, folder: Path) -> tuple[dict, list[float], list[float]]:
    """An opening and the clicks, on a server of its own."""
    server = Server(folder / "store")
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_context(base_url=f"http://127.0.0.1:{server.port}").new_page()
            steps.upload(page, path)
            steps.compare(page, timeout=900_000)
            watched = Watched(page)
            steps.open_atlas(page)
            steps.described(page, timeout=300_000)
            first = opened(page, watched)
            spent, seen = clicks(page, watched)
            browser.close()
    finally:
        server.stop()
    return first, spent, seen


def main(rows: int | None) -> None:
    import pandas as pd
    from measure import alone

    before = machine()
    folder = Path(tempfile.mkdtemp())
    path = folder / "customers.csv"
    pd.DataFrame(customers(rows or ROWS), columns=[f"x{at}" for at in range(8)]).round(4).to_csv(path, index=False)
    first, spent, seen = in_browser(path, folder)
    peer = without_store(path)
    shutil.rmtree(folder)
    many = alone(opened_by_server, rows=10 * rows if rows else MANY)
    found = {
        "slowest answer of the server to a click": max(spent),
        "median answer of the server to a click": statistics.median(spent),
        "median until the candidate stands on the page": statistics.median(seen),
    }
    claims = [Claim(what, taken, "s", GOAL, peer=PEER, ratio=peer / taken) for what, taken in found.items()]
    claims += [
        Claim("the server opens the page", first["seconds"], "s", OPENED, peer=PEER, ratio=peer / first["seconds"]),
        Claim("sent to open the page", first["kilobytes"], "kB", SENT),
        Claim("the server opens the page, 1,000,000 customers", many["seconds"], "s", OPENED, peer=PEER, ratio=peer / many["seconds"]),
        Claim("the same for the first time since it started", many["first"], "s"),
        Claim("sent to open the page, 1,000,000 customers", many["kilobytes"], "kB", SENT),
    ]
    tell("reflow", claims, {"rows": rows or ROWS, "many": MANY, "clicks": len(spent)}, before=before, record=rows is None)


if __name__ == "__main__":
    begin(main, opened_by_server)
