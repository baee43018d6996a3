"""Laws of a proposed split: planted halves are found and trusted, a continuum is called one, and the rest is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core import pipeline
from core.errors import BadRequest
from core.model import Edit, Plan, Shape
from core.pipeline.splitting import because
from core.pipeline.splitting import propose_split as split


def customers(folder, values):
    path = folder / "customers.csv"
    pd.DataFrame(values, columns=["visits", "spend"]).to_csv(path, index=False)
    return pipeline.load(path, path.name, {})


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Segments far apart, the largest of them two blobs of 60 and 40; the middle of the other is one blob of 80."""
    random = np.random.default_rng(0)
    blobs = [(60, (0, 0)), (40, (0, 6)), (80, (60, 60))]
    values = np.concatenate([random.normal(middle, 0.7, (n, 2)) for n, middle in blobs]).round(3)
    table = customers(tmp_path_factory.mktemp("planted"), values)
    return table, pipeline.compare(table, Plan(algorithms=("kmeans",), segments=(2, 2), resamples=0))


def test_planted_halves_are_found_trusted_and_worth_it(planted):
    """Sixty against forty, above the chance level, and what sets them apart is the planted column."""
    found = split(*planted, "kmeans-2", segment=1)
    assert found.sizes == (60, 40) and min(found.trust) >= 0.95 and found.resamples == 50
    assert found.separation > found.chance and found.because.startswith("Worth it")
    own = found.contrasts[found.contrasts["segment"] == 2].iloc[0]
    assert own["column"] == "spend" and own["own"] == pytest.approx(6, abs=0.4) and own["rest"] == pytest.approx(0, abs=0.4)


def test_the_proposal_is_what_the_edit_does(planted):
    """The sizes that are promised are those of the segments after the split."""
    table, comparison = planted
    found = split(table, comparison, "kmeans-2", segment=1)
    made = pipeline.portray(table, comparison, "kmeans-2", shape=Shape((Edit("split", 1),)), resamples=10)
    assert (made.candidate.sizes[1], made.candidate.sizes[3]) == found.sizes


def test_one_blob_is_not_worth_splitting(planted):
    """Its halves are no better parted than those of data without groups."""
    found = split(*planted, "kmeans-2", segment=2)
    assert found.separation <= found.chance and not found.because.startswith("Worth it")


def test_equal_questions_get_equal_answers(planted):
    """To the last digit."""
    one, two = (split(*planted, "kmeans-2", segment=2) for _ in range(2))
    assert (one.trust, one.separation, one.chance) == (two.trust, two.separation, two.chance)


@pytest.mark.parametrize(
    ("edits", "segment", "words"),
    [((), 9, "no segment 9"), ((Edit("lock", 1),), 1, "locked"), ((Edit("split", 1), Edit("move", 2, rows=tuple(range(55)))), 1, "too few")],
)  # fmt: skip
def test_what_cannot_be_split_is_refused_in_words(planted, edits, segment, words):
    """Unknown, locked, or too small to be judged."""
    with pytest.raises(BadRequest, match=words):
        split(*planted, "kmeans-2", shape=Shape(tuple(edits)), segment=segment)


@pytest.mark.parametrize(
    ("trust", "separation", "chance", "begins"),
    [((0.9, 0.8), 0.6, 0.4, "Worth it"), ((0.9, 0.8), 0.3, 0.4, "A cut through a continuum"),
     ((0.9, 0.65), 0.6, 0.4, "Perhaps"), ((0.9, 0.4), 0.6, 0.4, "Not worth it"), ((0.7, 0.7), 0.3, 0.4, "Not worth it")],
)  # fmt: skip
def test_the_verdict_weighs_both_trust_and_separation(trust, separation, chance, begins):
    """The weaker half decides, and both numbers are said with what they are measured against."""
    told = because(trust, separation=separation, chance=chance)
    assert told.startswith(begins) and f"{separation:.2f}" in told and f"{chance:.2f}" in told
