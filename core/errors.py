"""Every problem a person at the screen can act on.

    SegmentationError
    |-- DataProblem            the file or the table cannot be used as asked
    |   |-- UnreadableFile     not a table, empty, damaged, too large
    |   |-- TooFewRows         fewer usable customers than the request needs
    |   |-- NoVariation        all usable customers are identical
    |   |-- NoFeatures         no column is left to cluster on
    |   |-- TooLarge           more memory would be needed than there is
    |   |-- MissingColumns     order lines lack a column that is needed
    |   |-- NotOrders          nearly every customer has one line: no order lines
    |   `-- NothingKept        every order line is set aside: no customer is left
    |-- ChoiceNeeded           a question about the data must be answered first
    |-- Stopped                the person asked to stop; what is finished is kept
    `-- BadRequest             the request itself does not fit: unknown column, value out of range

A class takes its facts as positional arguments, so that it survives pickling
between processes, and words them in ``__str__``. ``hint`` says what to do next,
``code`` is the stable name shown beside the message.
"""

from __future__ import annotations


class SegmentationError(Exception):
    """Something an analyst can act on; anything else that is raised is a defect."""

    code = "PROBLEM"
    hint = ""


class DataProblem(SegmentationError):
    """The file or the table cannot be used as asked."""

    code = "DATA"


class UnreadableFile(DataProblem):
    """``UnreadableFile(code, what, hint, line, sheet)``: bytes that do not become a table, and where that shows."""

    def __init__(self, code: str, what: str, hint: str, line: int = 0, sheet: str = "") -> None:
        super().__init__(code, what, hint, line, sheet)
        self.code = code
        self.what = what
        self.hint = hint
        self.line = line
        self.sheet = sheet

    def __str__(self) -> str:
        return self.what


class TooFewRows(DataProblem):
    """``TooFewRows(usable, needed, purpose, most)``: counts of customers; ``most`` segments could be formed, 0 where untold."""

    code = "TOO_FEW_ROWS"
    hint = "Add customers, ask for fewer segments, or keep rows that are set aside now."

    def __init__(self, usable: int, needed: int, purpose: str, most: int = 0) -> None:
        super().__init__(usable, needed, purpose, most)
        self.usable = usable
        self.needed = needed
        self.purpose = purpose
        self.most = most
        if most > 1:
            self.hint = f"Ask for at most {most} segments, add customers, or keep rows that are set aside now."

    def __str__(self) -> str:
        return f"{self.purpose} needs at least {self.needed:,} customers; {self.usable:,} can be used."


class NoVariation(DataProblem):
    """``NoVariation(rows)``: every usable customer has the same values."""

    code = "NO_VARIATION"
    hint = "Choose columns in which customers differ."

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.rows = rows

    def __str__(self) -> str:
        return f"All {self.rows:,} customers are identical in the chosen columns."


class NoFeatures(DataProblem):
    """``NoFeatures(reasons)``: ``reasons`` maps each column to why it is left out."""

    code = "NO_FEATURES"
    hint = "Give at least one number, flag or category column the role 'feature'."

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        shown = "; ".join(f"{name}: {why}" for name, why in list(self.reasons.items())[:5])
        return f"No column is left to build segments on ({shown})." if shown else "No column is left to build segments on."


class NotOrders(DataProblem):
    """``NotOrders(column, lines, customers)``: the column of customers hardly ever repeats one."""

    code = "NOT_ORDERS"
    hint = "Segment the file as customers, or name the column of the customer (on the Orders page, or with --map customer=column)."

    def __init__(self, column: str, lines: int, customers: int) -> None:
        super().__init__(column, lines, customers)
        self.column = column
        self.lines = lines
        self.customers = customers

    def __str__(self) -> str:
        what = f"{self.column} has {self.customers:,} different values in {self.lines:,} lines"
        return f"These do not look like order lines: {what}, so nearly every customer has one line."


class NothingKept(DataProblem):
    """``NothingKept(lines, reasons)``: all ``lines`` are set aside; ``reasons`` are (what ails them, how many) pairs."""

    code = "NOTHING_KEPT"
    hint = (
        "Check which columns are the customer, the date and the amount, the reference date, and what is set aside: on the "
        "Orders page, or with --map, --as-of and --treat."
    )

    def __init__(self, lines: int, reasons: tuple[tuple[str, int], ...] = ()) -> None:
        super().__init__(lines, reasons)
        self.lines = lines
        self.reasons = reasons

    def __str__(self) -> str:
        told = "; ".join(f"{why}: {lines:,}" for why, lines in self.reasons)
        return f"No customers can be made: all {self.lines:,} order lines are set aside{f' ({told})' if told else ''}."


class TooLarge(DataProblem):
    """``TooLarge(what, needed, free)``: bytes that ``what`` needs, and bytes there are."""

    code = "TOO_LARGE"
    hint = "Use fewer customers or columns, or leave this algorithm out."

    def __init__(self, what: str, needed: int, free: int) -> None:
        super().__init__(what, needed, free)
        self.what = what
        self.needed = needed
        self.free = free

    def __str__(self) -> str:
        return f"{self.what} needs about {self.needed / 1e9:,.1f} GB of memory; {self.free / 1e9:,.1f} GB are free."


class MissingColumns(DataProblem):
    """``MissingColumns(parts, columns)``: the parts of order lines ("customer", "date", "amount") that no column is,
    and the columns there are."""

    code = "MISSING_COLUMNS"
    hint = "Say which columns they are: on the Orders page, or by --map customer=...,date=...,amount=..."

    def __init__(self, parts: tuple[str, ...], columns: tuple[str, ...]) -> None:
        super().__init__(parts, columns)
        self.parts = parts
        self.columns = columns

    def __str__(self) -> str:
        told = {"amount": "amount (or quantity and price)"}
        needed = ", ".join(told.get(part, part) for part in self.parts)
        return f"These order lines have no column for: {needed}. Columns: {', '.join(self.columns)}."


class Stopped(SegmentationError):
    """``Stopped()``: raised by a report when the person has cancelled."""

    code = "STOPPED"
    hint = "Run it again to go on; what was finished is kept."

    def __str__(self) -> str:
        return "The run was cancelled."


class ChoiceNeeded(SegmentationError):
    """``ChoiceNeeded(questions)``: a tuple of :class:`core.model.Question` without an answer."""

    code = "CHOICE_NEEDED"
    hint = "Answer on the Data page, or pass --defaults to take the proposed answers."

    def __init__(self, questions: tuple) -> None:
        super().__init__(questions)
        self.questions = questions

    def __str__(self) -> str:
        return "A choice is needed: " + " ".join(
            f"{q.text} (options: {', '.join(q.options)}; proposed: {q.proposed})" for q in self.questions
        )


class BadRequest(SegmentationError):
    """``BadRequest(what, hint)``: the request does not fit the table or the catalogue."""

    code = "BAD_REQUEST"

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return self.what
