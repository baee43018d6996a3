"""Laws of what is learned of a column: applied to the rows of the table it gives the matrix, byte by byte."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core import prepare
from core.errors import BadRequest
from core.model import Recipe
from tests.core.scored_shop import ROLES, shop

FILLS = {"spend": "1.5", "city": "unknown", "tier": "none of these"}


@pytest.mark.parametrize("encoding", ["onehot", "ordinal"])
@pytest.mark.parametrize("gaps", ["median", "mode", "constant", "knn", "drop"])
def test_rows_of_the_table_come_out_as_in_the_matrix(gaps, encoding):
    """Under every rule against gaps, outliers, skew and scale; rows set aside included."""
    read = shop(120)
    for outliers, skew, scaling, flags in product(["keep", "iqr"], ["none", "yeojohnson"], ["standard", "none"], ["no", "yes"]):
        recipe = Recipe(roles=ROLES, gaps=gaps, encoding=encoding, outliers=outliers, skew=skew, scaling=scaling, gap_flags=flags,
                        fills=FILLS if gaps == "constant" else {})  # fmt: skip
        matrix, known = prepare.prepare(read, recipe), prepare.preparation(read, recipe)
        assert known.features == matrix.features
        values = prepare.applied(known, read.frame)
        assert values[matrix.rows].tobytes() == matrix.values.tobytes()
        assert values[matrix.aside_rows].tobytes() == matrix.aside_values.tobytes()


@pytest.mark.parametrize("gaps", ["median", "knn"])
def test_a_row_alone_is_prepared_as_among_others(gaps):
    """Bit by bit, gaps filled from neighbours included, where whole numbers make many equally near."""
    read = shop(200)
    frame = read.frame.copy()
    frame["spend"] = (frame["spend"] / 100).round()
    known = prepare.preparation(read, Recipe(roles=ROLES, gaps=gaps, gap_flags="yes"))
    whole = prepare.applied(known, frame)
    for at in range(0, 200, 3):
        assert prepare.applied(known, frame.iloc[[at]]).tobytes() == whole[at].tobytes()


def test_nothing_is_learned_from_others_and_missing_columns_are_named():
    read = shop(60)
    known = prepare.preparation(read, Recipe(roles=ROLES))
    frame = read.frame.copy()
    before = prepare.applied(known, frame.iloc[:5])
    frame.loc[5:, "spend"] = 1e9
    assert prepare.applied(known, frame)[:5].tobytes() == before.tobytes()
    with pytest.raises(BadRequest, match="city"):
        prepare.applied(known, frame.drop(columns="city"))


def test_what_people_are_told_of_a_column():
    """Range, usual value and levels from the fitted rows alone: those set aside are not in it."""
    read = shop(300)
    matrix = prepare.prepare(read, Recipe(roles=ROLES, outliers="iqr", scaling="none"))
    known = {column.name: column for column in prepare.preparation(read, Recipe(roles=ROLES, outliers="iqr")).columns}
    spend = read.frame["spend"].to_numpy()[matrix.rows]
    assert (known["spend"].low, known["spend"].high) == (np.nanmin(spend), np.nanmax(spend)) and not known["spend"].whole
    assert known["visits"].whole and known["city"].known[0] == known["city"].usual == "Ulm" and known["age"].unit == "years"


def test_a_constant_that_does_not_fit_harms_only_where_a_gap_needs_it():
    read = shop(60)
    with pytest.raises(BadRequest, match="spend"):
        prepare.preparation(read, Recipe(roles=ROLES, gaps="constant", fills={"spend": "much"}))
    assert prepare.preparation(read, Recipe(roles=ROLES, gaps="constant", fills={"age": "old"})).columns
