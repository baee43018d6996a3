"""A real server, a real browser, and a page that fails its test when anything at all went wrong in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.faults.conftest import Server
from tests.journeys import steps

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HEIGHTS = {390: 844}
# maps are drawn by the processor alone here, which keeps a page busy for seconds
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items):
    """Whatever asks for a page is a browser test."""
    for item in items:
        if {"visit", "page", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """gunicorn as it is served, on a data directory of its own; small uploads so that the limit can be met."""
    running = Server(tmp_path_factory.mktemp("journeys") / "store", MAX_UPLOAD_MB="30")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def base(server) -> str:
    return f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


class Visits:
    """Makes browser sessions of a test and keeps what went wrong in each of their pages."""

    def __init__(self, browser: Browser, base: str) -> None:
        self._browser = browser
        self._base = base
        self._contexts: list[BrowserContext] = []
        self.problems: list[str] = []
        self.allowed: list[str] = []

    def __call__(self, *, width: int = 1440, dark: bool = False, state: dict | None = None) -> Page:
        """A page in a session of its own, or in the one whose ``state`` is given."""
        context = self._browser.new_context(
            base_url=self._base,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme="dark" if dark else "light",
            storage_state=state,
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        return self.watched(context.new_page())

    def watched(self, page: Page) -> Page:
        page.on("console", lambda said: self._console(said))
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("response", lambda answer: self._answer(answer))
        return page

    def allow(self, *patterns: str) -> None:
        """Declare what this test provokes on purpose: regular expressions searched in the problem's text."""
        self.allowed += patterns

    def unexpected(self) -> list[str]:
        return [one for one in self.problems if not any(re.search(pattern, one) for pattern in self.allowed)]

    def close(self) -> None:
        for context in self._contexts:
            try:
                context.close()
            except Error:
                continue

    def _console(self, said) -> None:
        # a violated content policy is a console error too
        if said.type == "error":
            self.problems.append(f"console: {said.text[:400]} ({said.location.get('url', '')[:120]})")

    def _answer(self, answer) -> None:
        if answer.status >= 400:
            body = (answer.request.post_data or "")[:300] if answer.request.method == "POST" else ""
            self.problems.append(f"http {answer.status}: {answer.request.method} {answer.url[:160]} {body}")


@pytest.fixture()
def visit(browser, base):
    """A maker of watched pages, each in a browser session of its own."""
    visits = Visits(browser, base)
    yield visits
    visits.close()
    assert not visits.unexpected(), "\n".join(visits.unexpected())


@pytest.fixture()
def page(visit) -> Page:
    return visit()


@pytest.fixture(scope="session")
def artefacts(project) -> Path:
    """Where screenshots are kept for people to look at."""
    folder = project / "tests" / ".artefacts"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def finished(browser, base):
    """A session whose sample is compared and explained: its cookies, and its address as text after "?"."""
    visits = Visits(browser, base)
    page = visits()
    steps.open_sample(page)
    steps.compare(page)
    steps.open_atlas(page)
    query = page.url.partition("?")[2]
    page.goto(f"/importance?{query}")
    steps.measure(page)
    state = page.context.storage_state()
    visits.close()
    assert not visits.unexpected(), "\n".join(visits.unexpected())
    return {"state": state, "query": query}
