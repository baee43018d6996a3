"""The names, colours and descriptions of before as edits of the segments of now."""

from __future__ import annotations

from collections.abc import Mapping

from core.model import Edit, Migration

COLOURS = 16


def inherited(
    migration: Migration, segments: tuple[int, ...], *, chosen: Mapping[int, str], colours: Mapping[int, int], reason: str = ""
) -> tuple[Edit, ...]:
    """Edits that give the matched of ``segments`` what their segments were called, in which colour and how described.

    ``chosen`` names and ``colours`` are those a person gave to segments of now. No edit on the way gives two segments the same name:
    a name that another segment holds meanwhile is first taken from it. A segment without a counterpart gets the first
    colour of the palette that is free where its own would be seen twice.
    """
    wanted = {segment: " ".join(name.split())[:60] for segment, name in migration.names.items() if segment in segments}
    edits = [*_renames(wanted, {s: name for s, name in chosen.items() if s in segments}, reason)]
    edits += [Edit("describe", s, text=text, reason=reason) for s, text in sorted(migration.descriptions.items()) if s in segments]
    return (*edits, *_colours(migration, segments, colours, reason))


def _renames(wanted: Mapping[int, str], chosen: Mapping[int, str], reason: str) -> list[Edit]:
    there, edits = dict(chosen), []
    for segment, name in sorted(wanted.items()):
        holder = next((s for s, other in there.items() if s != segment and _same(other, name)), None)
        if holder is not None:
            there[holder] = _free(name, [*there.values(), *wanted.values()])
            edits.append(Edit("rename", holder, text=there[holder], reason=reason))
        if there.get(segment) != name:
            there[segment] = name
            edits.append(Edit("rename", segment, text=name, reason=reason))
    return edits


def _colours(migration: Migration, segments: tuple[int, ...], colours: Mapping[int, int], reason: str) -> list[Edit]:
    now = {s: colours.get(s, (s - 1) % COLOURS + 1) for s in segments}
    there = {**now, **{s: colour for s, colour in migration.colours.items() if s in segments}}
    used = {there[s] for s in segments if s in migration.colours}
    for segment in segments:
        if segment not in migration.colours:
            if there[segment] in used:
                there[segment] = next((one for one in range(1, COLOURS + 1) if one not in {*used, *there.values()}), there[segment])
            used.add(there[segment])
    return [Edit("colour", s, there[s], reason=reason) for s in segments if there[s] != now[s]]


def _free(name: str, taken: list[str]) -> str:
    turn = 2
    while any(_same(f"{name[:54]} ({turn})", one) for one in taken):
        turn += 1
    return f"{name[:54]} ({turn})"


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
