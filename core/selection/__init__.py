"""Which candidate to recommend, and whether there are segments at all."""

from core.selection.recommend import Verdict, recommend

__all__ = ["Verdict", "recommend"]
