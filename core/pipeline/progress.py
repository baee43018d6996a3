"""How far a comparison is, told in one rising count, and what happens when the person asks to stop."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import Stopped

Report = Callable[[str, int, int], None]
TOTAL = 100
# The hundredths at which each phase begins: about where a run of 20,000 customers is by then.
PHASES = {"prepare": 0, "fit": 2, "score": 60, "describe": 66, "stability": 70, "choose": 92, "evidence": 94, "map": 98}
ENDS = dict(zip(PHASES, [*list(PHASES.values())[1:], TOTAL], strict=True))


class Progress:
    """Passes steps on to a report as hundredths that never fall.

    Once ``keeping``, a report that raises :class:`Stopped` does not end the run:
    ``stopped`` names the step then, and whoever can leave early looks at it.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._done = 0
        self.keeping = False
        self.stopped = ""

    def __call__(self, step: str, phase: str, share: float = 0.0) -> None:
        """``share`` (0..1) of ``phase`` is done, ``step`` comes next."""
        reached = PHASES[phase] + share * (ENDS[phase] - PHASES[phase])
        self._tell(step, max(self._done, int(reached)))

    def end(self) -> None:
        self._tell("Done", TOTAL)

    def _tell(self, step: str, done: int) -> None:
        self._done = done
        try:
            self._report(step, done, TOTAL)
        except Stopped:
            if not self.keeping:
                raise
            self.stopped = self.stopped or step
