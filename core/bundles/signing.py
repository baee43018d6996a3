"""Who wrote a bundle: a keyed sum over the names and bytes of its members.

Source: HMAC, RFC 2104, with SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from core.bundles.archive import refused

SIGNATURE = "signature.json"


def signature(members: Mapping[str, bytes], key: bytes) -> dict[str, str]:
    """The sum over all members but the signature itself; ``key_id`` tells keys apart and gives none away."""
    total = hmac.new(key, digestmod=hashlib.sha256)
    for name in sorted(set(members) - {SIGNATURE}):
        total.update(name.encode() + b"\0" + len(members[name]).to_bytes(8, "little") + members[name])
    return {"method": "HMAC-SHA256", "key_id": key_id(key), "sum": total.hexdigest()}


def key_id(key: bytes) -> str:
    """16 hex digits that are the same for the same key."""
    return hmac.new(key, b"segment-atlas key id", hashlib.sha256).hexdigest()[:16]


def is_ours(members: Mapping[str, bytes], told: Any, key: bytes | None) -> bool:
    """Was the bundle signed with ``key``? ``told`` is its signature, None without one.

    One of another key, or none, makes it a foreign bundle: False. Raises :class:`BadRequest` where it names our key and
    the sum is another: then it has been changed.
    """
    if told is None:
        return False
    if not isinstance(told, dict) or set(told) != {"method", "key_id", "sum"} or not all(isinstance(v, str) for v in told.values()):
        raise refused("its signature is no signature")
    if key is None or not hmac.compare_digest(told["key_id"].encode(), key_id(key).encode()):
        return False
    if not hmac.compare_digest(told["sum"].encode(), signature(members, key)["sum"].encode()) or told["method"] != "HMAC-SHA256":
        raise refused("it has been changed since this server signed it")
    return True
