"""What the customers of each segment are like: a tidy table of facts, names made from facts, contrasts, sizes."""

from core.profiles.contrasts import CONTRASTS
from core.profiles.described import Described, describe
from core.profiles.naming import names
from core.profiles.survey import EVERYONE, sizes
from core.profiles.tidy import COLUMNS, profile

__all__ = ["COLUMNS", "CONTRASTS", "EVERYONE", "Described", "describe", "names", "profile", "sizes"]
