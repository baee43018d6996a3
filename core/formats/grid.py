"""A grid of native cells to a reading: where the table is, what its columns are called, and nothing lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from core.formats.layout import lay_out
from core.formats.merged import Range, spread
from core.formats.reading import Reading, no_rows, refuse_too_wide
from core.model import Note, Question, Source, no_lines


@dataclass(frozen=True)
class Grid:
    """``rows`` of native cells (None or "" where empty) of one width, and the ``lines`` they stand in; ``merged`` cells, see :func:`spread`."""

    rows: Sequence[Sequence[object]]
    lines: Sequence[int]
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    skips: Mapping[str, int] = field(default_factory=dict)
    merged: Sequence[Range] = ()


def shaped(grid: Grid, source: Source, answers: Mapping[str, str], digest: str) -> Reading:
    """The reading of a grid: I1 holds, and what stands beside the table is in the quarantine."""
    layout = lay_out(grid.rows, answers, lines=grid.lines)
    rows, layout = spread(grid.rows, grid.lines, layout, grid.merged, answers=answers)
    refuse_too_wide(len(layout.names))
    if not layout.rows:
        raise no_rows(list(layout.names))
    raw = native_frame([rows[i] for i in layout.rows], layout.names)
    quarantine = _aside(grid, layout.aside)
    skips = {code: count for code, count in {**grid.skips, **layout.skips}.items() if count}
    skips |= {code: count + layout.skips[code] for code, count in grid.skips.items() if code in layout.skips}
    source = replace(source, header_rows=layout.header_rows, skips=skips,
                     rows_in_file=len(raw) + len(quarantine) + sum(skips.values()))
    return Reading(raw, source, (*grid.notes, *layout.notes), (*grid.questions, *layout.questions), quarantine,
                   digest=digest)


def native_frame(rows: Sequence[Sequence[object]], names: Sequence[str]) -> pd.DataFrame:
    """Object cells: None for an empty one."""
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    cells = {name: pd.Series([None if cell == "" else cell for cell in column], dtype=object)
             for name, column in zip(names, columns, strict=False)}
    empty = {name: pd.Series([None] * len(rows), dtype=object) for name in names if name not in cells}
    return pd.DataFrame({name: cells.get(name, empty.get(name)) for name in names})


def _aside(grid: Grid, aside: Mapping[int, str]) -> pd.DataFrame:
    if not aside:
        return no_lines("reason")
    order = sorted(aside)
    return pd.DataFrame({
        "line": [grid.lines[i] for i in order],
        "text": ["\t".join("" if cell is None else str(cell) for cell in grid.rows[i]).rstrip("\t") for i in order],
        "reason": [aside[i] for i in order],
    })
