"""Columns of dates, with what was assumed on the way."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from core.model import Kind, Note, Question
from core.tables.cells import Cells
from core.tables.dates import NAMES, Dates, likely_dates, parse_dates
from core.tables.hints import Proof
from core.tables.kinds import ENOUGH, Asked, Recognised
from core.tables.missing import taken_note
from core.tables.remarks import counted, examples, kind_choice, of_cells
from core.tables.serials import moments

_EARLY, _LATE = 1900, 2100  # customers were not born before, nor will orders be placed later
_PLANNED = ("due", "expir", "end", "until", "renew", "next", "valid", "plan", "deliver", "forecast", "bis", "ablauf")


def as_date(cells: Cells, missing: np.ndarray, asked: Asked, *, forced: bool = False) -> Recognised | None:
    """``None`` where fewer than 9 of 10 filled cells are dates, unless the owner said that they are (``forced``)."""
    texts = cells.texts[~missing].reset_index(drop=True)
    if not forced and not likely_dates(texts):
        return None
    found = parse_dates(texts, asked.answer("date"), asked.hints.order or "day")
    at = np.flatnonzero(~missing)
    if not forced and cells.count(at[found.read]) < ENOUGH * cells.count(at):
        return None
    if not forced and (found.forms == "digits").any() and not _surely_digits(found):
        return None
    values = np.full(len(cells.texts), np.datetime64("NaT"), "datetime64[us]")
    values[at] = found.values
    left = np.flatnonzero(~found.read) if forced else np.zeros(0, dtype=np.intp)
    serial = moments(texts.iloc[left]) if len(left) else None
    if serial is not None:
        values[at[left]] = serial
        found.forms[left[~np.isnat(serial)]] = "serial"
    notes = (*_notes(cells, at, found, asked.name), *taken_note(cells, missing, asked.name))
    return Recognised(Kind.DATE, pd.Series(cells.spread(values)), notes, _question(cells, at, found, asked),
                      proof=Proof(order=found.proof))


def _surely_digits(found: Dates) -> bool:
    """Eight digits are dates where all of them are, and in the years of living people."""
    years = found.values.astype("datetime64[Y]")
    inside = (years >= np.datetime64(str(_EARLY))) & (years <= np.datetime64(str(_LATE)))
    return bool((inside | np.isin(np.arange(len(years)), found.notable.get("empty", ()))).all())


def _question(cells: Cells, at: np.ndarray, found: Dates, asked: Asked) -> tuple[Question, ...]:
    if not len(found.unclear):
        return ()
    unclear = at[found.unclear]
    shown = examples(cells, unclear)
    text = f"In {asked.name}, does the day or the month come first ({shown[0]})?"
    return (Question(f"date:{asked.name}", "UNCLEAR_DATE", text, ("day", "month"), asked.hints.order or "day", asked.name,
                     cells.count(unclear), shown),)


def _notes(cells: Cells, at: np.ndarray, found: Dates, name: str) -> list[Note]:
    read, odd = np.flatnonzero(found.read), np.flatnonzero(~found.read)
    choice, notes = kind_choice(name, Kind.DATE, Kind.CATEGORY), []
    forms = [form for form in dict.fromkeys(found.forms) if form]
    if len(read) and not cells.moments:
        shown = " and ".join(NAMES.get(form, "numbers of days or seconds") for form in forms)
        notes.append(of_cells(cells, at[read], name, "DATES", f"cells were read as dates ({shown})", choice=choice))
    if len(forms) > 1:
        first = np.array([np.flatnonzero(found.forms == form)[0] for form in forms])
        counts = ", ".join(f"{cells.count(at[found.forms == form]):,} {NAMES.get(form, form)}" for form in forms)
        notes.append(counted(name, "MIXED_DATES", f"dates are written in several ways ({counts}), each read in its own",
                             count=cells.count(at[read]), examples=examples(cells, at[first]), choice=choice))
    if len(odd):
        notes.append(of_cells(cells, at[odd], name, "NOT_DATES", "cells are not dates and count as gaps", choice=choice))
    told = {"empty": ("NO_DATES", "dates stand for no date and count as gaps"),
            "moved": ("TIME_MOVED", "times (24:00 or a leap second) were read as the moment that follows"),
            "zoned": ("UTC", "times with a time zone were turned to UTC; times without one stand as they are"),
            "short": ("SHORT_YEARS", "years of two digits were read as 1969 to 2068")}
    for what, positions in found.notable.items():
        notes.append(of_cells(cells, at[positions], name, *told[what], choice=choice))
    return notes


def date_remarks(name: str, values: pd.Series, today: dt.date) -> tuple[Note, ...]:
    """Dates before 1900 or after 2100, and dates still to come where the name does not say that they are planned."""
    days = values.to_numpy()
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    present = ~np.isnat(days)
    odd = present & ((years < _EARLY) | (years > _LATE))
    coming = present & ~odd & (days >= np.datetime64(today, "us") + np.timedelta64(2, "D"))
    notes = [_listed(name, "ODD_DATES", f"dates lie before {_EARLY} or after {_LATE}", days[odd])] if odd.any() else []
    if coming.any() and not any(word in name.lower() for word in _PLANNED):
        notes.append(_listed(name, "FUTURE_DATES", "dates are still to come", days[coming]))
    return tuple(notes)


def _listed(name: str, code: str, text: str, days: np.ndarray) -> Note:
    shown = tuple(str(day)[:10] for day in pd.unique(days)[:3].astype("datetime64[D]"))
    return counted(name, code, text, count=len(days), examples=shown, hint="Correct them in the file if they are wrong.")
