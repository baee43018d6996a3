"""Whatever the treatments: kept + set aside = uploaded, and what is foretold is what happens to the lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadRequest
from core.model import Totals
from core.orders.ailments import AILMENTS
from core.orders.doctor import examine
from core.orders.effect import effect
from core.orders.engine import session
from core.orders.lines import write_lines
from core.orders.treated import aside, treated
from tests.core.dirty_orders import dirty, is_purchase, sorted_out, totals

SEEDS = (0, 2, 7)
TREATMENTS = st.fixed_dictionaries({name: st.sampled_from(ailment.options) for name, ailment in AILMENTS.items()}).map(
    lambda chosen: {name: chosen[name] for name in AILMENTS}
)


class BySeed(dict):
    """What is known of each seed; Hypothesis does not write it out."""

    def __repr__(self) -> str:
        return f"seeds {list(self)}"


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    """Dirty lines by seed: the generator's truth, an open session, the lines in it, and their examination."""
    found = BySeed()
    folder = tmp_path_factory.mktemp("lines")
    with session(folder=folder, threads=1) as running:
        for seed in SEEDS:
            one = dirty(seed)
            write_lines(one.table, one.plan, folder / f"{seed}.parquet")
            lines = running.lines(folder / f"{seed}.parquet")
            found[seed] = one, running, lines, examine(running, lines, one.plan, "f")
        yield found


def plus(left: Totals, right: Totals) -> Totals:
    return Totals(
        left.lines + right.lines, left.orders + right.orders, left.customers + right.customers,
        left.revenue + right.revenue,
    )  # fmt: skip


@given(seed=st.sampled_from(SEEDS), treatments=TREATMENTS)
@settings(max_examples=150, deadline=None)
def test_foretold_as_counted_one_by_one(examined, seed, treatments):
    one, _, _, examination = examined[seed]
    found = effect(examination, treatments)
    reasons, kept = sorted_out(one.lines, treatments)
    only_amounts = not one.plan.column("quantity")
    purchases = [line for line in kept if is_purchase(line, treatments, only_amounts)]
    returns = [line for line in kept if not is_purchase(line, treatments, only_amounts)]
    assert found.uploaded == totals(one.lines)
    assert found.kept == totals(kept)
    assert dict(found.reasons) == {name: totals(lines) for name, lines in reasons.items()}
    assert list(found.reasons) == [name for name in AILMENTS if name in reasons]
    assert (found.purchases, found.returns) == (totals(purchases), totals(returns))


@given(seed=st.sampled_from(SEEDS), treatments=TREATMENTS)
@settings(max_examples=100, deadline=None)
def test_kept_and_set_aside_are_what_was_uploaded(examined, seed, treatments):
    found = effect(examined[seed][3], treatments)
    assert plus(found.kept, found.aside) == found.uploaded
    assert min(found.aside.lines, found.aside.orders, found.aside.customers) >= 0
    assert sum(one.lines for one in found.reasons.values()) == found.aside.lines
    assert sum(one.revenue for one in found.reasons.values()) == found.aside.revenue
    assert found.purchases.lines + found.returns.lines == found.kept.lines
    assert found.purchases.revenue + found.returns.revenue == found.kept.revenue


@given(seed=st.sampled_from(SEEDS), treatments=TREATMENTS)
@settings(max_examples=6, deadline=None)
def test_applied_as_foretold(examined, seed, treatments):
    """The engine keeps and sets aside just the lines that were sorted by hand, with the same reasons."""
    one, running, lines, examination = examined[seed]
    plan = replace(examination.plan, treatments=dict(treatments))
    kept = running.frame(treated(lines, plan).select("line", "purchase").order_by("line"))
    told = running.frame(aside(lines, plan).order_by("line"))
    reasons, _ = sorted_out(one.lines, treatments)
    number = {id(line): place for place, line in enumerate(one.lines, start=1)}
    expected = {number[id(line)]: name for name, some in reasons.items() for line in some}
    assert dict(zip(told["line"], told["reason"], strict=True)) == expected
    assert sorted([*kept["line"], *told["line"]]) == list(range(1, len(one.lines) + 1))
    only_amounts = not one.plan.column("quantity")
    for place, purchase in zip(kept["line"], kept["purchase"], strict=True):
        assert purchase == is_purchase(one.lines[place - 1], treatments, only_amounts)


def test_by_default_only_cancellations_and_returns_change_money(examined):
    """Apart from lines that nobody can count, and lines in another currency, which are asked about."""
    one, _, _, examination = examined[0]
    reasons = set(effect(examination, {}).reasons)
    assert reasons == {
        "missing_customer", "missing_date", "missing_amount", "future_date", "cancelled", "returned", "other_currency",
    }  # fmt: skip
    assert one.planted("duplicate") and one.planted("zero_price") and one.planted("extreme_order")


def test_treatments_that_are_no_option_are_refused(examined):
    examination = examined[0][3]
    with pytest.raises(BadRequest, match="No customer id cannot be treated as 'keep'"):
        effect(examination, {"missing_customer": "keep"})
    with pytest.raises(BadRequest, match="Unknown ailment"):
        effect(examination, {"hiccups": "aside"})


def test_an_empty_file_has_no_effect(examined, tmp_path):
    one, running, lines, _ = examined[0]
    nothing = examine(running, lines.filter(lines.line < 0), one.plan, "f")
    found = effect(nothing, {})
    assert (found.uploaded, found.kept, found.aside, found.purchases) == (Totals(),) * 4
    assert (nothing.findings, dict(found.reasons), len(nothing.examples)) == ((), {}, 0)
