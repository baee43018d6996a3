"""Random control groups, the smallest uplift they can show, and what a campaign brought."""

from core.campaigns.control import GROUPS, control_group, identities
from core.campaigns.detectable import ALPHA, POWER, detectable_amount, detectable_rate
from core.campaigns.intervals import Difference, difference_of_means, difference_of_rates
from core.campaigns.results import AMOUNT, RATE, Outcome, outcome

__all__ = [
    "ALPHA", "AMOUNT", "GROUPS", "POWER", "RATE", "Difference", "Outcome", "control_group", "detectable_amount",
    "detectable_rate", "difference_of_means", "difference_of_rates", "identities", "outcome",
]  # fmt: skip
