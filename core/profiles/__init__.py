"""What the customers of each segment are like: a tidy table of facts, names made from facts, sizes."""

from core.profiles.naming import names, signals
from core.profiles.tidy import COLUMNS, EVERYONE, everyone, profile, sizes

__all__ = ["COLUMNS", "EVERYONE", "everyone", "names", "profile", "signals", "sizes"]
