"""What the Atlas looks at: a candidate as a person shaped it, and how far it is described already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from core.errors import BadRequest
from core.lineage import follow, matched, onto
from core.model import NOISE, Comparison, Segmentation, Shape, Table
from core.model.shape import TEXT
from core.shaping import carried, dressed, formed, ledger, moved
from dashboard.address import Address
from dashboard.current import Current, current
from dashboard.services import owner, services
from dashboard.store import LIVE, Damaged, NotFound, Run, Shaping
from dashboard.wanted import newest


@dataclass(frozen=True)
class Looked:
    """One candidate of a comparison.

    ``segmentation`` is whole where a job has described it in its present shape. While one does, it is the latest whole
    one in an earlier shape, else what the comparison knows; names, descriptions, colours and locks are the present ones
    at once. ``run`` is the job that describes who is in which segment at present, whatever became of it, None where none
    was asked for.
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
    run = next((one for one in runs if one.request["shape"] == formed(shaping.shape).to_json()), None)
    done = [one for one in ([run] if run else []) + runs if one.state == "done"]
    whole = next((found for one in done if (found := _read(one)) is not None), None)
    shown = dressed(whole or comparison.choose(chosen), comparison.candidate(chosen), shaping.shape)
    return Looked(here, comparison, chosen, shaping, shown, run)


def named(run: str, candidate: str) -> Looked:
    """Just this candidate of just this comparison, for an address that hands something out.

    Raises :class:`NotFound` for what is unknown or another's, for a job of another kind - which leads to the newest
    comparison of its file - and for a candidate that this comparison has not.
    """
    looked = look(current(Address(run=run)), candidate)
    if looked is None or (looked.here.run.id, looked.key) != (run, candidate):
        raise NotFound("segmentation")
    return looked


def present(looked: Looked) -> Segmentation:
    """The segmentation; raises :class:`BadRequest` while a job still describes its shape, as it would be another's."""
    if looked.shaping.shape.edits and not looked.present:
        raise BadRequest("These segments were changed and are not described yet.",
                         "Wait on the Export page until they are, then try again.")  # fmt: skip
    return looked.segmentation


def _read(run: Run) -> Segmentation | None:
    """What a job told; None where its bytes are damaged or another version's."""
    try:
        return services().store.segmentation(owner(), run.id)
    except Damaged:
        return None


def asked(looked: Looked, **more: object) -> dict[str, object]:
    """The request of a job about the candidate in its present shape.

    Names and the like make no difference to a job, so that changing them asks for none.
    """
    return {"run": looked.here.run.id, "candidate": looked.key, "shape": formed(looked.shaping.shape).to_json(), **more}


def describe(looked: Looked) -> Run:
    """Ask for the job that describes the present shape; raises :class:`BadRequest` where the queue is full."""
    return _requested(looked, "portray")


def propose(looked: Looked, segment: int) -> Run:
    """Ask for the best split of a segment; raises :class:`BadRequest` where the queue is full."""
    return _requested(looked, "split", segment=segment)


def proposal(looked: Looked, segment: int) -> Run | None:
    """The latest run that looked for the best split of this segment in its present shape, whatever became of it."""
    return newest("split", looked.here.dataset.id, asked(looked, segment=segment))


def _requested(looked: Looked, kind: str, **more: object) -> Run:
    return services().jobs.request(owner(), kind, looked.here.dataset.id, asked(looked, **more))


def require_possible(looked: Looked, shape: Shape) -> None:
    """Raise :class:`BadRequest`, in words, where these edits cannot be made on the candidate.

    Moved customers are judged by who is in which segment at present, so they must be the last edit.
    """
    fitted = looked.comparison.candidate(looked.key)
    there = ledger([s for s in fitted.sizes if s != NOISE], shape)
    if shape.edits and shape.edits[-1].kind == "move" and looked.present:
        moved(there, looked.segmentation.candidate.labels.copy(), shape.edits[-1])


def carry_over(looked: Looked) -> str:
    """Take the edits of an earlier fit of the same customers over as the first version of this one; what came of it.

    "" where there is nothing to take over: this one has versions, or nobody shaped this candidate in an earlier run - or,
    for the recommended one, another candidate that this run does not have. Where nobody did in a run of the same file,
    runs of other files are looked at whose segments the same columns shaped, and customers are followed by their ids. Raises
    :class:`BadRequest` where it is shaped elsewhere meanwhile.
    """
    if looked.shaping.versions:
        return ""
    run, shape, lost = _carried_here(looked) or _carried_from_elsewhere(looked) or (None, Shape(), ())
    if not shape.edits:
        return ""
    when = datetime.fromtimestamp(run.created, UTC).strftime("%d %b %Y, %H:%M UTC")
    words = " ".join([f"Carried over from the comparison of {when}.", *lost])
    last = replace(shape.edits[-1], reason=f"{words} {shape.edits[-1].reason}".strip()[:TEXT])
    services().store.reshape(owner(), looked.here.run.id, looked.key, Shape((*shape.edits[:-1], last)), after=0)
    return words


def _carried_here(looked: Looked) -> tuple[Run, Shape, tuple[str, ...]] | None:
    """From an earlier run of the same file: the run, its edits in the numbers of this fit, and what was lost."""
    found = _earlier(looked)
    if found is None:
        return None
    run, comparison, key = found
    before, after = comparison.candidate(key).labels, looked.comparison.candidate(looked.key).labels
    return run, *carried(services().store.shaping(owner(), run.id, key).shape, before, after, matching=matched(before, after))


def _carried_from_elsewhere(looked: Looked) -> tuple[Run, Shape, tuple[str, ...]] | None:
    """The same from the latest shaped run of another file of which at least a tenth of the customers are in both."""
    table = looked.table()
    for run, comparison, key in _other_files(looked) if table is not None else ():
        earlier = Current(Address(), services().store.dataset(owner(), run.dataset), run).table(comparison)
        followed = follow(earlier, table) if earlier is not None else None
        if followed is None or not followed.key or not followed.enough(len(earlier)):
            continue
        before, after = comparison.candidate(key).labels, looked.comparison.candidate(looked.key).labels
        here = followed.partner >= 0
        same = matched(before[followed.partner[here]], after[here])
        shape = services().store.shaping(owner(), run.id, key).shape
        moved_rows, was = onto(shape, before, after, partner=followed.partner, matching=same)
        return run, *carried(moved_rows, was, after, matching=same)
    return None


def _other_files(looked: Looked) -> Iterator[tuple[Run, Comparison, str]]:
    """At most three earlier runs of other files with a shaped candidate and the same columns shaping the segments."""
    store, here = services().store, looked.here
    columns = {feature.column for feature in looked.comparison.features}
    shaped = ((run, store.shaped(owner(), run.id)) for run in store.runs(owner(), kind="compare")
              if run.state == "done" and run.dataset != here.dataset.id and run.created <= here.run.created and run.plan is not None)  # fmt: skip
    for run, keys in islice((pair for pair in shaped if pair[1]), 3):
        key = looked.key if looked.key in keys else keys[0] if looked.key == looked.comparison.recommended else None
        try:
            comparison = store.comparison(owner(), run.id)
        except Damaged:
            continue
        if key is not None and {feature.column for feature in comparison.features} == columns:
            yield run, comparison, key


def _earlier(looked: Looked) -> tuple[Run, Comparison, str] | None:
    """The latest comparison before this one of the same customers in which a candidate was shaped that this one takes after."""
    store, here = services().store, looked.here
    usable = {one.key for one in looked.comparison.candidates if not one.problem}
    for run in store.runs(owner(), dataset=here.dataset.id, kind="compare"):
        if run.state != "done" or run.id == here.run.id or run.created > here.run.created or run.plan is None:
            continue
        keys = store.shaped(owner(), run.id) if run.plan.recipe.answers == looked.comparison.plan.recipe.answers else ()
        others = [key for key in keys if key not in usable] if looked.key == looked.comparison.recommended else []
        key = looked.key if looked.key in keys else next(iter(others), None)
        if key is None:
            continue
        try:
            comparison = store.comparison(owner(), run.id)
        except Damaged:
            continue
        if len(comparison.coordinates) == len(looked.comparison.coordinates):
            return run, comparison, key
    return None
