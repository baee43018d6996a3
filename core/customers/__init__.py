"""Single customers of a segmentation: typical, on a border, unusual, and why one is where it is."""

from core.customers.placing import placing
from core.customers.standing import Standing
from core.customers.unusual import unusual
from core.customers.why import why

__all__ = ["Standing", "placing", "unusual", "why"]
