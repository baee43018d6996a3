"""Other customers placed by a model: what it needs of them, where they belong, how sure that is, and why."""
