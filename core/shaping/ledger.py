"""What edits mean before any customer is looked at: which segments there are, what they are called, what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from core.errors import BadRequest
from core.model import Edit, Shape

UNLOCK = "Unlock it first."
FORMING = ("merge", "split", "move")


@dataclass(frozen=True)
class Ledger:
    """The segments ``made_of`` which fitted ones they consist, by number; ``names``, ``descriptions`` and ``colours``

    that a person chose; ``locked`` segments, rising; ``free`` is the number that a split gives next.
    """

    made_of: Mapping[int, tuple[int, ...]]
    free: int
    names: Mapping[int, str] = field(default_factory=dict)
    descriptions: Mapping[int, str] = field(default_factory=dict)
    colours: Mapping[int, int] = field(default_factory=dict)
    locked: tuple[int, ...] = ()

    def after(self, edit: Edit) -> Ledger:
        """The ledger after one more edit; raises :class:`BadRequest`, in words, where the edit cannot be."""
        self.require(edit.segment)
        if edit.kind in FORMING:
            self.require_unlocked(edit.segment, edit.kind)
        return _AFTER[edit.kind](self, edit)

    def require(self, segment: int) -> None:
        if segment not in self.made_of:
            raise BadRequest(f"There is no segment {segment} any more.", "Look at the segments as they are now.")

    def require_unlocked(self, segment: int, kind: str) -> None:
        if segment in self.locked:
            what = {"merge": "merged", "split": "split", "move": "given or deprived of customers"}[kind]
            raise BadRequest(f"Segment {segment} is locked, so it is not {what}.", UNLOCK)

    def without(self, segment: int) -> Ledger:
        """The ledger once nobody is in ``segment`` any more; raises where fewer than two segments would be left."""
        if len(self.made_of) <= 2:
            raise BadRequest("That would leave a single segment.", "Keep at least two, or choose another candidate.")
        kept = {"made_of": _but(self.made_of, segment), "names": _but(self.names, segment),
                "descriptions": _but(self.descriptions, segment), "colours": _but(self.colours, segment)}  # fmt: skip
        return replace(self, **kept, locked=tuple(s for s in self.locked if s != segment))


def ledger(segments: Iterable[int], shape: Shape) -> Ledger:
    """The ledger of a fit with ``segments`` (from 1) after all edits of ``shape``; raises :class:`BadRequest`.

    Who is in which segment is not known here: a move changes nothing, and :func:`core.shaping.shaped` refuses more.
    """
    fitted = sorted(segments)
    there = Ledger({s: (s,) for s in fitted}, max(fitted, default=0) + 1)
    for edit in shape.edits:
        there = there.after(edit)
    return there


def formed(shape: Shape) -> Shape:
    """The edits that change who is in which segment, without when and why: equal ones give equal labels."""
    return Shape(tuple(replace(edit, at="", reason="", text="") for edit in shape.edits if edit.kind in FORMING))


def spoken(name: str) -> str:
    """What is compared of a name: letter case and spaces make no other name."""
    return " ".join(name.split()).casefold()


def told_apart(proposed: Mapping[int, str], chosen: Mapping[int, str]) -> dict[int, str]:
    """Names by segment: those ``chosen`` as they are, those ``proposed`` for the others, numbered where they clash."""
    taken = {spoken(name) for name in chosen.values()}
    found = dict(chosen)
    for segment, name in proposed.items():
        if segment in chosen:
            continue
        unlike, turn = name, 2
        while spoken(unlike) in taken:
            unlike, turn = f"{name[:54]} ({turn})", turn + 1
        taken.add(spoken(unlike))
        found[segment] = unlike
    return {segment: found[segment] for segment in [*proposed, *(s for s in chosen if s not in proposed)]}


def _renamed(there: Ledger, edit: Edit) -> Ledger:
    name = " ".join(edit.text.split())
    for segment, other in there.names.items():
        if segment != edit.segment and spoken(other) == spoken(name):
            raise BadRequest(f"Segment {segment} is called {other!r} already.", "Give every segment a name of its own.")
    return replace(there, names={**there.names, edit.segment: name})


def _described(there: Ledger, edit: Edit) -> Ledger:
    said = {**there.descriptions, edit.segment: edit.text.strip()}
    return replace(there, descriptions={s: text for s, text in said.items() if text})


def _coloured(there: Ledger, edit: Edit) -> Ledger:
    if edit.number > 16:
        raise BadRequest("The palette has 16 colours.", "Choose one of them.")
    return replace(there, colours={**there.colours, edit.segment: edit.number})


def _locked(there: Ledger, edit: Edit) -> Ledger:
    return replace(there, locked=tuple(sorted({*there.locked, edit.segment})))


def _unlocked(there: Ledger, edit: Edit) -> Ledger:
    return replace(there, locked=tuple(s for s in there.locked if s != edit.segment))


def _merged(there: Ledger, edit: Edit) -> Ledger:
    if edit.number == edit.segment:
        raise BadRequest("A segment is not merged with itself.", "Choose another one.")
    there.require(edit.number)
    there.require_unlocked(edit.number, "merge")
    both = tuple(sorted({*there.made_of[edit.segment], *there.made_of[edit.number]}))
    left = there.without(edit.number)
    return replace(left, made_of={**left.made_of, edit.segment: both})


def _split(there: Ledger, edit: Edit) -> Ledger:
    return replace(there, made_of={**there.made_of, there.free: there.made_of[edit.segment]}, free=there.free + 1)


def _moved(there: Ledger, _edit: Edit) -> Ledger:
    return there


def _but(known: Mapping[int, object], segment: int) -> dict[int, object]:
    return {one: value for one, value in known.items() if one != segment}


_AFTER = {
    "rename": _renamed, "describe": _described, "colour": _coloured, "lock": _locked, "unlock": _unlocked,
    "merge": _merged, "split": _split, "move": _moved,
}  # fmt: skip
