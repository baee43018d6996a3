"""Is the body of a callback request one that our own page could have sent?

Dash takes ids and properties from the body without comparing them with the
callback it names. Of values only the shape that their property always has is
judged here; what they mean, each callback parses for itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

SEVERAL = ('["ALL"]', '["ALLSMALLER"]')
WILDCARDS = (*SEVERAL, '["MATCH"]')


def complaint(body: Any, callbacks: Mapping[str, Mapping[str, Any]]) -> str:
    """What is wrong with the body, or ""."""
    if not isinstance(body, dict):
        return "The request is not a JSON object."
    output = body.get("output")
    if not isinstance(output, str) or output not in callbacks:
        return "The request names no part of this app."
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(_is_name(name) for name in changed):
        return "The request does not say what changed."
    declared = callbacks[output]
    for part in ("inputs", "state"):
        if not _fits(body.get(part, []), declared[part]):
            return "The request does not fit the part of the app that it names."
    if not _outputs_fit(body.get("outputs", []), declared):
        return "The request asks for other outputs than this part of the app has."
    return ""


def _is_name(name: Any) -> bool:
    """Text; where it begins like an id with a wildcard, it holds one."""
    if not isinstance(name, str) or not name.startswith("{"):
        return isinstance(name, str)
    try:
        return isinstance(json.loads(name.rpartition(".")[0]), dict)
    except (ValueError, RecursionError):
        return False


def _fits(given: Any, declared: list[dict[str, str]]) -> bool:
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(_matches(one, spec) for one, spec in zip(given, declared, strict=True))


def _outputs_fit(given: Any, declared: Mapping[str, Any]) -> bool:
    output = declared["output"]
    if declared.get("no_output"):
        return given in (None, [], {})
    single = not isinstance(output, (list, tuple))
    specs = [{"id": one.component_id_str(), "property": one.component_property} for one in _flat(output)]
    return _fits([given] if single else given, specs)


def _flat(output: Any) -> list[Any]:
    if isinstance(output, dict):
        return [leaf for one in output.values() for leaf in _flat(one)]
    if isinstance(output, (list, tuple)):
        return [leaf for one in output for leaf in _flat(one)]
    return [output]


def _matches(given: Any, spec: Mapping[str, str]) -> bool:
    """An id for several parts is answered by a list of them, one for a match by this; any other by exactly its id."""
    if any(mark in spec["id"] for mark in SEVERAL) and not isinstance(given, list):
        return False
    if any(mark in spec["id"] for mark in WILDCARDS):
        several = given if isinstance(given, list) else [given]
        return all(_is_part(one, spec["property"]) and _same_keys(one["id"], spec["id"]) for one in several)
    return _is_part(given, spec["property"]) and _id_text(given["id"]) == spec["id"]


def _is_part(given: Any, name: str) -> bool:
    if not isinstance(given, dict) or not isinstance(given.get("id"), (str, dict)):
        return False
    said = given.get("property")
    # an output that several callbacks write (allow_duplicate) is sent as "property@hash"
    if not isinstance(said, str) or said.partition("@")[0] != name.partition("@")[0]:
        return False
    return _shaped(given, said)


def _shaped(part: dict[str, Any], name: str) -> bool:
    """The value is one that a browser could hold in this property."""
    value = part.get("value")
    if name == "id":
        return value == part["id"]
    if name == "pathname":
        return value is None or isinstance(value, str) and value.startswith("/")
    if name in ("search", "href"):
        return value is None or isinstance(value, str)
    if name in ("n_clicks", "n_intervals"):
        return value is None or isinstance(value, (int, float))
    several = value if isinstance(value, list) else [value]
    return name != "value" or all(one is None or isinstance(one, (str, int, float)) for one in several)


def _same_keys(given: Any, pattern: str) -> bool:
    expected = json.loads(pattern)
    return isinstance(given, dict) and set(given) == set(expected) and all(
        isinstance(value, (str, int, float)) and (isinstance(expected[key], list) or value == expected[key])
        for key, value in given.items()
    )  # fmt: skip


def _id_text(given: str | dict) -> str:
    return given if isinstance(given, str) else json.dumps(given, sort_keys=True, separators=(",", ":"))
