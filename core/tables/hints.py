"""What the rest of a file suggests about a column that does not prove its own style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """What one column proves by itself.

    ``comma`` is "decimal" or "thousands", ``order`` "day" or "month" (which comes first), ``currency`` a code or sign;
    each is "" where the column proves nothing.
    """

    comma: str = ""
    order: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Hints:
    """What to propose where a column leaves it open; ``comma`` and ``order`` as in :class:`Proof`, "" where unknown."""

    comma: str = ""
    order: str = ""

    @classmethod
    def of_delimiter(cls, delimiter: str) -> Hints:
        """Files with semicolons come from programs that need the comma for decimals."""
        return cls("decimal", "day") if delimiter == ";" else cls()

    def with_proofs(self, proofs: Iterable[Proof]) -> Hints:
        """The majority of the columns that prove something, then the delimiter, then the currency."""
        known = list(proofs)
        comma = _majority(proof.comma for proof in known) or self.comma
        usual = "month" if {proof.currency for proof in known} - {""} == {"USD"} and comma != "decimal" else "day"
        return Hints(comma, _majority(proof.order for proof in known) or self.order or usual)


def _majority(said: Iterable[str]) -> str:
    """The commonest word, "" where none is said or two are said equally often."""
    counts = Counter(word for word in said if word).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return ""
    return counts[0][0]
