"""Small distributions: shares counted by pandas on the told places, and what the places promise."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.model import NOISE, Column, Kind, Role, Source, Table
from core.profiles.differences import differences
from core.profiles.overlays import MOST_COLUMNS, OVERLAYS, overlays
from core.profiles.places import MOST_PLACES, OTHERS, _ranges, placed

NUMBER = Column("x", Kind.NUMBER, Role.FEATURE)
DATE = Column("x", Kind.DATE, Role.FEATURE)


def table_of(frame: pd.DataFrame, **kinds: Kind) -> Table:
    columns = tuple(Column(name, kinds.get(name, Kind.NUMBER), Role.FEATURE) for name in frame)
    return Table(frame, frame, columns, Source("made", "frame"), "f")


def told(table: Table, labelings: dict[str, np.ndarray], roles: dict | None = None, **given) -> pd.DataFrame:
    apart = differences(table, roles or {}, labelings, units={}, seed=0)
    return overlays(table, roles or {}, labelings, differences=apart, **given)


def mixed(n: int = 900) -> tuple[Table, dict[str, np.ndarray]]:
    """One column of each kind, with gaps, and labelings of which the second has noise."""
    random = np.random.default_rng(0)
    group = random.integers(0, 3, n)
    frame = pd.DataFrame(
        {
            "spend": random.lognormal(3 + group, 1, n),
            "children": random.integers(0, 4, n).astype(float),
            "member": (random.random(n) < 0.3).astype(float),
            "city": pd.Series(np.array([f"c{at:02}" for at in range(30)], dtype=object)[random.geometric(0.15, n) % 30]),
            "joined": pd.Timestamp("2023-05-17") + pd.to_timedelta(random.integers(0, 300, n), unit="D"),
        }
    )
    for name in frame:
        frame.loc[random.random(n) < 0.1, name] = None if name == "city" else pd.NaT if name == "joined" else np.nan
    labelings = {"a": (group + 1).astype(np.int16), "b": np.where(random.random(n) < 0.2, NOISE, 1 + group % 2).astype(np.int16)}
    return table_of(frame, member=Kind.FLAG, city=Kind.CATEGORY, joined=Kind.DATE), labelings


def test_shares_equal_counting_one_by_one():
    """The share of a place is that of the segment's filled cells that lie in its ends, or have its value."""
    table, labelings = mixed()
    found = told(table, labelings)
    assert tuple(found.columns) == OVERLAYS
    for (key, segment, column), part in found.groupby(["candidate", "segment", "column"], sort=False):
        cells = table.frame[column][labelings[key] == segment] if segment else table.frame[column]
        cells = cells.dropna()
        if column == "spend":
            inner = part.iloc[1:-1]
            counts = [((cells >= row.low) & (cells < row.high)).sum() for row in inner.itertuples()]
            first, last = (cells < part["high"].iloc[0]).sum(), (cells >= part["low"].iloc[-1]).sum()
            counts = [first, *counts, last]
        elif column == "city":
            known = [label for label in part["label"] if label != OTHERS]
            counts = [*((cells == label).sum() for label in known), (~cells.isin(known)).sum()]
        elif column == "joined":
            counts = [(cells.dt.strftime("%Y-%m") == label[-7:]).sum() for label in part["label"]]
        else:
            counts = [(cells == value).sum() for value in ((0, 1) if column == "member" else part["low"])]
        shares = np.array(counts) / len(cells)
        assert part["share"].to_numpy() == pytest.approx(shares, abs=1e-6)
        assert part["share"].sum() == pytest.approx(1, abs=1e-5)


def test_places_are_the_same_everywhere():
    """Every segment of every candidate, and everyone, stands on the same places; noise stands nowhere."""
    table, labelings = mixed()
    found = told(table, labelings)
    assert found.groupby("candidate")["segment"].unique().map(list).to_dict() == {"a": [0, 1, 2, 3], "b": [0, 1, 2]}
    for _, part in found.groupby("column"):
        pieces = [one[["place", "label", "low", "high"]].reset_index(drop=True) for _, one in part.groupby(["candidate", "segment"])]
        assert len(pieces) == 7 and all(piece.equals(pieces[0]) for piece in pieces)
        assert pieces[0]["place"].tolist() == list(range(len(pieces[0]))) and len(pieces[0]) <= MOST_PLACES
        assert pieces[0]["label"].is_unique


def test_everyone_is_the_sum_of_the_segments():
    """Shares of segments, weighted by their filled cells, add up to those of everyone where all are placed."""
    table, labelings = mixed()
    found = told(table, labelings).query("candidate == 'a'")
    for column, part in found.groupby("column"):
        filled = table.frame[column].notna().groupby(labelings["a"]).sum()
        wide = part.pivot(index="segment", columns="place", values="share")
        whole = (wide.loc[[1, 2, 3]].mul(filled / filled.sum(), axis=0)).sum()
        assert whole.to_numpy() == pytest.approx(wide.loc[0].to_numpy(), abs=1e-5)


def test_numbers_of_few_values_have_a_place_each():
    """Counts of children stand at 0, 1, 2 and 3, with nothing between; a constant has one place."""
    found = placed(pd.Series([0.0, 3, 1, 0, 2, np.nan]), NUMBER)
    assert found.labels == ("0", "1", "2", "3") and found.at.tolist() == [0, 3, 1, 0, 2, 4]
    np.testing.assert_array_equal(found.low, found.high)
    assert placed(pd.Series([7.5, 7.5]), NUMBER).labels == ("7.5",)
    assert placed(pd.Series([1234.0, -2.0]), NUMBER).labels == ("\N{MINUS SIGN}2", "1,234")


def test_few_values_far_apart_do_not_stand_side_by_side():
    """A count of 0 to 5 that is 23 or 27 for one in a thousand has a last place for all of 5 and beyond."""
    found = placed(pd.Series([*list(range(6)) * 200, 23.0, 27.0]), NUMBER)
    assert found.labels == ("0", "1", "2", "3", "4", "5 and more") and found.at[-2:].tolist() == [5, 5]
    tens = placed(pd.Series(np.arange(0, 101, 10.0)), NUMBER)
    assert tens.labels == tuple(f"{at}" for at in range(0, 101, 10))


def test_years_are_written_as_years():
    """Years of birth have no mark of thousands; amounts beyond have."""
    assert placed(pd.Series(np.arange(1940.0, 2001)), NUMBER).labels[1] == "1945 to 1949"
    assert placed(pd.Series([1999.0, 2000]), NUMBER).labels == ("1999", "2000")
    assert placed(pd.Series([2500.0, 7000]), NUMBER).labels == ("2,500", "7,000")


def test_whole_numbers_read_without_overlap():
    """Bins of whole numbers end before the next begins, and the ends of what lies beyond are told in words."""
    found = placed(pd.Series(np.arange(0, 1001.0)), NUMBER)
    assert found.labels[:2] == ("0 to 99", "100 to 199") and found.labels[-1] == "900 and more"
    assert found.low[1] == 100 and found.high[1] == 200


def test_one_extreme_does_not_squeeze_the_others():
    """Of 1,000 customers one spends a million times more: nine tenths of the others still spread over many places."""
    values = np.append(np.random.default_rng(0).normal(100, 20, 999), 1e8)
    found = placed(pd.Series(values), NUMBER)
    counts = np.bincount(found.at)
    assert counts.max() < 400 and (counts > 10).sum() >= 6 and found.labels[-1].endswith("and more")
    mostly = placed(pd.Series([0.0] * 995 + list(range(1, 41))), NUMBER)
    assert len(mostly.labels) > 1 and np.bincount(mostly.at)[0] >= 995


@settings(max_examples=60, deadline=None)
@example([1.7976931348623157e308 * (at / 40 - 1) for at in range(81)], 1.0)
@example([1.7976931348623157e308 * (1 - at / 4000) for at in range(81)], 1.0)
@example([1.0 + at * 2**-52 for at in range(40)], 1.0)
@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1, max_size=80),
    st.sampled_from([1.0, 1e-6, 1e-300]),
)
def test_any_numbers_find_a_place(values, scale):
    """Whatever the numbers, there are at most 16 places with rising finite ends, and each cell lies in its own."""
    cells = pd.Series(np.array(values) * scale)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = placed(cells, NUMBER)
    filled = cells.notna().to_numpy()
    at, numbers = found.at[filled], cells.to_numpy()[filled]
    assert len(found.labels) <= MOST_PLACES and (found.at[~filled] == len(found.labels)).all()
    assert np.isfinite(found.low).all() and np.isfinite(found.high).all() and (found.low <= found.high).all()
    assert ((numbers >= found.low[at]) | (at == 0)).all()
    assert ((numbers <= found.high[at]) | (at == len(found.labels) - 1)).all()


@pytest.mark.parametrize(
    ("days", "first", "pattern"),
    [
        (10, "2024-03-01", r"2024-03-\d\d"),
        (80, "week of 2024-02-26", r"week of 2024-\d\d-\d\d"),
        (300, "2024-03", r"202[45]-\d\d|(until|from) .*"),
        (900, "2024 Q1", r"202\d Q\d|(until|from) .*"),
        (5_000, "2024", r"20\d\d|(until|from) .*"),
        (20_000, "2020 to 2024", r"20\d\d to 20\d\d|(until|from) .*"),
    ],
)
def test_dates_take_the_finest_period_that_fits(days, first, pattern):
    """Ten days are told by the day, fifty years in spans of five."""
    cells = pd.Series(pd.Timestamp("2024-03-01") + pd.to_timedelta(np.arange(days), unit="D"))
    found = placed(cells, DATE)
    assert found.labels[0].removeprefix("until ") == first and 5 <= len(found.labels) <= MOST_PLACES
    assert all(re.fullmatch(pattern, label) for label in found.labels)
    assert (np.diff(found.at) >= 0).all() and np.isnan(found.low).all()


def test_a_wrong_date_does_not_squeeze_the_others():
    """One customer of 1900 among a thousand of this year stands with the first period, which says so."""
    cells = pd.Series([pd.Timestamp("1900-01-01"), *pd.date_range("2024-01-01", periods=300)] * 1)
    found = placed(pd.concat([cells, *[cells[1:]] * 3], ignore_index=True), DATE)
    assert found.labels[0] == "until 2024-01" and len(found.labels) == 10 and found.at[0] == 0


def test_nothing_filled_is_nought_everywhere():
    """A segment without a filled cell has share 0 at every place; columns without any have no places."""
    frame = pd.DataFrame({"x": [np.nan, np.nan, 1.0, 2.0], "y": np.nan, "z": pd.Series([pd.NaT] * 4, dtype="datetime64[ns]")})
    found = told(table_of(frame, z=Kind.DATE), {"a": np.array([1, 1, 2, 2])})
    assert found.query("segment == 1")["share"].tolist() == [0, 0]
    assert found.query("segment == 2")["share"].tolist() == [0.5, 0.5] and set(found["column"]) == {"x"}


def test_the_columns_that_differ_most_are_shown():
    """Of 40 columns the 24 with the largest effects are there, in the order of the table."""
    random = np.random.default_rng(0)
    labels = np.repeat([1, 2], 200)
    frame = pd.DataFrame({f"n{at:02}": random.normal(size=400) * 0.1 + (at % 2) * (labels == 1) for at in range(40)})
    found = told(table_of(frame), {"a": labels})
    shown = list(dict.fromkeys(found["column"]))
    assert len(shown) == MOST_COLUMNS == 24 and shown == sorted(shown)
    assert {f"n{at:02}" for at in range(1, 40, 2)} <= set(shown)


def test_threads_change_nothing_and_roles_are_kept():
    """The same frame on two threads; ids and ignored columns are not shown."""
    table, labelings = mixed()
    pd.testing.assert_frame_equal(told(table, labelings), told(table, labelings, threads=2), check_exact=True)
    some = told(table, labelings, {"spend": Role.IGNORE, "city": Role.ID, "member": Role.OUTCOME})
    assert set(some["column"]) == {"children", "member", "joined"}
    assert len(told(table, {})) == 0 and tuple(told(table, {}).columns) == OVERLAYS


def test_amounts_around_two_thousand_are_no_years():
    """Edges of amounts that happen to fall among years keep the mark of thousands that their neighbours have."""
    labels = _ranges(np.arange(0.0, 10_000.0, 2_000.0), 0, whole=True, beyond=(False, False))
    assert labels[:2] == ("0 to 1,999", "2,000 to 3,999")
    assert _ranges(np.array([1950.0, 1960.0, 1970.0]), 0, whole=True, beyond=(False, False))[0] == "1950 to 1959"
