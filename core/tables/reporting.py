"""What became of a file, in one shape for every format: of a table that was loaded, or of a file that was refused."""

from __future__ import annotations

import re

from core.errors import DataProblem, UnreadableFile
from core.model import Choice, Item, LoadReport, Note, Outcome, Question, Table

EXAMPLES = 3
LONGEST = 120
_SINGLE = re.compile(r"1 ((?:[a-z]+ ){0,2})(line|row|cell|column|sheet|letter|character|record)s\b")
_VERB = re.compile(r"\b(were|are|have|do|stand|hold|belong|end|repeat|cover)\b")
_OF_ONE = {"were": "was", "are": "is", "have": "has", "do": "does"}


def report(table: Table) -> LoadReport:
    """Facts first, then what was noted, asked and set aside; items of one outcome in the order of the reading."""
    source = table.source
    items = (*_facts(table), *(_noted(note, source.sheet) for note in table.notes if note.code != "QUARANTINE"),
             *(_asked(question, source.sheet) for question in table.questions), *_aside(table))
    found = {item.outcome for item in items}
    return LoadReport(
        file=source.name,
        outcome=next((one for one in (Outcome.ASKED, Outcome.ASIDE, Outcome.NOTED) if one in found), Outcome.UNDERSTOOD),
        items=items, rows_in_file=source.rows_in_file, loaded=_loaded(table), aside=len(table.quarantine),
        skips=dict(source.skips), columns={column.name: str(column.kind) for column in table.columns},
        read_as=_read_as(table),
    )


def _loaded(table: Table) -> int:
    """Rows of the file that were read: the rows of the table, or the order lines its customers were made of."""
    return len(table) if table.made is None else table.source.rows_in_file - table.source.skipped - len(table.quarantine)


def refusal(problem: DataProblem, name: str) -> LoadReport:
    """The report on a file called ``name`` that could not be loaded."""
    line, sheet = (problem.line, problem.sheet) if isinstance(problem, UnreadableFile) else (0, "")
    item = Item(Outcome.REFUSED, problem.code, str(problem), sheet=sheet, line=line, hint=problem.hint)
    return LoadReport(file=name, outcome=Outcome.REFUSED, items=(item,))


def _read_as(table: Table) -> dict[str, str]:
    source = table.source
    facts = {
        "format": source.format, "encoding": source.encoding, "delimiter": source.delimiter, "quote": source.quote,
        "escape": source.escape, "sheet": source.sheet, "packed": source.packed, "header_rows": str(source.header_rows),
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def _facts(table: Table) -> tuple[Item, ...]:
    kinds = [str(column.kind) for column in table.columns]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    count, noun = _loaded(table), "row" if table.made is None else "order line"
    rows, columns = (f"{n:,} {noun}{'s' * (n != 1)}" for n, noun in ((count, noun), (len(table.columns), "column")))
    text = f"{rows} and {columns} ({counted}) were read as {table.source.format}."
    if table.made is not None:
        text = f"{rows} were read as {table.source.format}; customers made of them have {columns} ({counted})."
    return (Item(Outcome.UNDERSTOOD, "READ", text, sheet=table.source.sheet, count=count),)


def _noted(note: Note, sheet: str) -> Item:
    return Item(Outcome.NOTED, note.code, _agreed(note.text), sheet, note.line, note.column, note.count, note.examples,
                note.hint, note.choice)


def _agreed(text: str) -> str:
    """A note of a single line, row or cell, which formats write as they write one of many: "1 line ... was skipped"."""
    found = _SINGLE.match(text)
    if found is None:
        return text
    rest = _VERB.sub(_of_one, text[found.end() :].replace("; they ", "; it "))
    return f"1 {found[1]}{found[2]}{rest}"


def _of_one(verb: re.Match) -> str:
    return _OF_ONE.get(verb[0], f"{verb[0]}s")


def _asked(question: Question, sheet: str) -> Item:
    return Item(Outcome.ASKED, question.code, question.text, sheet, question.line, question.column, question.count,
                question.examples, "Choose one; the proposal holds meanwhile.",
                Choice(question.key, question.options, question.proposed))


def _aside(table: Table) -> tuple[Item, ...]:
    """One item for each reason, most lines first."""
    lines = table.quarantine
    found = []
    for reason, count in lines["reason"].value_counts().items():
        own = lines[lines["reason"] == reason]
        examples = tuple(str(text)[:LONGEST] for text in own["text"].iloc[:EXAMPLES])
        text = f"{count:,} {'line was' if count == 1 else 'lines were'} set aside: {reason}."
        found.append(Item(Outcome.ASIDE, "QUARANTINE", text, table.source.sheet, int(own["line"].iloc[0]), "", int(count),
                          examples, "Download the lines, correct them in the file, and load it again."))
    return tuple(found)
