"""Signs and codes of currencies as they stand beside amounts."""

from __future__ import annotations

import re

_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "￥": "JPY", "\\": "JPY", "₹": "INR", "R$": "BRL", "US$": "USD",
          "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "MX$": "MXN",
          "zł": "PLN", "kr": "kr", "kr.": "kr", "Kč": "CZK", "Ft": "HUF", "lei": "RON", "лв": "BGN", "₽": "RUB", "руб": "RUB",
          "руб.": "RUB", "₺": "TRY", "₩": "KRW", "₫": "VND", "฿": "THB", "₪": "ILS", "₴": "UAH", "₱": "PHP", "₦": "NGN",
          "Fr.": "CHF", "SFr.": "CHF", "Rs": "INR", "Rs.": "INR", "元": "CNY", "円": "JPY", "د.إ": "AED"}
_CODES = ("EUR USD GBP JPY CHF SEK NOK DKK ISK PLN CZK HUF RON BGN RUB TRY INR BRL CAD AUD NZD SGD HKD CNY RMB KRW MXN ZAR "
          "THB IDR MYR PHP VND ILS AED SAR UAH ARS CLP COP PEN EGP NGN KES TWD")
_NAMES = {**{sign.casefold(): code for sign, code in _SIGNS.items()}, **{code.casefold(): code for code in _CODES.split()}}

# The longest first: "R$" is not "R" before "$".
PATTERN = "(?i:" + "|".join(sorted(map(re.escape, {**_SIGNS, **dict.fromkeys(_CODES.split())}), key=len, reverse=True)) + ")"


def currency_of(mark: str) -> str:
    """"EUR" for "€", "eur" and "EUR"; "kr" where only more than the mark could say whose krona it is."""
    return _NAMES[mark.casefold()]
