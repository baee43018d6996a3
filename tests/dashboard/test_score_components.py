"""Laws of the parts of the Score page: what is asked is what the model needs, and what is told is what it found."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from core import scoring
from core.model import NOISE, Kind, MadeOf, ModelSegment, Note, Reason, Scored, ValueModel
from dashboard.components import intake, score_file, score_form, score_models, score_result
from dashboard.components.forms import dom_id
from dashboard.figures.score_map import moved, names_of, on_map, placed_map
from tests.dashboard import made, made_models

HOSTILE = made.HOSTILE
ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=8)


def words(part):
    return " ".join(made.words(part).split())


def row(**changes):
    return SimpleNamespace(**{"segment": 1, "confidence": 0.88, "runner_up": 2, "unlike_anyone": False, **changes})


def controls(form):
    return {tuple(sorted(one.id.items())): one for kind in (dbc.Input, dbc.Select) for one in made.of(form, kind)}


def test_the_form_has_a_control_for_each_column_and_starts_with_what_is_usual():
    """Numbers with unit and range, levels as a choice; every control has a label; no name of the data is in an id."""
    model = made_models.model()
    fields = scoring.fields(model)
    form = score_form.form(fields)
    assert len(controls(form)) == len(fields) == 4
    labelled = {one.htmlFor for one in made.of(form, html.Label)}
    assert labelled == {dom_id({"type": "score-field", "index": place}) for place in range(4)}
    income = made.of(form, dbc.Input)[0]
    assert income.value == np.median([one[0] for one in made_models.ROWS]) and income.type == "number"
    assert "20 to 100" in made.words(form)
    region = next(one for one in made.of(form, dbc.Select) if len(one.options) > 3)
    assert [one["label"] for one in region.options][-2:] == ["Another value", "Not known"]
    assert not any(name in known for known in made.known(form) for name in ("income", "region", "member"))


def test_years_have_no_thousands_marks():
    """A range of 1,893 to 1,996 is one of amounts."""
    first = scoring.fields(made_models.model())[0]
    told = [made.words(score_form.form([replace(first, name=name, low=1893, high=1996)])) for name in ("Year_Birth", "Income")]
    assert "1893 to 1996" in told[0] and "1,893 to 1,996" in told[1]


def test_a_unit_in_the_name_of_a_column_is_not_told_twice():
    """"Annual Income (k$)" needs no k$ behind it; where the name is silent the unit stands there."""
    first = scoring.fields(made_models.model())[0]
    labels = [made.of(score_form.form([replace(first, name=name, unit="k$")]), html.Label)[0] for name in ("Annual Income (k$)", "Income")]
    assert [" ".join(made.words(one).split()) for one in labels] == ["Annual Income (k$)", "Income k$"]


def test_the_form_as_it_stands_describes_the_usual_customer():
    """Reading back what was drawn gives the defaults, so that the first result is about what is seen."""
    fields = scoring.fields(made_models.model())
    form = score_form.form(fields)
    drawn = sorted(controls(form).values(), key=lambda one: one.id["index"])
    read = score_form.record(fields, [one.value for one in drawn])
    usual, _ = scoring.typed_records(made_models.model(), [{one.name: one.default for one in fields}])
    given_, _ = scoring.typed_records(made_models.model(), [read])
    pd.testing.assert_frame_equal(usual, given_)


@given(ANYTHING)
def test_whatever_the_browser_sends_becomes_a_record_that_can_be_placed(values):
    """Nonsense is a gap; a whole record is always there."""
    model = made_models.model()
    fields = scoring.fields(model)
    for sent in (values, [values] * len(fields)):
        found = score_form.record(fields, sent)
        assert list(found) == list(model.columns)
        assert all(value is None or isinstance(value, (int, float, str)) for value in found.values())


@pytest.mark.parametrize(("value", "read"), [("0", "first"), ("1", "second"), ("other", "another value"), ("none", None), ("2", None),
                                             ("-1", None), ("9" * 5_000, None), ("\u0661", None), (None, None), ("first", None)])  # fmt: skip
def test_a_level_is_chosen_by_its_place(value, read):
    """Levels travel as places; another value is one that the model does not have."""
    one = scoring.FormField("x", Kind.CATEGORY, "", 0, 0, "first", ("first", "second"), 0)
    assert score_form.record([one], [value]) == {"x": read}


def test_another_value_is_never_a_level_that_is_there():
    one = scoring.FormField("x", Kind.CATEGORY, "", 0, 0, "", ("another value", "another value."), 0)
    assert score_form.record([one], ["other"]) == {"x": "another value.."}


@pytest.mark.parametrize(("confidence", "word", "count"), [(1.0, "Clear", "25"), (0.88, "Fairly clear", "22"), (0.4, "Near a border", "10")])
def test_the_confidence_is_told_as_a_count_of_similar_customers(confidence, word, count):
    """22 of 25 and 88% are the same number."""
    told = words(score_result.placed(made_models.model(), row(confidence=confidence), ()))
    assert f"{word}." in told and f"{count} of the 25 most similar customers" in told


def test_fewer_known_customers_are_counted_as_they_are():
    few = replace(made_models.model(), references=made_models.model().references[:8])
    assert "4 of the 8 most similar" in words(score_result.placed(few, row(confidence=0.5), ()))


def test_one_customer_is_told_with_its_rival_reasons_and_doubts():
    """Everything that was found, and nothing that was not."""
    model = made_models.model()
    why = [Reason("income", "90 EUR", "80 EUR", "20 EUR", 2.0), Reason("age", "30 years", "31 years", "", 1.0)]
    told = words(score_result.placed(model, row(), why, (), [Note("GAPS_FILLED", "x", column="score")]))
    names = names_of(model)
    assert f"Next in line: 2 {names[2]}" in told
    assert f"90 EUR: usual here 80 EUR, in {names[2]} 20 EUR" in told and "usual here 31 years" in told
    assert "score is not known; what is usual is assumed." in told and "Unlike anyone" not in told
    odd = words(score_result.placed(model, row(unlike_anyone=True, runner_up=0), [], [Reason("age", "900", "18 to 77", "", 9.0)]))
    assert "Unlike anyone" in odd and "age 900 (known: 18 to 77)" in odd and "Next in line" not in odd and "No column speaks" in odd


def test_a_customer_in_no_segment_is_not_called_sure():
    told = words(score_result.placed(made_models.model(), row(segment=NOISE, confidence=1.0), ()))
    assert "In no segment" in told and "Most like: 2" in told and "Clear." not in told


def test_the_colour_a_person_chose_is_the_mark_of_the_segment():
    """In words and on the map."""
    model = made_models.model()
    first = replace(model.segments[0], colour=7)
    coloured = replace(model, segments=(first, *model.segments[1:]))
    assert "sa-seg-7" in score_result.mark_of(coloured, 1).className
    figure = placed_map(coloured, np.zeros(3), 1, solid=False)
    assert figure.data[0].marker.color == figure.data[-1].marker.color != placed_map(model, np.zeros(3), 1, solid=False).data[0].marker.color


@pytest.mark.parametrize("solid", [False, True])
def test_the_map_shows_the_known_faint_and_the_customer_on_top(solid):
    """What is sent while typing is the last trace, in the form in which it was drawn first."""
    model = made_models.model()
    figure = placed_map(model, np.array([1.0, 2.0, 3.0]), 2, solid=solid)
    place, trace = moved(model, np.array([1.0, 2.0, 3.0]), 2, solid=solid)
    assert place == len(figure.data) - 1 and figure.data[place].name == "This customer"
    assert all(list(figure.data[place][axis]) == values for axis, values in trace.items() if axis in "xyz")
    assert sum(len(one.x) for one in figure.data[:-1]) == len(model.references)
    assert all(one.marker.opacity < 0.5 and one.customdata is None for one in figure.data[:-1])


def test_known_customers_lie_where_scoring_puts_them():
    """The references on the map are where the same rows of the file land when they are placed."""
    model = made_models.model()
    frame, _ = scoring.typed_records(model, made_models.records(60))
    placed = scoring.score(model, frame).coordinates
    known = on_map(model)
    nearest = np.abs(placed[:, None, :] - known[None]).max(axis=2).min(axis=1)
    assert nearest.max() < 1e-5


def test_a_file_is_asked_for_what_is_missing_and_reads_it_back():
    """The mapping drawn from a proposal is the proposal again; nonsense counts as missing."""
    model = made_models.model()
    table = made_models.read(made_models.FILE.replace("income", "Einkommen"))
    proposed = scoring.proposed_mapping(model, list(table.frame.columns))
    form = score_file.mapping_form(model, table, proposed)
    values = [one.value for one in made.of(form, dbc.Select)]
    assert "income" in made.words(form) and "1 column of the model not found" in made.words(form)
    assert score_file.mapping_of(model, table, values) == proposed == {name: name for name in ("score", "region", "member")}
    place = f"c{list(table.frame.columns).index('Einkommen')}"
    assert score_file.mapping_of(model, table, [place, *values[1:]])["income"] == "Einkommen"
    for nonsense in (None, "c1", [1, 2, 3, 4], ["c99"] * 4, ["c1"], [{"a": 1}] * 4):
        assert score_file.mapping_of(model, table, nonsense) == {}


def outcome(**changes):
    frame = pd.DataFrame({
        "segment": np.array([1, 1, 2, NOISE], dtype=np.int16), "segment_name": ["a", "a", "b", ""],
        "confidence": [1.0, 0.5, 0.8, 1.0], "runner_up": np.array([2, 2, 1, 1], dtype=np.int16),
        "unlike_anyone": [False, False, True, False],
    })  # fmt: skip
    return Scored(frame.assign(**changes), np.zeros((4, 3), np.float32), (Note("X", "Something was assumed.", examples=("this",)),))


def test_customers_made_of_orders_have_rounded_cells():
    """Their figures were worked out: no seventeen digits; what stands in a file stands here as it does there."""
    raw = pd.DataFrame({"recency": [205.0, 3.0], "average": [78.66666666666667, 1.5]})
    made_of = MadeOf(lines=9, orders=4, currency="", as_of="2024-01-05", value=ValueModel("none", "too few", 365))
    shown = intake.cells(replace(made_models.table(), raw=raw, made=made_of), 8, 12)
    assert shown["recency"].tolist() == ["205", "3"] and shown["average"].tolist() == ["78.7", "1.5"]
    assert intake.cells(replace(made_models.table(), raw=raw), 1, 1)["recency"].tolist() == ["205.0"]


def test_what_came_of_a_file_adds_up():
    """Shares are of all customers of the file; the model's shares stand beside them."""
    model = made_models.model()
    shown = score_file.outcome(model, outcome(), made_models.read(made_models.HEAD + "a,1,2,North,yes\n" * 2 + "b,3,4,East,no\n" * 2), csv="/x.csv")
    tiles = {made.words(one.children[0]): made.words(one.children[1:]) for one in made.of(shown, html.Div) if getattr(one, "className", "") == "sa-stat"}
    assert tiles == {"Placed in a segment": "75% 3 of 4 customers", "Unlike anyone": "25% 1 of 4 customers", "Near a border": "25% 1 of 4 customers"}
    told = words(shown)
    assert "may not fit" in told and "Something was assumed. For example: this." in told and "First 4 of 4 customers" in told
    counts = [made.words(one.children[1]) for one in made.of(made.of(shown, html.Table)[0].children[2], html.Tr)]
    assert counts == ["2", "1", "0", "1"]
    assert [one.href for one in made.of(shown, html.A)] == ["/x.csv"]


def test_a_file_that_fits_is_not_warned_about():
    shown = score_file.outcome(made_models.model(), outcome(unlike_anyone=False), made_models.table(), csv="/x")
    assert "may not fit" not in made.words(shown)


@pytest.mark.parametrize(("change", "shown"), [(0.068, "+6.8 points"), (-0.004, "\N{MINUS SIGN}0.4 points"), (0.0, "0 points")])
def test_a_difference_of_shares_is_in_points(change, shown):
    assert score_file._points(change) == shown


def kept(**changes):
    known = {"id": "m" * 22, "name": "Mine", "created": 0.0, "file": "shop.csv", "signed": True, "keyed": False, "href": "/score?model=x",
             "model": made_models.model()}  # fmt: skip
    return score_models.Kept(**{**known, **changes})


def test_models_are_listed_with_where_they_come_from():
    """One that is damaged can only be deleted; a foreign one says so."""
    shown = score_models.listing([kept(), kept(id="n" * 22, signed=False, keyed=True, file=""), kept(id="o" * 22, model=None)], "m" * 22)
    told = words(shown)
    assert told.count("Shown") == 1 and "Made elsewhere" in told and "Open to machines" in told and "damaged" in told
    assert "60 customers of shop.csv" in told and "agreement 100%" in told
    assert [one.href for one in made.of(shown, html.A)] == [f"/models/{mark * 22}.zip" for mark in "mn"]
    label = made_models.model().label
    assert [words(score_models.listing([kept(name=name)], "")).count(label) for name in ("Mine", label)] == [1, 1], "told once"
    assert len(made.of(shown, dcc.Link)) == 2
    deletes = [one.id["index"] for one in made.of(shown, html.Button)]
    assert deletes == [mark * 22 for mark in "mno"]
    assert "No model yet" in words(score_models.listing([], ""))


def test_a_key_is_shown_when_it_was_just_made_and_never_again():
    fresh = words(score_models.machines(kept(keyed=True), "SECRET", host="http://h/"))
    later = words(score_models.machines(kept(keyed=True)))
    assert "SECRET" in fresh and "once" in fresh and "SECRET" not in later and "only its hash" in later
    assert "curl http://h/api/score" in fresh
    revoke = {one.id: one.hidden for one in made.of(score_models.machines(kept()), html.Button) if getattr(one, "hidden", None) is not None}
    assert revoke == {"model-key-void": True}


def test_hostile_names_stay_text_everywhere():
    """Names of models, segments, columns and files come from data or from strangers."""
    model = made_models.model()
    evil = replace(
        model, label=HOSTILE, segments=tuple(ModelSegment(one.number, HOSTILE, one.customers) for one in model.segments),
        preparation=replace(model.preparation, columns=tuple(replace(one, name=HOSTILE, unit=HOSTILE) for one in model.preparation.columns)),
    )  # fmt: skip
    told = [
        score_models.listing([kept(name=HOSTILE, file=HOSTILE, model=evil)], ""), score_models.about(kept(file=HOSTILE, model=evil)),
        score_models.machines(kept(model=evil)), score_form.form(scoring.fields(evil)),
        score_result.placed(evil, row(unlike_anyone=True), [Reason(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1)], [Reason(HOSTILE, HOSTILE, HOSTILE, "", 1)],
                            [Note("X", HOSTILE), Note("GAPS_FILLED", "", column=HOSTILE)]),
        score_file.outcome(evil, outcome(), made_models.table(), csv="/x"),
    ]  # fmt: skip
    for part in told:
        assert "\u202e" not in made.words(part) and "\x00" not in made.words(part)
    figure = placed_map(evil, np.zeros(3), 1, solid=False).to_json()
    assert "<a href" not in figure and "%{y}" not in figure
