"""The nouns every step speaks in: frozen, no inheritance, plain data.

    bytes -> Table -> Matrix -> Candidate ... Comparison -> Segmentation
                ^ Recipe   ^ Plan                      ^ Explanation

Conventions kept everywhere, files included: a segment is a number from 1, the
largest first; ``NOISE`` (-1) marks customers an algorithm left unplaced. Row
positions count from 0 in the order of the file. Arrays are read-only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from core.errors import BadRequest

NOISE = -1
PLAN_VERSION = 1


class Kind(StrEnum):
    """What the cells of a column are."""

    NUMBER = "number"
    CATEGORY = "category"
    DATE = "date"
    FLAG = "flag"
    TEXT = "text"
    KEY = "key"


class Role(StrEnum):
    """What a column is used for; only ``FEATURE`` columns shape the segments."""

    ID = "id"
    FEATURE = "feature"
    PROFILE = "profile"
    OUTCOME = "outcome"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Note:
    """Something noticed or assumed while reading; ``count`` cells or rows are touched."""

    code: str
    text: str
    column: str = ""
    count: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A choice only the owner of the data can make; ``key`` names the answer in ``Recipe.answers``."""

    key: str
    code: str
    text: str
    options: tuple[str, ...]
    proposed: str
    column: str = ""


@dataclass(frozen=True)
class Column:
    """One column as understood. ``bars`` is its tiny distribution: (label, count) pairs.

    ``outliers`` counts values beyond Tukey's 1.5 IQR fences (numbers only);
    ``left_out`` says why the proposed role is not FEATURE, "" when it is.
    """

    name: str
    kind: Kind
    role: Role
    unit: str = ""
    gaps: int = 0
    distinct: int = 0
    outliers: int = 0
    left_out: str = ""
    bars: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Source:
    """How the file was read: ``rows_in_file`` = rows loaded + set aside + declared skips."""

    name: str
    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    rows_in_file: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Table:
    """A file as understood; never changed in place.

    ``raw`` holds the cells as read (text for text formats, native values
    otherwise), ``frame`` the same rows and columns typed by kind: NUMBER and
    FLAG float64 with NaN gaps, DATE datetime64, all others ``object`` holding
    str or None. ``quarantine`` lists lines that could not become rows
    (columns ``line``, ``text``, ``reason``). ``duplicates`` counts rows equal
    to an earlier one in every cell. ``fingerprint`` identifies content and reading.
    """

    raw: pd.DataFrame
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    source: Source
    fingerprint: str
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    quarantine: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"line": [], "text": [], "reason": []}))
    duplicates: int = 0

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise BadRequest(f"There is no column named {name!r}.", f"Columns: {', '.join(c.name for c in self.columns)}.")


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


@dataclass(frozen=True)
class Feature:
    """One column of the matrix: ``name`` as shown, ``column`` it comes from, ``level`` for a one-hot column."""

    name: str
    column: str
    level: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Dropped:
    """A column that is not in the matrix, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Matrix:
    """What the algorithms see: finite float64, read-only.

    ``values`` (n_fit, n_features) at table positions ``rows``; ``aside_values``
    (n_aside, n_features) at ``aside_rows`` are kept out of the fit (``aside_reasons``)
    but are placed afterwards. ``outlier`` (n_table,) marks customers beyond the
    fences of any feature column. ``filled`` counts cells filled per column.
    """

    values: np.ndarray
    rows: np.ndarray
    features: tuple[Feature, ...]
    aside_values: np.ndarray
    aside_rows: np.ndarray
    aside_reasons: tuple[str, ...]
    outlier: np.ndarray
    dropped: tuple[Dropped, ...] = ()
    filled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Clustering:
    """One labeling of the fitted rows: labels (n_fit,) in 1..k (largest first) or NOISE.

    ``model`` holds the plain arrays that the algorithm's ``place`` needs;
    ``segment_of`` (n_raw,) maps its raw group numbers to segments.
    """

    labels: np.ndarray
    model: Mapping[str, np.ndarray]
    segment_of: np.ndarray

    @property
    def n_segments(self) -> int:
        return int(self.labels.max(initial=0))


@dataclass(frozen=True)
class Score:
    """A metric's value, or ``None`` with the reason: "does not apply, because ...".

    ``error`` is the standard error of the value over customers, 0 where none is known.
    """

    metric: str
    value: float | None
    because: str = ""
    error: float = 0.0


@dataclass(frozen=True)
class Candidate:
    """One algorithm with one setting, over every row of the table.

    ``key`` is safe in an address ("kmeans-5"); ``labels`` (n_table,) int16
    including rows set aside (placed after the fit); ``sizes`` by segment over
    all rows, NOISE under -1; ``names`` by segment; ``seconds`` to fit and place;
    ``problem`` says why there are no labels, then ``labels`` is all 0; ``notes``
    are facts about the fit worth telling (sampled, did not settle).
    """

    key: str
    algorithm: str
    label: str
    params: Mapping[str, Any]
    labels: np.ndarray
    sizes: Mapping[int, int]
    names: Mapping[int, str]
    scores: tuple[Score, ...]
    seconds: float
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def n_segments(self) -> int:
        return sum(1 for segment in self.sizes if segment != NOISE)

    def score(self, metric: str) -> Score:
        for score in self.scores:
            if score.metric == metric:
                return score
        return Score(metric, None, "it was not computed for this candidate")


@dataclass(frozen=True)
class Comparison:
    """Every candidate of a plan on one table, scored in one space on the same rows.

    ``coordinates`` (n_table, up to 3) float32 principal components of the
    matrix, ``explained`` their shares of variance (0..1); ``profiles`` a tidy
    frame for all candidates (see ``core.profiles``); ``aside`` reason by row
    position; ``structured`` is False where no real segments were found;
    ``recommended`` is a candidate key, None when no candidate has segments.
    """

    fingerprint: str
    plan: Plan
    features: tuple[Feature, ...]
    dropped: tuple[Dropped, ...]
    candidates: tuple[Candidate, ...]
    coordinates: np.ndarray
    explained: tuple[float, ...]
    outlier: np.ndarray
    aside: Mapping[int, str]
    profiles: pd.DataFrame
    recommended: str | None
    because: str
    structured: bool

    def candidate(self, key: str) -> Candidate:
        for candidate in self.candidates:
            if candidate.key == key:
                return candidate
        raise BadRequest(f"There is no candidate {key!r} in this run.", "Pick one from the Compare page.")

    def choose(self, key: str) -> Segmentation:
        """The segmentation a person settles on."""
        candidate = self.candidate(key)
        if candidate.problem:
            raise BadRequest(f"{candidate.label} gave no segments: {candidate.problem}", "Pick another candidate.")
        profile = self.profiles[self.profiles["candidate"] == key].drop(columns="candidate").reset_index(drop=True)
        return Segmentation(
            fingerprint=self.fingerprint,
            plan=self.plan.resolved(candidate.algorithm, candidate.params),
            candidate=candidate,
            profile=profile,
            outlier=self.outlier,
            aside=self.aside,
            because=self.because if key == self.recommended else f"{candidate.label} was chosen by hand.",
        )


@dataclass(frozen=True)
class Segmentation:
    """A chosen candidate with all that is shown of it and exported."""

    fingerprint: str
    plan: Plan
    candidate: Candidate
    profile: pd.DataFrame
    outlier: np.ndarray
    aside: Mapping[int, str]
    because: str


@dataclass(frozen=True)
class Explanation:
    """What separates the segments, as a tidy frame that figures draw.

    ``frame`` columns: column, importance, low, high (drop in balanced accuracy
    when the column is shuffled; 5th to 95th percentile over repeats), sorted
    falling. ``accuracy`` is the surrogate's balanced accuracy on held-out rows
    (0..1); ``because`` says why the frame should not be read, "" when it may;
    ``notes`` say what was left out.
    """

    method: str
    candidate: str
    frame: pd.DataFrame
    accuracy: float
    rows: int
    because: str = ""
    notes: tuple[str, ...] = ()
