"""What a mixture explains against the numbers it takes to write it down."""

from __future__ import annotations

from collections.abc import Callable

from core.selection.criteria.entry import Arguments, Criterion, Vote, extreme


def lowest(fact: str) -> Callable[[Arguments], Vote]:
    """A vote for the lowest value of this fact of the Gaussian mixture."""

    def vote(arguments: Arguments) -> Vote:
        return extreme(arguments.facts(fact, "gmm"), highest=False, told=f"{fact.upper()} of the Gaussian mixture")

    return vote


# Schwarz (1978), doi:10.1214/aos/1176344136; Akaike (1974), doi:10.1109/TAC.1974.1100705.
BIC = Criterion(name="bic", label="Mixture, strict about detail (BIC)", vote=lowest("bic"))
AIC = Criterion(name="aic", label="Mixture, lenient about detail (AIC)", vote=lowest("aic"))
