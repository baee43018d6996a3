"""Which columns tell who a customer is, by their names in several languages and by what their cells look like."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from core.model import Column, Kind, Role, Table
from core.neutral import as_text

WORDS = {
    "email": "e-mail address", "phone": "telephone number", "first_name": "first name", "last_name": "last name",
    "name": "name", "street": "street address", "postcode": "postcode", "birth_date": "date of birth",
    "ip": "network address (IP)", "id_number": "official number", "iban": "bank account (IBAN)", "city": "city",
    "country": "country",
}  # fmt: skip
COARSE = ("city", "country")
"""Recognised for address lists, but shared by too many to tell who somebody is."""
LOOKED_AT, MOST_OF = 2_000, 0.6

# Whole words of a name in lower case, its parts joined by one space.
_NAMED: tuple[tuple[str, str], ...] = (
    ("email", r"e ?mails?( address| adresse)?|(e )?mail( adresse)?|(customer|contact|user|kunden) e?mail|correo( electronico)?|courriel"),
    ("ip", r"(client |user |last )?ip( address| adresse)?|ip ?v[46]"),
    ("iban", r"iban|konto( nummer|nr)?|kontonummer|(bank )?account (number|no)"),
    ("id_number", r"ssn|social security( number| no)?|passport( number| no)?|tax id|national id|nino|nhs number|"
                  r"steuer ?(id|nummer)|personalausweis( nummer)?|(reise)?pass ?nummer|dni|nif|cpf|bsn|codice fiscale|pesel|"
                  r"(credit )?card number|driving licen[cs]e( number)?"),
    ("birth_date", r"(date of )?birth ?(date|day)?|dob|geburts ?(datum|tag)|geboren|date (de )?naissance|fecha (de )?nacimiento|"
                   r"data (di )?nascita|geboortedatum"),
    ("phone", r"(tele)?phones?( number| no| nr)?|tel( ?nr| no)?|mobile?( phone| number| no)?|cell( ?phone)?|telefon( nummer|nr)?|"
              r"telefonnummer|handy( nummer|nr)?|telefono|movil|portable|fax|(home|work|customer|contact) phone"),
    ("first_name", r"(first|given|fore) ?names?|fname|vorname|prenom|nombre|nome|voornaam|fornavn|imie"),
    ("last_name", r"(last|family) ?names?|sur ?name|lname|nachname|familienname|nom( de famille)?|apellidos?|cognome|achternaam|etternavn"),
    ("name", r"(full|customer|client|contact|user|person|kunden|member|passenger|cardholder) ?names?|name|kunde name|ansprechpartner"),
    ("street", r"street( address| name)?|address( line)?( ?[123])?|(home|postal|billing|shipping|delivery) address|stra(ss|ß)e|"
               r"hausnummer|anschrift|adresse|adress|rue|calle|direccion|via|indirizzo|straat|adres"),
    ("postcode", r"post ?(al )?codes?|zip( ?code)?( prefix)?|plz|postleitzahl|code postal|codigo postal|cap|postnummer"),
    ("city", r"city|town|ort|stadt|ville|ciudad|citta|stad"),
    ("country", r"countr(y|y code|ies)|land|pays|pais|paese|country region"),
)  # fmt: skip
_named = tuple((what, re.compile(pattern)) for what, pattern in _NAMED)
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_PHONE = re.compile(r"(?:\+|00)\d[\d\s()./-]{6,18}\d|\(0?\d{2,5}\)[\d\s/-]{4,14}\d|0\d{2,4}[\s/-]\d[\d\s/-]{3,12}\d|\d{3}[-.]\d{3}[-.]\d{4}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_ACCENTS = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüçñ", "aaaaaeeeeiiiiooooouuuucn")


@dataclass(frozen=True)
class Recognised:
    """A ``column`` that holds ``what`` (a key of :data:`WORDS`), and ``why`` that is believed, in words."""

    column: str
    what: str
    why: str


def recognised(table: Table) -> tuple[Recognised, ...]:
    """The columns that hold contacts, names, addresses or numbers of persons, in the order of the table.

    Cells decide before names: an e-mail address under any name is one. By name alone a column counts where its cells can
    hold what it says (no names or e-mail addresses among numbers). At most 2,000 cells, spread over the rows, are looked at,
    of which 60 % must agree.
    """
    found = []
    for column in table.columns:
        cells = _cells(table, column)
        told = _by_cells(column, cells) or _by_name(column, cells)
        if told is not None:
            found.append(told)
    return tuple(found)


def personal_columns(table: Table) -> tuple[Recognised, ...]:
    """Those that tell who somebody is; a city or a country alone does not."""
    return tuple(one for one in recognised(table) if one.what not in COARSE)


def telling_columns(table: Table) -> dict[str, str]:
    """The columns of which nothing that leaves the house tells, with what they hold in words, in the order of the table:
    personal ones, ids and other keys (one customer each), and free text (which may name anybody). Of customers made of
    orders only the id was in the file; scores side by side and sentences about silence are worked out."""
    known = {one.column: WORDS[one.what] for one in personal_columns(table)}
    for column in table.columns:
        if column.role is Role.ID or (column.kind is Kind.KEY and table.made is None):
            known.setdefault(column.name, "key of single customers")
        elif column.kind is Kind.TEXT and table.made is None:
            known.setdefault(column.name, "free text")
    return {column.name: known[column.name] for column in table.columns if column.name in known}


def words_of(name: str) -> str:
    """A column's name as lower-case words: ``customerEMail_Address`` is ``customer e mail address``."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[^a-z0-9ß]+", " ", apart.casefold().translate(_ACCENTS)).split())


def _cells(table: Table, column: Column) -> list[str]:
    raw = table.raw[column.name]
    step = max(1, len(raw) // LOOKED_AT)
    return [cell.strip().removeprefix("'") for cell in as_text(raw.iloc[::step]) if cell.strip()][:LOOKED_AT]


def _by_cells(column: Column, cells: list[str]) -> Recognised | None:
    if not cells or column.kind in (Kind.DATE, Kind.FLAG):
        return None
    for what, fits in _LOOKS:
        agreeing = sum(map(fits, cells))
        if agreeing >= MOST_OF * len(cells):
            return Recognised(column.name, what, f"{agreeing:,} of {len(cells):,} cells looked at are like one ({WORDS[what]}).")
    return None


def _by_name(column: Column, cells: list[str]) -> Recognised | None:
    words = words_of(column.name)
    for what, pattern in _named:
        if pattern.fullmatch(words) and _can_hold(column, what, cells):
            return Recognised(column.name, what, f"Its name says so ({WORDS[what]}).")
    return None


def _can_hold(column: Column, what: str, cells: list[str]) -> bool:
    """Whether the cells may be what the name says: dates and years of birth are dates or numbers, numbers no names."""
    if what == "birth_date":
        return column.kind is not Kind.FLAG
    if what in ("phone", "postcode", "id_number", "iban"):
        return column.kind not in (Kind.FLAG, Kind.DATE)
    return column.kind not in (Kind.NUMBER, Kind.FLAG, Kind.DATE) and any(not cell.isdecimal() for cell in cells)


def _is_ip(cell: str) -> bool:
    try:
        ipaddress.ip_address(cell)
    except ValueError:
        return False
    return "." in cell or ":" in cell


def _is_iban(cell: str) -> bool:
    """Letters and digits whose check digits (ISO 13616, remainder 1 of 97) are right."""
    plain = cell.replace(" ", "").upper()
    if not _IBAN.fullmatch(plain):
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


_LOOKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", lambda cell: _EMAIL.fullmatch(cell) is not None),
    ("iban", _is_iban),
    ("ip", _is_ip),
    ("id_number", lambda cell: _SSN.fullmatch(cell) is not None),
    ("phone", lambda cell: _PHONE.fullmatch(cell) is not None),
)
