"""One sheet per segment: who they are in words, what to do, how they differ, their profile."""

from __future__ import annotations

from typing import Any

import pandas as pd

from core.exports.sheets import Book, Shown, number_format, write_text
from core.exports.workbook_facts import BookFacts
from core.model import Kind
from core.personal import FEWEST

_WIDTHS = (34, 16, 18, 16, 20, 16, 22, 26, 14)
_BAR = 24
_LINE = 125


def add_segment(book: Book, facts: BookFacts, segment: int) -> None:
    """Add the sheet of a segment under its name. Of one with fewer than five customers only its size is told."""
    title = str(facts.segments.loc[segment, "segment_name"])
    sheet, name = book.sheet(f"{segment} {title}")
    sheet.set_tab_color(facts.colour(segment))
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    write_text(sheet, 0, 0, f"{segment}. {title}", form=book.format(bold=True, font_size=16, font_color=facts.colour(segment)))
    row = _words(book, sheet, facts, segment)
    differences, profile = facts.differences(segment), facts.profile(segment)
    if len(differences):
        row = _differences(book, sheet, differences, name=name, row=row, colour=facts.colour(segment))
    if len(profile):
        write_text(sheet, row, 0, "Profile against everyone", form=book.format(bold=True, font_size=12))
        book.table(sheet, _profile(profile), top=row + 1, freeze=False)


def _words(book: Book, sheet: Any, facts: BookFacts, segment: int) -> int:
    """Size, trust, sentences and actions, a row each; the next free row."""
    told = facts.segments.loc[segment]
    lines = [f"{facts.size(segment):,} of {len(facts.table):,} customers ({facts.share(segment):.1%})."]
    lines += [str(told["description"])] if str(told["description"]).strip() else []
    if told["trust"]:
        lines.append(f"Stability {told['stability']:.2f} of at most 1: {told['trust']}. {told['caution']}".rstrip())
    if facts.is_small(segment):
        few = "Fewer than five customers: figures" if facts.size(segment) < FEWEST else "Figures, less than those of everyone,"
        lines.append(f"{few} would tell of single people and are left out.")
    elif segment in facts.personas and not _names_hidden(facts, segment):
        persona = facts.personas[segment]
        lines += [said.text for said in persona.sentences]
        lines += [f"{word.capitalize()}: {said.text}" for word, said in persona.actions]
        lines += [f"Do not conclude: {said.text}" for said in persona.cautions]
    wrapped = book.format(text_wrap=True, valign="top")
    for row, line in enumerate(lines, start=1):
        sheet.merge_range(row, 0, row, 6, "", wrapped)
        write_text(sheet, row, 0, line, form=wrapped)
        sheet.set_row(row, 15 * max(1, -(-len(line) // _LINE)))
    return len(lines) + 2


def _names_hidden(facts: BookFacts, segment: int) -> bool:
    """Whether its words name a column that is left out."""
    words = " ".join(said.text for said in facts.personas[segment].said)
    return any(column in words for column in facts.hidden)


def _differences(book: Book, sheet: Any, rows: pd.DataFrame, *, name: str, row: int, colour: str) -> int:
    """The strongest differences as a table with a native bar chart beside it; the next free row."""
    write_text(sheet, row, 0, "Strongest differences from the rest", form=book.format(bold=True, font_size=12))
    shares = rows["kind"].isin([str(Kind.FLAG), str(Kind.CATEGORY)]).tolist()
    columns = [
        Shown("What", rows["caption"].tolist()),
        Shown("Segment", [_figure(value, share) for value, share in zip(rows["own"], shares, strict=True)], "#,##0.00"),
        Shown("Everyone", [_figure(value, share) for value, share in zip(rows["everyone"], shares, strict=True)], "#,##0.00"),
        Shown("Unit", ["%" if share else unit for unit, share in zip(rows["unit"], shares, strict=True)]),
        Shown("Effect (Cohen's d)", rows["effect"].tolist(), "0.00"),
    ]
    top = row + 1
    book.table(sheet, columns, top=top, freeze=False)
    last = top + len(rows)
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series({"categories": [name, top + 1, 0, last, 0], "values": [name, top + 1, 4, last, 4], "fill": {"color": colour},
                      "gap": 40, "invert_if_negative": False})  # fmt: skip
    chart.set_title({"name": "Effect size against the rest", "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#d9dee4"}}})
    height = 90 + _BAR * len(rows)
    chart.set_size({"width": 560, "height": height})
    sheet.insert_chart(top, len(columns), chart, {"x_offset": 20, "description": "Effect size of each difference"})
    return max(last + 2, top + height // 20 + 1)


def _figure(value: float, share: bool) -> float:
    """Shares as per cent, so that one column of numbers can hold both."""
    return value * 100 if share else value


def _profile(rows: pd.DataFrame) -> list[Shown]:
    flags = (rows["kind"] == str(Kind.FLAG)).tolist()

    def numbers(name: str) -> list:
        cells = pd.to_numeric(rows[name], errors="coerce")
        return [cell * 100 if flag else cell for cell, flag in zip(cells, flags, strict=True)]

    units = ["% yes" if flag else unit for unit, flag in zip(rows["unit"].fillna(""), flags, strict=True)]
    money = {number_format(unit) for unit in rows["unit"].fillna("") if unit}
    form = money.pop() if len(money) == 1 and all(rows["unit"].fillna("") != "") else "#,##0.00"
    return [
        Shown("Column", rows["column"].tolist()),
        Shown("Mean", numbers("mean"), form),
        Shown("Mean, everyone", numbers("mean_everyone"), form),
        Shown("Median", numbers("median"), form),
        Shown("Median, everyone", numbers("median_everyone"), form),
        Shown("Unit", units),
        Shown("Most common", [_text(cell) for cell in rows["most_common"]]),
        Shown("Most common, everyone", [_text(cell) for cell in rows["most_common_everyone"]]),
        Shown("Empty cells", rows["gaps"].tolist(), "#,##0"),
    ]


def _text(cell: object) -> str:
    return "" if cell is None or cell != cell else str(cell)
