"""The HTML of a report as PDF: A4, tagged, with bookmarks and page numbers."""

from __future__ import annotations

import hashlib
import logging

from core.errors import BadRequest

MISSING = "The PDF needs WeasyPrint with Pango, which this machine lacks."
NO_PROTOCOL = ("none",)  # neither the network nor files
LOUD = ("weasyprint", "weasyprint.progress", "fontTools")
"""Loggers that would write hundreds of lines for each PDF into the log of the server, and quote from the page."""
HINT = "Install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0, or print the HTML report from a browser."


def missing() -> str:
    """Why no PDF can be made here, "" where it can: WeasyPrint draws text with Pango, a library of the system."""
    for name in LOUD:  # it writes lines while it is imported, too
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return MISSING
    return ""


def pdf(page: str) -> bytes:
    """The PDF of a page of :func:`core.reports.html.page`; nothing is fetched. Raises :class:`BadRequest` where
    :func:`missing` says why. The same page gives the same bytes on the same machine."""
    if missing():
        raise BadRequest(MISSING, HINT)
    import weasyprint
    from weasyprint.urls import URLFetcher

    digest = hashlib.sha256(page.encode("utf-8", "replace")).digest()[:16]
    made = weasyprint.HTML(string=page, base_url=None, url_fetcher=URLFetcher(allowed_protocols=NO_PROTOCOL))
    return made.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1", pdf_identifier=digest)
