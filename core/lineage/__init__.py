"""Which segments of one fit are those of another, by the customers they share or by their centres, and who went where."""

from core.lineage.drift import drift
from core.lineage.fates import Fate, by_centres, by_customers
from core.lineage.flows import ABSENT, flows, members
from core.lineage.following import Followed, follow, keys
from core.lineage.inherited import inherited
from core.lineage.matching import matched, matched_centres, matched_leftovers, shared
from core.lineage.onto import onto
from core.lineage.telling import Side, sentence, told
from core.lineage.verdict import RULE, Signs, verdict

__all__ = [
    "ABSENT", "RULE", "Fate", "Followed", "Side", "Signs", "by_centres", "by_customers", "drift", "flows", "follow", "inherited",
    "keys", "matched", "matched_centres", "matched_leftovers", "members", "onto", "sentence", "shared", "told", "verdict",
]  # fmt: skip
