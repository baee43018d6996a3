"""A capsule comes from anywhere: what its plan asks for is checked as a plan of our own is, before anything is fitted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.bundles import Capsule
from core.errors import SegmentationError
from core.pipeline.replaying import replay
from tests.core.scored_shop import compared, shop


@pytest.mark.parametrize(
    "given", [{"n_segments": "3"}, {"n_segments": {}}, {"n_segments": 10**9}, {"n_segments": None}, {"no such": 1}]
)
def test_settings_that_no_plan_of_ours_has_are_refused_in_words(tmp_path, given):
    """Text where a number belongs went as far as the fit, and came out as a defect."""
    read = shop(60)
    found = compared(read)
    chosen = found.candidate("kmeans-3")
    plan = replace(found.plan, settings={"kmeans": given})
    kept = Capsule(plan=plan, candidate=chosen.key, label=chosen.label, fingerprint=read.fingerprint, labels=chosen.labels)
    with pytest.raises(SegmentationError) as told:
        replay(kept, tmp_path / "x.csv", read)
    assert "Number of segments" in str(told.value) or "no such" in str(told.value)


def test_rows_in_another_order_are_named_as_what_explains_it(tmp_path):
    """The same customers turned round: as many in every segment, and words that say so; one who moved says nothing of order."""
    read = shop(60)
    found = compared(read)
    chosen = found.candidate("kmeans-3")
    labels = chosen.labels[::-1].copy()
    assert (labels != chosen.labels).any()
    kept = Capsule(plan=found.plan, candidate=chosen.key, label=chosen.label, fingerprint=read.fingerprint, labels=labels)
    told = replay(kept, tmp_path / "x.csv", read)
    assert not told.same and any("another order" in words for words in told.differences)
    moved = chosen.labels.copy()
    moved[0] = moved[0] % 3 + 1
    told = replay(replace(kept, labels=moved), tmp_path / "x.csv", read)
    assert not told.same and not any("another order" in words for words in told.differences)
