"""A model as a zip: ``model.json`` for people and machines, ``arrays/NAME.npy``, and who wrote it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from core.bundles import plain_arrays, plain_json, specification
from core.bundles.archive import read_members, refused, write_members
from core.bundles.meaning import require_meaning, require_one_trial
from core.bundles.schema import require
from core.bundles.signing import SIGNATURE, is_ours, signature
from core.model import Model

BODY = "model.json"
_NAMES = re.compile(r"model\.json|signature\.json|arrays/[a-z][a-z0-9_]{0,40}\.npy")


def write_model(model: Model, stream: BinaryIO, *, key: bytes | None) -> None:
    """Write the model, signed with ``key`` where there is one. Equal models give equal bytes.

    Raises :class:`BadRequest`, with the reason, for a model that :func:`read_model` would refuse.
    """
    require_meaning(model)
    body, arrays = specification.packed(model)
    members = {f"arrays/{name}.npy": plain_arrays.to_bytes(array) for name, array in arrays.items()}
    members[BODY] = plain_json.to_bytes(body)
    require(plain_json.from_bytes(members[BODY], BODY), "model")
    if key is not None:
        members[SIGNATURE] = plain_json.to_bytes(signature(members, key))
    write_members(members, stream)


def read_model(source: BinaryIO | Path, *, key: bytes | None = None) -> tuple[Model, bool]:
    """The model, checked as data, and whether it was signed with ``key``.

    Raises :class:`BadRequest` for what is no model, whatever it is; nothing that is read can run.
    """
    members = read_members(source, _NAMES)
    if BODY not in members:
        raise refused(f"it holds no {BODY}")
    told = plain_json.from_bytes(members[SIGNATURE], SIGNATURE) if SIGNATURE in members else None
    signed = is_ours(members, told, key)
    body = plain_json.from_bytes(members[BODY], BODY)
    arrays = {Path(name).stem: plain_arrays.from_bytes(content, name) for name, content in members.items() if name.endswith(".npy")}
    model = specification.unpacked(body, arrays)
    require_meaning(model)
    require_one_trial(model)
    return model, signed
