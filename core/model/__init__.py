"""The nouns every step speaks in: frozen, no inheritance, plain data.

    bytes -> Table -> Matrix -> Candidate ... Comparison -> Segmentation
                ^ Recipe   ^ Plan                      ^ Explanation

Conventions kept everywhere, files included: a segment is a number from 1, the
largest first; ``NOISE`` (-1) marks customers an algorithm left unplaced. Row
positions count from 0 in the order of the file. Arrays are read-only.
"""

from core.model.compared import DRIFTS, FATES, Migration, Uplift
from core.model.explored import Box, Explored, GapMap, Pattern, Relations, Spread
from core.model.fit import NOISE, Clustering, Dropped, Feature, Matrix
from core.model.orders import (
    MONEY_UNITS,
    ORDERS,
    Effect,
    Examination,
    FeatureFact,
    Finding,
    Guess,
    MadeOf,
    Ordered,
    OrderPlan,
    Part,
    RfmRule,
    Totals,
    Treatment,
    ValueModel,
    of_lines,
)
from core.model.plan import PLAN_VERSION, Limits, Plan
from core.model.recipe import Recipe, SavedRecipe
from core.model.report import Item, LoadReport, Outcome
from core.model.result import Candidate, Comparison, Explanation, Score, Segmentation, no_rows
from core.model.shape import Edit, Shape, Split, Why
from core.model.table import Choice, Column, Kind, Note, Question, Role, Source, Table, no_lines
from core.model.trained import (
    MODEL_VERSION,
    Document,
    LearnedColumn,
    Model,
    ModelSegment,
    Preparation,
    Reason,
    Scored,
)

__all__ = [
    "Box",
    "Candidate",
    "Choice",
    "Clustering",
    "Column",
    "Comparison",
    "Document",
    "DRIFTS",
    "Dropped",
    "Edit",
    "Effect",
    "Examination",
    "Explanation",
    "Explored",
    "FATES",
    "Feature",
    "FeatureFact",
    "Finding",
    "GapMap",
    "Guess",
    "Item",
    "Kind",
    "LearnedColumn",
    "Limits",
    "LoadReport",
    "MadeOf",
    "Matrix",
    "Migration",
    "Model",
    "MODEL_VERSION",
    "ModelSegment",
    "MONEY_UNITS",
    "no_lines",
    "no_rows",
    "NOISE",
    "Note",
    "of_lines",
    "Ordered",
    "OrderPlan",
    "ORDERS",
    "Outcome",
    "Part",
    "Pattern",
    "Plan",
    "PLAN_VERSION",
    "Preparation",
    "Question",
    "Reason",
    "Recipe",
    "Relations",
    "RfmRule",
    "Role",
    "SavedRecipe",
    "Score",
    "Scored",
    "Segmentation",
    "Shape",
    "Source",
    "Split",
    "Spread",
    "Table",
    "Totals",
    "Treatment",
    "Uplift",
    "ValueModel",
    "Why",
]
