"""What a person asks for: how columns are prepared and what is run. Plain JSON, both ways."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.errors import BadRequest
from core.model.recipe import Recipe

PLAN_VERSION = 2


@dataclass(frozen=True)
class Limits:
    """What the business can work with; no recommendation breaks it.

    ``max_segments`` 0 is no limit; no segment may hold under ``min_customers``
    or under ``min_share`` (0..0.5) of all customers.
    """

    max_segments: int = 0
    min_customers: int = 0
    min_share: float = 0.0

    def __post_init__(self) -> None:
        for name in ("max_segments", "min_customers"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise BadRequest(f"{name} must be a whole number from 0, not {value!r}.")
        if self.max_segments == 1:
            raise BadRequest("At most one segment leaves nothing to compare.", "Allow two segments or more.")
        share = self.min_share
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 0.5:
            raise BadRequest(f"The smallest share must lie between 0 and 0.5, not {share!r}.")


@dataclass(frozen=True)
class Plan:
    """What to run: every algorithm named, over ``segments`` = (low, high) where it takes a number of segments.

    ``settings`` fixes parameters by algorithm, the others are found; ``resamples``
    (0..100) is how often the best candidate of each algorithm is fitted again to
    see how stable it is. Fingerprint + plan is the key of a run.
    """

    recipe: Recipe = field(default_factory=Recipe)
    algorithms: tuple[str, ...] = ("kmeans", "gmm", "ward", "dbscan")
    segments: tuple[int, int] = (2, 10)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    resamples: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        low, high = self.segments
        if not 2 <= low <= high <= 30:
            raise BadRequest(f"The number of segments must lie between 2 and 30, not {low} to {high}.")
        if not self.algorithms or len(set(self.algorithms)) != len(self.algorithms):
            raise BadRequest("Name at least one algorithm, each once.")
        if not isinstance(self.settings, Mapping) or not all(isinstance(v, Mapping) for v in self.settings.values()):
            raise BadRequest("Settings map an algorithm to its parameters.")
        if strangers := sorted(set(self.settings) - set(self.algorithms)):
            raise BadRequest(f"There are settings for {', '.join(strangers)}, which the plan does not run.")
        if isinstance(self.resamples, bool) or not isinstance(self.resamples, int) or not 0 <= self.resamples <= 100:
            raise BadRequest(f"The number of resamples must lie between 0 and 100, not {self.resamples!r}.")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or not 0 <= self.seed < 2**32:
            raise BadRequest(f"The seed must be a whole number from 0 to 4294967295, not {self.seed!r}.")

    def to_json(self) -> str:
        """Plain JSON, keys sorted: equal plans give equal text."""
        body = asdict(self) | {"version": PLAN_VERSION}
        return json.dumps(body, sort_keys=True, ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """The plan written by :meth:`to_json`; anything else raises :class:`BadRequest`."""
        try:
            body = json.loads(text)
            if body.pop("version") != PLAN_VERSION:
                raise BadRequest("This plan was written by another version.", "Write the plan anew with this version.")
            recipe, limits = Recipe(**body.pop("recipe")), Limits(**body.pop("limits"))
            low, high = (int(k) for k in body.pop("segments"))
            algorithms = tuple(str(name) for name in body.pop("algorithms"))
            plan = cls(recipe=recipe, limits=limits, algorithms=algorithms, segments=(low, high), **body)
            plan.to_json().encode()  # halves of characters can be read, but never written
            return plan
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as problem:
            raise BadRequest(f"This is not a plan: {problem}.", "Use a plan.json written by this program.") from problem

    def key(self, fingerprint: str) -> str:
        """Identity of a run over the table with this fingerprint: 32 hex digits."""
        return hashlib.sha256(f"{fingerprint}\n{self.to_json()}".encode()).hexdigest()[:32]

    def resolved(self, algorithm: str, params: Mapping[str, Any]) -> Plan:
        """The plan that makes just this one candidate again."""
        k = int(params.get("n_segments", self.segments[0]))
        return replace(
            self, algorithms=(algorithm,), segments=(k, k), settings={algorithm: dict(params)}, limits=Limits()
        )
