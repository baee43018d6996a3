"""Permutation importance: how much worse a forest recovers the segments when one column is shuffled."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.explainers.entry import Explainer, Findings
from core.model import NOISE

ROWS = 10_000
TREES = 100
REPEATS = 10
HELD_OUT = 0.3
SMALLEST = 5
TRUSTED = 0.9
MISSING = "(empty)"
Report = Callable[[str, int, int], None]


def permutation_importance(frame: pd.DataFrame, labels: np.ndarray, seed: int, report: Report) -> Findings:
    """Importance of every column of ``frame`` (n rows, original values) for the segments ``labels`` (n,).

    A random forest learns the segments on 70 % of at most 10,000 rows; on the
    others each column is shuffled 10 times and the drop in balanced accuracy
    taken (mean, 5th and 95th percentile). Noise and segments below 5 customers
    are left out; both are said. Source: Breiman (2001), doi:10.1023/A:1010933404324.
    """
    rows, told = _usable_rows(labels, seed)
    if len(np.unique(labels[rows])) < 2:
        empty = pd.DataFrame({"column": frame.columns, "importance": 0.0, "low": 0.0, "high": 0.0})
        return Findings(empty, 0.0, 0, "There are no two segments of 5 customers or more to tell apart.", told)
    report("Learning the segments", 0, frame.shape[1] + 1)
    forest, held, truth = _fit(_readable(frame.iloc[rows].reset_index(drop=True)), labels[rows], seed)
    accuracy = _balanced_accuracy(forest, held, truth)
    drops = []
    for at, column in enumerate(frame.columns):
        report(f"Shuffling {at + 1} of {frame.shape[1]} columns", at + 1, frame.shape[1] + 1)
        drops.append(_drops(forest, held, truth, column=column, whole=accuracy, seed=seed + at))
    report("Done", frame.shape[1] + 1, frame.shape[1] + 1)
    because = _distrust(accuracy) if accuracy < TRUSTED else ""
    return Findings(_ranked(list(frame.columns), drops), accuracy, len(held), because, told)


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


def _fit(frame: pd.DataFrame, labels: np.ndarray, seed: int):
    """The fitted surrogate, and the held-out rows with their segments."""
    from sklearn.model_selection import train_test_split

    size = max(round(HELD_OUT * len(labels)), len(np.unique(labels)))
    learn, held, seen, truth = train_test_split(frame, labels, test_size=size, stratify=labels, random_state=seed)
    return _surrogate(frame, seed).fit(learn, seen), held, truth


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers as they are, dates as days, everything else as text with a word for an empty cell."""
    out = {}
    for name, cells in frame.items():
        if pd.api.types.is_datetime64_any_dtype(cells):
            out[name] = (cells - pd.Timestamp(0, tz=cells.dt.tz)) / pd.Timedelta(days=1)
        elif pd.api.types.is_numeric_dtype(cells):
            out[name] = cells.astype(np.float64)
        else:
            out[name] = cells.astype(object).where(cells.notna(), MISSING).astype(str).astype(object)
    return pd.DataFrame(out)


def _surrogate(frame: pd.DataFrame, seed: int):
    """A forest over the original columns: numbers as they are, everything else one-hot with rare values grouped."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder

    numbers = [c for c in frame.columns if pd.api.types.is_numeric_dtype(frame[c])]
    others = [c for c in frame.columns if c not in numbers]
    levels = OneHotEncoder(max_categories=20, handle_unknown="infrequent_if_exist")
    fill = SimpleImputer(strategy="median", keep_empty_features=True)
    columns = ColumnTransformer([("numbers", fill, numbers), ("others", levels, others)])
    forest = RandomForestClassifier(TREES, class_weight="balanced_subsample", random_state=seed, n_jobs=1)
    return Pipeline([("columns", columns), ("forest", forest)])


def _balanced_accuracy(forest, held: pd.DataFrame, truth: np.ndarray) -> float:
    from sklearn.metrics import balanced_accuracy_score

    return float(balanced_accuracy_score(truth, forest.predict(held)))


def _drops(forest, held: pd.DataFrame, truth: np.ndarray, *, column: str, whole: float, seed: int) -> np.ndarray:
    """Loss of balanced accuracy (repeats,) when ``column`` is shuffled; reported column by column to allow a cancel."""
    random = np.random.default_rng(seed)
    order = np.concatenate([random.permutation(len(held)) for _ in range(REPEATS)])
    shuffled = pd.concat([held] * REPEATS, ignore_index=True)
    shuffled[column] = held[column].to_numpy()[order]
    found = forest.predict(shuffled).reshape(REPEATS, len(held))
    recall = [np.mean(found[:, truth == segment] == segment, axis=1) for segment in np.unique(truth)]
    return whole - np.mean(recall, axis=0)


def _ranked(columns: list[str], drops: list[np.ndarray]) -> pd.DataFrame:
    found = pd.DataFrame(
        {
            "column": columns,
            "importance": [float(np.mean(d)) for d in drops],
            "low": [float(np.quantile(d, 0.05)) for d in drops],
            "high": [float(np.quantile(d, 0.95)) for d in drops],
        }
    )
    return found.sort_values("importance", ascending=False, kind="stable", ignore_index=True)


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
