"""Lines without a date that can be read."""

from core.model.orders import Treatment
from core.orders.ailments.entry import Ailment

MISSING_DATE = Ailment(
    name="missing_date",
    label="No date",
    summary="These lines have no date, one that cannot be read, or one that systems write for none, such as 1900-01-01.",
    proposed=Treatment.ASIDE,
    options=(Treatment.ASIDE,),
    test=lambda lines, plan: lines.date.isnull(),
    advice="They are set aside: recency, cohorts and expected value all need to know when. Check the examples; if the "
    "dates are there but were misread, correct the date column of the file.",
)
