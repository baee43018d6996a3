"""Laws of placing others: columns are found and typed, what was assumed is told, and what cannot be is refused by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import pipeline, scoring
from core.errors import BadRequest
from core.model import ORDERS, Kind, Recipe
from core.scoring.scored import _filled
from tests.core.scored_shop import ROLES, compared, shop, table, trained


def codes(notes) -> list[str]:
    return [note.code for note in notes]


def plainly():
    """The shop and a model of it in which the planted crowds are the segments: age is the one column that parts nobody."""
    read = shop()
    roles = ROLES | {"city": "profile", "news": "profile"}
    found = compared(read, recipe=Recipe(roles=roles, encoding="ordinal", skews={"spend": "log", "visits": "log"}))
    return read, pipeline.train(read, found, "kmeans-3")


def renamed(names: dict[str, str]):
    """The shop with other headers."""
    read = shop()
    return table(**{names.get(name, name): read.raw[name] for name in read.raw})


def test_names_are_found_by_mapping_then_equal_then_alike():
    """SPEND is found by itself, Besuche because it is said, and nothing is found twice."""
    read, _, model = trained()
    other = renamed({"spend": " SPEND", "visits": "Besuche", "age": "Age "})
    assert scoring.proposed_mapping(model, ["SPEND", "age", "Age", "visits "]) == {"spend": "SPEND", "visits": "visits ", "age": "age"}
    assert "spend" not in scoring.proposed_mapping(model, ["Spend", "SPEND"])
    frame, notes = scoring.typed(model, other, {"visits": "Besuche"})
    pd.testing.assert_frame_equal(frame, read.frame[list(model.columns)])
    assert codes(notes).count("TAKEN_FROM") >= 1 and "NOT_LOOKED_AT" in codes(notes)


def test_missing_columns_are_named_with_what_there_is():
    """One message for all of them; a mapping that names what is not there is refused as well."""
    _, _, model = trained()
    other = renamed({"spend": "umsatz", "city": "ort"})
    with pytest.raises(BadRequest, match="2 columns that the model needs are missing: spend, city") as refused:
        scoring.typed(model, other, {})
    assert "umsatz" in refused.value.hint and "ort" in refused.value.hint
    for wrong in ({"spend": "nothing"}, {"nothing": "umsatz"}):
        with pytest.raises(BadRequest, match="nothing"):
            scoring.typed(model, other, wrong)


def test_a_model_of_customers_made_of_orders_says_how_they_are_made():
    """Order lines lack its columns: the way is to make customers of them, not to choose other columns."""
    _, _, model = trained()
    recipe = replace(model.plan.recipe, answers={ORDERS: "{}"})
    with pytest.raises(BadRequest) as refused:
        scoring.typed(replace(model, plan=replace(model.plan, recipe=recipe)), table(client=["a", "b"], amount=["1", "2"]), {})
    assert "make customers of it first" in refused.value.hint


def test_a_file_without_rows_is_refused():
    read, _, model = trained()
    empty = replace(read, frame=read.frame.iloc[:0], raw=read.raw.iloc[:0])
    with pytest.raises(BadRequest, match="no customers"):
        scoring.typed(model, empty, {})
    with pytest.raises(BadRequest, match="no customer"):
        scoring.score(model, read.frame.iloc[:0])
    with pytest.raises(BadRequest, match="no customer"):
        scoring.typed_records(model, [])


def test_a_single_row_is_typed_by_the_model_and_not_by_itself():
    """In a file of one row a number may look like a category and a flag like a word; it is placed as it is among others."""
    read, _, model = trained()
    whole = pipeline.score(model, read, {}).frame
    for at in (0, 5, 23, 150):
        one = table(**{name: [read.raw[name].iloc[at]] for name in read.raw})
        assert pipeline.score(model, one, {}).frame.iloc[0].tolist() == whole.iloc[at].tolist()


def test_cells_that_cannot_be_read_become_gaps_up_to_half_of_them():
    """Counted with examples; beyond half the column is refused by name."""
    read, _, model = trained()
    columns = {name: read.raw[name].to_numpy(dtype=object).copy() for name in read.raw}
    columns["age"][:120] = "old"
    frame, notes = scoring.typed(model, table(**columns), {})
    told = next(note for note in notes if note.code == "NOT_READ")
    assert told.count == 120 and told.examples == ("old",) and frame["age"].isna().sum() == 120
    columns["age"][:200] = "old"
    with pytest.raises(BadRequest, match="age must be numbers; 200 of 300"):
        scoring.typed(model, table(**columns), {})


def test_unseen_levels_count_as_the_rest_or_none_and_are_told():
    """A city nobody had is no city that is known: its columns are those of the rest; a tier without a place is a gap."""
    read, _, model = trained()
    columns = {name: read.raw[name].to_numpy(dtype=object).copy() for name in read.raw}
    columns["city"][:7], columns["tier"][:4], columns["city"][7:9] = "Atlantis", "royal", " ULM "
    frame, notes = scoring.typed(model, table(**columns), {})
    told = {note.column: note for note in notes if note.code == "UNSEEN_LEVELS"}
    assert told["city"].count == 7 and told["city"].examples == ("Atlantis",) and told["tier"].count == 4
    assert (frame["city"].iloc[7:9] == "Ulm").all() and next(n for n in notes if n.code == "SPELLED").count == 2
    from core.prepare import applied

    values = applied(model.preparation, frame)
    at = [number for number, feature in enumerate(model.preparation.features) if feature.column == "city" and feature.level]
    city = next(column for column in model.preparation.columns if column.name == "city")
    expected = [city.weight * (level == city.rest) for level in city.levels]
    np.testing.assert_array_equal(values[0, at], expected)
    flag = next(n for n, feature in enumerate(model.preparation.features) if feature.column == "spend" and feature.name != "spend")
    assert len(set(values[:, flag])) == 2


def test_numbers_beyond_the_range_another_unit_and_gaps_are_told():
    """Each with its count."""
    read, _, model = trained()
    columns = {name: read.raw[name].to_numpy(dtype=object).copy() for name in read.raw}
    columns["age"][:3] = "900"
    columns["visits"][:5] = None
    notes = {note.code + note.column: note for note in pipeline.score(model, table(**columns), {}).notes}
    assert notes["BEYOND_RANGEage"].count == 3 and notes["BEYOND_RANGEage"].examples[0] == "900"
    assert notes["GAPS_FILLEDvisits"].count == 5


@pytest.mark.parametrize(("kind", "filler", "said"), [
    (Kind.NUMBER, "-0.09339975093399751", "with -0.0934."), (Kind.FLAG, "1.0", "with yes."), (Kind.CATEGORY, "Ulm", "with Ulm."),
])  # fmt: skip
def test_what_fills_a_gap_is_told_as_a_person_would_write_it(kind, filler, said):
    """Not in the seventeen digits of its bits."""
    _, _, model = trained()
    column = replace(next(one for one in model.preparation.columns if one.kind is kind), filler=filler, unit="")
    model = replace(model, preparation=replace(model.preparation, columns=(column,)))
    gap = pd.DataFrame({column.name: pd.Series([None if kind is Kind.CATEGORY else np.nan], dtype=object if kind is Kind.CATEGORY else float)})
    assert [note.text.endswith(said) for note in _filled(model, gap)] == [True]


def test_records_are_read_like_a_file_is():
    """The oracle is the loader: every row of the shop sent as text is placed where the file puts it."""
    read, _, model = trained()
    records = [{name: row[name] for name in model.columns} for row in read.raw.to_dict("records")]
    frame, notes = scoring.typed_records(model, records)
    expected, _ = scoring.typed(model, read, {})
    pd.testing.assert_frame_equal(frame, expected)
    assert not notes


@pytest.mark.parametrize(("text", "value"), [
    ("12,5", 12.5), ("1.234,50", 1234.5), ("1,234.50", 1234.5), ("1,234", 1234.0), ("1 234,5", 1234.5), (" 7 ", 7.0), (-3, -3.0), (1e3, 1000.0),
    ("\N{MINUS SIGN}4", -4.0), ("2e2", 200.0), (None, None), ("", None), (float("nan"), None), ("1'000", 1000.0), (".5", 0.5),
])  # fmt: skip
def test_numbers_of_records(text, value):
    """Marks as the loader reads them where nothing else is known."""
    _, _, model = trained()
    record = {"spend": text, "visits": 1, "age": 30, "tier": "low", "city": "Ulm", "news": True}
    frame, _ = scoring.typed_records(model, [record])
    found = frame["spend"].iloc[0]
    assert np.isnan(found) if value is None else found == value


@pytest.mark.parametrize(("field", "given"), [
    ("spend", "twelve"), ("spend", [1]), ("spend", {"a": 1}), ("spend", True), ("spend", "inf"), ("spend", float("inf")), ("spend", 10**400),
    ("spend", "1" * 2_000), ("spend", "1,2,3"), ("news", "perhaps"), ("news", 2), ("city", "x" * 1_001), ("city", "\ud800"), ("city", ["Ulm"]),
])  # fmt: skip
def test_a_value_that_cannot_be_read_names_its_field_and_record(field, given):
    _, _, model = trained()
    good = {"spend": 1, "visits": 1, "age": 30, "tier": "low", "city": "Ulm", "news": "no"}
    with pytest.raises(BadRequest, match=f"{field} in record 2") as refused:
        scoring.typed_records(model, [good, good | {field: given}])
    assert len(str(refused.value)) < 200


def test_records_without_a_field_or_that_are_no_objects_are_refused():
    """Fields are found in any letter case; more of them do not harm."""
    _, _, model = trained()
    good = {"Spend": 1, "VISITS": 1, "age": 30, "tier": "low", "city": "Ulm", "news": "no", "shoe": 44}
    frame, notes = scoring.typed_records(model, [good])
    assert frame["spend"].iloc[0] == 1.0 and codes(notes) == ["NOT_LOOKED_AT"]
    with pytest.raises(BadRequest, match="Record 1 has no field age"):
        scoring.typed_records(model, [{name: value for name, value in good.items() if name != "age"}])
    for wrong in ("x", 1, None, [1], {1: 2}):
        with pytest.raises(BadRequest, match="Record 1 is not an object"):
            scoring.typed_records(model, [wrong])


def test_fields_of_the_form_are_what_the_fitted_customers_had():
    """Range, default and levels from the table itself; the defaults are a customer that can be placed."""
    read, _, model = trained()
    fields = {one.name: one for one in scoring.fields(model)}
    age = read.frame["age"]
    assert (fields["age"].low, fields["age"].high, fields["age"].step) == (age.min(), age.max(), 1.0)
    assert float(fields["age"].default) in set(age) and age.quantile(0.4) <= float(fields["age"].default) <= age.quantile(0.6)
    assert fields["tier"].levels == ("low", "medium", "high") and fields["city"].default == "Ulm"
    assert fields["news"].levels == ("yes", "no") and fields["news"].kind is Kind.FLAG
    frame, notes = scoring.typed_records(model, [{name: one.default for name, one in fields.items()}])
    assert not notes and scoring.score(model, frame).frame["segment"].iloc[0] in (1, 2, 3)


def test_reasons_are_the_difference_of_squared_distances():
    """Summed over all columns, pulls are the distance to the runner-up's middle less that to its own: here by hand."""
    read, _, model = trained()
    from core.prepare import applied

    frame, _ = scoring.typed(model, read, {})
    values, placed = applied(model.preparation, frame), scoring.score(model, frame).frame
    told = scoring.reasons(model, frame)
    for at in range(0, len(frame), 11):
        own, other = placed["segment"].iloc[at] - 1, placed["runner_up"].iloc[at] - 1
        parts = (values[at] - model.centres[other]) ** 2 - (values[at] - model.centres[own]) ** 2
        pulls = {}
        for feature, part in zip(model.preparation.features, parts, strict=True):
            pulls[feature.column] = pulls.get(feature.column, 0.0) + part
        best = sorted((pull for pull in pulls.values() if pull > 0), reverse=True)[:3]
        np.testing.assert_allclose([one.pull for one in told[at]], best)
        assert all(one.pull == pytest.approx(pulls[one.column]) for one in told[at])
        assert told[at][0].here and told[at][0].there


def test_a_column_in_which_the_same_is_usual_there_is_no_reason():
    """"Female: usual here Female, there Female" is told of nobody, though means may differ by a customer or two."""
    read, model = plainly()
    frame, _ = scoring.typed(model, read, {})
    alike = replace(model, usual=tuple((segment, column, "the same" if column == "visits" else text) for segment, column, text in model.usual))
    before, after = (scoring.reasons(one, frame) for one in (model, alike))
    assert any(one.column == "visits" for told in before for one in told)
    assert not any(one.column == "visits" for told in after for one in told)
    assert all(one.here != one.there or not one.here for told in before for one in told)


def test_the_first_reason_is_a_column_that_the_crowds_were_planted_in():
    """Three columns part the crowds, age is the same in all."""
    read, model = plainly()
    frame, _ = scoring.typed(model, read, {})
    first = [told[0].column for told in scoring.reasons(model, frame) if told]
    assert len(first) > 290 and np.mean(np.isin(first, ["spend", "visits", "tier"])) > 0.95


def test_a_customer_ten_standard_deviations_out_is_unlike_anyone_and_it_is_told_by_what():
    """In one column, planted; a usual customer is not."""
    read, model = plainly()
    frame, _ = scoring.typed(model, read, {})
    far = frame.iloc[:40].copy()
    far["age"] = frame["age"].mean() + 10 * frame["age"].std()
    assert scoring.score(model, far).frame["unlike_anyone"].all()
    for reasons in scoring.unlike_reasons(model, far):
        assert reasons[0].column == "age" and reasons[0].here == "18 years to 79 years"
        assert all(one.pull >= 0.1 * reasons[0].pull for one in reasons)
    far["age"] = frame["age"].mean() + 100 * frame["age"].std()
    assert all([one.column for one in reasons] == ["age"] for reasons in scoring.unlike_reasons(model, far))
    assert scoring.score(model, frame).frame["unlike_anyone"].mean() <= 0.01


def test_threads_blocks_and_other_rows_change_nothing():
    """20,000 rows on two threads, in another order, and one by one: bit by bit."""
    read, _, model = trained()
    frame, _ = scoring.typed(model, read, {})
    many = pd.concat([frame] * 67, ignore_index=True)
    many["spend"] = many["spend"] * np.random.default_rng(0).lognormal(0, 0.3, len(many))
    one, two = (scoring.score(model, many, threads=threads) for threads in (1, 2))
    pd.testing.assert_frame_equal(one.frame, two.frame)
    np.testing.assert_array_equal(one.coordinates, two.coordinates)
    turned = np.random.default_rng(1).permutation(len(many))
    pd.testing.assert_frame_equal(scoring.score(model, many.iloc[turned]).frame, one.frame.iloc[turned].reset_index(drop=True))
    for at in turned[:40]:
        assert scoring.score(model, many.iloc[[at]]).frame.iloc[0].tolist() == one.frame.iloc[at].tolist()
