"""Columns that tell who a customer is, for whatever leaves the house."""

from core.personal.contact import Refused, country_code, email, name, phone, postcode
from core.personal.recognise import WORDS, Recognised, personal_columns, recognised
from core.personal.small import FEWEST, suppressed

__all__ = [
    "FEWEST", "WORDS", "Recognised", "Refused", "country_code", "email", "name", "personal_columns", "phone", "postcode",
    "recognised", "suppressed",
]  # fmt: skip
