"""What a machine can see wrong with a page: barriers for people, and what is wider than the screen."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def serious(page: Page) -> list[str]:
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']} at {[node['target'] for node in one['nodes']][:4]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def overflow(page: Page) -> list[str]:
    """What is wider than the screen outside a box that scrolls by itself."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
            .slice(-5).map(e => e.tagName + '#' + e.id + '.' + e.getAttribute('class'));
        }"""
    )


def in_no_mode(state: dict) -> dict:
    """The session without its theme and width, so that the system's wish decides as on a first visit."""
    return {"cookies": [one for one in state["cookies"] if one["name"] == "atlas"], "origins": []}
