"""The two segmentations that the page compares, and the job that compares them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from core.model import Migration
from dashboard.address import Address
from dashboard.atlas import Looked, asked, look
from dashboard.current import Current, current
from dashboard.figures.migration_flows import Ends
from dashboard.services import owner, services
from dashboard.store import Damaged, Run
from dashboard.wanted import newest


@dataclass(frozen=True)
class Pair:
    """What is looked at ``now`` and what it is compared with, ``before``; None where the address names none that there is."""

    here: Current
    now: Looked | None
    before: Looked | None

    @property
    def ends(self) -> Ends:
        """Names and colours as they are at present."""
        both = (self.before.segmentation, self.now.segmentation)
        names = both[0].candidate.names, both[1].candidate.names
        return Ends(names, tuple(dict(one.colours) for one in both))


def pair_of(params: dict[str, object]) -> Pair:
    """From hostile parameters: run, choice, before and before_choice."""
    here = current(Address.of(params))
    now = look(here) if not here.missing else None
    earlier = Address.of({"run": params.get("before", ""), "choice": params.get("before_choice", "")})
    there = current(earlier) if earlier.run else None
    found = look(there) if there is not None and not there.missing and there.run is not None and there.run.id == earlier.run else None
    return Pair(here, now, found)


def pair_at(search: object) -> Pair:
    """The same from the query part of an address."""
    return pair_of(dict(parse_qsl(search.lstrip("?")))) if isinstance(search, str) else pair_of({})


def request(pair: Pair) -> dict[str, object]:
    """What is asked of the job: both in their present shapes, names aside."""
    return asked(pair.now, before=asked(pair.before), key="")


def run_of(pair: Pair) -> Run | None:
    """The latest job that compared these two, whatever became of it."""
    return newest("migrate", pair.now.here.dataset.id, request(pair))


def result(pair: Pair, run: Run | None) -> Migration | None:
    """What it found, under the names that the segments have at present; None until it is done, and where it is damaged."""
    if run is None or run.state != "done":
        return None
    try:
        found = services().store.result(owner(), run.id, "migrate")
    except Damaged:
        return None
    was = pair.before.segmentation
    names, colours, said = was.candidate.names, was.colours, was.descriptions
    return replace(
        found,
        names={j: names[i] for i, j in found.matched.items() if i in names},
        colours={j: colours.get(i, (i - 1) % 16 + 1) for i, j in found.matched.items()},
        descriptions={j: said[i] for i, j in found.matched.items() if i in said},
    )


def others(pair: Pair) -> list[tuple[Run, str]]:
    """Finished comparisons of this session other than the one looked at, with the name of their file, the newest first."""
    store = services().store
    files = {dataset.id: dataset.name for dataset in store.datasets(owner())}
    runs = store.runs(owner(), kind="compare")
    return [(run, files[run.dataset]) for run in runs if run.state == "done" and run.id != pair.now.here.run.id and run.dataset in files]
