"""Names of months and time zones as they stand in dates."""

from __future__ import annotations

import re

_MONTHS = (
    "jan january januar janvier enero ene gennaio gen januari janeiro styczeń",
    "feb february februar février fevrier fév févr febrero febbraio februari fevereiro fev luty",
    "mar march märz mär mrz mars marzo maart mrt março marco marzec",
    "apr april avril avr abril abr aprile kwiecień",
    "may mai mayo maggio mag mei maio maj",
    "jun june juni juin junio giugno giu junho czerwiec",
    "jul july juli juillet juil julio luglio lug julho lipiec",
    "aug august août aout aoû agosto ago augustus augusti sierpień",
    "sep september sept septembre septiembre settembre set setembro wrzesień",
    "oct october oktober okt octobre octubre ottobre ott outubro out październik",
    "nov november novembre noviembre novembro listopad",
    "dec december dezember dez décembre decembre déc diciembre dic dicembre desember dezembro december grudzień",
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
# Hours ahead of UTC.
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2,
          "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
          "jst": 9}
ZONE = r"[Zz]|[+-]\d{2}(?::?\d{2})?|(?:UTC|GMT)[+-]\d{1,2}(?::?\d{2})?|" + "|".join(sorted(map(str.upper, _ZONES), key=len,
                                                                                     reverse=True))


def month_of(name: str) -> int:
    """1 to 12, 0 where the name is none of a month."""
    return _NUMBERS.get(name.casefold().strip("."), 0)


def minutes_ahead(zone: str) -> int:
    """Minutes ahead of UTC of a ``zone`` that :data:`ZONE` describes."""
    match = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", zone)
    if not match:
        return 60 * _ZONES[zone.casefold()]
    ahead = 60 * int(match.group(2)) + int(match.group(3) or 0)
    return -ahead if match.group(1) == "-" else ahead
