"""Laws of migration: names follow their customers, each planted change is told as what it is, and sums reconcile."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core import pipeline
from core.errors import BadRequest
from core.model import NOISE, Recipe
from tests.core.lineages import people, refit, whole


def fates(found, side):
    frame = found.fates[found.fates["side"] == side]
    return dict(zip(frame["segment"], frame["fate"], strict=True))


def named_by_blob(labels, blob):
    """Every segment called after the blob that most of its customers come from."""
    return {int(s): f"Blob {np.bincount(blob[labels == s]).argmax()}" for s in np.unique(labels) if s != NOISE}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    frame, blob = people([60, 50, 40, 30])
    labels = (blob + 1).astype(np.int16)
    return frame, blob, whole(frame, labels, tmp_path_factory.mktemp("before"), names=named_by_blob(labels, blob), colours={2: 9},
                              descriptions={1: "Regulars"})  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_refits_of_another_file_keep_every_name(before, tmp_path, seed):
    """Rows in another order, a tenth of the customers others, segments numbered at random: all names, 20 of 20."""
    frame, blob, was = before
    fresh, its = people([6, 5, 4, 3], seed=seed + 1, first=90_000)
    kept = np.random.default_rng(seed).permutation(len(frame))[: int(0.9 * len(frame))]
    later = pd.concat([frame.iloc[kept], fresh], ignore_index=True)
    blobs = np.concatenate([blob[kept], its])
    labels = refit(later, 4, seed=seed)
    found = pipeline.migrate(was, whole(later, labels, tmp_path))
    assert found.by == "ids" and found.key == "customer_id" and found.shared == len(kept)
    assert found.names == named_by_blob(labels, blobs) and set(fates(found, "now").values()) == {"same"}
    number = {name: s for s, name in found.names.items()}
    assert found.colours[number["Blob 1"]] == 9 and found.descriptions == {number["Blob 0"]: "Regulars"}


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 20))])
def test_refits_without_shared_customers_keep_every_name_by_centres(before, tmp_path, seed):
    """Nobody is in both files; the centres lie where they lay."""
    _, _, was = before
    later, blobs = people([55, 45, 45, 35], seed=seed + 50, first=50_000)
    labels = refit(later, 4, seed=seed)
    found = pipeline.migrate(was, whole(later, labels, tmp_path))
    assert found.by == "centres" and found.shared == 0 and (found.partner == -1).all()
    assert found.names == named_by_blob(labels, blobs)


@pytest.mark.parametrize("ids", ["shared", "other"])
def test_a_deleted_blob_is_exactly_one_retired(before, tmp_path, ids):
    """By ids and by centres; nothing else changes its fate."""
    frame, blob, was = before
    later, its = (frame[blob != 2].reset_index(drop=True), blob[blob != 2]) if ids == "shared" else people([60, 50, 0, 30], seed=5, first=70_000)
    found = pipeline.migrate(was, whole(later, refit(later, 3, seed=1), tmp_path))
    assert fates(found, "before") == {1: "same", 2: "same", 3: "retired", 4: "same"}
    assert set(fates(found, "now").values()) == {"same"} and found.by == ("ids" if ids == "shared" else "centres")
    assert len(its) == len(later)


@pytest.mark.parametrize("ids", ["shared", "other"])
def test_an_added_blob_is_exactly_one_new(before, tmp_path, ids):
    """The new customers have ids that nobody had."""
    frame, _, was = before
    if ids == "shared":
        later = pd.concat([frame, people([0, 0, 0, 0, 40], seed=3, first=80_000)[0]], ignore_index=True)
    else:
        later, _ = people([60, 50, 40, 30, 40], seed=3, first=80_000)
    labels = refit(later, 5, seed=2)
    found = pipeline.migrate(was, whole(later, labels, tmp_path))
    new = [s for s, fate in fates(found, "now").items() if fate == "new"]
    assert len(new) == 1 and set(later["visits"][labels == new[0]] > 30) == {True}
    assert set(fates(found, "before").values()) == {"same"}


@pytest.mark.parametrize("ids", ["shared", "other"])
def test_planted_merges_and_splits_are_told(before, tmp_path, ids):
    """Two blobs as one segment: the larger gives its name where it is half of it, the other merged; the reverse is a split."""
    frame, blob, was = before
    later, its = (frame, blob) if ids == "shared" else people([60, 50, 40, 30], seed=8, first=60_000)
    if ids == "shared":
        later, its = frame.iloc[::-1].reset_index(drop=True), blob[::-1]
    joined = np.array([1, 2, 3, 2])[its]
    merged = pipeline.migrate(was, whole(later, joined, tmp_path))
    assert fates(merged, "before") == {1: "same", 2: "same", 3: "same", 4: "merged"}
    told = merged.fates.set_index(["side", "segment"])["told"]
    assert told["before", 4] == "Most of it went into Group 2."
    if ids == "shared":  # the same customers: 30 of 180 have lost their segment, and nothing else has changed
        assert merged.verdict == "watch" and merged.reason.startswith("17% of the customers of before")
    back = pipeline.migrate(whole(later, joined, tmp_path, name="a.csv"), whole(frame, blob + 1, tmp_path, name="b.csv"))
    assert fates(back, "now") == {1: "same", 2: "same", 3: "same", 4: "split"}
    assert set(fates(back, "before").values()) == {"same"}


def test_a_segment_that_fell_into_three_is_split_and_not_retired(before, tmp_path):
    """No part is half of it, so none is matched."""
    frame, blob, was = before
    labels = (blob + 1).astype(np.int16)
    labels[:60] = np.repeat([1, 5, 6], 20)
    found = pipeline.migrate(was, whole(frame.iloc[::-1], labels[::-1], tmp_path))
    assert fates(found, "before")[1] == "split" and [fates(found, "now")[s] for s in (1, 5, 6)] == ["split"] * 3
    assert found.fates.iloc[0]["parts"] == "1 5 6"


def test_sums_reconcile_to_the_cent_with_everybody_in_one_cell(before, tmp_path):
    """Lost and new customers, those not placed, ids that stand twice or are empty: each row of either file counts once."""
    frame, blob, _ = before
    was_labels = (blob + 1).astype(np.int16)
    was_labels[:7] = NOISE
    was = whole(pd.concat([frame, frame.iloc[[3]]]), np.append(was_labels, was_labels[3]), tmp_path, name="was.csv")
    later = frame.iloc[10:].copy()
    later.loc[20, "customer_id"] = ""
    later["revenue"] = (later["revenue"] * 1.1).round(2)
    now_labels = np.random.default_rng(0).integers(1, 5, len(later))
    now_labels[-5:] = NOISE
    found = pipeline.migrate(was, whole(later, now_labels, tmp_path, name="now.csv"))
    for side, table, labels in (("before", was[0], np.append(was_labels, was_labels[3])), ("now", None, now_labels)):
        frame_of = table.frame if table is not None else later.reset_index(drop=True)
        mine = found.flows[found.flows[side] != 0]
        for segment in np.unique(labels):
            cells = mine[mine[side] == segment]
            assert cells["customers"].sum() == (labels == segment).sum()
            cents = int((frame_of["revenue"].to_numpy()[labels == segment] * 100).round().sum())
            assert round(cells[f"revenue_{side}"].sum() * 100) == cents
        assert mine["customers"].sum() == len(labels)
    assert any("C00004" in note and "2 rows" in note for note in found.notes) and any("1 customers of now have no" in note for note in found.notes)
    assert ((found.flows["before"] == NOISE) & (found.flows["now"] == 0)).any() and found.money == "revenue"


def test_the_same_file_is_followed_row_by_row(before, tmp_path):
    """Though it has no id."""
    frame, blob, _ = before
    bare = frame.drop(columns="customer_id")
    first, second = (whole(bare, labels, tmp_path) for labels in (blob + 1, np.array([4, 3, 2, 1])[blob]))
    found = pipeline.migrate(first, second)
    assert found.matched == {1: 4, 2: 3, 3: 2, 4: 1} and found.shared == len(frame) and found.verdict == "keep"
    assert found.drift["psi"].abs().max() == 0
    assert "changed segment" not in found.reason
    moved = np.where(np.arange(len(frame)) % 5 == 0, blob % 4 + 1, blob) + 1
    moved[moved == 5] = 1
    told = pipeline.migrate(first, whole(bare, moved, tmp_path))
    assert told.verdict == "keep" and f"{np.mean(moved != blob + 1):.0%} of the customers in both files have changed segment" in told.reason


def test_the_order_of_rows_changes_nothing(before, tmp_path):
    """Fates, flows, drift and the verdict of a shuffled file are those of the file."""
    frame, blob, was = before
    later, its = people([60, 50, 40, 30], seed=4)
    order = np.random.default_rng(2).permutation(len(later))
    one = pipeline.migrate(was, whole(later, its + 1, tmp_path, name="a.csv"))
    other = pipeline.migrate(was, whole(later.iloc[order], its[order] + 1, tmp_path, name="b.csv"))
    for name in ("fates", "flows", "drift"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert (one.verdict, one.reason, one.unlike) == (other.verdict, other.reason, other.unlike)


def test_files_without_anything_in_common_are_refused_in_words(before, tmp_path):
    """Neither ids nor columns."""
    _, _, was = before
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"weight": random.normal(size=50).round(3), "height": random.normal(size=50).round(3)})
    with pytest.raises(BadRequest, match="neither customers nor the columns"):
        pipeline.migrate(was, whole(frame, np.repeat([1, 2], 25), tmp_path))


def test_a_key_that_one_file_lacks_is_refused(before, tmp_path):
    """By its name."""
    _, _, was = before
    with pytest.raises(BadRequest, match="'email'"):
        pipeline.migrate(was, was, key="email")


def test_customers_moved_away_ask_for_a_refit(before, tmp_path):
    """All columns shifted by far: many are unlike anyone, and the light says refit with its reason."""
    frame, blob, was = before
    later = frame.assign(visits=frame["visits"] + 100)
    found = pipeline.migrate(was, whole(later, blob + 1, tmp_path))
    assert found.unlike == 1 and found.verdict == "refit" and found.drift.iloc[0]["column"] == "visits"
    assert found.drift.iloc[0]["verdict"] == "refit" and found.drift.iloc[1]["verdict"] == "keep"


def test_a_column_that_is_gone_asks_for_a_refit_and_ids_still_follow(before, tmp_path):
    """Nothing can be said of who is unlike."""
    frame, blob, was = before
    found = pipeline.migrate(was, whole(frame.drop(columns="basket"), blob + 1, tmp_path, recipe=Recipe(roles={"revenue": "profile"})))
    assert found.verdict == "refit" and "basket" in found.reason and found.unlike == -1 and len(found.matched) == 4


def test_customers_like_before_are_rarely_unlike_them(before, tmp_path):
    """A half percent of before is by construction; new draws of the same blobs stay near that."""
    frame, blob = people([400, 300, 300, 200], seed=1)
    later, its = people([400, 300, 300, 200], seed=2, first=5_000)
    found = pipeline.migrate(whole(frame, blob + 1, tmp_path, name="a.csv"), whole(later, its + 1, tmp_path, name="b.csv"))
    assert 0 <= found.unlike < 0.02 and found.verdict == "keep"


@pytest.mark.long
def test_halves_of_a_real_file_keep_their_segments(shared_data, tmp_path):
    """Two random halves of CC GENERAL share nobody: matched by centres, no drift."""
    from core.model import Plan

    source = pd.read_csv(shared_data / "customers" / "CC GENERAL.csv", dtype=str, keep_default_na=False).sample(frac=1, random_state=3)
    both = []
    for name, part in (("a.csv", source[:4475]), ("b.csv", source[4475:])):
        part.to_csv(tmp_path / name, index=False)
        table = pipeline.load(tmp_path / name, name, {})
        comparison = pipeline.compare(table, Plan(algorithms=("kmeans",), segments=(4, 4)))
        both.append((table, comparison, comparison.choose("kmeans-4")))
    found = pipeline.migrate(*both)
    assert found.by == "centres" and len(found.matched) == 4 and found.verdict == "keep" and found.drift["psi"].max() < 0.1


def test_segments_whose_customers_changed_places_are_the_same_by_where_they_lie(before, tmp_path):
    """Everybody wanders from blob to blob; the blobs are where they were, and keep their names."""
    frame, blob, was = before
    order = np.random.default_rng(1).permutation(len(frame))
    later = frame.assign(visits=frame["visits"].to_numpy()[order], basket=frame["basket"].to_numpy()[order])
    labels = np.array([4, 3, 2, 1], dtype=np.int16)[blob[order]]
    found = pipeline.migrate(was, whole(later, labels, tmp_path))
    assert found.by == "ids" and found.matched == {1: 4, 2: 3, 3: 2, 4: 1} and set(found.fates["fate"]) == {"same"}
    assert found.names == named_by_blob(labels, blob[order]) and found.verdict == "keep"
    assert found.fates["told"].str.contains("most of its customers are others").any()
