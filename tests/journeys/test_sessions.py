"""Two people with the same file and the same choices: each has their own result, and only theirs."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.journeys import steps


def _finished(page) -> dict[str, str]:
    steps.open_sample(page)
    page.click("#compare-go")
    page.wait_for_url("**/compare?*")
    return {}


def _ids(page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.long
def test_two_sessions_with_equal_requests_each_get_their_own_and_neither_opens_the_others(visit):
    visit.allow(r"http 404: GET .*/download/", r"status of 404")
    pages = [visit(), visit()]
    for page in pages:
        _finished(page)
    for page in pages:
        steps.board(page)
        steps.open_atlas(page)
    first, second = (_ids(page) for page in pages)
    assert first["choice"] == second["choice"], "equal data and choices give equal segments"
    assert first["run"] != second["run"]
    assert first["dataset"] != second["dataset"]
    assert steps.sizes(pages[0]) == steps.sizes(pages[1])
    for page, mine, others in ((pages[0], first, second), (pages[1], second, first)):
        for name in ("customers_csv", "profiles_csv", "workbook_xlsx", "scores_json", "plan_json"):
            assert _status(page, mine, name) == 200
            assert _status(page, others, name) == 404
        page.goto(f"/atlas?dataset={others['dataset']}&run={others['run']}")
        page.locator("#main h1").wait_for()
        assert page.locator(".sa-atlas-cards").count() == 0
        page.goto(f"/?dataset={mine['dataset']}&run={others['run']}")
        page.get_by_text("This address leads to nothing you own.").wait_for()


def _status(page, ids: dict[str, str], name: str) -> int:
    return page.request.get(f"/download/{ids['run']}/{ids['choice']}/{name}").status


def test_the_session_cookie_is_out_of_reach_of_scripts(visit, finished):
    page = visit(state=finished["state"])
    page.goto("/")
    cookies = {one["name"]: one for one in page.context.cookies()}
    assert cookies["atlas"]["httpOnly"]
    assert cookies["atlas"]["sameSite"] in ("Lax", "Strict")
    assert set(cookies) <= {"atlas", "sa-mode", "sa-narrow"}, "a session, a theme, a width, nothing else"
    assert cookies["sa-mode"]["value"] in ("light", "dark")
    assert "atlas=" not in page.evaluate("document.cookie")
