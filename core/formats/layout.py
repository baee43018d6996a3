"""Where the table is in a grid of cells: preamble, header, rows, footer, and what else stands around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.formats.header import MOST_ROWS, column_forms, column_names, decide, fits, surely_names
from core.formats.patterns import TYPED, form, is_blank
from core.formats.regions import common_width, main_region, regions
from core.model import Choice, Note, Question

_TOTAL = re.compile(r"(grand |sub)?-?total(s|e|es|en)?|sum|summe|gesamt(summe|betrag)?|insgesamt|somme|suma|totaal|totale|"
                    r"average|mean|mittelwert|durchschnitt|count|anzahl|records?|rows?", re.IGNORECASE)
_COMMENT = "#"
_FOOTER_ROWS = 20
_SHOWN = 60


@dataclass(frozen=True)
class Layout:
    """Where the table is in a grid of cells.

    ``names`` are the columns, from ``header_rows`` rows; ``rows`` the positions of the
    data rows in the given rows; ``aside`` maps positions to the reason why they are no
    data (total rows, footnotes); ``skips`` counts by note code what else is no row.
    Rows given = header_rows + rows + aside + sum of skips.
    """

    names: list[str]
    header_rows: int
    rows: list[int]
    aside: dict[int, str] = field(default_factory=dict)
    skips: dict[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()


class _Grid:
    """The rows while they are told apart; collects what becomes of each."""

    def __init__(self, rows: Sequence[Sequence[object]], answers: Mapping[str, str], lines: Sequence[int] | None) -> None:
        self.rows, self.answers, self.lines = rows, answers, lines
        self.filled = [at for at, row in enumerate(rows) if any(not is_blank(cell) for cell in row)]
        self.skips: dict[str, int] = {}
        self.notes: list[Note] = []
        self.questions: list[Question] = []
        self.skip("BLANK_LINES", [at for at in set(range(len(rows))) - set(self.filled)], "{:,} blank lines were skipped.")

    def line(self, at: int) -> int:
        return self.lines[at] if self.lines is not None else at + 1

    def shown(self, at: int) -> str:
        """The row in short."""
        text = " | ".join(str(cell) for cell in self.rows[at] if not is_blank(cell))
        return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"

    def skip(self, code: str, places: Sequence[int], text: str, hint: str = "", choice: Choice | None = None) -> None:
        """Count these rows under ``code`` and tell of them."""
        if not places:
            return
        self.skips[code] = len(places)
        first = sorted(places)[:3]
        shown = tuple(filter(None, map(self.shown, first)))
        self.notes.append(Note(code, text.format(len(places)), count=len(places), examples=shown, line=self.line(first[0]),
                               hint=hint, choice=choice))


def lay_out(rows: Sequence[Sequence[object]], answers: Mapping[str, str], *, lines: Sequence[int] | None = None) -> Layout:
    """Find the table in a grid of cells (text or native values; None and "" are empty).

    ``lines`` are the numbers of the rows in the file, for what is told. Answers: ``table``
    (number of the table), ``preamble`` (lines above the header), ``header`` (no, yes,
    2, 3), ``footer`` (aside, keep), ``repeated_headers`` (remove, keep). A grid without
    any filled cell gives a layout without names.
    """
    grid = _Grid(rows, answers, lines)
    _without_comments(grid)
    if not grid.filled:
        return Layout([], 0, [], {}, grid.skips, tuple(grid.notes))
    inside = _chosen_table(grid)
    width = common_width(rows, inside)
    inside = inside[_preamble(grid, inside, width):]
    header = decide([rows[at] for at in inside[:210]], width, answers, grid.line(inside[0]))
    names, named = column_names(header.cells)
    body = _without_repeats(grid, inside[header.count:], inside[:header.count])
    aside = _footer(grid, body, width)
    kept = [at for at in body if at not in aside]
    notes = (*header.notes, *named, *grid.notes)
    return Layout(names, header.count, kept, aside, grid.skips, notes, (*header.questions, *grid.questions))


def _without_comments(grid: _Grid) -> None:
    """Lines that begin with # and do not have the cells of the table are remarks."""
    width = common_width(grid.rows, grid.filled)
    if width < 2:
        return
    def is_remark(at: int) -> bool:
        row = grid.rows[at]
        if not (isinstance(row[0], str) and row[0].lstrip().startswith(_COMMENT)):
            return False
        return len(row) != width or sum(not is_blank(cell) for cell in row) == 1

    remarks = [at for at in grid.filled if is_remark(at)]
    if remarks:
        gone = set(remarks)
        grid.filled = [at for at in grid.filled if at not in gone]
        grid.skip("COMMENTS", remarks, "{:,} lines are remarks that begin with #; they were skipped.")


def _chosen_table(grid: _Grid) -> list[int]:
    """The rows of one table; those of the others are counted."""
    found = regions(grid.rows, grid.filled)
    if len(found) == 1:
        return grid.filled
    proposed = main_region(found)
    options = tuple(str(number) for number in range(1, len(found) + 1))
    answer = grid.answers.get("table", "")
    taken = options.index(answer) if answer in options else proposed
    if "table" not in grid.answers:
        shown = tuple(f"{number}: {grid.shown(grid.filled[start])} ({end - start:,} lines)"
                      for number, (start, end) in zip(options, found, strict=True))
        text = f"The file holds {len(found)} tables below one another. Which one holds the customers?"
        grid.questions.append(Question("table", "SEVERAL_TABLES", text, options, options[proposed], count=len(found),
                                       examples=shown[:3], line=grid.line(grid.filled[found[1][0]])))
    start, end = found[taken]
    others = [*grid.filled[:start], *grid.filled[end:]]
    grid.skip("OTHER_TABLE", others, "{:,} lines belong to another table of the file and were left out.",
              choice=Choice("table", options, options[taken]))
    return grid.filled[start:end]


def _preamble(grid: _Grid, inside: list[int], width: int) -> int:
    """How many of these rows stand above the header."""
    answer = grid.answers.get("preamble", "")
    if answer.isdigit():
        count = sum(grid.line(at) <= int(answer) for at in inside)
        count = min(count, len(inside) - 1)
    else:
        count = next((n for n, at in enumerate(inside[:-1]) if _may_be_header(grid.rows, inside, n, width)), 0)
        count = _below_words(grid.rows, inside, count)
    if count:
        lines = grid.line(inside[count]) - 1
        grid.skip("PREAMBLE", inside[:count], "{:,} lines above the table were skipped.",
                  "Choose 0 if the table begins in the first line.", Choice("preamble", ("0", str(lines)), str(lines)))
    return count


def _below_words(rows: Sequence[Sequence[object]], inside: list[int], count: int) -> int:
    """Further down, where what looks like a header is words here and there, and more rows than a header has stand above
    one that names each column."""
    first = rows[inside[count]]
    if sum(map(is_blank, first)) * 2 < len(first):
        return count
    for at in range(count + MOST_ROWS, min(count + _FOOTER_ROWS, len(inside) - 1)):
        if surely_names(rows[inside[at]], [rows[one] for one in inside[at + 1: at + 201]]):
            return at
        if any(form(cell) in TYPED for cell in rows[inside[at]]):
            break
    return count


def _may_be_header(rows: Sequence[Sequence[object]], inside: list[int], n: int, width: int) -> bool:
    """As many cells as the table has (one less where the column of row names has no name), several of them filled."""
    row = rows[inside[n]]
    filled = sum(not is_blank(cell) for cell in row)
    if len(row) == width:
        return width < 3 or filled >= 2
    text = all(form(cell) not in TYPED for cell in row)
    if not len(row) == width - 1 >= 2 or filled < len(row) or not text or len(rows[inside[n + 1]]) != width:
        return False
    return not surely_names(rows[inside[n + 1]], [rows[at] for at in inside[n + 2: n + 202]])


def _without_repeats(grid: _Grid, body: list[int], header: list[int]) -> list[int]:
    """The rows without those equal to a header row, as in files put together from several exports."""
    if not header or grid.answers.get("repeated_headers") == "keep":
        return body
    heads = [[str(cell).strip() for cell in grid.rows[at]] for at in header]
    firsts = {head[0] for head in heads}
    def repeats(row: Sequence[object]) -> bool:
        return bool(row) and str(row[0]).strip() in firsts and [str(cell).strip() for cell in row] in heads

    gone = [at for at in body if repeats(grid.rows[at])]
    if not gone or len(gone) == len(body) or (len(grid.rows[header[0]]) == 1 and len(gone) > 3):
        return body
    grid.skip("REPEATED_HEADER", gone, "{:,} repeated header lines were removed.",
              "Choose keep if they are customers.", Choice("repeated_headers", ("remove", "keep"), "remove"))
    lost = set(gone)
    return [at for at in body if at not in lost]


def _footer(grid: _Grid, body: list[int], width: int) -> dict[int, str]:
    """Rows at the end that are no customers: totals and footnotes, with the reason."""
    if width < 2 or len(body) < 2:
        return {}
    sample = [grid.rows[at] for at in body[:-1]][:2_000]
    forms = column_forms(sample, width)
    found: dict[int, str] = {}
    for at in reversed(body[-min(_FOOTER_ROWS, len(body) - 1):]):
        reason = _why_footer(grid.rows[at], forms, width)
        if not reason and not found and at == body[-1] and _sums_up(grid.rows, body, forms):
            reason = "looks like a total"
        if not reason:
            break
        found[at] = reason
    if not found:
        return {}
    if "footer" not in grid.answers:
        what = "total" if "looks like a total" in found.values() else "footnote"
        text = f"The last {'line looks' if len(found) == 1 else f'{len(found)} lines look'} like a {what}. Set aside or keep?"
        grid.questions.append(Question("footer", "FOOTER", text, ("aside", "keep"), "aside", count=len(found),
                                       examples=tuple(grid.shown(at) for at in sorted(found))[:3], line=grid.line(min(found))))
    return {} if grid.answers.get("footer") == "keep" else dict(sorted(found.items()))


def _why_footer(row: Sequence[object], forms: Sequence[str], width: int) -> str:
    cells = [(at, cell) for at, cell in enumerate(row) if not is_blank(cell)]
    if not cells or len(row) > width:
        return ""
    at, first = cells[0]
    text = str(first).strip().rstrip(":")
    if _TOTAL.fullmatch(text.split(":")[0].strip()) and len(cells) < width:
        return "looks like a total"
    if _TOTAL.match(text) and len(cells) <= max(2, width // 2) and form(first) == "text" and forms[at] in TYPED:
        return "looks like a total"
    if len(cells) > 1 or form(first) in TYPED or fits(first, forms[at]) and forms[at] in TYPED:
        return ""
    alone = len(row) == 1 or width >= 3
    return "looks like a footnote" if alone and (len(text.split()) > 1 or not text[:1].isalnum()) else ""


def _number(cell: object) -> float | None:
    """The value of a plain number, None for anything else."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    try:
        return float(str(cell).replace(",", "").lstrip("$€£ "))
    except ValueError:
        return None


def _sums_up(rows: Sequence[Sequence[object]], body: list[int], forms: Sequence[str]) -> bool:
    """Without a first cell, and every amount is the sum of those above it."""
    last = rows[body[-1]]
    if len(body) < 4 or not is_blank(last[0]) or len(last) != len(forms) or is_blank(rows[body[0]][0]):
        return False
    checked = 0
    for at, name in enumerate(forms):
        value = _number(last[at]) if name in ("number", "money") and not is_blank(last[at]) else None
        if value is None:
            continue
        above = [_number(rows[one][at]) or 0.0 for one in body[:-1] if at < len(rows[one])]
        if abs(sum(above) - value) > 0.005 * max(1.0, abs(value)):
            return False
        checked += 1
    return checked > 0
