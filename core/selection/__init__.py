"""Which candidate is recommended, on what evidence, and whether there are segments at all."""

from core.selection.recommend import Verdict, keeps, leaders, read, recommend, usable
from core.selection.wording import CAUTION, SUBSTANTIAL, TRUST_FLOOR, caution, trust_words, worth

__all__ = [
    "CAUTION", "SUBSTANTIAL", "TRUST_FLOOR", "Verdict", "caution", "keeps", "leaders", "read", "recommend", "trust_words", "usable", "worth",
]  # fmt: skip
