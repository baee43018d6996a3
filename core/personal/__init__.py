"""Columns that tell who a customer is."""
