"""Merged cells: one value is written, several cells are meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.formats.layout import Layout, lay_out
from core.formats.patterns import is_blank
from core.model import Choice, Note, Question

Range = tuple[int, int, int, int]
Rows = Sequence[Sequence[object]]
_OPTIONS = ("fill", "leave")
_MOST = 5_000_000


def spread(rows: Rows, lines: Sequence[int], layout: Layout, ranges: Sequence[Range], *,
           answers: Mapping[str, str]) -> tuple[Rows, Layout]:
    """Rows and layout with the value of merged cells in every cell that they cover.

    ``ranges`` are (first row, first column, last row, last column) among ``rows``, from 0. Names that stretch over
    several columns are filled and told. Whether the value of merged cells among the customers belongs to each of them,
    only the owner knows: that is asked (``merged`` fill|leave); meanwhile they are filled where they only reach down, and
    left where they reach across columns, as titles between the rows do.
    """
    head, body = _header(rows, layout), set(layout.rows)
    ranges = [one for one in ranges if one[0] < len(rows) and not is_blank(rows[one[0]][one[1]])]
    names = [one for one in ranges if one[0] in head and one[3] > one[1]]
    inside = [one for one in ranges if one[0] in body]
    proposed = "fill" if all(left == right for _, left, _, right in inside) else "leave"
    taken = answers.get("merged", proposed)
    wanted = [*((top, left, top, right) for top, left, _, right in names), *(inside if taken == "fill" else [])]
    if not names and not inside:
        return rows, layout
    rows = _filled(rows, wanted)
    notes, questions = [], []
    if names:
        layout = lay_out(rows, {**answers, "header": "yes" if len(head) == 1 else str(len(head))}, lines=lines)
        text = f"{len(names):,} merged cells of the header name every column that they cover."
        notes.append(Note("MERGED_HEADER", text, count=len(names), line=lines[names[0][0]],
                          examples=tuple(str(rows[one[0]][one[1]]) for one in names[:3])))
    if inside:
        line, shown = lines[inside[0][0]], tuple(str(rows[one[0]][one[1]]) for one in inside[:3])
        if "merged" in answers:
            text = f"{len(inside):,} merged cells among the rows were {'filled' if taken == 'fill' else 'left as they are'}."
            notes.append(Note("MERGED_CELLS", text, count=len(inside), examples=shown, line=line,
                              choice=Choice("merged", _OPTIONS, taken)))
        else:
            text = f"{len(inside):,} merged cells stand among the rows. Does their value belong to every row they cover?"
            questions.append(Question("merged", "MERGED_CELLS", text, _OPTIONS, taken, count=len(inside), examples=shown,
                                      line=line))
    return rows, replace(layout, notes=(*layout.notes, *notes), questions=(*layout.questions, *questions))


def _header(rows: Rows, layout: Layout) -> set[int]:
    """The positions of the rows that hold the names: the filled ones right above the first row of the table."""
    first = min([*layout.rows, *layout.aside], default=0)
    filled = [at for at in range(first) if not all(map(is_blank, rows[at]))]
    return set(filled[len(filled) - layout.header_rows:])


def _filled(rows: Rows, ranges: Sequence[Range]) -> Rows:
    """The rows with each value in all cells of its range that are empty."""
    found, written = list(rows), 0
    for top, left, bottom, right in ranges:
        value, right = rows[top][left], min(right, len(rows[top]) - 1)
        written += (bottom - top + 1) * (right - left + 1)
        if written > _MOST:
            break
        for at in range(top, min(bottom, len(rows) - 1) + 1):
            cells = list(found[at])
            cells[left:right + 1] = [value if is_blank(cell) else cell for cell in cells[left:right + 1]]
            found[at] = cells
    return found
