"""Keys made from the server's one secret, a different one for each purpose: none tells the others, or the secret."""

from __future__ import annotations

import hashlib
import hmac

MODELS = "segment-atlas models 1"


def derived(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose (HMAC-SHA256 as in HKDF-Expand, RFC 5869, with the purpose as its info)."""
    return hmac.new(secret.encode(), purpose.encode() + b"\x01", hashlib.sha256).digest()
