"""Columns that tell who a customer is, for whatever leaves the house."""

from core.personal.contact import Refused, country_code, email, name, phone, postcode
from core.personal.recognise import WORDS, Recognised, personal_columns, recognised, telling_columns
from core.personal.safe import FEWER, WITHHELD, fit_to_show, names_to_show, small_segments
from core.personal.small import FEWEST, suppressed

__all__ = [
    "FEWER", "FEWEST", "WITHHELD", "WORDS", "Recognised", "Refused", "country_code", "email", "fit_to_show", "name", "names_to_show",
    "personal_columns", "phone", "postcode", "recognised", "small_segments", "suppressed", "telling_columns",
]  # fmt: skip
