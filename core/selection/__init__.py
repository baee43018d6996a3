"""Which candidate to recommend, and whether there are segments at all."""

from core.selection.recommend import SUBSTANTIAL, Verdict, recommend

__all__ = ["SUBSTANTIAL", "Verdict", "recommend"]
