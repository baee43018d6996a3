"""Permutation importance: how much worse a forest recovers the segments when columns are shuffled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.explainers.design import Design, design
from core.explainers.entry import Explainer, Findings
from core.explainers.grouping import grouped, with_groups
from core.explainers.intervals import balanced, interval
from core.model import NOISE

ROWS = 10_000
TREES = 100
REPEATS = 10
HELD_OUT = 0.3
SMALLEST = 5
TRUSTED = 0.9
Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class _Judge:
    """A forest that has learned, the held-out rows (n, features) float32, their segments, and where it is right."""

    forest: object
    held: np.ndarray
    truth: np.ndarray
    right: np.ndarray

    def losses(self, features: np.ndarray, seed: int) -> np.ndarray:
        """(n,) from -1 to 1: of each held-out customer, how often it is no longer told right once the columns at
        ``features`` are shuffled together."""
        random = np.random.default_rng(seed)
        order = np.concatenate([random.permutation(len(self.held)) for _ in range(REPEATS)])
        shuffled = np.tile(self.held, (REPEATS, 1))
        shuffled[:, features] = self.held[order][:, features]
        right = self.forest.predict(shuffled).reshape(REPEATS, -1) == self.truth
        return self.right - right.mean(axis=0)


def permutation_importance(frame: pd.DataFrame, labels: np.ndarray, seed: int, report: Report) -> Findings:
    """Importance of every column of ``frame`` (n rows, original values) for the segments ``labels`` (n,).

    A random forest learns the segments on 70 % of at most 10,000 rows. On the
    others each column is shuffled 10 times; its importance is the drop in
    balanced accuracy, and of each segment the drop in its recall, with 95 %
    intervals over held-out customers. Columns whose ranks go together (Spearman
    0.7 or more) are also shuffled together: alone, each can stand in for the
    other. Noise and segments below 5 customers are left out; both are said.
    Sources: Breiman (2001), doi:10.1023/A:1010933404324; for groups Gregorutti,
    Michel & Saint-Pierre (2015), doi:10.1016/j.csda.2015.04.002.
    """
    rows, told = _usable_rows(labels, seed)
    if len(np.unique(labels[rows])) < 2:
        empty = pd.DataFrame({"column": frame.columns, "importance": 0.0, "low": 0.0, "high": 0.0})
        return Findings(empty, 0.0, 0, "There are no two segments of 5 customers or more to tell apart.", told)
    made = design(frame.iloc[rows].reset_index(drop=True))
    sets = grouped(made)
    several = [members for members in sets if len(members) > 1]
    steps = len(made.columns) + len(several) + 1
    report("Learning the segments", 0, steps)
    judge = _learned(made, labels[rows], seed)
    losses = []
    for at, columns in enumerate([*([one] for one in range(len(made.columns))), *several]):
        report(f"Shuffling {at + 1} of {steps - 1} columns and groups", at + 1, steps)
        losses.append(judge.losses(made.features(columns), seed + at))
    report("Done", steps, steps)
    accuracy = float(np.mean([judge.right[judge.truth == segment].mean() for segment in np.unique(judge.truth)]))
    because = _distrust(accuracy) if accuracy < TRUSTED else ""
    alone, together = losses[: len(made.columns)], losses[len(made.columns) :]
    ranked = _ranked(made.columns, alone, judge.truth)
    groups = with_groups(ranked, made.columns, sets, [balanced(loss, judge.truth) for loss in together])
    segments = _by_segment(made.columns, alone, judge.truth)
    return Findings(ranked, accuracy, len(judge.truth), because, told, groups=groups, segments=segments)


def _usable_rows(labels: np.ndarray, seed: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Positions of at most 10,000 rows in segments of 5 or more, and what was left out, in words."""
    segments, counts = np.unique(labels[labels > 0], return_counts=True)
    small = segments[counts < SMALLEST]
    rows = np.flatnonzero((labels > 0) & ~np.isin(labels, small))
    told = []
    if unplaced := int((labels == NOISE).sum()):
        told.append(f"{unplaced:,} unplaced customers are left out.")
    if len(small):
        told.append(f"Segments below {SMALLEST} customers are left out: {', '.join(map(str, small))}.")
    if len(rows) > ROWS:
        rows = _stratified(rows, labels, seed)
    return rows, tuple(told)


def _stratified(rows: np.ndarray, labels: np.ndarray, seed: int) -> np.ndarray:
    """About 10,000 of ``rows``, every segment in proportion and with at least 5."""
    random = np.random.default_rng(seed)
    share = ROWS / len(rows)
    parts = []
    for segment in np.unique(labels[rows]):
        members = rows[labels[rows] == segment]
        size = min(len(members), max(SMALLEST, round(share * len(members))))
        parts.append(random.choice(members, size, replace=False))
    return np.sort(np.concatenate(parts))


def _learned(made: Design, labels: np.ndarray, seed: int) -> _Judge:
    """The surrogate, fitted on the rows that are not held out, and what it makes of those that are."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import train_test_split

    size = max(round(HELD_OUT * len(labels)), len(np.unique(labels)))
    places = np.arange(len(labels))
    learn, held = train_test_split(places, test_size=size, stratify=labels, random_state=seed)
    values = made.filled(learn)
    forest = RandomForestClassifier(TREES, class_weight="balanced_subsample", random_state=seed, n_jobs=1)
    forest.fit(values[learn], labels[learn])
    right = forest.predict(values[held]) == labels[held]
    return _Judge(forest, values[held], labels[held], right.astype(np.float64))


def _ranked(columns: Sequence[str], losses: list[np.ndarray], truth: np.ndarray) -> pd.DataFrame:
    found = pd.DataFrame([balanced(loss, truth) for loss in losses], columns=["importance", "low", "high"])
    found.insert(0, "column", list(columns))
    return found.sort_values("importance", ascending=False, kind="stable", ignore_index=True)


def _by_segment(columns: Sequence[str], losses: list[np.ndarray], truth: np.ndarray) -> pd.DataFrame:
    """The drop in the recall of each segment, numbers rising, within a segment falling."""
    rows = [
        (int(segment), column, *interval(loss[truth == segment]))
        for segment in np.unique(truth)
        for column, loss in zip(columns, losses, strict=True)
    ]
    found = pd.DataFrame(rows, columns=["segment", "column", "importance", "low", "high"])
    return found.sort_values(["segment", "importance"], ascending=[True, False], kind="stable", ignore_index=True)


def _distrust(accuracy: float) -> str:
    return (
        f"The forest recovers only {accuracy:.0%} of the segments on customers it has not seen (90 % is needed), "
        "so its reasons are not the reasons of the segments."
    )


PERMUTATION = Explainer(
    name="permutation",
    label="Permutation importance",
    summary="How much worse the segments can be told apart when one column is shuffled.",
    explain=permutation_importance,
    reference="Breiman (2001), doi:10.1023/A:1010933404324",
)
