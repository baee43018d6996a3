"""Laws of the Migration page: what it asks for, what it shows at each stage, its lists, and names taken over."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from dash import html, no_update

from core import pipeline
from core.model import Edit, Shape
from core.shaping import ledger
from dashboard.address import Address
from dashboard.atlas import carry_over, look
from dashboard.current import current
from tests.dashboard import made
from tests.pages.states import heading, links, stop


@pytest.fixture()
def two(desk):
    """Two comparisons of one file: (dataset, run before, run now)."""
    dataset, before = desk.finished()
    now = desk.end(desk.compare(dataset), made.comparison()).id
    return dataset, before, now


def params(two, **more):
    return {"run": two[2], "choice": "kmeans-3", "before": two[1], "before_choice": "kmeans-3", **more}


def search(two):
    return "?" + "&".join(f"{name}={value}" for name, value in params(two).items())


def found(**changes):
    comparison, table = made.comparison(), made.table()
    whole = table, comparison, comparison.choose("kmeans-3")
    return pipeline.migrate(whole, whole, **changes)


def asked(desk, pages, two):
    with desk.request():
        run, said = pages.migration.following.ask(True, search(two))
    assert said is no_update
    return desk.store.run(desk.owner, run)


def test_without_anything_compared_the_way_there_is_shown(desk, page):
    """No run, and no run of this session."""
    with desk.request():
        for given in ({}, {"run": "x" * 22}, {"run": ["a"], "before": {"b": 1}}):
            assert heading(page("migration", **given)) == "Migration" and links(page("migration", **given))[0].partition("?")[0] == "/"


def test_alone_the_way_to_another_file_is_shown(desk, page):
    """One finished comparison has nothing before it: that is said, with a link to where a file is loaded."""
    _, run = desk.finished()
    with desk.request():
        shown = page("migration", run=run)
    assert "Nothing to compare with yet" in made.words(shown) and "/" in links(shown)


def test_without_an_earlier_run_one_is_chosen(desk, page, two):
    """Each other finished comparison is a link; alone, it is said that there is none."""
    with desk.request():
        shown = page("migration", run=two[2])
        assert any(f"before={two[1]}" in link for link in links(shown)) and not any(f"before={two[2]}" in link for link in links(shown))
        other = page("migration", run=two[2], before="y" * 22)
        assert any(f"before={two[1]}" in link for link in links(other))


def test_entering_asks_once_in_the_present_shapes(desk, pages, page, two):
    """With what both are; a second visit finds the job."""
    run = asked(desk, pages, two)
    assert run.kind == "migrate" and run.request["run"] == two[2] and run.request["before"]["run"] == two[1]
    with desk.request():
        assert pages.migration.following.ask(True, search(two)) == (no_update, no_update)
        assert pages.migration.following.ask(True, None) == (no_update, no_update)
        assert "Cancel" in made.words(page("migration", **params(two)))


def test_a_job_without_a_result_says_why(desk, pages, page, two):
    """And can be run again."""
    stop(desk, asked(desk, pages, two), "failed")
    with desk.request():
        shown = page("migration", **params(two))
        assert "did not work" in made.words(shown)
        assert any(f"before={two[1]}" in link for link in links(shown)), "and another one chosen: files that share nothing never will"


def test_the_result_is_drawn_when_it_is_there_and_then_left_alone(desk, pages, page, two):
    """The verdict before all else; the stage stops further drawing."""
    run = asked(desk, pages, two)
    with desk.request():
        waiting = pages.migration.drawing.stage(run)
        desk.end(run, found())
        body, stage = pages.migration.following.follow(None, 1, search(two), "/migration", waiting)
        assert heading(body) == "All 3 segments are the same as before" and stage == [run.id, "done"]
        assert pages.migration.following.follow(None, 2, search(two), "/migration", stage) == (no_update, no_update)
        assert pages.migration.following.follow(None, 2, search(two), "/atlas", waiting) == (no_update, no_update)
        words = made.words(page("migration", **params(two)))
    assert words.index("Keep") < words.index("What became") < words.index("Who went where") < words.index("Drift")


def test_the_measure_is_switched_by_what_there_is(desk, pages, two):
    """Income is money here; anything else shows customers."""
    desk.end(asked(desk, pages, two), found())
    with desk.request():
        assert "EUR" in made.words(pages.migration.following.switch("revenue_now", search(two)))
        assert "Customers by segment" in made.words(pages.migration.following.switch({"a": 1}, search(two)))
        assert pages.migration.following.switch("customers", "?run=1") is no_update


def test_names_are_taken_over_as_one_version_that_can_be_undone(desk, pages, two):
    """Names, colours and descriptions of before; a second click changes nothing."""
    was = Shape((Edit("rename", 1, text="Loyal"), Edit("colour", 1, 7), Edit("describe", 2, text="Who buys on sale")))
    desk.store.reshape(desk.owner, two[1], "kmeans-3", was, after=0)
    desk.end(asked(desk, pages, two), found())
    with desk.request():
        body, said = pages.migration.following.use_names(1, search(two))
        shaping = desk.store.shaping(desk.owner, two[2], "kmeans-3")
        assert shaping.now == 1 and "called as before" in made.words(said)
        there = ledger((1, 2, 3), shaping.shape)
        assert there.names[1] == "Loyal" and there.colours[1] == 7 and there.descriptions == {2: "Who buys on sale"}
        assert "Loyal" in made.words(body) and [b.disabled for b in made.of(body, html.Button) if getattr(b, "id", "") == "migration-names"] == [True]
        pages.migration.following.use_names(2, search(two))
        assert desk.store.shaping(desk.owner, two[2], "kmeans-3").now == 1
        desk.store.go_to_version(desk.owner, two[2], "kmeans-3", 0)
        assert desk.store.shaping(desk.owner, two[2], "kmeans-3").shape == Shape()
        assert pages.migration.following.use_names(0, search(two)) == pages.migration.following.use_names(1, None) == (no_update, no_update)


def get(desk, path):
    client = desk.app.test_client()
    with client.session_transaction() as session:
        session["owner"] = desk.owner
    return client.get(path)


def rows(answer):
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


def test_each_cell_of_the_matrix_downloads_its_customers(desk, pages, two):
    """All lists together are the file, each with its row, segments and money."""
    run = desk.end(asked(desk, pages, two), found())
    head, *listed = rows(get(desk, f"/migration-list/{run.id}.csv?before=2&now=2"))
    assert "segment_before" in head and len(listed) == 4 and [row[head.index("row_now")] for row in listed] == ["7", "8", "9", "10"]
    everyone = [row for segment in (1, 2, 3) for row in rows(get(desk, f"/migration-list/{run.id}.csv?before={segment}"))[1:]]
    assert len(everyone) == 12
    assert len(rows(get(desk, f"/migration-numbers/{run.id}.csv"))) == 4
    for wrong in ("?before=9", "?before=1&now=2", "?now=x", "?now=-1"):
        assert get(desk, f"/migration-list/{run.id}.csv{wrong}").status_code == 404
    for path in ("/migration-list/zzz.csv", f"/migration-numbers/{two[1]}.csv"):
        assert get(desk, path).status_code == 404
    assert desk.app.test_client().get(f"/migration-numbers/{run.id}.csv").status_code == 404


def test_cells_that_spreadsheets_would_run_are_harmless(desk, pages, two):
    """A name given by a person."""
    migration = found()
    fates = migration.fates.assign(name="=HYPERLINK(1)")
    run = desk.end(asked(desk, pages, two), replace(migration, fates=fates))
    answer = get(desk, f"/migration-list/{run.id}.csv?before=2&now=2").get_data(as_text=True)
    assert "'=HYPERLINK(1)" in answer and ",=HYPERLINK" not in answer


def reversed_file(desk, **changes):
    """The same twelve customers in another file, the last row first: (dataset, run)."""
    frame = made.table().frame.iloc[::-1].reset_index(drop=True)
    table = made.table(frame=frame, raw=frame.astype(str), fingerprint="9" * 64, **changes)
    dataset = desk.add("later.csv")
    desk.load(dataset, table)
    whole = made.comparison()
    candidates = tuple(replace(one, labels=one.labels[::-1].copy()) for one in whole.candidates)
    return dataset, desk.end(desk.compare(dataset), replace(whole, candidates=candidates, fingerprint="9" * 64)).id


def test_edits_follow_their_customers_to_another_file(desk):
    """By ids, as the first version there; customer c1, who was moved, is row 10 of the later file."""
    _, before = desk.finished()
    edits = (Edit("rename", 2, text="Spenders"), Edit("move", 2, rows=(1,)))
    desk.store.reshape(desk.owner, before, "kmeans-3", Shape(edits), after=0)
    _, later = reversed_file(desk)
    with desk.request():
        looked = look(current(Address.of({"run": later})), "kmeans-3")
        assert carry_over(looked).startswith("Carried over from the comparison of")
        shape = desk.store.shaping(desk.owner, later, "kmeans-3").shape
        assert {(e.kind, e.segment, e.text, e.rows) for e in shape.edits} == {("move", 2, "", (10,)), ("rename", 2, "Spenders", ())}
        assert carry_over(look(current(Address.of({"run": later})), "kmeans-3")) == ""


def test_files_of_other_customers_or_other_columns_inherit_nothing(desk):
    """Other ids are other customers."""
    _, before = desk.finished()
    desk.store.reshape(desk.owner, before, "kmeans-3", Shape((Edit("rename", 2, text="Spenders"),)), after=0)
    strangers = tuple(replace(one, name="code") if one.name == "customer" else one for one in made.COLUMNS)
    _, later = reversed_file(desk, columns=strangers)
    with desk.request():
        assert carry_over(look(current(Address.of({"run": later})), "kmeans-3")) == ""
