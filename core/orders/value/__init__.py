"""Expected value: what customers will buy, how likely they are still there, and how sure that is."""

from core.orders.value.backtest import backtest
from core.orders.value.expected import EXPECTATIONS, expectations
from core.orders.value.forecast import forecast
from core.orders.value.grid import grid
from core.orders.value.ladder import fit_value

__all__ = ["EXPECTATIONS", "backtest", "expectations", "fit_value", "forecast", "grid"]
