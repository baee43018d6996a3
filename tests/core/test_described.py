"""All candidates described in one pass, against pandas asked one segment and column at a time."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from core.model import NOISE, Column, Kind, Role, Source, Table
from core.profiles import COLUMNS, CONTRASTS, describe, profile

FIGURES = {"mean": "mean", "median": "median", "minimum": "min", "maximum": "max"}


def made(seed: int, n: int = 400) -> tuple[Table, dict[str, np.ndarray]]:
    """A table of every kind with gaps, and labelings of 2 to 6 segments, every second with noise."""
    random = np.random.default_rng(seed)
    group = random.integers(0, 4, n)
    city = np.array(["Oslo", "Rome", "Lima", "Bonn"], dtype=object)[(group + random.integers(0, 2, n)) % 4]
    code = np.array([f"v{at}" for at in range(40)], dtype=object)[random.integers(0, 40, n)]
    frame = pd.DataFrame(
        {
            "spend": random.lognormal(group / 2, 1, n),
            "visits": random.integers(0, 9, n).astype(float) + group,
            "member": (random.random(n) < group / 4).astype(float),
            "joined": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 900, n), unit="D"),
        }
    )
    for name, cells in {"spend": frame["spend"], "joined": frame["joined"]}.items():
        frame[name] = cells.mask(random.random(n) < 0.1)
    for name, cells in {"city": city, "code": code}.items():
        cells[random.random(n) < 0.1] = None
        frame[name] = pd.Series(cells, dtype=object)
    kinds = (Kind.NUMBER, Kind.NUMBER, Kind.FLAG, Kind.DATE, Kind.CATEGORY, Kind.CATEGORY)
    roles = (Role.FEATURE, Role.FEATURE, Role.FEATURE, Role.PROFILE, Role.FEATURE, Role.PROFILE)
    columns = tuple(Column(name, kind, role) for name, kind, role in zip(frame, kinds, roles, strict=True))
    labelings = {f"made-{k}": ((group + random.integers(0, 2, n)) % k + 1).astype(np.int16) for k in range(2, 7)}
    for labels in list(labelings.values())[::2]:
        labels[random.random(n) < 0.1] = NOISE
    return Table(frame, frame, columns, Source("made", "frame"), "f"), labelings


def standardised(table: Table) -> pd.DataFrame:
    """The signals of :func:`made` customer by customer, in standard deviations from the mean, NaN where empty."""
    frame = table.frame
    cities = frame["city"].value_counts().index
    raw = {name: frame[name] for name in ("spend", "visits", "member")}
    raw |= {f"city: {city}": (frame["city"] == city).astype(float).mask(frame["city"].isna()) for city in cities}
    cells = pd.DataFrame(raw)
    return (cells - cells.mean()) / cells.std(ddof=0)


@pytest.mark.parametrize("seed", range(4))
def test_profiles_equal_pandas(seed):
    """Every figure of every candidate, segment and column is what pandas finds for those customers alone."""
    table, labelings = made(seed)
    found = describe(table, {}, labelings, units={"spend": "EUR"})
    assert tuple(found.profiles.columns) == ("candidate", *COLUMNS)
    assert len(found.profiles) == sum((1 + len(np.unique(labels))) * 6 for labels in labelings.values())
    for row in found.profiles.itertuples():
        labels = labelings[row.candidate]
        cells = table.frame[row.column][labels == row.segment if row.segment else labels == labels]
        assert (row.customers, row.share, row.gaps) == (len(cells), len(cells) / 400, cells.isna().sum())
        assert row.unit == ("EUR" if row.column == "spend" else "")
        if row.kind in ("number", "flag"):
            for name, way in FIGURES.items():
                assert getattr(row, name) == pytest.approx(cells.agg(way), rel=1e-13, abs=1e-300)
        elif row.kind == "date":
            assert row.most_common == f"{cells.min():%Y-%m-%d} to {cells.max():%Y-%m-%d}"
        else:
            counts = cells.value_counts()
            assert row.most_common == min(counts.index[counts == counts.max()])
            assert row.most_common_share == pytest.approx(counts.max() / counts.sum())


def test_one_profile_is_the_part_of_many():
    """The profile of one labeling equals its rows among those of all candidates."""
    table, labelings = made(0)
    found = describe(table, {}, labelings, units={})
    for key, labels in labelings.items():
        own = found.profiles[found.profiles["candidate"] == key].drop(columns="candidate").reset_index(drop=True)
        pd.testing.assert_frame_equal(own, profile(table, {}, labels, names=found.names[key]))


@pytest.mark.parametrize("seed", range(4))
def test_contrasts_equal_a_direct_computation(seed):
    """A contrast is the mean of the standardised signal over the customers of the segment; noise is left out."""
    table, labelings = made(seed)
    found = describe(table, {}, labelings, units={})
    cells = standardised(table)
    assert tuple(found.contrasts.columns) == CONTRASTS and found.contrasts["difference"].dtype == np.float32
    assert set(found.contrasts["column"]) == set(cells)
    assert len(found.contrasts) == sum((np.unique(labels) > 0).sum() * 7 for labels in labelings.values())
    for row in found.contrasts.itertuples():
        expected = cells[row.column][labelings[row.candidate] == row.segment].mean()
        assert row.difference == pytest.approx(expected, abs=1e-6)
        assert row.name == found.names[row.candidate][row.segment]


def test_the_signals_that_tell_segments_apart_are_kept():
    """Of twenty numbers the twelve stay whose segment means differ most, in that order."""
    random = np.random.default_rng(0)
    labels = np.repeat([1, 2], 300).astype(np.int16)
    strength = random.permutation(20)
    frame = pd.DataFrame({f"n{at}": random.normal(size=600) + labels * by * 0.3 for at, by in enumerate(strength)})
    columns = tuple(Column(name, Kind.NUMBER, Role.FEATURE) for name in frame)
    table = Table(frame, frame, columns, Source("made", "frame"), "f")
    found = describe(table, {}, {"a": labels}, units={}).contrasts
    assert found["column"].drop_duplicates().tolist() == [f"n{at}" for at in np.argsort(-strength)[:12]]


def test_neither_threads_nor_the_order_of_rows_change_a_bit():
    """Columns side by side, and customers in another order, give equal frames and names: exactly."""
    table, labelings = made(1)
    one, many = (describe(table, {}, labelings, units={}, threads=threads) for threads in (1, 3))
    order = np.random.default_rng(9).permutation(400)
    frame = table.frame.iloc[order].reset_index(drop=True)
    turned = Table(frame, frame, table.columns, table.source, "f")
    other = describe(turned, {}, {key: labels[order] for key, labels in labelings.items()}, units={})
    for again in (many, other):
        assert again.names == one.names
        pd.testing.assert_frame_equal(again.profiles, one.profiles, check_exact=True)
        pd.testing.assert_frame_equal(again.contrasts, one.contrasts, check_exact=True)


def test_counting_one_segment_at_a_time_changes_nothing(monkeypatch):
    """Columns with very many values are counted segment by segment; the facts are the same."""
    table, labelings = made(2)
    at_once = describe(table, {}, labelings, units={})
    monkeypatch.setattr("core.profiles.columns.MOST_CELLS", 1)
    one_by_one = describe(table, {}, labelings, units={})
    pd.testing.assert_frame_equal(at_once.profiles, one_by_one.profiles, check_exact=True)
    pd.testing.assert_frame_equal(at_once.contrasts, one_by_one.contrasts, check_exact=True)


def test_extreme_and_constant_numbers():
    """1e308 and 1e-200 neither overflow nor vanish; a column in which nobody differs makes no contrast."""
    labels = np.array([1, 1, 2, 2], dtype=np.int16)
    frame = pd.DataFrame({"huge": [1e308, 1.2e308, -1e308, -1.2e308], "tiny": [1e-200, 1e-200, 3e-200, 3e-200]})
    frame["same"], frame["none"] = 0.1, np.nan
    columns = tuple(Column(name, Kind.NUMBER, Role.FEATURE) for name in frame)
    found = describe(Table(frame, frame, columns, Source("made", "frame"), "f"), {}, {"a": labels}, units={})
    first = found.profiles.query("segment == 1").set_index("column")
    assert first.loc["huge", ["mean", "median"]].tolist() == pytest.approx([1.1e308, 1.1e308])
    assert first.loc["same", list(FIGURES)].tolist() == [0.1] * 4
    contrast = found.contrasts.query("segment == 1").set_index("column")["difference"]
    assert contrast["tiny"] == pytest.approx(-1) and contrast["huge"] == pytest.approx(1.1 / np.sqrt(1.22))
    assert contrast["same"] == contrast["none"] == 0


def test_captions_tell_columns_of_one_name_apart():
    """Two columns whose plain words are equal are two rows of a heat map."""
    frame = pd.DataFrame({"Income (EUR)": [1.0, 2.0, 3.0], "income": [3.0, 2.0, 9.0]})
    columns = tuple(Column(name, Kind.NUMBER, Role.FEATURE) for name in frame)
    labels = np.array([1, 1, 2], dtype=np.int16)
    found = describe(Table(frame, frame, columns, Source("made", "frame"), "f"), {}, {"a": labels}, units={})
    assert set(found.contrasts["column"]) == {"income", "income (2)"}


def test_nothing_to_describe():
    """No candidate, none but noise, or no column to show give empty frames with all columns."""
    table, labelings = made(3)
    nobody = describe(table, {}, {}, units={})
    lost = describe(table, {}, {"a": np.full(400, NOISE, dtype=np.int16)}, units={})
    hidden = describe(table, {c.name: Role.IGNORE for c in table.columns}, labelings, units={})
    for found in (nobody, lost, hidden):
        assert tuple(found.contrasts.columns) == CONTRASTS and len(found.contrasts) == 0
        assert tuple(found.profiles.columns) == ("candidate", *COLUMNS)
    assert lost.names == {"a": {NOISE: "Not placed"}} and set(lost.profiles["segment"]) == {0, NOISE}
    assert hidden.names["made-2"][1] == "Close to average" and len(hidden.profiles) == 0


def test_columns_are_described_one_after_the_other():
    """Describing 300,000 customers by 12 numbers takes less memory than the table: no copy of all columns is made."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame({f"n{at}": random.normal(size=300_000) for at in range(12)})
    columns = tuple(Column(name, Kind.NUMBER, Role.FEATURE) for name in frame)
    labelings = {f"k-{k}": random.integers(1, k + 1, 300_000).astype(np.int16) for k in (2, 8)}
    tracemalloc.start()
    describe(Table(frame, frame, columns, Source("made", "frame"), "f"), {}, labelings, units={})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < frame.memory_usage().sum() * 0.75
