"""The screens, in the order of the steps. Importing this package registers them with Dash."""

from pages import data, orders, explore, compare, atlas, importance, score, runs, migration, export, not_found_404  # noqa: F401, I001  the order of the steps
