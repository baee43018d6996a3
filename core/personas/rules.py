"""The thresholds that personas speak of and decide by, each in one place."""

from __future__ import annotations

from core.selection.wording import TRUST_FLOOR

RULES = {
    "trust floor": TRUST_FLOOR,  # bootstrap Jaccard under which a segment is not to be relied on: Hennig (2007)
    "small difference": 0.2,  # Cohen (1988): standard deviations under which a difference is not worth a word
    "marked difference": 0.5,  # Cohen (1988), "medium"
    "large difference": 0.8,  # Cohen (1988), "large"
    "steady": 0.9,  # share of resamples in which a difference must come out, where that was measured
    "few customers": 30,  # the usual floor for speaking of an average
    "more than their share": 1.25,  # share of money over share of customers from which it is more than their share
    "known": 0.8,  # share of customers of whom a value is known, under which that is said
    "most trust": 1.0,  # the largest Jaccard similarity there is
}
"""What is compared with what; a sentence that names a threshold takes it from here."""
