"""Which candidate is recommended, on what evidence, and whether there are segments at all."""

from core.selection.recommend import Verdict, keeps, leaders, recommend, usable
from core.selection.wording import SUBSTANTIAL, worth

__all__ = ["SUBSTANTIAL", "Verdict", "keeps", "leaders", "recommend", "usable", "worth"]
