"""Arguments about the number of segments. To add one: a file here ending in a ``Criterion``, and its line below."""

from core.catalogue import Catalogue
from core.selection.criteria.bend import BEND
from core.selection.criteria.entry import Arguments, Criterion, Vote
from core.selection.criteria.gap import GAP
from core.selection.criteria.information import AIC, BIC
from core.selection.criteria.scores import CONTRAST, OVERLAP, SEPARATION
from core.selection.criteria.steadiness import STEADINESS
from core.selection.criteria.strength import STRENGTH
from core.selection.criteria.tree import TREE

CRITERIA: Catalogue[Criterion] = Catalogue(
    "criterion", BEND, SEPARATION, CONTRAST, OVERLAP, GAP, BIC, AIC, STEADINESS, TREE, STRENGTH
)

__all__ = ["CRITERIA", "Arguments", "Criterion", "Vote"]
