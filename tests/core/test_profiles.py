"""Profiles against plain pandas, and names against the facts they state."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.model import NOISE, Column, Kind, Role, Source, Table
from core.profiles import COLUMNS, names, profile, sizes
from core.profiles.naming import Signals, named, plain

KINDS = {
    "id": (Kind.KEY, Role.ID),
    "Annual Income (k$)": (Kind.NUMBER, Role.FEATURE),
    "member": (Kind.FLAG, Role.FEATURE),
    "city": (Kind.CATEGORY, Role.FEATURE),
    "joined": (Kind.DATE, Role.PROFILE),
    "secret": (Kind.NUMBER, Role.IGNORE),
}


def table(**cells) -> Table:
    """A table of 60 customers: three groups of 20 by income, with gaps."""
    random = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], 20)
    frame = pd.DataFrame(
        {
            "id": [f"c{at}" for at in range(60)],
            "Annual Income (k$)": group * 50.0 + random.normal(size=60),
            "member": (group == 2).astype(float),
            "city": np.array(["Paris", "Rome", None], dtype=object)[np.where(np.arange(60) % 7 == 0, 2, group % 2)],
            "joined": pd.date_range("2024-01-01", periods=60),
            "secret": 1.0,
        }
    )
    frame.loc[3, "Annual Income (k$)"] = np.nan
    frame["city"] = frame["city"].astype(object).where(frame["city"].notna(), None)
    frame = frame.assign(**cells)
    columns = tuple(Column(name, kind, role, unit="k$" if "Income" in name else "") for name, (kind, role) in KINDS.items())
    return Table(frame.astype(str), frame, columns, Source("made by hand", "text"), "f")


LABELS = np.repeat([1, 2, 3, NOISE], [20, 20, 15, 5]).astype(np.int16)
ROLES = {name: role for name, (_, role) in KINDS.items()}


def cell(tidy: pd.DataFrame, segment: int, column: str, name: str):
    return tidy.loc[(tidy["segment"] == segment) & (tidy["column"] == column), name].item()


def test_figures_equal_those_of_the_rows():
    """Mean, median, minimum, maximum and gaps of a segment are those of its customers, in original units."""
    whole = table()
    tidy = profile(whole, ROLES, LABELS, names={1: "A"})
    assert tuple(tidy.columns) == COLUMNS
    for segment, rows in ((0, slice(None)), (1, LABELS == 1), (NOISE, LABELS == NOISE)):
        income = whole.frame["Annual Income (k$)"][rows]
        for name, value in (("mean", income.mean()), ("median", income.median()), ("minimum", income.min())):
            assert cell(tidy, segment, "Annual Income (k$)", name) == pytest.approx(value)
        assert cell(tidy, segment, "Annual Income (k$)", "maximum") == pytest.approx(income.max())
        assert cell(tidy, segment, "Annual Income (k$)", "gaps") == income.isna().sum()
        assert cell(tidy, segment, "member", "mean") == pytest.approx(whole.frame["member"][rows].mean())
        counts = whole.frame["city"][rows].value_counts()
        assert cell(tidy, segment, "city", "most_common") == counts.index[0]
        assert cell(tidy, segment, "city", "most_common_share") == pytest.approx(counts.iloc[0] / counts.sum())


def test_every_shown_column_appears_once_per_segment():
    """Everyone first, then segments, then noise; ids and ignored columns are never profiled."""
    tidy = profile(table(), ROLES, LABELS)
    assert tidy["segment"].drop_duplicates().tolist() == [0, 1, 2, 3, NOISE]
    assert tidy["column"].drop_duplicates().tolist() == ["Annual Income (k$)", "member", "city", "joined"]
    assert len(tidy) == 5 * 4 and not tidy.duplicated(["segment", "column"]).any()
    assert set(tidy["unit"]) == {"k$", ""}
    assert tidy.drop_duplicates("segment").query("segment != 0")["share"].sum() == pytest.approx(1)
    assert cell(tidy, 1, "joined", "most_common") == "2024-01-01 to 2024-01-20"


def test_a_column_without_any_value():
    """An all-empty column has no figures and counts its gaps."""
    whole = table(**{"Annual Income (k$)": np.nan, "city": np.array([None] * 60, dtype=object)})
    tidy = profile(whole, ROLES, LABELS)
    assert np.isnan(cell(tidy, 1, "Annual Income (k$)", "mean")) and cell(tidy, 1, "city", "most_common") == ""
    assert cell(tidy, 1, "city", "gaps") == 20


def test_names_state_the_strongest_contrasts():
    """The poorest segment has low income, the richest high income and the members; noise is not placed."""
    found = names(table(), ROLES, LABELS)
    assert found[1].startswith("Low annual income")
    assert "high annual income" in found[3].lower() and "with member" in found[3].lower()
    assert found[NOISE] == "Not placed"


def test_names_are_unique_short_and_plain():
    """Segments without contrast are close to average, and still told apart."""
    labels = np.tile([1, 2, 3], 20)
    found = names(table(), {**ROLES, "city": Role.PROFILE}, labels)
    assert found[1] == "Close to average" and len(set(found.values())) == 3
    assert all(len(name) <= 60 for name in found.values())


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Spending Score (1-100)", "spending score"),
        ("NumWebVisits_Month", "num web visits month"),
        ("RFM value", "RFM value"),
        ("=cmd|'/c calc'!A1", "cmd '/c calc' A1"),
        ("<b>spend</b>", "b spend /b"),
        ("a" * 40, "a" * 31 + "…"),
        ("PURCHASES_INSTALLMENTS_FREQUENCY", "purchases installments frequency"),
        ("PURCHASES_TRX", "purchases trx"),
        ("BMI", "BMI"),
    ],
)
def test_words_of_a_column(raw, shown):
    """Brackets, markup and formula signs leave; what stays is short."""
    assert plain(raw) == shown


def test_two_contrasts_that_do_not_fit_leave_one_whole():
    """61 characters: the second would lose its end."""
    words = Signals(("high purchases frequency", "high purchases installments frequency"),
                    ("low purchases frequency", "low purchases installments frequency"), ("a", "b"))  # fmt: skip
    given = named(words, [1, 2], np.array([[-3.0, -2.0], [3.0, 2.0]]))
    assert given == {1: "Low purchases frequency", 2: "High purchases frequency"}


def test_sizes_put_noise_last():
    """Sizes rise by segment number; noise stands last, rows without labels nowhere."""
    assert list(sizes(LABELS).items()) == [(1, 20), (2, 20), (3, 15), (NOISE, 5)]
    assert sizes(np.zeros(4, dtype=np.int16)) == {}
