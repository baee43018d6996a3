"""Contacts in the one form under which advertising platforms look them up."""

from __future__ import annotations

import re
import unicodedata

from core.personal.dialling import COUNTRIES

_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;.<>\"()]{2,}")
_SHORTEST, _LONGEST = 8, 15
_EXTENSION = re.compile(r"(?:ext\.?|x|#|durchwahl)\s*\d+$", re.IGNORECASE)


class Refused(ValueError):
    """A cell that holds no usable contact."""


def email(cell: str, *, gmail: bool = False) -> str:
    """Trimmed, inner spaces taken out, lower case; raises :class:`Refused` for what is no address.

    ``gmail``: dots before and anything from a plus on are taken out of gmail.com and googlemail.com addresses, which
    reach the same box (Google's rule, https://developers.google.com/data-manager/api/devguides/concepts/formatting).
    """
    plain = "".join(_seen(cell).split()).lower()
    if not _EMAIL.fullmatch(plain):
        raise Refused
    local, _, domain = plain.rpartition("@")
    if gmail and domain in ("gmail.com", "googlemail.com"):
        local = local.partition("+")[0].replace(".", "")
    if not local:
        raise Refused
    return f"{local}@{domain}"


def phone(cell: str, country: str) -> str:
    """E.164: a plus, the country's code, the number without the leading zero that is dialled at home, 8 to 15 digits.

    ``country`` (ISO 3166, two letters) says where numbers without a code belong. Raises :class:`Refused` for anything else,
    such as a number that is too short; an extension at its end is left out.
    """
    plain = _EXTENSION.sub("", _seen(cell).replace("(0)", "").strip())
    digits = "".join(sign for sign in plain if sign in "0123456789")
    if re.search(r"[^\d\s()+./\-\u2010-\u2015\u00a0]", plain) or not digits:
        raise Refused
    if plain.startswith("+"):
        whole = digits
    elif digits.startswith("00"):
        whole = digits[2:]
    else:
        whole = _abroad(digits, country)
    if not _SHORTEST <= len(whole) <= _LONGEST or whole.startswith("0"):
        raise Refused
    return f"+{whole}"


def name(cell: str) -> str:
    """Trimmed, lower case, without punctuation; letters of any alphabet stay. Raises :class:`Refused` where nothing is left."""
    kept = "".join(sign for sign in _seen(cell).lower() if not unicodedata.category(sign).startswith(("P", "S")))
    plain = " ".join(kept.split())
    if not plain:
        raise Refused
    return plain


def postcode(cell: str, country: str) -> str:
    """Trimmed, lower case, without spaces and hyphens; of the United States the first five digits."""
    plain = re.sub(r"[\s-]", "", _seen(cell)).lower().removesuffix(".0")
    if country == "US":
        plain = plain[:5].zfill(5) if plain.isdecimal() else ""
    if not plain:
        raise Refused
    return plain


def country_code(cell: str, fallback: str) -> str:
    """Two lower-case letters (ISO 3166); an empty cell is the ``fallback``, names in English are known."""
    plain = _seen(cell).strip().casefold()
    if not plain:
        return fallback.lower()
    for code, land in COUNTRIES.items():
        if plain in (code.lower(), land.name.casefold(), *land.others):
            return code.lower()
    raise Refused


def _abroad(digits: str, country: str) -> str:
    """A number as dialled at home, with the code of its country."""
    land = COUNTRIES[country]
    if land.trunk and digits.startswith(land.trunk):
        digits = digits[len(land.trunk) :]
    elif land.code == "1" and len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if land.code == "1" and len(digits) != 10:
        raise Refused
    return land.code + digits


def _seen(cell: str) -> str:
    """Without signs that cannot be seen, in composed form, as the same name can be written in two ways."""
    kept = (sign for sign in unicodedata.normalize("NFC", cell) if unicodedata.category(sign) not in ("Cf", "Cc", "Cs") or sign in "\t\n\r")
    return "".join(kept).strip().removeprefix("'")
