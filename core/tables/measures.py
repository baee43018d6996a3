"""Amounts with their unit behind them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.tables.cells import arrow_texts, matches

_UNITS = ("kg g mg µg t lb lbs oz km m cm mm mi ft yd in l ml cl hl dl gal h hr hrs hour hours min mins minutes s sec secs ms "
          "day days d week weeks month months mo year years yr yrs yo kWh Wh MWh kW MW Hz kHz MHz GHz kB KB MB GB TB "
          "bytes °C °F m² m2 km² ha sqm sqft m³ m3 pcs pc pieces Stk Stück St St. Tage Jahre Monate Std Std. Minuten "
          "points pts pt visits orders items km/h mph bar Pa kcal cal kJ px dpi ppm Mio Mio. Mrd")
UNIT = (r"^[+−-]?[0-9][0-9.,'’\x{00a0}\x{202f}\x{2009} ]*\s*(?P<unit>"
        + "|".join(sorted((unit.replace(".", r"\.") for unit in _UNITS.split()), key=len, reverse=True)) + ")$")


def without_unit(texts: pd.Series, missing: np.ndarray) -> tuple[pd.Series, str]:
    """``texts`` without the unit that all but the ``missing`` (n,) have, and the unit; "" where they have none in common."""
    import pyarrow.compute as pc

    present = texts[~missing]
    if not len(present) or not matches(present.iloc[:20], UNIT).all():
        return texts, ""
    found = pc.struct_field(pc.extract_regex(arrow_texts(present), UNIT), "unit")
    units = set(pc.unique(found).to_pylist())
    if len(units) != 1 or None in units:
        return texts, ""
    unit = units.pop()
    bare = texts.copy()
    bare[~missing] = present.str[: -len(unit)].str.strip()
    return bare, unit
