"""What is stored, shown and exported: scored candidates, the chosen one, and what explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model.fit import NOISE, Dropped, Feature
from core.model.plan import Plan
from core.model.shape import Shape


def no_rows() -> pd.DataFrame:
    """What is told where there is nothing to tell, in the form in which it comes back from disk."""
    return pd.DataFrame(columns=pd.Index([], dtype=object))


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
    are facts about the fit worth telling (sampled, did not settle). ``facts`` are
    numbers only the fit knows ("bic", "latent_silhouette"), ``curves`` its series
    by name ("train_loss"). ``stability`` is the agreement (adjusted Rand, -1..1)
    of each resample with these labels, empty where none was made; ``trust`` the
    mean Jaccard similarity (0..1) of each segment over the resamples.
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
    facts: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    stability: tuple[float, ...] = ()
    trust: Mapping[int, float] = field(default_factory=dict)

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
    ``evidence`` holds tidy frames by name (see :mod:`core.selection.evidence`);
    ``verdict`` is the reading of Dolnicar, Gruen & Leisch (2018) in one word:
    natural, reproducible, constructive, or none where nothing is recommended.
    ``stopped`` says how far a run came that was cancelled, "" for a whole one.
    ``orders`` tells what customers made of order lines bought and what is expected of them, by candidate and segment
    (see :mod:`core.pipeline.order_facts`); empty for any other table.
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
    evidence: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    stopped: str = ""
    verdict: str = ""
    orders: pd.DataFrame = field(default_factory=no_rows)

    def candidate(self, key: str) -> Candidate:
        for candidate in self.candidates:
            if candidate.key == key:
                return candidate
        raise BadRequest(f"There is no candidate {key!r} in this run.", "Pick one from the Compare page.")

    def choose(self, key: str) -> Segmentation:
        """The segmentation a person settles on; the same one again whenever it is asked for."""
        known = self._chosen.get(key)
        if known is None:
            known = self._chosen[key] = self._choose(key)
        return known

    @cached_property
    def _chosen(self) -> dict[str, Segmentation]:
        # pages ask some six times for each click, and looking up one candidate's rows in the frames of all takes a while
        return {}

    def _choose(self, key: str) -> Segmentation:
        candidate = self.candidate(key)
        if candidate.problem:
            raise BadRequest(f"{candidate.label} gave no segments: {candidate.problem}", "Pick another candidate.")
        profile = _of(self.profiles, key)
        return Segmentation(
            fingerprint=self.fingerprint,
            plan=self.plan.resolved(candidate.algorithm, candidate.params),
            candidate=candidate,
            profile=profile,
            outlier=self.outlier,
            aside=self.aside,
            because=self.because if key == self.recommended else f"{candidate.label} was chosen by hand.",
            orders=_of(self.orders, key),
            verdict=self.verdict if key == self.recommended else "",
            contrasts=_of(self.evidence.get("differences", no_rows()), key),
            overlays=_of(self.evidence.get("overlays", no_rows()), key),
        )


@dataclass(frozen=True)
class Segmentation:
    """A chosen candidate with all that is shown of it and exported; ``orders`` as in :class:`Comparison`, of this
    candidate alone.

    :meth:`Comparison.choose` gives what a comparison knows of it; :func:`core.pipeline.portray` adds the rest, after
    the changes of a person: ``candidate`` then has the changed labels, sizes, names, scores and trust (over
    ``resamples``), and ``shape`` says what was changed. Segments keep their numbers when others are merged or split.

    ``whole`` is True where all of this is known. ``verdict`` (natural, reproducible, constructive, none) with its
    ``reason`` in words; "" where nobody looked. ``descriptions`` by segment in a person's words, ``colours`` (1..16)
    where one was chosen, ``locked`` segments.

    Frames, without rows where unknown or where there is nothing to tell:
    ``contrasts`` (see :mod:`core.profiles.differences`), ``overlays`` (:mod:`core.profiles.overlays`), ``outcomes``
    (:mod:`core.profiles.outcomes`), ``rules`` (:mod:`core.explainers.rules`), ``widths`` (row, silhouette, of at most
    2,000 customers), ``placing`` (:mod:`core.customers.placing`), a row per row of the table, ``unusual``
    (:mod:`core.customers.unusual`), the most unusual customers.
    """

    fingerprint: str
    plan: Plan
    candidate: Candidate
    profile: pd.DataFrame
    outlier: np.ndarray
    aside: Mapping[int, str]
    because: str
    orders: pd.DataFrame = field(default_factory=no_rows)
    whole: bool = False
    shape: Shape = field(default_factory=Shape)
    verdict: str = ""
    reason: str = ""
    resamples: int = 0
    descriptions: Mapping[int, str] = field(default_factory=dict)
    colours: Mapping[int, int] = field(default_factory=dict)
    locked: tuple[int, ...] = ()
    contrasts: pd.DataFrame = field(default_factory=no_rows)
    overlays: pd.DataFrame = field(default_factory=no_rows)
    outcomes: pd.DataFrame = field(default_factory=no_rows)
    rules: pd.DataFrame = field(default_factory=no_rows)
    widths: pd.DataFrame = field(default_factory=no_rows)
    placing: pd.DataFrame = field(default_factory=no_rows)
    unusual: pd.DataFrame = field(default_factory=no_rows)


@dataclass(frozen=True)
class Explanation:
    """What separates the segments, as tidy frames that figures draw.

    ``frame`` columns: column, importance, low, high (drop in balanced accuracy
    when the column is shuffled; 5th to 95th percentile over repeats), sorted
    falling. ``accuracy`` is the surrogate's balanced accuracy on held-out rows
    (0..1); ``because`` says why the frame should not be read, "" when it may;
    ``notes`` say what was left out.

    ``groups`` (group, columns, importance, low, high): columns that go together shuffled together; ``segments``
    (segment, column, importance, low, high): the drop in that segment's recall, one against the rest; ``direct``
    (column, changed, low, high): the share of customers (0..1) that the algorithm itself puts into another segment when
    the column is shuffled. Without rows where that cannot be told.
    """

    method: str
    candidate: str
    frame: pd.DataFrame
    accuracy: float
    rows: int
    because: str = ""
    notes: tuple[str, ...] = ()
    groups: pd.DataFrame = field(default_factory=no_rows)
    segments: pd.DataFrame = field(default_factory=no_rows)
    direct: pd.DataFrame = field(default_factory=no_rows)


def _of(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of one candidate; an empty frame stays as it is."""
    if "candidate" not in frame:
        return frame
    return frame[frame["candidate"] == key].drop(columns="candidate").reset_index(drop=True)
