"""Reports for people: one self-contained HTML page, and the same as PDF."""
