"""Laws that every entry of the metric catalogue keeps."""

from __future__ import annotations

import numpy as np
import pytest

from core.metrics import METRICS
from core.model import NOISE

BY_NAME = pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
VALUES = np.random.default_rng(0).normal(size=(60, 3))
LABELINGS = {
    "three": np.arange(60) % 3 + 1,
    "with noise": np.where(np.arange(60) < 10, NOISE, np.arange(60) % 2 + 1),
    "one segment": np.ones(60, dtype=np.int16),
    "all noise": np.full(60, NOISE),
    "single rows": np.arange(60) + 1,
    "a segment of one": np.where(np.arange(60) == 0, 2, 1),
}


def score(metric, labelings, values=VALUES):
    return metric.score(values, labelings, seed=0, centred=frozenset(labelings))


@BY_NAME
def test_every_labeling_gets_a_finite_value_or_a_reason(metric):
    """No labeling breaks a metric; "no value" always says why."""
    found = score(metric, LABELINGS)
    assert list(found) == list(LABELINGS)
    for one in found.values():
        assert one.metric == metric.name
        assert np.isfinite(one.value) if one.value is not None else one.because.startswith("does not apply, because ")


@BY_NAME
def test_numbering_and_row_order_do_not_matter(metric):
    """A metric sees the partition, not the numbers nor the order of the file."""
    labels = LABELINGS["three"]
    order = np.random.default_rng(1).permutation(60)
    whole = score(metric, {"a": labels})["a"].value
    assert score(metric, {"a": np.array([0, 3, 1, 2])[labels]})["a"].value == pytest.approx(whole, abs=1e-9)
    assert score(metric, {"a": labels[order]}, VALUES[order])["a"].value == pytest.approx(whole, abs=1e-9)


@BY_NAME
def test_other_labelings_in_the_pass_do_not_matter(metric):
    """Scoring many labelings at once gives what each would get alone."""
    together = score(metric, LABELINGS)
    for key, labels in LABELINGS.items():
        alone = score(metric, {key: labels})[key].value
        assert alone == together[key].value or alone == pytest.approx(together[key].value, abs=1e-12)


@BY_NAME
def test_entry_is_complete(metric):
    """Label, help, direction and format are there and can be used."""
    assert metric.label and metric.help.endswith(".") and metric.better in ("higher", "lower", "")
    assert format(0.5, metric.format)
    assert score(metric, {}) == {}
