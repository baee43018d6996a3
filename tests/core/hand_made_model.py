"""A small model made by hand: two numbers and a category, three round segments; every part of the format is in it."""

from __future__ import annotations

import numpy as np

from core.model import Feature, Kind, LearnedColumn, Model, ModelSegment, Plan, Preparation

CENTRES = np.array([[-1.0, -1.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0], [1.0, -1.0, 0.0, 1.0]])


def hand_made(name: str = "Spring") -> Model:
    """Spend (mean 100, spread 20), visits (log of 1 + x), region (north, others)."""
    random = np.random.default_rng(3)
    drawn = np.repeat([0, 1, 2], 40)
    references = CENTRES[drawn] + 0.1 * random.normal(size=(120, 4))
    columns = (
        LearnedColumn("spend", Kind.NUMBER, "100", scaler=(1.0, 100.0, 20.0), unit="EUR", low=60.0, high=140.0, usual="100"),
        LearnedColumn("visits", Kind.NUMBER, "3", scaler=(1.0, 3.0, 1.0), low=0.0, high=40.0, usual="3", whole=True),
        LearnedColumn("région", Kind.CATEGORY, "north", levels=("north", "other regions"), rest="other regions", usual="north",
                      known=("north", "south", "west")),
    )  # fmt: skip
    features = (
        Feature("spend", "spend", unit="EUR"),
        Feature("visits", "visits"),
        Feature("région: north", "région", "north"),
        Feature("région: other regions", "région", "other regions"),
    )
    return Model(
        name=name,
        made_at="2026-11-21T12:00:00+00:00",
        versions={"segment-atlas": "0.7.0", "numpy": np.__version__},
        fingerprint="ab" * 16,
        rows=120,
        plan=Plan(algorithms=("kmeans",), segments=(3, 3), settings={"kmeans": {"n_segments": 3}}),
        candidate="kmeans-3",
        label="K-means, 3 segments",
        algorithm="kmeans",
        params={"n_segments": 3},
        preparation=Preparation(columns, features, donors=np.zeros((0, 4))),
        arrays={"centres": CENTRES},
        segment_of=np.array([1, 2, 3], dtype=np.int16),
        parts=((1, 1), (2, 2), (3, 3)),
        segments=tuple(ModelSegment(i, f"Segment {i} — é", 40, 0.9, "note", i) for i in (1, 2, 3)),
        references=references,
        reference_segments=(drawn + 1).astype(np.int16),
        unlike=1.5,
        centres=CENTRES,
        usual=((1, "spend", "80 EUR"), (2, "spend", "120 EUR"), (3, "spend", "120 EUR")),
        axes=np.eye(3, 4),
        middle=CENTRES.mean(axis=0),
        agreement=1.0,
        compared=120,
        drift=(("spend", ("90.0", "110.0"), (0.3, 0.4, 0.3)),),
    )
