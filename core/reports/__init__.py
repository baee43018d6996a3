"""A report: summarised once as plain data, rendered as one self-contained HTML page, and the same as PDF."""

from core.reports.html import page
from core.reports.pdf import missing, pdf
from core.reports.summary import summarise

__all__ = ["missing", "page", "pdf", "summarise"]
