"""JSON against a schema of ours: the part of JSON Schema (draft 2020-12) that ``*.schema.json`` in this folder use.

Known words: type, const, enum, anyOf, $ref (to #/$defs), properties, required, additionalProperties, propertyNames,
maxProperties, items, prefixItems, minItems, maxItems, minLength, maxLength, pattern, minimum, maximum, exclusiveMinimum.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.bundles.archive import refused

_TYPES: Mapping[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


@lru_cache(maxsize=4)
def schema(name: str) -> Mapping[str, Any]:
    """The schema ``NAME.schema.json`` of this package."""
    return json.loads((Path(__file__).parent / f"{name}.schema.json").read_text(encoding="utf-8"))


def require(body: Any, name: str) -> None:
    """Raise :class:`BadRequest`, naming the place, unless ``body`` fits the schema ``name``."""
    whole = schema(name)
    found = _wrong(body, whole, whole, name)
    if found:
        raise refused(found)


def _wrong(value: Any, rule: Mapping[str, Any], whole: Mapping[str, Any], place: str) -> str:
    """What is wrong with ``value``, and where; "" where nothing is."""
    if "$ref" in rule:
        return _wrong(value, whole["$defs"][rule["$ref"].rpartition("/")[2]], whole, place)
    if "anyOf" in rule:
        tried = [_wrong(value, one, whole, place) for one in rule["anyOf"]]
        return "" if "" in tried else tried[-1]
    if "type" in rule and not _is(value, rule["type"]):
        return f"{place} must be {_article(rule['type'])}"
    options = rule.get("enum", [rule["const"]] if "const" in rule else None)
    if options is not None and (isinstance(value, bool) or value not in options):
        return f"{place} must be {' or '.join(map(repr, options))}"
    if isinstance(value, dict):
        return _wrong_object(value, rule, whole, place)
    if isinstance(value, list):
        return _wrong_array(value, rule, whole, place)
    return _wrong_text(value, rule, place) if isinstance(value, str) else _wrong_number(value, rule, place)


def _is(value: Any, kind: str) -> bool:
    if kind == "null":
        return value is None
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _article(kind: str) -> str:
    return {"null": "null", "integer": "a whole number", "object": "an object", "array": "a list"}.get(kind, f"a {kind}")


def _wrong_object(value: dict, rule: Mapping[str, Any], whole: Mapping[str, Any], place: str) -> str:
    known, others = rule.get("properties", {}), rule.get("additionalProperties", True)
    missing = [name for name in rule.get("required", ()) if name not in value]
    if missing:
        return f"{place} has no {missing[0]}"
    if len(value) > rule.get("maxProperties", len(value)):
        return f"{place} has too many entries"
    for name, inner in value.items():
        if name not in known and others is False or not re.search(rule.get("propertyNames", {}).get("pattern", ""), name):
            return f"{place} has an entry that is not known: {name[:80]!r}"
        fits = known.get(name, others)
        found = _wrong(inner, fits, whole, f"{place}.{name}") if isinstance(fits, dict) else ""
        if found:
            return found
    return ""


def _wrong_array(value: list, rule: Mapping[str, Any], whole: Mapping[str, Any], place: str) -> str:
    if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)):
        return f"{place} has {len(value):,} entries, which are too few or too many"
    first = rule.get("prefixItems", [])
    for at, inner in enumerate(value):
        fits = first[at] if at < len(first) else rule.get("items")
        found = _wrong(inner, fits, whole, f"{place}[{at}]") if fits is not None else ""
        if found:
            return found
    return ""


def _wrong_text(value: str, rule: Mapping[str, Any], place: str) -> str:
    if not rule.get("minLength", 0) <= len(value) <= rule.get("maxLength", len(value)):
        return f"{place} has {len(value):,} characters, which are too few or too many"
    if "pattern" in rule and not re.search(rule["pattern"].replace("$", r"\Z"), value):
        return f"{place} is not written as it must be"
    if "\0" in value or any("\ud800" <= mark <= "\udfff" for mark in value):
        return f"{place} holds a character that cannot be written"
    return ""


def _wrong_number(value: Any, rule: Mapping[str, Any], place: str) -> str:
    if value is None or isinstance(value, bool):
        return ""
    low, above = rule.get("minimum", value), rule.get("exclusiveMinimum")
    if not low <= value <= rule.get("maximum", value) or (above is not None and value <= above):
        return f"{place} is out of range: {str(value)[:40]}"
    return ""
