"""The only place that knows the order of the steps: file -> Table -> Matrix -> candidates -> Comparison."""

from core.pipeline.compare import Report, compare, nothing
from core.pipeline.exploring import explore
from core.pipeline.importance import importance
from core.pipeline.reading import STEPS, Fence, effect, load, load_apart
from core.tables.reporting import refusal, report

__all__ = ["STEPS", "Fence", "Report", "compare", "effect", "explore", "importance", "load", "load_apart", "nothing", "refusal", "report"]
