"""Laws of why a customer is where it is: pulls add up, a planted cause comes first, every change is true when made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import pipeline, prepare
from core.customers import Standing, why
from core.errors import BadRequest
from core.formats.reading import Reading
from core.memo import Kept
from core.model import NOISE, Edit, Plan, Recipe, Role, Shape, Source, Table
from core.tables import understand


def table(seed: int = 0, n: int = 240) -> Table:
    """Two crowds that only ``income`` parts, beside a column of noise, a flag and a category; some gaps."""
    rng = np.random.default_rng(seed)
    group = np.arange(n) % 2
    income = np.round(rng.normal(30_000, 2_000, n) + 40_000 * group)
    visits = rng.integers(1, 30, n).astype(float)
    visits[5:9] = np.nan
    cells = {"customer": [f"c{at}" for at in range(n)], "income": income, "visits": visits,
             "member": rng.choice(["yes", "no"], n), "city": rng.choice(["Ulm", "Bonn", "Jena"], n)}  # fmt: skip
    raw = pd.DataFrame(cells).astype(object)
    raw = raw.where(raw.notna(), None).map(lambda cell: None if cell is None else str(cell))
    return understand(Reading(raw, Source("x.csv", "text")), {})


RECIPE = Recipe(roles={"member": "profile"})
PLAN = Plan(segments=(2, 3), algorithms=("kmeans",), recipe=RECIPE, resamples=0)


@pytest.fixture(scope="module")
def compared():
    read = table()
    return read, pipeline.compare(read, PLAN)


def test_other_customers_are_prepared_as_the_fitted_ones_are():
    """Every row of the table, given as another customer, comes out as it stands in the matrix; under rules of all kinds."""
    read = table()
    for recipe in (Recipe(), Recipe(gaps="knn", gap_flags="yes", scaling="robust", skew="log"),
                   Recipe(encoding="ordinal", orders={"city": ("Jena", "Ulm")}, outliers="iqr", scaling="minmax"),
                   Recipe(gaps="drop", skew="yeojohnson", duplicates="exact")):  # fmt: skip
        matrix = prepare.prepare(read, recipe)
        again = prepare.prepare_also(read, recipe, read.frame.iloc[matrix.rows])
        np.testing.assert_allclose(again, matrix.values, atol=1e-12)
        if len(matrix.aside_rows):
            np.testing.assert_allclose(prepare.prepare_also(read, recipe, read.frame.iloc[matrix.aside_rows]), matrix.aside_values, atol=1e-12)


def test_one_customer_is_prepared_the_same_alone_and_among_others():
    """Nothing is learned from those that are prepared: the fault of scaling each new customer by itself."""
    read = table()
    learned = prepare.learned(read, Recipe())
    some = read.frame.head(20).copy()
    some.loc[3, "income"] = 1e9
    some.loc[4, "city"] = "Mars"
    whole = learned(some)
    for at in range(20):
        np.testing.assert_array_equal(learned(some.iloc[[at]])[0], whole[at])
    with pytest.raises(BadRequest, match="no column 'city'"):
        learned(some.drop(columns="city"))


def test_the_column_that_parts_the_segments_pulls_most_and_pulls_add_up(compared):
    """Sizes add up to one; the sum has the sign of the difference of squared distances, counted here by hand."""
    read, found = compared
    told = pipeline.why_here(read, found, "kmeans-2", row=10)
    assert told.contributions["column"].iloc[0] == "income" and told.contributions["pull"].iloc[0] > 0.5
    assert told.contributions["pull"].abs().sum() == pytest.approx(1)
    matrix, labels = prepare.prepare(read, RECIPE), found.candidate("kmeans-2").labels
    point = matrix.values[np.flatnonzero(matrix.rows == 10)[0]]
    others = {s: matrix.values[(labels[matrix.rows] == s) & (matrix.rows != 10)].mean(axis=0) for s in (told.segment, told.runner_up)}
    parts = (point - others[told.runner_up]) ** 2 - (point - others[told.segment]) ** 2
    assert told.contributions["pull"].sum() == pytest.approx(parts.sum() / sum(abs(p) for p in _by_column(matrix, parts)))
    assert set(told.contributions["column"]) == {"income", "visits", "city"}


def _by_column(matrix, parts):
    names = [feature.column for feature in matrix.features]
    return [sum(part for name, part in zip(names, parts, strict=True) if name == one) for one in dict.fromkeys(names)]


@pytest.mark.parametrize("key", ["kmeans-2", "ward-2", "gmm-2"])
def test_every_change_is_true_when_the_algorithm_places_the_changed_customer(key):
    """The oracle is a fit of its own: the value found moves the customer, half the step does not."""
    read = table(3)
    recipe = Recipe(roles={"member": "profile", "city": "profile"})
    found = pipeline.compare(read, replace(PLAN, algorithms=("kmeans", "ward", "gmm"), recipe=recipe))
    told = pipeline.why_here(read, found, key, row=11)
    (income,) = told.changes[told.changes["column"] == "income"].to_dict("records")
    now, then = (float(income[name].split()[0].replace(",", "")) for name in ("now", "then"))
    assert income["distance"] == pytest.approx(abs(then - now) / read.frame["income"].std(ddof=0), rel=1e-6)
    place = _placed(read, found, key)
    assert place(income=then) == income["segment"] != told.segment
    assert place(income=(now + then) / 2) == told.segment == place(income=then - np.sign(then - now) * 0.05 * abs(then - now))
    assert told.changes["distance"].is_monotonic_increasing


def _placed(read, found, key):
    from core.algorithms import ALGORITHMS, clustering, place, run

    candidate, matrix = found.candidate(key), prepare.prepare(read, found.plan.recipe)
    made = clustering(run(ALGORITHMS[candidate.algorithm], matrix.values, seed=0, params=candidate.params))
    number = {int(a): int(b) for a, b in zip(made.labels, candidate.labels[matrix.rows], strict=True)}

    def of(**cells):
        row = read.frame.iloc[[11]].assign(**cells)
        return number[int(place(ALGORITHMS[candidate.algorithm], made, prepare.prepare_also(read, found.plan.recipe, row))[0])]

    return of


def test_what_is_usual_is_told_in_original_units(compared):
    """Medians and shares of the two segments, counted with pandas."""
    read, found = compared
    told = pipeline.why_here(read, found, "kmeans-2", row=10)
    labels, frame = found.candidate("kmeans-2").labels, read.frame
    here = frame[(labels == told.segment) & (np.arange(len(frame)) != 10)]
    cells = told.contributions.set_index("column")
    assert cells.at["income", "segment_value"].replace(",", "") == f"{here['income'].median():.0f}"
    most = here["city"].value_counts(normalize=True)
    assert cells.at["city", "segment_value"] == f"{most.index[0]} ({most.iloc[0]:.0%})"
    assert cells.at["city", "own"] == frame["city"].iloc[10]


def test_a_merged_segment_runs_up_as_a_whole_and_changes_lead_into_it(compared):
    """Three segments, the two others merged: the runner-up and every landing are the one they became."""
    read, found = compared
    own = int(found.candidate("kmeans-3").labels[10])
    kept, gone = (s for s in (1, 2, 3) if s != own)
    told = pipeline.why_here(read, found, "kmeans-3", shape=Shape((Edit("merge", kept, number=gone),)), row=10)
    assert told.segment == own and told.runner_up == kept
    assert set(told.changes["segment"]) == {kept}


def test_a_customer_moved_by_hand_is_told_so(compared):
    read, found = compared
    own = int(found.candidate("kmeans-2").labels[10])
    moved = pipeline.why_here(read, found, "kmeans-2", shape=Shape((Edit("move", 3 - own, rows=(10,)),)), row=10)
    assert moved.segment == 3 - own and "by hand" in moved.told and not len(moved.changes)


def test_a_split_segment_takes_a_changed_customer_by_its_nearer_half(compared):
    """After a split of the other segment the customer lands in one of its halves, named as it is then."""
    read, found = compared
    own = int(found.candidate("kmeans-2").labels[10])
    told = pipeline.why_here(read, found, "kmeans-2", shape=Shape((Edit("split", 3 - own),)), row=10)
    assert set(told.changes["segment"]) <= {3 - own, 3} and len(told.changes)


def test_a_fit_is_recalled_and_gives_the_same_account(compared):
    """The second customer costs no fit."""
    read, found = compared
    kept: dict[str, Kept] = {}
    asked = []

    def memo(key, make):
        asked.append(key in kept)
        return kept.setdefault(key, kept[key] if key in kept else make())

    first = pipeline.why_here(read, found, "kmeans-2", row=10, memo=memo)
    again = pipeline.why_here(read, found, "kmeans-2", row=10, memo=memo)
    assert asked[0] is False and asked[-1] is True
    pd.testing.assert_frame_equal(first.changes, again.changes)
    assert first.told == again.told == pipeline.why_here(read, found, "kmeans-2", row=10).told


@pytest.mark.parametrize("row", [-1, 240, 10**9])
def test_a_row_that_is_not_there_is_refused_in_words(compared, row):
    read, found = compared
    with pytest.raises(BadRequest, match="no such customer"):
        pipeline.why_here(read, found, "kmeans-2", row=row)


def test_a_customer_nobody_placed_is_told_what_keeps_it_away():
    """Far in visits alone: that column has the strongest pull, below 0; and no segment of its own has usual values."""
    read = table()
    matrix = prepare.prepare(read, Recipe())
    labels = np.ones(len(read), dtype=np.int16)
    labels[20] = NOISE
    columns = [column for column in read.columns if column.role is Role.FEATURE]
    values = matrix.values.copy()
    names = [feature.name for feature in matrix.features]
    values[np.flatnonzero(matrix.rows == 20)[0], names.index("visits")] = 50
    standing = Standing(replace(matrix, values=values), labels, 20)
    told = why(read, columns, standing, lambda rows: np.full(len(rows), NOISE, dtype=np.int16), names={1: "All"})
    assert told.contributions.iloc[0]["column"] == "visits" and told.contributions.iloc[0]["pull"] < -0.9
    assert set(told.contributions["segment_value"]) == {""} and told.runner_up == 1
    assert "in no segment" in told.told and "visits" in told.told


def test_in_winding_segments_a_customer_is_compared_with_those_around_it():
    """A ring around a crowd, whose mean is nearer than that of its own ring: pulls are those against the nearest fifth."""
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    ring, crowd = np.c_[np.cos(angle), np.sin(angle)] * 8, np.random.default_rng(0).normal(size=(120, 2)) * 0.5 + [1, 0]
    cells = pd.DataFrame(np.round(np.vstack([crowd, ring]), 6).astype(str), columns=["east", "north"])
    read = understand(Reading(cells, Source("x.csv", "text")), {})
    recipe = Recipe(roles={"east": "feature", "north": "feature"}, scaling="none")
    labels = np.repeat([1, 2], 120).astype(np.int16)
    standing = Standing(prepare.prepare(read, recipe), labels, 120)  # due east on the ring
    told = why(read, list(read.columns), standing, lambda rows: labels[[120] * len(rows)], names={})
    assert told.segment == 2 and told.contributions.iloc[0]["column"] == "east"
    assert told.contributions["pull"].sum() > 0.5 and "most like it" in told.told
