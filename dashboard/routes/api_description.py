"""What ``/api/score`` takes and gives, in the words of machines (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

MOST_CUSTOMERS = 1_000
_NULLABLE = ["string", "null"]
_REASON = {
    "type": "object",
    "required": ["column", "cell", "here", "there", "pull"],
    "properties": {
        "column": {"type": "string", "description": "The column that speaks for the segment."},
        "cell": {"type": "string", "description": "What the customer has there, with its unit."},
        "here": {"type": "string", "description": "What is usual in its segment."},
        "there": {"type": "string", "description": "What is usual in the runner-up; empty without one."},
        "pull": {"type": "number", "exclusiveMinimum": 0, "description": "How much it speaks for the segment; the strongest first."},
    },
}
_PLACED = {
    "type": "object",
    "required": ["segment", "segment_name", "confidence", "runner_up", "unlike_anyone"],
    "properties": {
        "segment": {"type": ["integer", "null"], "minimum": 1, "description": "The segment's number; null where it is in none."},
        "segment_name": {"type": _NULLABLE},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1,
                       "description": "Share of the 25 most similar known customers that are in the same segment."},
        "runner_up": {"type": ["integer", "null"], "minimum": 1, "description": "The segment that comes second."},
        "unlike_anyone": {"type": "boolean", "description": "Farther from all known customers than 99.5% of these are from each other."},
        "reasons": {"type": "array", "maxItems": 3, "items": _REASON, "description": "Where ?reasons=1 asks for them."},
    },
}  # fmt: skip
_ASKED = {
    "type": "object",
    "required": ["customers"],
    "properties": {
        "customers": {
            "type": "array", "minItems": 1, "maxItems": MOST_CUSTOMERS,
            "items": {
                "type": "object",
                "description": "One customer: a field for each column of the model, by its name; null where nothing is known.",
                "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
            },
        }
    },
}  # fmt: skip
_GIVEN = {
    "type": "object",
    "required": ["customers", "notes"],
    "properties": {
        "customers": {"type": "array", "items": _PLACED, "description": "In the order in which they were sent."},
        "notes": {"type": "array", "items": {"type": "string"}, "description": "What was assumed: gaps, unseen levels, fields not looked at."},
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "description": "What is wrong, and where."}, "hint": {"type": "string"}},
}
_REFUSALS = {
    "400": "The body is not JSON of this form.",
    "401": "The key opens no model.",
    "410": "The model of this key can no longer be used.",
    "413": f"More than {MOST_CUSTOMERS:,} customers, or more than 8 MB.",
    "415": "The body does not say that it is JSON.",
    "422": "A customer lacks a field, or a value cannot be read; the text names both.",
    "429": "Too many requests with this key; Retry-After says how long to wait.",
}


def description(server: str) -> dict[str, Any]:
    """The document; ``server`` is the address at which it was asked for."""
    reasons = {"name": "reasons", "in": "query", "schema": {"type": "string", "enum": ["1"]},
               "description": "Tell the columns that speak for each segment, too."}  # fmt: skip
    answers = {"200": _body("Where each customer belongs.", "Placed")}
    answers |= {status: _body(words, "Problem") for status, words in _REFUSALS.items()}
    score = {
        "operationId": "score",
        "summary": "Place customers in the segments of a model",
        "parameters": [reasons],
        "requestBody": {"required": True, **_content("Asked")},
        "responses": answers,
        "security": [{"modelKey": []}],
    }
    key = {"type": "http", "scheme": "bearer", "description": "The key of one model, made on the Score page."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Segment Atlas", "version": "1", "description": "Places customers by a stored model; nothing is kept."},
        "servers": [{"url": server.rstrip("/")}],
        "paths": {"/api/score": {"post": score}},
        "components": {"securitySchemes": {"modelKey": key}, "schemas": {"Asked": _ASKED, "Placed": _GIVEN, "Problem": _PROBLEM}},
    }


def _body(words: str, schema: str) -> dict[str, Any]:
    return {"description": words, **_content(schema)}


def _content(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}
