"""The only place that knows the order of the steps: file -> Table -> Matrix -> candidates -> Comparison."""

from core.pipeline.compare import Report, compare, nothing
from core.pipeline.exploring import explore
from core.pipeline.importance import importance
from core.pipeline.ordering import Built, customers_recipe, examine, guess_orders, make_customers
from core.pipeline.portray import portray
from core.pipeline.reading import STEPS, Fence, effect, load, load_apart
from core.pipeline.splitting import propose_split
from core.pipeline.why_here import why_here
from core.tables.reporting import refusal, report

__all__ = [
    "Built", "Fence", "Report", "STEPS", "compare", "customers_recipe", "effect", "examine", "explore",
    "guess_orders", "importance", "load", "load_apart", "make_customers", "nothing", "portray", "propose_split", "refusal",
    "report", "why_here",
]  # fmt: skip
