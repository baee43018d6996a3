"""Long regular text at the speed of Arrow: numpy looks at every byte, only what is not plain takes the careful path.

A line is plain when its quotes are complete within it, stand around whole cells or are
doubled, and it has as many cells as the others. All plain lines are parsed by Arrow;
the rest, and the beginning and the end, are read and judged exactly as in a short file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.formats.header import column_forms
from core.formats.mending import mend_header
from core.formats.patterns import TYPED, form
from core.formats.reading import Reading, refuse_too_wide
from core.formats.rows import LONGEST_CELL, Dialect, Record, records
from core.formats.shape import Sorted, assembled, lay_out_records, sort_out
from core.model import Source

SMALLEST = 1_000_000
_BLOCK, _THREADS = 8_000_000, 2  # bytes that a thread looks at at a time; numpy does so beside Python's own lock
_HEAD, _TAIL = 2_500, 60
_MOST = 0.03
_LF, _CR, _HASH = 10, 13, 35


class Lines(Sequence[str]):
    """The lines of UTF-8 text as text, with their line ends; each is made when it is asked for."""

    def __init__(self, data: bytes, starts: np.ndarray) -> None:
        self.data, self.starts = data, starts

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at += len(self) if at < 0 else 0
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self.data[self.starts[at]: self.starts[at + 1]].decode("utf-8")


@dataclass(frozen=True)
class _Surveyed:
    """``starts`` of the lines (and the end of the last), cells in each, and which have quotes that are not plain."""

    starts: np.ndarray
    cells: np.ndarray
    uneven: np.ndarray


def read_fast(data: bytes, dialect: Dialect, *, source: Source, answers: Mapping[str, str], notes: tuple, digest: str) -> Reading | None:
    """The reading of UTF-8 text without a byte-order mark, None where it is not regular enough for this path."""
    if len(data) < SMALLEST or len(dialect.delimiter) != 1 or dialect.delimiter > "\x7f" or dialect.escape or dialect.blanks or b"\0" in data[:SMALLEST]:
        return None
    returns = data.count(b"\r")
    if returns and returns != data.count(b"\r\n"):
        return None
    surveyed = _survey(data, dialect)
    if surveyed is None:
        return None
    return _Fast(data, dialect, surveyed).reading(source, answers, notes, digest)


def _survey(data: bytes, dialect: Dialect) -> _Surveyed | None:
    """Look at every byte, block by block; None where too much is not plain."""
    whole = np.frombuffer(data, dtype=np.uint8)
    edges = [0]
    while edges[-1] < len(data):
        at = edges[-1]
        until = len(data) if at + _BLOCK >= len(data) else data.rfind(b"\n", at, at + _BLOCK) + 1
        if until <= at:
            return None
        edges.append(until)
    with ThreadPoolExecutor(_THREADS) as pool:
        blocks = list(pool.map(lambda at, until: _survey_block(whole[at:until], dialect), edges, edges[1:]))
    starts = [ends + at for at, (ends, _, _) in zip(edges, blocks, strict=False)]
    cells, uneven = (np.concatenate([block[part] for block in blocks]) for part in (1, 2))
    found = _Surveyed(np.concatenate([np.zeros(1, dtype=np.int64), *starts]), cells, uneven)
    return found if found.uneven.mean() <= _MOST else None


def _survey_block(block: np.ndarray, dialect: Dialect) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For the lines of a block: where each ends, its number of cells, and whether its quotes are uneven."""
    ends = np.flatnonzero(block == _LF) + 1
    if not len(ends) or ends[-1] != len(block):
        ends = np.append(ends, len(block))
    begins = np.concatenate(([0], ends[:-1]))
    separators = np.flatnonzero(block == ord(dialect.delimiter))
    cells = np.diff(np.append(np.searchsorted(separators, begins), len(separators))).astype(np.int32) + 1
    uneven = np.zeros(len(ends), dtype=bool)
    quotes = np.flatnonzero(block == ord(dialect.quote)) if dialect.quote else ends[:0]
    if len(quotes):
        first = np.searchsorted(quotes, begins)
        counts = np.diff(np.append(first, len(quotes)))
        uneven = (counts % 2).astype(bool)
        line = np.repeat(np.arange(len(ends)), counts)
        turn = np.arange(len(quotes)) - first[line]
        uneven |= _misplaced(block, quotes, turn, line, ord(dialect.delimiter), len(ends))
        even = ~uneven[line]
        opening = even & (turn % 2 == 0)
        within = np.searchsorted(separators, quotes[even & (turn % 2 == 1)]) - np.searchsorted(separators, quotes[opening])
        cells -= np.bincount(line[opening], weights=within, minlength=len(ends)).astype(np.int32)
    return ends, cells, uneven


def _misplaced(block: np.ndarray, quotes: np.ndarray, turn: np.ndarray, line: np.ndarray, delimiter: int, lines: int) -> np.ndarray:
    """Lines in which a quote neither surrounds a cell nor is doubled; ``turn`` counts the quotes of a line from 0."""
    before = np.where(quotes > 0, block[quotes - 1], _LF)
    after = np.where(quotes + 1 < len(block), block[np.minimum(quotes + 1, len(block) - 1)], _LF)
    touching = np.diff(quotes) == 1
    follows = np.concatenate(([False], touching)) & (turn > 0)
    precedes = np.concatenate((touching, [False]))
    opens = (before == delimiter) | (before == _LF) | follows
    closes = (after == delimiter) | (after == _LF) | (after == _CR) | precedes
    wrong = np.where(turn % 2 == 0, ~opens, ~closes)
    out = np.zeros(lines, dtype=bool)
    out[line[wrong]] = True
    return out


class _Fast:
    """One file on its way: which lines Arrow reads, and which are read with care."""

    def __init__(self, data: bytes, dialect: Dialect, surveyed: _Surveyed) -> None:
        self.data, self.dialect, self.surveyed = data, dialect, surveyed
        self.lines = Lines(data, surveyed.starts)
        self.width = int(np.bincount(surveyed.cells[:: max(len(surveyed.cells) // 100_000, 1)]).argmax())

    def reading(self, source: Source, answers: Mapping[str, str], notes: tuple, digest: str) -> Reading | None:
        count, starts = len(self.lines), self.surveyed.starts
        sizes = np.diff(starts)
        firsts = np.frombuffer(self.data, dtype=np.uint8)[starts[:-1]]
        plain = (self.surveyed.cells == self.width) & ~self.surveyed.uneven & (firsts != _HASH) & (sizes > self.width + 1)
        special = np.flatnonzero(~plain)
        if self.width < 2 or len(special) > _MOST * count or sizes.max() > LONGEST_CELL or count < 2 * _HEAD:
            return None
        walked, covered = self._walked(special)
        plain[covered] = False
        table = self._parsed(plain)
        where = np.flatnonzero(plain)
        if table is None or table.num_rows != len(where):
            return None
        looked = self._looked_at(table, where, special)
        if looked is None:
            return None
        found = self._condensed(looked, walked, covered)
        return self._assembled(found, table, where, source=source, answers=answers, notes=notes, digest=digest)

    def _walked(self, special: np.ndarray) -> tuple[dict[int, Record], list[int]]:
        """Records read with care, by the line they begin in, and every line that they take."""
        found: dict[int, Record] = {}
        covered: list[int] = []
        reached = 0
        for at in special.tolist():
            if at >= reached:
                found[at] = next(_from(self.lines, at, self.dialect, self.width))
                reached = found[at].end - 1
                covered += range(at, reached)
        return found, covered

    def _parsed(self, plain: np.ndarray):  # noqa: ANN202  a table of Arrow, which is imported late
        """All plain lines as columns of text."""
        import pyarrow as pa
        from pyarrow import csv

        names = [str(at) for at in range(self.width)]
        buffer = self.data if plain.all() else self._joined(plain)
        if not len(buffer):
            return None
        parse = csv.ParseOptions(delimiter=self.dialect.delimiter, quote_char=self.dialect.quote or False, double_quote=True,
                                 escape_char=False, newlines_in_values=False)
        convert = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False,
                                     null_values=[], true_values=[], false_values=[])
        options = csv.ReadOptions(column_names=names, block_size=8_000_000)
        try:
            return csv.read_csv(pa.BufferReader(buffer), read_options=options, parse_options=parse, convert_options=convert)
        except pa.ArrowInvalid:
            return None

    def _joined(self, plain: np.ndarray) -> bytes:
        """The bytes of the plain lines."""
        starts = self.surveyed.starts
        edges = np.flatnonzero(np.diff(np.concatenate(([0], plain.astype(np.int8), [0]))))
        view = memoryview(self.data)
        return b"".join(view[starts[a]: starts[b]] for a, b in edges.reshape(-1, 2).tolist())

    def _looked_at(self, table: Any, where: np.ndarray, special: np.ndarray) -> np.ndarray | None:
        """Lines to be read with care, too: beginning, end, around special ones, and what may be names or a remark."""
        import pyarrow.compute as pc

        count = len(self.lines)
        sample = [[table.column(at)[row].as_py() for at in range(self.width)] for row in range(min(400, table.num_rows))]
        forms = column_forms(sample[1:], self.width)
        typed = next((at for at, name in enumerate(forms) if name in TYPED), -1)
        chosen = [np.flatnonzero(pc.equal(pc.utf8_trim_whitespace(table.column(0)), sample[0][0].strip()).to_numpy(zero_copy_only=False))]
        blank = pc.equal(pc.utf8_trim_whitespace(table.column(0)), "").to_numpy(zero_copy_only=False)
        if typed >= 0:
            mark = {"email": "@", "url": "."}.get(forms[typed], "[0-9]")
            odd = pc.invert(pc.match_substring_regex(table.column(typed), mark if mark[0] == "[" else f"\\{mark}"))
            rows = np.flatnonzero(odd.to_numpy(zero_copy_only=False) & ~blank)
            if len(rows) > _MOST * count:
                return None
            column = table.column(typed)
            chosen.append(np.array([row for row in rows.tolist() if form(column[row].as_py()) == "text"], dtype=np.int64))
        if blank.any() and self._blank_rows(table, blank):
            return None
        rows = np.concatenate(chosen)
        centres = np.concatenate((where[rows], special))
        if len(centres) > _MOST * count:
            return None
        around = (centres[:, None] + np.arange(-1, 4)).ravel()
        lines = np.concatenate((np.arange(_HEAD), np.arange(count - _TAIL, count), around))
        return np.unique(lines[(lines >= 0) & (lines < count)])

    def _blank_rows(self, table: Any, blank: np.ndarray) -> bool:
        """Is there a row with nothing but white space?"""
        import pyarrow as pa
        import pyarrow.compute as pc

        left = table.filter(pa.array(blank))
        empty = np.ones(left.num_rows, dtype=bool)
        for column in left.columns:
            empty &= pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)
            if not empty.any():
                return False
        return True

    def _condensed(self, looked: np.ndarray, walked: Mapping[int, Record], covered: Sequence[int]) -> list[Record]:
        """The records of the lines to be looked at, in order."""
        inner = set(covered) - set(walked)
        found = []
        for at in looked.tolist():
            if at not in inner:
                found.append(walked.get(at) or next(_from(self.lines, at, self.dialect, self.width)))
        return found

    def _assembled(self, found: list[Record], table: Any, where: np.ndarray, *, source: Source, answers: Mapping[str, str],
                   notes: tuple, digest: str) -> Reading | None:
        damaged = [(record, record.problem) for record in found if record.problem]
        header = mend_header([record for record in found if not record.problem], self.lines, self.dialect, answers)
        layout = lay_out_records(header, answers)
        if len(layout.names) != self.width or "OTHER_TABLE" in layout.skips:
            return None
        refuse_too_wide(self.width)
        body = [header.records[at] for at in layout.rows]
        fates = sort_out(body, self.lines, self.dialect, self.width, answers.get("repairs") == "no")
        fates.aside += damaged + [(header.records[at], reason) for at, reason in layout.aside.items()]
        raw = self._rows(found, fates, table, where)
        raw.columns = layout.names
        return assembled(raw, fates, layout, self.lines, source=source, notes=notes, digest=digest)

    def _rows(self, found: list[Record], fates: Sorted, table: Any, where: np.ndarray) -> pd.DataFrame:
        """The plain rows without those that turned out to be none, and the others at their places."""
        import pyarrow as pa

        kept = dict(zip(fates.lines, fates.kept, strict=True))
        places = np.searchsorted(where, [record.line - 1 for record in found])
        plain = {record.line for record, place in zip(found, places.tolist(), strict=True)
                 if place < len(where) and where[place] == record.line - 1}
        gone = np.array(sorted(line - 1 for line in plain if line not in kept), dtype=np.int64)
        added = sorted(line for line in kept if line not in plain)
        if not len(gone) and not added:
            return table.to_pandas()
        lines = np.concatenate((where, np.array(added, dtype=np.int64) - 1))
        if added:
            columns = [pa.array([kept[line][at] for line in added], pa.string()) for at in range(self.width)]
            table = pa.concat_tables([table, pa.table(columns, names=table.column_names)])
        order = np.argsort(lines, kind="stable")
        order = order[~np.isin(lines[order], gone)]
        if not added and len(order) and order[-1] - order[0] + 1 == len(order):
            return table.slice(order[0], len(order)).to_pandas()
        return table.take(pa.array(order)).to_pandas()


def _from(lines: Sequence[str], at: int, dialect: Dialect, width: int):  # noqa: ANN202  an iterator of one record
    """The record that begins in line ``at`` (from 0), with its numbers counted from the beginning of the file."""
    for record in records(_Tail(lines, at), dialect, width):
        yield record._replace(line=record.line + at, end=record.end + at)


class _Tail(Sequence[str]):
    """Lines from one on."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self.lines, self.at = lines, at

    def __len__(self) -> int:
        return len(self.lines) - self.at

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            begin, end, step = at.indices(len(self))
            return self.lines[begin + self.at: end + self.at: step]
        return self.lines[at + self.at]

