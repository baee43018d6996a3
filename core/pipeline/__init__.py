"""The only place that knows the order of the steps: file -> Table -> Matrix -> candidates -> Comparison."""

from core.pipeline.compare import Report, compare, nothing
from core.pipeline.exploring import explore
from core.pipeline.importance import importance
from core.pipeline.migrating import migrate
from core.pipeline.ordering import Built, customers_recipe, examine, guess_orders, make_customers
from core.pipeline.placing_others import score
from core.pipeline.portray import portray
from core.pipeline.publishing import publish
from core.pipeline.reading import STEPS, Fence, effect, load, load_apart
from core.pipeline.splitting import propose_split
from core.pipeline.training import train
from core.pipeline.uplifting import uplift
from core.pipeline.why_here import why_here
from core.tables.reporting import refusal, report

__all__ = [
    "Built", "Fence", "Report", "STEPS", "compare", "customers_recipe", "effect", "examine", "explore",
    "guess_orders", "importance", "load", "load_apart", "make_customers", "migrate", "nothing", "portray", "propose_split",
    "publish", "refusal", "report", "score", "train", "uplift", "why_here",
]  # fmt: skip
