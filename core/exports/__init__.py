"""Segmentation to bytes: the catalogue of exports.

A new export is one file ending in an ``Export`` entry and one line below.
"""

from __future__ import annotations

from core.catalogue import Catalogue
from core.exports.customers_csv import CUSTOMERS_CSV
from core.exports.customers_parquet import CUSTOMERS_PARQUET
from core.exports.customers_sheet import CUSTOMERS_XLSX
from core.exports.entry import Export
from core.exports.personas_md import PERSONAS_MD
from core.exports.plan_json import PLAN_JSON
from core.exports.profiles_csv import PROFILES_CSV
from core.exports.rules_sql import RULES_SQL
from core.exports.scores_json import SCORES_JSON
from core.exports.workbook_xlsx import WORKBOOK_XLSX

EXPORTS: Catalogue[Export] = Catalogue(
    "export", CUSTOMERS_CSV, CUSTOMERS_XLSX, CUSTOMERS_PARQUET, PROFILES_CSV, WORKBOOK_XLSX, SCORES_JSON, PLAN_JSON, PERSONAS_MD,
    RULES_SQL,
)  # fmt: skip

__all__ = ["EXPORTS", "Export"]
