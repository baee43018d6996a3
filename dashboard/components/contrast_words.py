"""What sets a segment apart, in words: original units, the base beside every figure, the size of the difference."""

from __future__ import annotations

import math
from typing import Any

from dashboard.components import numbers
from dashboard.security.labels import plain

# Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., p. 25: small, medium, large.
SIZES = ((0.8, "large"), (0.5, "medium"), (0.2, "small"))
SAME = "about like everyone"
BEYOND = 5.0
"""Effects above this are told as lying beyond it: such a column all but decides, and more digits would say nothing."""
_NEAR, _FAR = 1.15, 100.0


def size_of(effect: float) -> str:
    """Cohen's word for an effect: large, medium, small; "" below 0.2 and where it is not known."""
    return next((word for least, word in SIZES if abs(effect) >= least), "") if math.isfinite(effect) else ""


def caption(row: Any) -> str:
    """Column and unit, the value of a category behind a colon: "income [EUR]", "region: South"."""
    name, unit = plain(row.column), plain(row.unit or "", limit=16)
    if row.level:
        return f"{name}: {plain(row.level, limit=40)}"
    return f"{name} [{unit}]" if unit and unit not in row.column else name


def amount(value: Any, row: Any) -> str:
    """A figure of this signal: a number with its unit, a share in per cent."""
    if row.kind != "number":
        return numbers.share(value)
    if "year" in row.column.lower() and 1_000 < float(value) < 2_200:  # nobody writes a year with a thousands mark
        return f"{float(value):.0f}"
    return numbers.number(value, "" if row.unit in row.column else plain(row.unit, limit=16))


def told(row: Any) -> str:
    """The sentence under a column: the segment's figure, everyone's, the size and steadiness of the difference."""
    return f"{_figures(row, float(row.everyone), 'the average', 'of everyone')}; {strength(row)}."


def told_between(row: Any, other: str) -> str:
    """The same against the other segment, called ``other``."""
    return f"{_figures(row, float(row.rest), f'the average of {other}', f'in {other}')}; {strength(row)}."


def strength(row: Any) -> str:
    """ "a large difference (d = 1.4) in 98% of resamples", with as much of it as is known."""
    effect, steady = float(row.effect), float(row.steady)
    if not math.isfinite(effect):
        return "how large that is cannot be told"
    word = size_of(effect)
    places = 2 if size_of(round(effect, 2)) == word else 3  # 0.198 is not small, and must not look as if it were
    shown = f"d = {effect:.{places}f}" if abs(effect) <= BEYOND else f"d beyond {math.copysign(BEYOND, effect):.0f}"
    shown = shown.replace("-", "\N{MINUS SIGN}")
    if not word:
        return f"hardly any difference ({shown})"
    again = f" in {numbers.share(steady)} of resamples" if math.isfinite(steady) else ""
    return f"a {word} difference ({shown}){again}"


def _figures(row: Any, base: float, average: str, of: str) -> str:
    own = float(row.own)
    if not (math.isfinite(own) and math.isfinite(base)):
        return "no figures"
    bare = row._replace(unit="")
    if row.kind != "number":
        what = f"{'have' if _bare(row) else 'are'} {_level(row, 40)}" if row.level else "say yes"
        times = f" ({numbers.times(own / base)})" if base > 0 and own > 0 and _worth(own / base) else ""
        return f"{amount(own, row)} {what}, {amount(base, row)} {of}{times}"
    pair = f"{amount(own, bare)} against {amount(base, row)}"
    if own > 0 and base > 0 and _worth(own / base):
        return f"{numbers.times(own / base)} {average}: {pair}"
    if own == base:
        return f"like {average}: {amount(own, row)}"
    return f"{amount(abs(own - base), row)} {'above' if own > base else 'below'} {average}: {pair}"


def _bare(row: Any) -> bool:
    """Whether a value says nothing without its column: "1" of a column that holds codes."""
    return not any(mark.isalpha() for mark in str(row.level))


def _level(row: Any, limit: int) -> str:
    """A value in words, with its column where it is only a code: "Paris", "Channel 1"."""
    level = plain(row.level, limit=limit)
    return f"{plain(row.column, limit=28)} {level}" if _bare(row) else level


def _worth(ratio: float) -> bool:
    """Whether a ratio says more than a difference does."""
    return _NEAR <= ratio <= _FAR or 1 / _FAR <= ratio <= 1 / _NEAR


def finding(rows: list[Any], *, most: int = 3) -> str:
    """The strongest differences in a few words: "high income, low age, mostly South"; "" where there is none."""
    parts = []
    for row in rows[:most]:
        if not size_of(float(row.effect)):
            break
        high = float(row.effect) > 0
        name = plain(row.column, limit=28)
        if row.level:
            where = "" if _bare(row) else f" ({name})"
            parts.append(f"{'more' if high else 'less'} often {_level(row, 28)}{where}")
        else:
            parts.append(f"{'more often' if high else 'less often'} {name}" if row.kind == "flag" else f"{'higher' if high else 'lower'} {name}")
    return ", ".join(parts)
