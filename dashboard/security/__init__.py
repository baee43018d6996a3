"""Who may see what, and what may be shown."""
