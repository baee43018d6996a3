"""Digits and signs of other scripts as the ones that programs read."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd

_MINUS = "[−–‒﹣－]"
_NOT_ASCII = "[^\x00-\x7f]"
_MARKS = {ord("٫"): ".", ord("٬"): ",", ord("．"): ".", ord("，"): ",", ord("％"): "%", ord("٪"): "%", ord("＋"): "+"}
_INVISIBLE = "[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"


def western(texts: pd.Series) -> tuple[pd.Series, dict[str, np.ndarray]]:
    """``texts`` with the digits 0 to 9 and an ASCII minus, and (n,) masks of what was changed, by kind of change."""
    changed: dict[str, np.ndarray] = {}
    other = texts.str.contains(_NOT_ASCII, regex=True).to_numpy(dtype=bool)
    if not other.any():
        return texts, changed
    out = texts.copy()
    for what, step in (("invisible character", _visible), ("minus sign", _minus), ("digits of another script", _digits)):
        before = out[other]
        after = step(before)
        mask = np.zeros(len(texts), dtype=bool)
        mask[other] = (after != before).to_numpy(dtype=bool)
        if mask.any():
            changed[what] = mask
            out[other] = after
    return out, changed


def _visible(texts: pd.Series) -> pd.Series:
    return texts.str.replace(_INVISIBLE, "", regex=True)


def _minus(texts: pd.Series) -> pd.Series:
    return texts.str.replace(_MINUS, "-", regex=True)


def _digits(texts: pd.Series) -> pd.Series:
    foreign = _foreign(texts)
    if not foreign.any():
        return texts
    table = {ord(sign): str(unicodedata.digit(sign)) for sign in set("".join(texts[foreign])) if sign.isdecimal()}
    out = texts.copy()
    out[foreign] = out[foreign].str.translate(table | _MARKS)
    return out


def _foreign(texts: pd.Series) -> pd.Series:
    return pd.Series([any(sign.isdecimal() and not sign.isascii() for sign in text) for text in texts],
                     index=texts.index, dtype=bool)
