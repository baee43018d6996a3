"""Laws of following: ids are text, exactly; what is doubtful is counted and named, never joined."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadRequest
from core.lineage import ABSENT, flows, follow, inherited, keys, members
from core.model import NOISE, Column, Edit, Kind, Migration, Role, Shape, Source, Table
from core.shaping import ledger


def table(ids, fingerprint="", *, name="id", kind=Kind.KEY, role=Role.ID, raw=None):
    """A table of ids alone."""
    frame = pd.DataFrame({name: pd.Series(list(ids), dtype=object)})
    cells = frame if raw is None else pd.DataFrame({name: raw})
    return Table(cells, frame, (Column(name, kind, role),), Source("x.csv", "csv"), fingerprint or "-".join(map(str, ids)))


def test_ids_meet_whatever_the_order_and_the_spaces_around_them():
    """The partner is a row of before."""
    found = follow(table(["a", "b", "c"]), table(["c ", "x", " a"]))
    assert found.partner.tolist() == [2, -1, 0] and found.shared == 2 and found.key == "id" and found.notes == ()


def test_numbers_and_padded_text_are_named_and_never_joined():
    """"00123" is not 123; that they nearly are is told with an example."""
    found = follow(table(["00123", "00124", "9"]), table([123, 124, 9], raw=pd.Series([123, 124, 9])))
    assert found.partner.tolist() == [-1, -1, 2]
    assert any("numbers now and were text before" in note for note in found.notes)
    assert any("2 ids in id differ only in leading zeros" in note and "'00123' before, '123' now" in note for note in found.notes)


def test_ids_that_stand_twice_are_followed_by_nobody_and_counted():
    """Which row is meant is not known; gaps are no id."""
    found = follow(table(["a", "a", "b", "", ""]), table(["a", "b", "b", "c"]))
    assert found.partner.tolist() == [-1, -1, -1, -1]
    assert any("1 ids in id of before stand in several rows (2 rows, such as 'a')" in note for note in found.notes)
    assert any("1 ids in id of now" in note for note in found.notes) and any("2 customers of before have no id" in note for note in found.notes)


def test_the_column_that_shares_most_is_taken_and_a_named_one_obeyed():
    """Of ids and codes under the same name; a key that is missing is refused."""
    both = [pd.DataFrame({"id": ["1", "2", "3"], "mail": mails}, dtype=object) for mails in (["a", "b", "c"], ["x", "y", "c"])]
    columns = Column("id", Kind.KEY, Role.ID), Column("mail", Kind.KEY, Role.PROFILE)
    one, other = (Table(frame, frame, columns, Source("x.csv", "csv"), str(at)) for at, frame in enumerate(both))
    assert keys(one, other) == ("id", "mail")
    assert follow(one, other).key == "id" and follow(one, other, "mail").partner.tolist() == [-1, -1, 2]
    with pytest.raises(BadRequest, match="'phone'"):
        follow(one, other, "phone")


def test_without_a_common_column_nobody_is_followed_and_it_is_said():
    """Other names are other columns."""
    found = follow(table(["a"]), table(["a"], "y", name="customer"))
    assert found.shared == 0 and not found.enough(1) and "no column of ids" in found.notes[0]


def test_a_tenth_of_the_smaller_file_has_to_be_shared():
    """Few equal ids are chance."""
    few = follow(table(range(100)), table([*range(91, 100), *range(200, 300)]))
    assert few.shared == 9 and not few.enough(100)
    assert follow(table(range(100)), table(range(90, 300))).enough(100)


CELLS = st.lists(st.tuples(st.sampled_from([NOISE, 1, 2, 3]), st.sampled_from([NOISE, 1, 2]), st.integers(0, 2), st.integers(-10**9, 10**9)), max_size=60)


@settings(max_examples=100, deadline=None)
@given(CELLS)
def test_flows_and_their_lists_hold_everybody_once(cells):
    """Of either file, in customers and in whole cents; the list of a cell has as many rows as the cell says."""
    before = np.array([b for b, _, where, _ in cells if where != 1], dtype=np.int16)
    now = np.array([n for _, n, where, _ in cells if where != 0], dtype=np.int16)
    paid = [np.array([cents for _, _, where, cents in cells if where != gone]) / 100 for gone in (1, 0)]
    place = iter(range(len(before)))
    at = [next(place) if where != 1 else -1 for _, _, where, _ in cells]
    partner = np.array([row for row, (_, _, where, _) in zip(at, cells, strict=True) if where != 0], dtype=np.int32)
    found = flows(before, now, partner, money=tuple(paid))
    for side, labels, money in zip(("before", "now"), (before, now), paid, strict=True):
        mine = found[found[side] != ABSENT]
        assert mine["customers"].sum() == len(labels)
        assert round(mine[f"revenue_{side}"].sum() * 100) == round(money.sum() * 100)
        assert (found.loc[found[side] == ABSENT, f"revenue_{side}"] == 0).all()
    for row in found.itertuples():
        old, new = members(before, now, partner, cell=(row.before, row.now))
        assert len(old) == len(new) == row.customers
        assert ((old == -1) == (row.before == ABSENT)).all() and ((new == -1) == (row.now == ABSENT)).all()
    assert sum(len(members(before, now, partner, cell=(s, None))[0]) for s in set(found["before"]) - {ABSENT}) == len(before)


def test_flows_without_money_tell_no_revenue():
    """NaN is not nothing."""
    found = flows(np.array([1]), np.array([1]), np.array([0]))
    assert found["revenue_before"].isna().all() and found["revenue_now"].isna().all()


def migration(names, colours=None, descriptions=None):
    frame = pd.DataFrame()
    return Migration("ids", "id", 0, {}, frame, frame, frame, "keep", "", -1.0, names, colours or {}, descriptions or {})


def applied(edits, segments, chosen):
    """The ledger after the edits; it refuses two segments of one name on the way."""
    first = tuple(Edit("rename", s, text=name) for s, name in chosen.items())
    return ledger(segments, Shape((*first, *edits)))


@settings(max_examples=150, deadline=None)
@given(st.permutations("ABCD"), st.permutations("ABCD"), st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)))
def test_names_are_inherited_whatever_they_are_called_now(wanted, called, matched, named):
    """Exchanged names, in a ring or partly: every edit is taken, and the matched are called as before."""
    chosen = {s: called[s - 1] for s in sorted(named)}
    names = {s: wanted[s - 1] for s in sorted(matched)}
    there = applied(inherited(migration(names), (1, 2, 3, 4), chosen=chosen, colours={}), (1, 2, 3, 4), chosen)
    assert {s: there.names[s] for s in matched} == names and len(set(there.names.values())) == len(there.names)


def test_what_is_called_so_already_needs_no_edit():
    """Names, colours and nothing else."""
    assert inherited(migration({1: "A"}, {1: 1}), (1, 2), chosen={1: "A"}, colours={}) == ()


def test_no_colour_is_seen_twice():
    """The unmatched segment gives the colour up that its number has."""
    edits = inherited(migration({}, {1: 2}), (1, 2, 3), chosen={}, colours={})
    there = applied(edits, (1, 2, 3), {})
    assert there.colours[1] == 2 and len({there.colours.get(s, s) for s in (1, 2, 3)}) == 3


def test_descriptions_come_along():
    """With the reason of the change."""
    edits = inherited(migration({}, {}, {2: "Loyal"}), (1, 2), chosen={}, colours={}, reason="As before.")
    assert edits == (Edit("describe", 2, text="Loyal", reason="As before."),)
