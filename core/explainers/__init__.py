"""What separates the segments. To add one: a file ending in an ``Explainer``, and its line here."""

from core.catalogue import Catalogue
from core.explainers.entry import Explainer
from core.explainers.permutation import PERMUTATION, permutation_importance

EXPLAINERS: Catalogue[Explainer] = Catalogue("explainer", PERMUTATION)

__all__ = ["EXPLAINERS", "Explainer", "permutation_importance"]
