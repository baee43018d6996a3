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
