"""Expected value: what customers will buy, how likely they are still there, and how sure that is."""

from core.orders.value.backtesting import backtest
from core.orders.value.expected import EXPECTATIONS, expectations
from core.orders.value.forecasting import forecast
from core.orders.value.ladder import fit_value
from core.orders.value.matrix import grid

__all__ = ["EXPECTATIONS", "backtest", "expectations", "fit_value", "forecast", "grid"]
