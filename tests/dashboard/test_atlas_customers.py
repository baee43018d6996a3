"""Laws of the list of customers: real rows, page by page; hostile states; why one is here; the list as a file of its owner."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.model import NOISE, Why
from dashboard import ids
from dashboard.components import atlas_why
from dashboard.components.atlas_customers import grid, margin_words, tab
from dashboard.components.atlas_listing import PAGE, Asked, listing
from tests.core.test_customers_unusual import placed
from tests.dashboard import made


def looked(segmentation=None, table=None, plan=None):
    """What components take of ``dashboard.atlas.Looked``."""
    table = table or made.table()
    of = segmentation or placed(table)
    comparison = made.comparison()
    return SimpleNamespace(segmentation=of, comparison=comparison, key="kmeans-2", table=lambda: table,
                           here=SimpleNamespace(run=SimpleNamespace(id="r" * 22)))  # fmt: skip


def many(rows: int):
    """A table of so many customers in one segment, who are placed."""
    table = made.table()
    at = np.arange(rows) % 12
    frame, raw = table.frame.iloc[at].reset_index(drop=True), table.raw.iloc[at].reset_index(drop=True)
    raw["customer"] = frame["customer"] = [f"k{nth:04}" for nth in range(rows)]
    of = placed(table)
    candidate = replace(of.candidate, labels=np.ones(rows, dtype=np.int16), sizes={1: rows})
    placing = of.placing.iloc[at].reset_index(drop=True)
    return looked(replace(of, candidate=candidate, placing=placing), replace(table, frame=frame, raw=raw))


def body(parts) -> list[str]:
    return [made.words(row) for part in parts for tbody in made.of(part, html.Tbody) for row in made.of(tbody, html.Tr)]


def test_the_border_list_has_the_nearest_first_with_its_second_segment():
    rows = body(grid(looked(), 1, Asked(view="border")))
    assert len(rows) == 8 and rows[-1].startswith("c0 well inside (1.00)")
    assert [row.split()[0] for row in rows] == [f"c{at}" for at in range(7, -1, -1)]
    assert all("Group 2" in row for row in rows)


def test_unusual_customers_stand_under_their_kinds_with_what_makes_them_so():
    rows = body(grid(looked(), 1, Asked(view="unusual")))
    assert rows[0] == "Very valuable" and rows[1].startswith("c1 C.") and rows[2] == "Unusual in another way"
    assert rows[3].startswith("c3 A.")


def test_cells_are_those_of_the_file_in_their_units_and_safe():
    table = made.table()
    frame = table.frame.copy()
    frame.loc[0, "customer"] = made.HOSTILE
    shown = grid(looked(table=replace(table, frame=frame)), 1, Asked(view="all"))
    first = body(shown)[0]
    assert "30 years" in first and "1,000 EUR" in first and "\u202e" not in first and "\x00" not in first


def test_every_page_is_met_once_and_the_last_one_ends():
    """60 customers on three pages: together all of them, none twice; beyond the last page the last is shown."""
    seen = []
    for page in range(3):
        seen += [row.split()[0] for row in body(grid(many(60), 1, Asked(view="all", page=page)))]
    assert seen == [f"k{nth:04}" for nth in range(60)]
    beyond = grid(many(60), 1, Asked(view="all", page=99))
    assert len(body(beyond)) == 60 - 2 * PAGE and "51 to 60 of 60" in " ".join(made.words(part) for part in beyond)


def test_the_buttons_of_the_ends_are_shut():
    for page, shut in ((0, [True, False]), (1, [False, False]), (2, [False, True])):
        parts = grid(many(60), 1, Asked(view="all", page=page))
        turns = [one for part in parts for one in made.of(part, html.Button) if isinstance(one.id, dict) and one.id["type"] == "list-turn"]
        assert [one.disabled for one in turns] == shut


def test_sorted_headers_say_so_and_a_second_press_turns_them():
    asked = Asked(view="all").sorted_by("c1")
    assert (asked.by, asked.falling) == ("c1", False) and asked.sorted_by("c1").falling
    heads = [one for part in grid(looked(), 1, asked) for one in made.of(part, html.Th)]
    assert [getattr(one, "aria-sort", None) for one in heads].count("ascending") == 1


def test_what_is_being_worked_out_is_said_and_all_customers_are_there_meanwhile():
    bare = looked(made.comparison().choose("kmeans-2"))
    assert "being worked out" in " ".join(made.words(part) for part in grid(bare, 1, Asked(view="border")))
    assert len(body(grid(bare, 1, Asked(view="all")))) == 8


def test_a_shaky_segment_carries_its_warning():
    of = placed(made.table())
    shaky = replace(of, candidate=replace(of.candidate, trust={1: 0.4, 2: 0.9}))
    assert any("Do not target on this alone" in made.words(part) for part in grid(looked(shaky), 1, Asked(view="all")))
    assert not any("alone" in made.words(part) for part in grid(looked(shaky), 2, Asked(view="all")))


def test_no_name_of_the_data_is_in_an_id():
    shown = html.Div([*tab(looked(), 1), *grid(looked(), 1, Asked(view="border"))])
    ids_ = [one.id for one in made.walk(shown) if getattr(one, "id", None) is not None]
    assert ids_ and not any(word in str(one) for one in ids_ for word in ("age", "income", "region", "customer\"", "c11"))
    assert made.of(shown, dcc.Store) and made.of(shown, dbc.RadioItems)


ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                        lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["view", "by", "page", "find", "falling"]), part))  # fmt: skip


@given(ANYTHING)
@examples(max_examples=200, deadline=None)
def test_whatever_a_browser_sends_is_a_list(state):
    """Any state is read as one that can be drawn, and reading it twice changes nothing."""
    asked = Asked.of(state)
    assert Asked.of(asked.state()) == asked
    assert listing(looked(), 1, asked) is not None


@pytest.mark.parametrize(("margin", "words"), [(0.0, "on the border (0.00)"), (0.2, "near the border (0.20)"), (0.9, "well inside (0.90)")])
def test_margins_in_words(margin, words):
    assert margin_words(margin) == words


def account(**changes):
    contributions = pd.DataFrame({"column": ["age", "income"], "own": ["30 years", "no value"], "segment_value": ["30 years", "1,000 EUR"],
                                  "runner_up_value": ["50 years", "4,000 EUR"], "pull": [0.8, -0.2]})  # fmt: skip
    moves = pd.DataFrame({"column": ["age"], "now": ["30 years"], "then": ["44 years"], "distance": [0.7], "segment": [2]})
    return replace(Why(0, 1, 2, "It is here for age.", contributions, moves), **changes)


def test_an_account_tells_every_pull_the_change_and_both_segments():
    shown = made.words(atlas_why.account("Why customer c0 is here", account(), placed(made.table())))
    for part in ("It is here for age.", "+0.80", "\N{MINUS SIGN}0.20", "usual in segment 2 50 years", "44 years instead of 30 years", "(0.70 sd)", "Group 2"):
        assert part in shown


def test_an_account_without_changes_or_runner_up_is_whole():
    none = account(runner_up=0, segment=NOISE, changes=account().changes.iloc[:0])
    shown = made.words(atlas_why.account("Why", none, placed(made.table())))
    assert "What would move" not in shown and "usual in segment" not in shown


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


def fetch(desk, path, owner=""):
    client = desk.app.test_client()
    with client.session_transaction() as kept:
        kept["owner"] = owner or desk.owner
    return client.get(path, buffered=True)


def test_the_file_holds_every_customer_of_the_list_in_its_order_exactly_as_read(desk):
    _, run = desk.finished()
    answer = fetch(desk, f"/customers/{run}/kmeans-2/1/all.csv?by=c1&falling=1")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    frame, table = pd.read_csv(io.BytesIO(answer.data), dtype=str, keep_default_na=False), made.table()
    assert frame["age"].tolist() == sorted(table.raw["age"].iloc[:8], key=float, reverse=True)
    assert set(frame["customer"]) == set(table.raw["customer"].iloc[:8]) and set(frame["segment"]) == {"1"}
    assert len(pd.read_csv(io.BytesIO(fetch(desk, f"/customers/{run}/kmeans-2/1/all.csv?find=c3").data))) == 1


@pytest.mark.parametrize("path", ["kmeans-2/9/all", "kmeans-2/1/none", "kmeans-9/1/all", "gmm-2/1/all", "kmeans-2/0/all"])
def test_what_is_not_there_is_not_found(desk, path):
    _, run = desk.finished()
    assert fetch(desk, f"/customers/{run}/{path}.csv").status_code == 404


def test_nobody_else_gets_the_customers(desk):
    _, run = desk.finished()
    assert fetch(desk, f"/customers/{run}/kmeans-2/1/all.csv", owner=ids.new_id()).status_code == 404


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(desk):
    table = made.table()
    raw = table.raw.copy()
    raw["region"] = "=1+1"
    dataset = desk.add()
    desk.load(dataset, replace(table, raw=raw))
    run = desk.end(desk.compare(dataset), made.comparison()).id
    text = fetch(desk, f"/customers/{run}/kmeans-2/1/all.csv").data.decode()
    assert "'=1+1" in text and ",=1+1" not in text


def test_the_colour_a_person_chose_is_that_of_the_list_and_of_the_account():
    of = placed(made.table(), colours={2: 9})
    shown = [*grid(looked(of), 1, Asked(view="border")), atlas_why.account("Why", account(), of)]
    badges = [str(one.className) for part in shown for one in made.of(part, html.Span) if "sa-seg-2" in str(getattr(one, "className", ""))]
    assert badges and all("sa-tint-9" in classes for classes in badges)
