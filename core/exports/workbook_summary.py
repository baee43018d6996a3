"""The first sheet of the workbook: what was segmented, whether to believe it, the segments with their charts."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.exports.sheets import Book, Shown, number_format, write_text
from core.exports.workbook_facts import BookFacts
from core.model import NOISE

VERDICTS = {
    "natural": "Natural: separate groups, found again and again.",
    "reproducible": "Reproducible: found again and again, though nothing separates the groups clearly.",
    "constructive": "Constructive: a useful way to divide customers, not a discovery about them.",
    "none": "No real segments were found.",
}
"""Dolnicar, Gruen & Leisch (2018), Market Segmentation Analysis, section 2.3 (doi:10.1007/978-981-10-8818-6)."""
CHART_ROWS = 16
_WIDTHS = (10, 40, 12, 10, 19, 64, 16, 16, 30)
_MONEY = 19


def add_summary(book: Book, facts: BookFacts) -> None:
    """Add the sheet "Summary" with the facts, the table of segments and native charts of sizes and money."""
    sheet, name = book.sheet("Summary")
    widths = _WIDTHS if facts.money is None else (*_WIDTHS[:4], _MONEY, *_WIDTHS[4:])
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    top = _facts(book, sheet, facts)
    columns = _columns(facts)
    book.table(sheet, columns, top=top, freeze=False)
    _badges(book, sheet, facts, top)
    below = top + len(facts.order) + 2
    _chart(book, sheet, facts, title="Customers in each segment", data=(name, top, 2), at=(below, 0))
    if facts.money is not None:
        each = "Revenue" if not facts.money.column else facts.money.column
        _chart(book, sheet, facts, title=f"{each[:60]} for each customer (mean)", data=(name, top, 4), at=(below, 5))
    for row, line in enumerate(_remarks(facts), start=below + CHART_ROWS):
        write_text(sheet, row, 0, line, form=book.format(font_color="#5b6673"))


def _facts(book: Book, sheet: Any, facts: BookFacts) -> int:
    """Title and facts; the row where the table begins."""
    of = facts.of
    write_text(sheet, 0, 0, f"{of.candidate.n_segments} segments of {len(facts.table):,} customers", form=book.format(bold=True, font_size=18))
    sheet.set_row(0, 28)
    told = {
        "File": facts.table.source.name,
        "Verdict": " ".join(filter(None, (VERDICTS.get(of.verdict, ""), of.reason))) or "Nobody looked yet.",
        "Method": of.candidate.label,
        "Why": of.because,
        "Not placed": f"{of.candidate.sizes.get(NOISE, 0):,} of {len(facts.table):,} customers are in no segment.",
    }
    bold, wrapped = book.format(bold=True, valign="top"), book.format(text_wrap=True, valign="top")
    for row, (label, text) in enumerate(((k, v) for k, v in told.items() if v), start=2):
        write_text(sheet, row, 0, label, form=bold)
        _across(sheet, row, text, form=wrapped)
    return 2 + sum(bool(text) for text in told.values()) + 1


def _across(sheet: Any, row: int, text: str, *, form: Any) -> None:
    """A text over the columns to the right, in as many lines as it needs."""
    sheet.merge_range(row, 1, row, 6, "", form)
    write_text(sheet, row, 1, text, form=form)
    sheet.set_row(row, 15 * max(1, -(-len(text) // 140)))


def _columns(facts: BookFacts) -> list[Shown]:
    told, order = facts.segments, facts.order
    actions = {one: "; ".join(word.capitalize() for word, _ in facts.personas[one].actions) if one in facts.personas else "" for one in order}
    shown = [
        Shown("Segment", list(order), "0"),
        Shown("Name", [told.loc[one, "segment_name"] for one in order]),
        Shown("Customers", [facts.size(one) for one in order], "#,##0"),
        Shown("Share", [facts.share(one) for one in order], "0.0%"),
        Shown("Stability (0 to 1)", [told.loc[one, "stability"] for one in order], "0.00"),
        Shown("Differs most from everyone in", [facts.sentence(one) for one in order]),
        Shown("What to do", [actions[one] for one in order]),
        Shown("Trust", [told.loc[one, "trust"] for one in order]),
        Shown("Beware", [told.loc[one, "caution"] for one in order]),
    ]
    if facts.money is not None:
        unit = facts.money.unit
        each = [np.nan if facts.is_small(one) else facts.money.figure(one, "each") for one in order]
        shown.insert(4, Shown(f"{facts.money.column or 'Revenue'} each", each, number_format(unit) or "#,##0.00"))
    return shown


def _badges(book: Book, sheet: Any, facts: BookFacts, top: int) -> None:
    """The number of each segment in its colour."""
    for row, segment in enumerate(facts.order, start=top + 1):
        form = book.format(bg_color=facts.colour(segment), font_color="#ffffff", bold=True, align="center", num_format="0")
        sheet.write_number(row, 0, segment, form)


def _chart(book: Book, sheet: Any, facts: BookFacts, *, title: str, data: tuple[str, int, int], at: tuple[int, int]) -> None:
    """A native column chart of column ``data`` (sheet, header row, column), each segment in its colour."""
    name, top, column = data
    last = top + len(facts.order)
    chart = book.book.add_chart({"type": "column"})
    chart.add_series({
        "categories": [name, top + 1, 1, last, 1], "values": [name, top + 1, column, last, column], "gap": 40,
        "points": [{"fill": {"color": facts.colour(one)}} for one in facts.order], "data_labels": {"value": True},
    })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#d9dee4"}}, "min": 0})
    chart.set_size({"width": 620, "height": 300})
    sheet.insert_chart(*at, chart, {"description": title})


def _remarks(facts: BookFacts) -> list[str]:
    lines = ["Stability is the mean Jaccard similarity over resamples: under 0.60 a segment should not be acted on alone."]
    if facts.unlisted:
        lines.append(f"Left out, as they tell who somebody is: {', '.join(facts.unlisted)}. The list of customers (CSV, Excel) has them.")
    return [*lines, f"Made by Segment Atlas; seed {facts.of.plan.seed}, file {facts.of.fingerprint[:12]}."]
