"""Laws of a trained model: it puts the fitted customers where the fit and a person put them, and holds nothing of anyone else."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core import codec, pipeline, prepare
from core.errors import BadRequest
from core.model import Edit, Kind, Model, Recipe, Shape
from core.scoring.learning import shares
from tests.core.scored_shop import ROLES, compared, shop, table, trained


def test_fitted_customers_are_placed_where_they_are_and_lie_where_they_lay():
    """The oracle is the comparison: labels and coordinates of every row, those set aside included."""
    read = shop()
    found = compared(read, recipe=Recipe(roles=ROLES, gaps="drop"))
    model = pipeline.train(read, found, "kmeans-3")
    placed = pipeline.score(model, read, {})
    assert (placed.frame["segment"].to_numpy() == found.candidate("kmeans-3").labels).all() and len(found.aside)
    assert model.agreement == 1.0 and model.compared == len(read) - len(found.aside)
    np.testing.assert_allclose(placed.coordinates[:, : found.coordinates.shape[1]], found.coordinates, atol=1e-5)


def test_a_merged_segment_takes_both_and_a_named_one_is_called_so():
    """Nobody is told a number that is gone; the agreement stays whole, as a merge is known exactly."""
    read, _, model = trained(Edit("merge", 1, number=3), Edit("rename", 1, text="Best"), Edit("describe", 2, text="Note"), Edit("colour", 2, number=7))
    placed = pipeline.score(model, read, {}).frame
    assert sorted(placed["segment"].unique()) == [1, 2] and model.parts == ((1, 1), (2, 2), (3, 1)) and model.agreement == 1.0
    assert set(placed.loc[placed["segment"] == 1, "segment_name"]) == {"Best"}
    assert (model.segments[1].description, model.segments[1].colour) == ("Note", 7)
    assert [one.customers for one in model.segments] == placed["segment"].value_counts().sort_index().tolist()


@pytest.mark.parametrize("first", ["importance", "train"])
def test_what_an_importance_keeps_of_a_fit_serves_a_model_and_the_other_way_round(first):
    """Both recall the fit from one memo: whoever comes second must find there what it needs."""
    read = shop()
    found, kept = compared(read, recipe=Recipe(roles=ROLES)), {}

    def memo(key, make):
        if key not in kept:
            kept[key] = make()
        return kept[key]

    steps = [pipeline.importance, pipeline.train] if first == "importance" else [pipeline.train, pipeline.importance]
    told = {step.__name__: step(read, found, "kmeans-3", memo=memo) for step in steps}
    alone = pipeline.importance(read, found, "kmeans-3")
    pd.testing.assert_frame_equal(told["importance"].direct, alone.direct)
    assert told["train"].agreement == 1.0 and not told["importance"].notes


def test_a_split_is_decided_by_the_nearest_known_customers_and_one_moved_by_hand_makes_no_part():
    """All references are known here, so that nearly all customers fall to their own half; the moved one disagrees."""
    read, found, model = trained(Edit("split", 1))
    placed = pipeline.score(model, read, {}).frame["segment"].to_numpy()
    assert set(placed) == {1, 2, 3, 4} and model.parts == ((1, 1), (1, 4), (2, 2), (3, 3)) and model.agreement > 0.95
    labels = found.candidate("kmeans-3").labels
    moved = tuple(np.flatnonzero(labels == 2)[:1].tolist())
    _, _, model = trained(Edit("move", 3, rows=moved))
    assert model.parts == ((1, 1), (2, 2), (3, 3)) and model.agreement == pytest.approx(1 - 1 / 300)


def test_one_in_two_hundred_like_the_fitted_is_called_unlike_anyone():
    """New customers of the same kind: the limit is that of others, not of customers who know themselves."""
    random = np.random.default_rng(0)
    fitted, new = random.normal(size=(12_000, 3)), random.normal(size=(20_000, 3))
    read = table(a=fitted[:, 0], b=fitted[:, 1], c=fitted[:, 2])
    model = pipeline.train(read, compared(read, recipe=Recipe()), "kmeans-3")
    placed = pipeline.score(model, table(a=new[:, 0], b=new[:, 1], c=new[:, 2]), {}).frame
    assert len(model.references) == 2_000
    assert 0.0035 <= placed["unlike_anyone"].mean() <= 0.0068
    assert pipeline.score(model, read, {}).frame["unlike_anyone"].mean() <= 0.005


def test_middles_and_what_is_usual_are_those_of_the_segments():
    """By plain means over the matrix, and the median of the cells."""
    read, found, model = trained()
    matrix, labels = prepare.prepare(read, found.plan.recipe), found.candidate("kmeans-3").labels
    for one, centre in zip(model.segments, model.centres, strict=True):
        np.testing.assert_allclose(centre, matrix.values[labels[matrix.rows] == one.number].mean(axis=0), rtol=1e-12)
    usual = {(segment, column): text for segment, column, text in model.usual}
    assert set(usual) == {(one.number, column) for one in model.segments for column in model.columns}
    middle = read.frame["visits"][labels == 1].median()
    assert usual[1, "visits"] == (f"{middle:,.0f}" if middle == int(middle) else f"{middle:.3g}")


def test_drift_tells_shares_that_can_be_counted_again():
    """Bins of a number hold about a tenth each; the oracle is pandas' own counting; the same table has the same shares."""
    read, _, model = trained()
    known = {name: (marks, told) for name, marks, told in model.drift}
    assert list(known) == list(model.columns)
    edges, told = known["spend"]
    counts = pd.cut(read.frame["spend"], [-np.inf, *map(float, edges), np.inf], right=False).value_counts(sort=False)
    np.testing.assert_allclose(told, [*(counts / 300), read.frame["spend"].isna().mean()])
    assert max(told[:-1]) < 0.13 and len(edges) == 9
    levels, told = known["city"]
    counts = read.frame["city"].value_counts()
    np.testing.assert_allclose(told, [*(counts[level] / 300 for level in levels), 0.0, read.frame["city"].isna().mean()])
    assert known["news"][0] == ("no", "yes")
    for name, (marks, told) in known.items():
        assert sum(told) == pytest.approx(1.0) and shares(read.column(name).kind, marks, read.frame[name]) == told
    strange = pd.Series(["Atlantis", None, "Ulm", "Ulm"], dtype=object)
    counted = dict(zip([*levels, "others", "gap"], shares(Kind.CATEGORY, levels, strange), strict=True))
    assert (counted["others"], counted["gap"], counted["Ulm"]) == (0.25, 0.25, 0.5)


def test_a_model_is_plain_data_and_comes_back_from_disk(tmp_path):
    """Arrays of numbers, texts of levels; the codec gives the same placings. No id and no other column is in it."""
    read, _, model = trained()
    codec.write(model, tmp_path)
    again = codec.read(Model, tmp_path)
    pd.testing.assert_frame_equal(pipeline.score(again, read, {}).frame, pipeline.score(model, read, {}).frame)
    held = [*model.arrays.values(), model.references, model.centres, model.axes, model.middle, model.preparation.donors]
    assert all(array.dtype.kind in "fiub" for array in held)
    written = (tmp_path / "body.json").read_text()
    assert "c17" not in written and json.loads(written)


def test_the_order_of_rows_in_the_file_changes_no_placing():
    """The same customers turned round: a model that places everybody alike, though names of segments may be counted anew."""
    read = shop()
    turned = table(**{name: read.raw[name].iloc[::-1].to_numpy() for name in read.raw})
    models = [pipeline.train(one, compared(one), "kmeans-3") for one in (read, turned)]
    one, other = (pipeline.score(model, read, {}).frame for model in models)
    assert len(pd.crosstab(one["segment"], other["segment"]).to_numpy().nonzero()[0]) == 3
    for name in ("confidence", "unlike_anyone"):
        pd.testing.assert_series_equal(one[name], other[name])


def test_what_has_no_segments_or_cannot_be_edited_is_refused():
    read, found, _ = trained()
    for key, shape in (("kmeans-99", Shape()), ("kmeans-3", Shape((Edit("split", 9),)))):
        with pytest.raises(BadRequest):
            pipeline.train(read, found, key, shape=shape)


def test_steps_are_reported_up_to_the_end():
    read, found, _ = trained()
    told = []
    pipeline.train(read, found, "kmeans-3", lambda step, done, total: told.append((step, done, total)))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told) and told[-1][1:] == (100, 100)
