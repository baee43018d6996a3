"""Laws of telling that customers are others than those a model was made with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import pipeline
from core.lineage.drift import drift
from core.scoring.drifted import drifted
from tests.core.scored_shop import shop, table, trained


def told(model, read):
    return [note for note in pipeline.score(model, read, {}).notes if note.code == "DRIFTED"]


def later(**changes):
    """The shop with other cells in some columns."""
    raw = shop().raw
    columns = {name: raw[name].to_numpy(dtype=object).copy() for name in raw}
    return table(**{name: changes[name](cells) if name in changes else cells for name, cells in columns.items()})


def test_the_same_customers_and_others_like_them_are_no_others():
    """Chance alone gives small files an index of some height."""
    _, _, model = trained()
    assert not told(model, shop()) and not told(model, shop(90, seed=5)) and not told(model, table(**shop().raw.iloc[:1].to_dict("list")))


def test_columns_that_have_changed_are_named_the_most_changed_first():
    """Older by fifteen years and moved to one city; the index is that by which migration judges, with the bins of then."""
    read, _, model = trained()
    new = later(age=lambda cells: [str(int(one) + 15) for one in cells], city=lambda cells: ["Ulm"] * len(cells))
    note, = told(model, new)
    judged = drift(read.frame, new.frame, [read.column(name) for name in model.columns]).set_index("column")["psi"]
    assert note.count == 2 and {"age", "city"} == set(judged.index[judged > 0.25])
    assert note.column == judged.idxmax() and f"city {judged['city']:.2f}" in note.text and "anew" in note.text


@pytest.mark.parametrize("marks", [("no", "yes"), ("yes", "yes"), ("x", "y")])
@pytest.mark.parametrize("shares", [(), (float("nan"),) * 4, (-1.0, 5.0, 0.0, 0.0)])
def test_shares_of_a_foreign_model_break_nothing(marks, shares):
    """Whatever they are, the file is placed."""
    read, _, model = trained()
    odd = replace(model, drift=(("news", marks, shares), ("city", marks, shares)))
    with np.errstate(all="raise"):
        assert isinstance(list(drifted(odd, read.frame[["news", "city"]])), list)
