"""The measures of importance: which there are, what each says, and how it is drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pandas as pd
from dash import html

from core.model import Explanation
from dashboard import theme
from dashboard.components import numbers
from dashboard.components.figure import graph
from dashboard.components.parts import notice
from dashboard.components.tables import table
from dashboard.figures import bars_height, importance_bars
from dashboard.security.labels import plain

MEASURES = {
    "columns": "Each column",
    "groups": "Columns that go together",
    "segments": "Per segment",
    "direct": "What the algorithm itself does",
}
MOST_OF_SEGMENT = 8
_BASE = "Whiskers: 95% interval over customers held out."
_FIGURES = {"importance": "number", "low": "number", "high": "number"}


def measured(measure: str, asked: object) -> str:
    """``measure`` where it is one, else the first."""
    return str(asked) if asked in MEASURES else measure


def drawn(found: Explanation, measure: str, names: Mapping[int, str], *, mode: str, csv: str = "") -> list:
    """The figures of one measure; a chart whose reasons cannot be trusted is hidden, and the reason stands in its place.

    ``names`` by segment, ``csv`` the address of all measures.
    """
    if found.because and measure != "direct":
        return [notice("warn", "The chart is hidden.", found.because)]
    if measure == "groups":
        return _groups(found, mode, csv)
    if measure == "segments":
        return _segments(found, names, mode, csv)
    return _direct(found, mode, csv) if measure == "direct" else _columns(found, mode, csv)


def _columns(found: Explanation, mode: str, csv: str) -> list:
    if found.frame.empty:
        return []
    sentence = f"Loss of balanced accuracy when the column is shuffled. {_BASE}"
    title = f"{plain(found.frame['column'].iloc[0])} matters most"
    return [_bars(found.frame, found.candidate, title, sentence, mode=mode, csv=csv)]


def _groups(found: Explanation, mode: str, csv: str) -> list:
    """Columns whose ranks go together, as one bar."""
    if found.groups.empty:
        return [_unknown()]
    lists = [json.loads(columns) for columns in found.groups["columns"]]
    if all(len(columns) == 1 for columns in lists):
        words = "No two columns go together (Spearman's rho of 0.7 or more), so each stands for itself."
        return [html.P(words, className="sa-help"), *_columns(found, mode, csv)]
    frame = found.groups.assign(column=[" + ".join(columns) for columns in lists])
    sentence = f"Columns with a rank correlation of 0.7 or more are shuffled together. {_BASE}"
    title = f"{plain(frame['column'].iloc[0])} {'matter' if len(lists[0]) > 1 else 'matters'} most"
    return [_bars(frame, found.candidate, title, sentence, mode=mode, csv=csv)]


def _segments(found: Explanation, names: Mapping[int, str], mode: str, csv: str) -> list:
    """One small chart per segment: what tells it from the rest."""
    if found.segments.empty:
        return [_unknown()]
    sentence = f"Loss of the share of the segment that is recognised (recall) when the column is shuffled. {_BASE}"
    parts = []
    for segment, frame in found.segments.groupby("segment", sort=True):
        top = frame.reset_index(drop=True)
        title = f"{plain(names.get(int(segment), f'Segment {segment}'))}: {plain(top['column'].iloc[0])} matters most"
        figure = importance_bars(
            top.head(MOST_OF_SEGMENT), mode=mode, axis="Drop in recall", colour=theme.segment_colour(int(segment), mode)
        )
        parts.append(graph(
            figure, id={"type": "importance-segment", "index": f"{found.candidate}-{int(segment)}"}, title=title, sentence=sentence,
            height=bars_height(min(len(top), MOST_OF_SEGMENT)), table=_twin(top, title), csv=csv,
        ))  # fmt: skip
    return [html.Div(parts, className="sa-importance-many")]


def _direct(found: Explanation, mode: str, csv: str) -> list:
    """The share of customers whom the algorithm itself puts elsewhere."""
    if found.direct.empty:
        why = next((note for note in reversed(found.notes) if "algorithm" in note), "")
        return [notice("info", "The algorithm itself could not be asked.", why)]
    frame = found.direct.rename(columns={"changed": "importance"})
    first = frame.iloc[0]
    title = f"Shuffling {plain(first['column'])} moves {numbers.share(first['importance'])} of customers"
    sentence = "Share of customers whom the algorithm puts into another segment. Whiskers: 95% interval over customers."
    return [_bars(frame, found.candidate, title, sentence, mode=mode, csv=csv, axis="Share of customers who change segment")]


def _bars(
    frame: pd.DataFrame, key: str, title: str, sentence: str, *, mode: str, csv: str, axis: str = "Drop in accuracy when shuffled"
) -> html.Figure:
    return graph(
        importance_bars(frame, mode=mode, axis=axis), id={"type": "importance-bars", "index": key}, title=title, sentence=sentence,
        height=bars_height(len(frame)), table=_twin(frame, title), csv=csv,
    )  # fmt: skip


def _twin(frame: pd.DataFrame, title: str) -> html.Div:
    return table(frame[["column", "importance", "low", "high"]], caption=title, formats=_FIGURES)


def _unknown() -> html.Div:
    return notice("info", "Not measured yet.", "This was measured by an earlier version: change the candidate, or compare again.")


def side_by_side(found: Sequence[tuple[str, Explanation]]) -> html.Div | None:
    """Columns x algorithms as one table: the rank of each column and its drop; None for fewer than two that can be read.

    ``found`` are (label, explanation) of the best candidate of each algorithm.
    """
    read = [(plain(label), one) for label, one in found if not one.because and not one.frame.empty]
    if len(read) < 2:
        return None
    columns = list(dict.fromkeys(column for _, one in read for column in one.frame["column"]))
    body: dict[str, list] = {"column": columns}
    for place, (label, one) in enumerate(read):
        ranks = {column: (at, value) for at, (column, value) in enumerate(
            zip(one.frame["column"], one.frame["importance"], strict=True), 1)}  # fmt: skip
        head = label if label not in body else f"{label} ({place + 1})"
        body[head] = [f"{ranks[c][0]}. {numbers.number(ranks[c][1])}" if c in ranks else "" for c in columns]
    caption = "Rank of each column and drop in balanced accuracy when it is shuffled, by segmentation"
    return table(pd.DataFrame(body), caption=caption)
