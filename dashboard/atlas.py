"""What the Atlas looks at: a candidate as a person shaped it, and how far it is described already."""

from __future__ import annotations

from dataclasses import dataclass

from core.model import NOISE, Comparison, Segmentation, Table
from dashboard.current import Current
from dashboard.services import owner, services
from dashboard.store import LIVE, Damaged, Run, Shaping


@dataclass(frozen=True)
class Looked:
    """One candidate of a comparison.

    ``segmentation`` is whole where a job has described it in its present shape. While one does, it is the latest whole
    one in an earlier shape, else what the comparison knows. ``run`` is the job that describes the present shape,
    whatever became of it, None where none was asked for.
    """

    here: Current
    comparison: Comparison
    key: str
    shaping: Shaping
    segmentation: Segmentation
    run: Run | None

    @property
    def present(self) -> bool:
        """Whether everything shown is of the present shape."""
        return self.segmentation.whole and self.segmentation.shape == self.shaping.shape

    @property
    def waiting(self) -> bool:
        """Whether a job is about to tell more."""
        return self.run is not None and self.run.state in LIVE

    @property
    def segments(self) -> tuple[int, ...]:
        """The segments, the largest first."""
        sizes = self.segmentation.candidate.sizes
        return tuple(sorted((s for s in sizes if s != NOISE), key=lambda s: (-sizes[s], s)))

    def focus(self, asked: object) -> int:
        """The segment that was asked for, the largest where there is no such one."""
        number = int(asked) if isinstance(asked, (int, str)) and str(asked).isdecimal() and len(str(asked)) < 6 else 0
        return number if number in self.segments else self.segments[0]

    def table(self) -> Table | None:
        return self.here.table(self.comparison)


def look(here: Current, key: str | None = None) -> Looked | None:
    """The candidate ``key`` of what ``here`` names (None: that of the address, else the recommended one)."""
    comparison = here.comparison()
    if comparison is None:
        return None
    chosen = key if key and any(one.key == key and not one.problem for one in comparison.candidates) else here.choice(comparison)
    if chosen is None:
        return None
    store = services().store
    shaping = store.shaping(owner(), here.run.id, chosen)
    runs = [run for run in store.runs(owner(), dataset=here.dataset.id, kind="portray")
            if run.request["run"] == here.run.id and run.request["candidate"] == chosen]  # fmt: skip
    run = next((one for one in runs if one.request["shape"] == shaping.shape.to_json()), None)
    done = [one for one in ([run] if run else []) + runs if one.state == "done"]
    whole = next((found for one in done if (found := _read(one)) is not None), None)
    return Looked(here, comparison, chosen, shaping, whole or comparison.choose(chosen), run)


def _read(run: Run) -> Segmentation | None:
    """What a job told; None where its bytes are damaged or another version's."""
    try:
        return services().store.segmentation(owner(), run.id)
    except Damaged:
        return None


def asked(looked: Looked, **more: object) -> dict[str, object]:
    """The request of a job about the candidate in its present shape."""
    return {"run": looked.here.run.id, "candidate": looked.key, "shape": looked.shaping.shape.to_json(), **more}


def describe(looked: Looked) -> Run:
    """Ask for the job that describes the present shape; raises :class:`BadRequest` where the queue is full."""
    return services().jobs.request(owner(), "portray", looked.here.dataset.id, asked(looked))
