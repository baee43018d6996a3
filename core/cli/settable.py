"""Which choices about the reading of a file were typed with ``--set``, and whether the file has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import BadRequest
from core.model import Question, Table

OF_FILE: Mapping[str, tuple[str, ...]] = {
    "encoding": (), "delimiter": (), "quote": (), "escape": (), "preamble": (), "table": (), "sheet": (), "member": (),
    "header": ("no", "yes", "1", "2", "3"), "footer": ("aside", "keep"), "repairs": ("yes", "no"),
    "merged": ("fill", "leave"), "mojibake": ("leave", "repair"), "nested": ("flatten", "text"),
    "orientation": ("columns", "rows"), "repeated_headers": ("remove", "keep"),
}  # fmt: skip
OF_COLUMN: Mapping[str, tuple[str, ...]] = {
    "comma": ("thousands", "decimal"), "date": (), "currency": ("same", "apart"), "missing": ("missing", "text"),
    "kind": ("text", "number", "date", "category", "flag", "key"), "spelling": ("keep", "merge"), "unit": (),
}  # fmt: skip
FREE = ("encoding", "delimiter", "quote", "escape", "preamble")
"""Keys that take more than what is offered."""


@dataclass
class Typed:
    """``answers`` are sure; ``codes`` wait for a question of that code, or for a key that only this file offers."""

    answers: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def meet(self, table: Table) -> dict[str, str]:
        """The answers that what was typed has for this reading, beyond those it had already."""
        choices = [note.choice for note in table.notes if note.choice is not None]
        self.offered |= {one.key: one.options for one in choices} | {one.key: one.options for one in table.questions}
        self.asked |= {one.code for one in table.questions}
        found = {one.key: one.code for one in table.questions if one.code in self.codes}
        found |= {one.key: one.key for one in choices if one.key in self.codes}
        self.used |= set(found.values())
        return {key: self.codes[name] for key, name in found.items() if key not in self.answers}

    def check(self, table: Table) -> None:
        """Raise :class:`BadRequest` for what this file has no use for, with the list of what can be set."""
        columns = {column.name for column in table.columns}
        unknown = [name for name in self.codes if name not in self.used]
        unknown += [key for key in self.answers if ":" in key and key.partition(":")[2] not in columns]
        if unknown:
            raise BadRequest(f"This file has no choice named {', '.join(map(repr, unknown))}.", self._settable())
        only = {"sheet": table.source.sheet, "table": "1", "member": table.source.packed}
        for key, choice in self.answers.items():
            options = self.offered.get(key, ()) or ((only[key],) if key in only else ())
            if options == ("",):
                raise BadRequest(f"This file has no {key}, and none named {choice!r}.", f"Leave {key} out for it.")
            if options and key not in FREE and choice not in options and choice not in _options(key):
                raise BadRequest(f"{choice!r} is no choice for {key}.", f"Choose one of: {', '.join(options)}.")

    def _settable(self) -> str:
        here = [f"{key} ({', '.join(options)})" for key, options in self.offered.items()]
        always = [*OF_FILE, *(f"{key}:COLUMN" for key in OF_COLUMN)]
        own = f"This file offers: {'; '.join([*here, *sorted(self.asked)])}. " if here else ""
        return f"{own}Every file takes: {', '.join(always)}."


def typed(pairs: Sequence[str]) -> Typed:
    """What ``KEY=CHOICE`` pairs say; raises :class:`BadRequest` for what is no pair or no choice of its key."""
    found = Typed()
    for pair in pairs:
        of_column = pair.partition(":")[0] in OF_COLUMN
        key, equals, choice = pair.rpartition("=") if of_column else pair.partition("=")
        if not (key and equals):
            raise BadRequest(f"--set takes key=choice, not {pair!r}.", "Write for example --set header=no.")
        options = _options(key)
        if options and choice not in options:
            raise BadRequest(f"{choice!r} is no choice for {key}.", f"Choose one of: {', '.join(options)}.")
        if key == "preamble" and not (choice.isascii() and choice.isdigit()):
            raise BadRequest(f"{choice!r} is no number of lines.", "Write for example --set preamble=2.")
        (found.answers if of_column or key in OF_FILE else found.codes)[key] = choice
    return found


def open_questions(table: Table, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """What still needs an answer."""
    return tuple(one for one in table.questions if one.key not in answers)


def _options(key: str) -> tuple[str, ...]:
    return OF_FILE.get(key) or OF_COLUMN.get(key.partition(":")[0], ())
