"""What systems write where they know nothing: words instead of a customer, and first days of calendars instead of a date."""

from __future__ import annotations

import numpy as np

NOBODY = frozenset((
    "-", "--", "---", "?", ".", "n/a", "#n/a", "n.a.", "na", "nan", "none", "null", "nil", "<na>", "(blank)", "(none)", "unknown",
    "unknown customer", "not available", "no customer", "guest", "guest user", "guest customer", "guest checkout", "anonymous",
    "walk-in", "walk-in customer", "walk in customer", "unbekannt", "gast", "gastkunde", "anonym", "laufkunde", "laufkundschaft",
    "inconnu", "invité", "anonyme", "desconocido", "invitado", "anónimo", "sconosciuto", "ospite", "anonimo", "onbekend",
))  # fmt: skip
"""Customers, in small letters, that are nobody in particular: whoever they were, they were not one customer."""
_FIRST_DAYS = np.array(["0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01"], "datetime64[D]")
_FAR = np.timedelta64(5 * 365, "D")


def no_date(days: np.ndarray) -> np.ndarray:
    """Where ``days`` (n,), datetime64[D] or NaT, are the first day of a calendar, years before all other days.

    Spreadsheets and databases write it for an empty date. Nothing is found where other days are near, or there are none.
    """
    first = np.isin(days, _FIRST_DAYS)
    others = days[~first & ~np.isnat(days)]
    if not len(others):
        return np.zeros(len(days), dtype=bool)
    return first & (others.min() - np.where(first, days, others.min()) >= _FAR)
