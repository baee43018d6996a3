"""Order lines to one row per customer.

Money is counted in whole ten-thousandths (``core.model.MONEY_UNITS``), so that sums are the same in any order, on
any engine, with any number of threads.
"""
