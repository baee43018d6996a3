"""What a person asks for: how columns are prepared and what is run. Plain JSON, both ways."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.errors import BadRequest
from core.model.table import Role

PLAN_VERSION = 1


@dataclass(frozen=True)
class Recipe:
    """How a table becomes a matrix; plain JSON. Only what differs from the proposal is listed in the mappings.

    ``roles``/``units`` by column name; ``answers`` by question key (they belong
    to the reading of the file); ``gaps`` median | mode | drop; ``outliers``
    keep | iqr; ``scaling`` standard | robust | minmax | none; ``encoding`` onehot | none.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    gaps: str = "median"
    outliers: str = "keep"
    scaling: str = "standard"
    encoding: str = "onehot"

    OPTIONS = {
        "gaps": ("median", "mode", "drop"),
        "outliers": ("keep", "iqr"),
        "scaling": ("standard", "robust", "minmax", "none"),
        "encoding": ("onehot", "none"),
    }

    def __post_init__(self) -> None:
        for name, options in self.OPTIONS.items():
            if getattr(self, name) not in options:
                raise BadRequest(f"{name} must be one of {', '.join(options)}, not {getattr(self, name)!r}.")
        for mapping in (self.roles, self.units, self.answers):
            if not isinstance(mapping, Mapping) or not all(isinstance(v, str) for kv in mapping.items() for v in kv):
                raise BadRequest("roles, units and answers map names to text.")
        for role in self.roles.values():
            if role not in tuple(Role):
                raise BadRequest(f"{role!r} is not a role.", f"Roles: {', '.join(Role)}.")


@dataclass(frozen=True)
class Plan:
    """What to run: every algorithm named, over ``segments`` = (low, high) where it takes a number of segments.

    ``params`` fixes parameters of a single algorithm (then one candidate comes
    out); fingerprint + plan is the key of a run.
    """

    recipe: Recipe = field(default_factory=Recipe)
    algorithms: tuple[str, ...] = ("kmeans", "gmm", "ward", "dbscan")
    segments: tuple[int, int] = (2, 10)
    params: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self) -> None:
        low, high = self.segments
        if not 2 <= low <= high <= 30:
            raise BadRequest(f"The number of segments must lie between 2 and 30, not {low} to {high}.")
        if not self.algorithms or len(set(self.algorithms)) != len(self.algorithms):
            raise BadRequest("Name at least one algorithm, each once.")
        if self.params and len(self.algorithms) != 1:
            raise BadRequest("Parameters can be fixed for one algorithm only.")
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
            recipe = Recipe(**body.pop("recipe"))
            low, high = (int(k) for k in body.pop("segments"))
            algorithms = tuple(str(name) for name in body.pop("algorithms"))
            return cls(recipe=recipe, algorithms=algorithms, segments=(low, high), **body)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise BadRequest(f"This is not a plan: {problem}.", "Use a plan.json written by this program.") from problem

    def key(self, fingerprint: str) -> str:
        """Identity of a run over the table with this fingerprint: 32 hex digits."""
        return hashlib.sha256(f"{fingerprint}\n{self.to_json()}".encode()).hexdigest()[:32]

    def resolved(self, algorithm: str, params: Mapping[str, Any]) -> Plan:
        """The plan that makes just this one candidate again."""
        k = int(params.get("n_segments", self.segments[0]))
        return replace(self, algorithms=(algorithm,), segments=(k, k), params=dict(params))
