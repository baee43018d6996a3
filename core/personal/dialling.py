"""Countries with their dialling code and the digits that are dialled at home before a number (ITU-T E.164, E.164 national plans)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """``name`` in English, dialling ``code``, ``trunk`` prefix dialled at home and left out abroad, ``others``: more names."""

    name: str
    code: str
    trunk: str = "0"
    others: tuple[str, ...] = ()


COUNTRIES = {
    "AE": Country("United Arab Emirates", "971", others=("uae",)),
    "AR": Country("Argentina", "54"),
    "AT": Country("Austria", "43", others=("österreich",)),
    "AU": Country("Australia", "61"),
    "BE": Country("Belgium", "32", others=("belgië", "belgique")),
    "BR": Country("Brazil", "55", others=("brasil",)),
    "CA": Country("Canada", "1", ""),
    "CH": Country("Switzerland", "41", others=("schweiz", "suisse")),
    "CN": Country("China", "86"),
    "CY": Country("Cyprus", "357", ""),
    "CZ": Country("Czechia", "420", "", ("czech republic",)),
    "DE": Country("Germany", "49", others=("deutschland",)),
    "DK": Country("Denmark", "45", "", ("danmark",)),
    "EE": Country("Estonia", "372", ""),
    "ES": Country("Spain", "34", "", ("españa",)),
    "FI": Country("Finland", "358", others=("suomi",)),
    "FR": Country("France", "33"),
    "GB": Country("United Kingdom", "44", others=("uk", "great britain", "england")),
    "GR": Country("Greece", "30", ""),
    "HU": Country("Hungary", "36", "06"),
    "IE": Country("Ireland", "353", others=("eire", "republic of ireland")),
    "IL": Country("Israel", "972"),
    "IN": Country("India", "91"),
    "IS": Country("Iceland", "354", ""),
    "IT": Country("Italy", "39", "", ("italia",)),
    "JP": Country("Japan", "81"),
    "KR": Country("South Korea", "82", others=("korea",)),
    "LU": Country("Luxembourg", "352", ""),
    "MT": Country("Malta", "356", ""),
    "MX": Country("Mexico", "52", "", ("méxico",)),
    "NL": Country("Netherlands", "31", others=("nederland", "holland")),
    "NO": Country("Norway", "47", "", ("norge",)),
    "NZ": Country("New Zealand", "64"),
    "PL": Country("Poland", "48", "", ("polska",)),
    "PT": Country("Portugal", "351", ""),
    "RO": Country("Romania", "40"),
    "SE": Country("Sweden", "46", others=("sverige",)),
    "SG": Country("Singapore", "65", ""),
    "SI": Country("Slovenia", "386"),
    "SK": Country("Slovakia", "421"),
    "TR": Country("Türkiye", "90", others=("turkey",)),
    "UA": Country("Ukraine", "380"),
    "US": Country("United States", "1", "", ("usa", "united states of america")),
    "ZA": Country("South Africa", "27", others=("rsa",)),
}
