"""Bootstrap's style sheet, served from the installed package: nothing third-party is committed or fetched."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response

blueprint = Blueprint("vendor", __name__)
PATH = "/vendor/bootstrap.min.css"


@lru_cache(maxsize=1)
def sheet() -> bytes:
    """The file without its pointer to a source map, which is not served."""
    package = Path(find_spec("flask_bootstrap").origin).parent
    text = (package / "static" / "bootstrap5" / "css" / "bootstrap.min.css").read_text(encoding="utf-8")
    return text.partition("/*# sourceMappingURL")[0].encode()


def address() -> str:
    """The address with a mark of the content, so that it may be kept for ever."""
    return f"{PATH}?m={hashlib.sha256(sheet()).hexdigest()[:12]}"


@blueprint.get(PATH)
def bootstrap() -> Response:
    return Response(sheet(), mimetype="text/css")
