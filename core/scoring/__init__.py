"""Other customers placed by a model: what it needs of them, where they belong, how sure that is, and why."""

from core.scoring.asking import FormField, fields, proposed_mapping
from core.scoring.drifted import drifted
from core.scoring.placing import as_fitted, place
from core.scoring.reading import typed
from core.scoring.reasoning import reasons, unlike_reasons
from core.scoring.records import typed_records
from core.scoring.scored import score

__all__ = [
    "FormField", "as_fitted", "drifted", "fields", "place", "proposed_mapping", "reasons", "score", "typed", "typed_records",
    "unlike_reasons",
]  # fmt: skip
