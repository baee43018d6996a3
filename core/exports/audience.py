"""Audience files of advertising platforms: their column names, their normalising, hashes where they ask for them.

Meta: https://www.facebook.com/business/help/2082575038703844 (columns, at least 100 people) and
https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters (normalising).
Google: https://support.google.com/google-ads/answer/7659867 (columns, an address by all four or by none; country and zip are not hashed) and
https://developers.google.com/data-manager/api/devguides/concepts/formatting (normalising).
Klaviyo: https://help.klaviyo.com/hc/en-us/articles/115005078967 (columns; plain, at most 50 MB) and
https://help.klaviyo.com/hc/en-us/articles/115005078807 (no e-mail address and no telephone number twice).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.catalogue import Catalogue
from core.errors import BadRequest
from core.model import Segmentation, Table
from core.neutral import as_text
from core.personal import Refused, contact, recognised
from core.personal.dialling import COUNTRIES


@dataclass(frozen=True)
class Field:
    """A column of an audience file: ``header`` as the platform wants it, from the personal column ``what``; ``normal``
    takes the cell and the country (ISO 3166, two letters), ``hashed`` says whether SHA-256 in hexadecimal follows."""

    header: str
    what: str
    normal: Callable[[str, str], str]
    hashed: bool = False


@dataclass(frozen=True)
class Platform:
    """``alone`` are the fields one of which is enough to be found; ``together`` those that are only if all are there.
    ``fewest`` people are needed, and ``because`` says who says so. Of an ``address`` that is not whole no column may be there,
    and an identifier that must be ``unique`` may stand in one row alone."""

    name: str
    label: str
    fields: tuple[Field, ...]
    alone: tuple[str, ...]
    together: tuple[str, ...]
    fewest: int
    because: str
    segment: str = ""
    address: bool = False
    unique: bool = False


@dataclass(frozen=True)
class Audience:
    """``frame`` of text, a row per customer that can be found; ``left_out`` customers without a usable identifier,
    ``twice`` those whose identifiers another row has already; ``warning`` where there are fewer than the platform wants."""

    frame: pd.DataFrame
    left_out: int
    twice: int
    warning: str


def _email(cell: str, _country: str) -> str:
    return contact.email(cell)


def _gmail(cell: str, _country: str) -> str:
    return contact.email(cell, gmail=True)


def _digits(cell: str, country: str) -> str:
    return contact.phone(cell, country).removeprefix("+")


def _name(cell: str, _country: str) -> str:
    return contact.name(cell)


def _city(cell: str, _country: str) -> str:
    return contact.name(cell).replace(" ", "")


def _as_written(cell: str, _country: str) -> str:
    if not cell.strip():
        raise Refused
    return " ".join(cell.split())


META = Platform(
    "meta", "Meta (Facebook, Instagram)",
    (Field("email", "email", _email, True), Field("phone", "phone", _digits, True), Field("fn", "first_name", _name, True),
     Field("ln", "last_name", _name, True), Field("zip", "postcode", contact.postcode, True), Field("ct", "city", _city, True),
     Field("country", "country", contact.country_code, True)),
    ("email", "phone"), ("fn", "ln", "zip", "country"), 100,
    "Meta asks for lists of at least 100 people (its help page on formatting a customer list).",
)  # fmt: skip
GOOGLE = Platform(
    "google", "Google (Customer Match)",
    (Field("Email", "email", _gmail, True), Field("Phone", "phone", contact.phone, True), Field("First Name", "first_name", _name, True),
     Field("Last Name", "last_name", _name, True), Field("Country", "country", contact.country_code),
     Field("Zip", "postcode", contact.postcode)),
    ("Email", "Phone"), ("First Name", "Last Name", "Country", "Zip"), 100,
    "Google serves ads from 100 matched and active members; until December 2024 it asked 1,000 for Search, and usually only some of a list are matched.",
    address=True,
)  # fmt: skip
KLAVIYO = Platform(
    "klaviyo", "Klaviyo (e-mail and SMS)",
    (Field("Email", "email", _email), Field("Phone Number", "phone", contact.phone), Field("First Name", "first_name", _as_written),
     Field("Last Name", "last_name", _as_written), Field("City", "city", _as_written), Field("Country", "country", _as_written),
     Field("Zip Code", "postcode", _as_written)),
    ("Email", "Phone Number"), (), 1, "Klaviyo takes lists of any size up to 50 MB.", segment="Segment", unique=True,
)  # fmt: skip
PLATFORMS: Catalogue[Platform] = Catalogue("platform", META, GOOGLE, KLAVIYO)


def proposed(table: Table) -> dict[str, str]:
    """The column of the table for each kind of contact, as :func:`core.personal.recognised` finds it; the first of several."""
    found: dict[str, str] = {}
    for one in recognised(table):
        found.setdefault(one.what, one.column)
    return found


@dataclass(frozen=True)
class Contacts:
    """``columns`` of the table by the kind of contact that they hold; ``country`` (ISO 3166) of customers who tell none."""

    columns: Mapping[str, str]
    country: str


def audience(table: Table, segmentation: Segmentation, platform: Platform, *, segment: int, contacts: Contacts) -> Audience:
    """The customers of ``segment`` as the platform reads them.

    A kind of contact without a column is left out, but for the country. Cells that cannot be made into what they should be are empty. Raises :class:`BadRequest` for unknown columns or
    countries and where no column can tell who a customer is.
    """
    mapping, country = contacts.columns, contacts.country
    if country not in COUNTRIES:
        raise BadRequest("This country is not known.", "Choose one of the list.")
    chosen = _fields(platform, mapping)
    headers = {field.header for field in chosen}
    if not headers & set(platform.alone) and not (platform.together and set(platform.together) <= headers):
        raise BadRequest(f"{platform.label} cannot find customers by these columns.", "Name the column of e-mail addresses or telephone numbers.")
    rows = np.flatnonzero(segmentation.candidate.labels == segment)
    normal = {field.header: _normal(table, field, rows, column=mapping.get(field.what, ""), country=country) for field in chosen}
    found = pd.DataFrame(normal, dtype=object)
    usable = (found[[one for one in platform.alone if one in found]] != "").any(axis=1)
    if platform.together and set(platform.together) <= headers:
        usable |= (found[list(platform.together)] != "").all(axis=1)
    kept = _once(found[usable].drop_duplicates(), platform)
    told = kept.assign(**{field.header: kept[field.header].map(_hash) for field in chosen if field.hashed})
    if platform.segment:
        told = told.assign(**{platform.segment: segmentation.candidate.names.get(segment, f"Segment {segment}")})
    few = f"{len(told):,} people: {platform.because}" if len(told) < platform.fewest else ""
    return Audience(told.reset_index(drop=True), int((~usable).sum()), int(usable.sum()) - len(kept), few)


def _fields(platform: Platform, mapping: Mapping[str, str]) -> list[Field]:
    """The fields that have a column, and the country, which every customer has."""
    chosen = [field for field in platform.fields if mapping.get(field.what) or field.what == "country"]
    whole = set(platform.together) <= {field.header for field in chosen}
    return [field for field in chosen if whole or not platform.address or field.header not in platform.together]


def _once(found: pd.DataFrame, platform: Platform) -> pd.DataFrame:
    """Without a second row of the first identifier; any other stays in its first row alone, and who has none left goes."""
    if not platform.unique:
        return found
    first, *others = [one for one in platform.alone if one in found]
    found = found[(found[first] == "") | ~found[first].duplicated()]
    for one in others:
        found = found.assign(**{one: found[one].where(~found[one].duplicated(), "")})
    return found[(found[[first, *others]] != "").any(axis=1)]


def _normal(table: Table, field: Field, rows: np.ndarray, *, column: str, country: str) -> list[str]:
    """The cells of a field in the platform's form, "" where they cannot be."""
    cells = as_text(table.raw[table.column(column).name].iloc[rows]) if column else [""] * len(rows)
    return [_one(field, cell, country) for cell in cells]


def _one(field: Field, cell: str, country: str) -> str:
    try:
        return field.normal(cell, country)
    except Refused:
        return ""


def _hash(text: str) -> str:
    """SHA-256 of the UTF-8 bytes in lower-case hexadecimal; nothing stays nothing."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() if text else ""
