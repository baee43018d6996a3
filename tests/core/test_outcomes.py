"""Whether segments differ: against scipy, hand computations, data that was made with a known answer."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pandas as pd
import pytest

from core.model import NOISE, Column, Kind, Role, Source, Table
from core.profiles.associations import cramers_v, eta_squared, holm, kruskal, of_numbers, of_values
from core.profiles.outcomes import MOST_DRAWN, OUTCOMES, outcomes


def table_of(frame: pd.DataFrame, **kinds: Kind) -> Table:
    """A table of outcome columns, numbers unless said otherwise."""
    columns = tuple(Column(name, kinds.get(name, Kind.NUMBER), Role.OUTCOME) for name in frame)
    return Table(frame, frame, columns, Source("made", "frame"), "f")


def mixed(n: int = 800) -> tuple[Table, np.ndarray]:
    """A number, date, flag and category that go with the segments, and a category that does not; with gaps and noise."""
    random = np.random.default_rng(4)
    labels = random.integers(1, 4, n).astype(np.int16)
    frame = pd.DataFrame(
        {
            "spend": random.lognormal(3 + labels / 3, 1, n),
            "joined": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 200, n) + 40 * labels, unit="D"),
            "member": (random.random(n) < labels / 4).astype(float),
            "plan": pd.Series(np.array(["gold", "silver", "tin"], dtype=object)[(labels + random.integers(0, 2, n)) % 3]),
            "gender": pd.Series(np.array(["f", "m"], dtype=object)[random.integers(0, 2, n)]),
        }
    )
    for name in frame:
        gap = None if frame[name].dtype == object or str(frame[name].dtype) == "str" else pd.NaT if name == "joined" else np.nan
        frame.loc[random.random(n) < 0.1, name] = gap
    labels[random.random(n) < 0.1] = NOISE
    return table_of(frame, joined=Kind.DATE, member=Kind.FLAG, plan=Kind.CATEGORY, gender=Kind.CATEGORY), labels


def bergsma(table: np.ndarray) -> float:
    """Bias-corrected Cramer's V from scipy's chi-squared."""
    from scipy.stats import chi2_contingency

    n, (r, c) = table.sum(), table.shape
    phi = max(0.0, chi2_contingency(table, correction=False).statistic / n - (r - 1) * (c - 1) / (n - 1))
    r, c = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return np.sqrt(phi / (min(r, c) - 1))


def test_values_and_p_equal_scipy():
    """Eta squared is one less the share of variance within groups; V and all p-values are scipy's, corrected by Holm."""
    from scipy.stats import chi2_contingency
    from scipy.stats import kruskal as scipy_kruskal

    table, labels = mixed()
    found = outcomes(table, {}, labels, seed=0).set_index("column")
    assert list(found.index) == list(table.frame) and ("column", *found.columns) == OUTCOMES
    placed = table.frame[labels > 0].assign(segment=labels[labels > 0])
    p = {}
    for column in ("spend", "joined"):
        part = placed.dropna(subset=column)
        cells = part[column].astype("int64") / 8.64e13 if column == "joined" else part[column]
        by = cells.groupby(part["segment"])
        within = ((cells - by.transform("mean")) ** 2).sum()
        assert found.loc[column, "value"] == pytest.approx(1 - within / ((cells - cells.mean()) ** 2).sum(), rel=1e-9)
        assert found.loc[column, "measure"] == "eta squared"
        p[column] = scipy_kruskal(*(own for _, own in by)).pvalue
    for column in ("member", "plan", "gender"):
        crossed = pd.crosstab(placed["segment"], placed[column]).to_numpy()
        assert found.loc[column, "value"] == pytest.approx(bergsma(crossed), rel=1e-9)
        assert found.loc[column, "measure"] == "Cramer's V"
        p[column] = chi2_contingency(crossed, correction=False).pvalue
    ordered = sorted(p, key=p.get)
    corrected, last = {}, 0.0
    for at, column in enumerate(ordered):
        last = max(last, min(1.0, p[column] * (5 - at)))
        corrected[column] = last
    assert found["p"].to_dict() == pytest.approx(corrected, rel=1e-6)
    assert found["differs"].to_dict() == {name: name != "gender" for name in table.frame}
    assert ((found["low"] <= found["value"]) & (found["value"] <= found["high"])).all()


def test_sentences_say_what_can_be_counted():
    """Every figure of the sentences is a mean or a share that pandas finds, in segments called by name."""
    table, labels = mixed()
    names = {1: "Newcomers", 2: "Steady", 3: "Big spenders"}
    found = outcomes(table, {}, labels, names=names, units={"spend": "EUR"}, seed=0).set_index("column")["told"]
    means = table.frame["spend"].groupby(labels).mean()
    assert f"highest in Big spenders ({means[3]:.3g} EUR) and lowest in Newcomers ({means[1]:.3g} EUR)" in found["spend"]
    days = table.frame["joined"].groupby(labels).mean().dt.round("D").dt.strftime("%Y-%m-%d")
    assert f"latest in Big spenders ({days[3]}) and earliest in Newcomers ({days[1]})" in found["joined"]
    shares = table.frame["member"].groupby(labels).mean()
    assert f"“yes” is commonest in Big spenders ({shares[3]:.0%}) and rarest in Newcomers ({shares[1]:.0%})" in found["member"]
    assert re.fullmatch(
        r"Segments do not differ in gender more than chance would make them \(Cramer's V 0\.\d+, 95% interval 0\.0\d to 0\.\d\d\)\.",
        found["gender"],
    )
    assert "segment 3 (" in outcomes(table, {}, labels, seed=0)["told"][0]


def test_years_and_negative_amounts_read_well():
    """A mean year has no mark of thousands, an amount has, and a loss a true minus."""
    frame = pd.DataFrame({"born": [1970.0, 1972, 1980, 1982] * 9, "profit": [-5000.0, -4000, 12_000, 13_000] * 9})
    found = outcomes(table_of(frame), {}, np.array([1, 1, 2, 2] * 9), units={"profit": "EUR"}, seed=0)["told"]
    assert found[0].endswith("highest in segment 2 (1981) and lowest in segment 1 (1971).")
    assert found[1].endswith("highest in segment 2 (12,500 EUR) and lowest in segment 1 (\N{MINUS SIGN}4,500 EUR).")


def test_the_value_that_differs_most_is_told():
    """Of a category the sentence takes the value whose shares lie farthest apart."""
    frame = pd.DataFrame({"plan": ["a"] * 50 + ["b"] * 50 + ["a"] * 45 + ["c"] * 55}, dtype=object)
    found = outcomes(table_of(frame, plan=Kind.CATEGORY), {}, np.repeat([1, 2], 100), seed=0)["told"][0]
    assert found.endswith("“c” is commonest in segment 2 (55%) and rarest in segment 1 (0%).") and " strongly in plan" in found


def test_eta_squared_by_hand():
    """Groups (1, 2, 3) and (4, 5, 6): 13.5 of 17.5 lie between them."""
    labels = np.repeat([1, 2], 3)
    found = outcomes(table_of(pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6]})), {}, labels, seed=0).iloc[0]
    assert found["value"] == pytest.approx(13.5 / 17.5)
    # ranks as the values: H = 12 / (6 * 7) * (6**2 / 3 + 15**2 / 3) - 3 * 7 = 3.857, chi-squared with 1 degree of freedom
    assert found["p"] == pytest.approx(0.0495, abs=1e-4)
    assert eta_squared(np.array([[3.0], [3.0]]), np.array([[6.0], [15.0]]), np.array([91.0]))[0] == pytest.approx(13.5 / 17.5)


def test_cramers_v_by_hand_and_at_its_ends():
    """V is 1 where segment and value are one, and 0 where the counts are just what the margins say."""
    assert cramers_v(np.array([[50, 0], [0, 50]])[..., None])[0] == pytest.approx(1)
    assert cramers_v(np.array([[20, 30], [40, 60]])[..., None])[0] == 0
    # chi-squared 200 (60 * 70 - 40 * 30)**2 / (100 * 100 * 90 * 110) = 18.18; phi2 = 0.0909 - 1 / 199; least = 1 - 1 / 199
    hand = np.sqrt((18.181818 / 200 - 1 / 199) / (1 - 1 / 199))
    assert cramers_v(np.array([[60, 40], [30, 70]])[..., None])[0] == pytest.approx(hand, rel=1e-6)


def test_empty_rows_and_columns_of_a_resample_do_not_count():
    """A value that a resample happens to miss leaves V what it is without that value."""
    small = np.array([[12, 3], [4, 11]])
    wide = np.array([[12, 0, 3], [0, 0, 0], [4, 0, 11]])
    assert cramers_v(wide[..., None])[0] == pytest.approx(cramers_v(small[..., None])[0])
    assert cramers_v(np.array([[5, 0], [7, 0]])[..., None])[0] == 0


def test_kruskal_corrects_for_ties():
    """The p-value is scipy's on numbers of which most are tied."""
    from scipy.stats import kruskal as scipy_kruskal

    random = np.random.default_rng(0)
    groups = random.integers(0, 3, 90)
    values = (random.integers(0, 3, 90) + groups).astype(float)
    assert kruskal(values, groups) == pytest.approx(scipy_kruskal(*(values[groups == at] for at in range(3))).pvalue, rel=1e-9)


def test_holm_on_a_worked_example():
    """0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02 (Wikipedia, Holm-Bonferroni method); unknown ones are not counted."""
    found = holm(np.array([0.01, 0.04, np.nan, 0.03, 0.005]))
    assert found == pytest.approx([0.03, 0.06, np.nan, 0.06, 0.02], nan_ok=True)
    assert holm(np.array([0.9, 0.8])).tolist() == [1.0, 1.0]


def test_false_alarms_are_rare():
    """Of 200 tables of four outcomes that have nothing to do with the segments, about one in twenty or less tells of any."""
    random = np.random.default_rng(1)
    alarms = 0
    for seed in range(200):
        labels = random.integers(1, 5, 200)
        frame = pd.DataFrame({"a": random.lognormal(0, 2, 200), "b": random.normal(size=200)})
        frame["c"] = (random.random(200) < 0.3).astype(float)
        frame["d"] = pd.Series(np.array(["x", "y", "z"], dtype=object)[random.integers(0, 3, 200)])
        found = outcomes(table_of(frame, c=Kind.FLAG, d=Kind.CATEGORY), {}, labels, seed=seed)
        alarms += found["differs"].any()
    assert alarms <= 20  # expected 10 at most, standard deviation 3.1


@pytest.mark.parametrize("measure", ["eta squared", "Cramer's V"])
def test_intervals_hold_the_truth(measure):
    """Of 150 samples from a population of known effect, the interval of at least 9 in 10 holds it."""
    random = np.random.default_rng(2)
    held, everyone = 0, np.arange(400)
    for seed in range(150):
        groups = random.integers(0, 2, 400)
        if measure == "eta squared":
            found, truth = of_numbers(random.normal(size=400) + groups, groups, drawn=everyone, seed=seed), 0.25 / 1.25
        else:
            codes = (random.random(400) < np.where(groups, 0.7, 0.3)).astype(np.int64)
            found, truth = of_values(codes, groups, drawn=everyone, seed=seed), 0.4
        assert found.measure == measure
        held += found.low <= truth <= found.high
    assert 135 <= held < 150


def test_intervals_of_many_customers_are_narrow():
    """Resampling 5,000 of 40,000 customers gives an interval about as wide as resampling them all."""
    random = np.random.default_rng(3)
    groups = random.integers(0, 3, 40_000)
    values = random.normal(size=40_000) + groups / 2
    some, every = (
        of_numbers(values, groups, drawn=np.arange(n), seed=0) for n in (MOST_DRAWN, 40_000)
    )
    assert some.high - some.low == pytest.approx(every.high - every.low, rel=0.2)
    assert some.value == every.value


def test_what_cannot_differ_says_so():
    """One value, one segment or no cell at all give no figures and no alarm, but a sentence; nothing warns."""
    frame = pd.DataFrame({"same": [2.0] * 6, "none": np.nan, "one": [1.0, 2, 3, np.nan, np.nan, np.nan], "no": 0.0})
    frame["word"] = pd.Series(["a"] * 6, dtype=object)
    table = table_of(frame, no=Kind.FLAG, word=Kind.CATEGORY)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = outcomes(table, {}, np.repeat([1, 2], 3), seed=0)
        alone = outcomes(table, {}, np.ones(6, dtype=np.int16), seed=0)
        unplaced = outcomes(table, {}, np.full(6, NOISE), seed=0)
    for one in (found, alone, unplaced):
        assert one[["value", "low", "high", "p"]].isna().all(axis=None) and not one["differs"].any()
        assert one["told"].str.startswith("Segments cannot differ in ").all() and len(one) == 5


@pytest.mark.parametrize("scale", [1e-300, 1e307])
def test_extreme_numbers_change_nothing(scale):
    """The unit of a column changes neither the effect nor the p-value, however large; it only draws other resamples."""
    random = np.random.default_rng(0)
    labels = np.repeat([1, 2], 50)
    cells = random.random(100) + labels
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one, other = (outcomes(table_of(pd.DataFrame({"x": cells * by})), {}, labels, seed=0).iloc[0] for by in (1.0, scale))
    assert (other["value"], other["p"]) == pytest.approx((one["value"], one["p"]), rel=1e-6)
    assert other["low"] < other["value"] < other["high"] and other["low"] == pytest.approx(one["low"], abs=0.03)


def test_columns_that_shaped_the_segments_have_no_row():
    """Features, ids and ignored columns are left out, and texts; the others keep their order and role."""
    frame = pd.DataFrame({name: [1.0, 2, 3, 4] for name in "abcde"})
    roles = {"a": Role.FEATURE, "b": Role.PROFILE, "d": Role.IGNORE}
    found = outcomes(table_of(frame, e=Kind.TEXT), roles, np.array([1, 1, 2, 2]), seed=0)
    assert dict(zip(found["column"], found["role"], strict=True)) == {"b": "profile", "c": "outcome"}
    empty = outcomes(table_of(frame), dict.fromkeys("abcde", Role.FEATURE), np.array([1, 1, 2, 2]), seed=0)
    assert tuple(empty.columns) == OUTCOMES and len(empty) == 0 and empty["differs"].dtype == bool


def test_the_order_of_rows_does_not_matter():
    """The same customers in another order give the same rows, the interval included."""
    table, labels = mixed()
    table.frame["spend"] = table.frame["spend"].fillna(pd.Series(np.arange(len(table)) / 7))  # no two customers alike
    turn = np.random.default_rng(7).permutation(len(table))
    turned = Table(*[table.frame.iloc[turn].reset_index(drop=True)] * 2, table.columns, table.source, "f")
    one, other = outcomes(table, {}, labels, seed=0), outcomes(turned, {}, labels[turn], seed=0)
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)
    assert not one["low"].equals(outcomes(table, {}, labels, seed=1)["low"])
