"""Files that pretend to be models: each a name and the bytes. What they would run, were they believed, writes ``canary``."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from core.bundles import write_model
from tests.core.hand_made_model import hand_made

KEY = b"k" * 32
Members = dict[str, bytes]


class Opens:
    """Pickled, it makes a file when it is read."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self):
        return os.system, (f"touch {self.canary}",)


def good() -> Members:
    """The members of a signed model."""
    out = io.BytesIO()
    write_model(hand_made(), out, key=KEY)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unsigned() -> Members:
    members = good()
    del members["signature.json"]
    return members


def packed(members: Members, **how) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how.get("method", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_body(change: Callable[[dict], object]) -> bytes:
    """The good model with a changed specification."""
    members = unsigned()
    body = json.loads(members["model.json"])
    change(body)
    return packed(members | {"model.json": json.dumps(body).encode()})


def with_text(text: str) -> bytes:
    return packed(unsigned() | {"model.json": text.encode("utf-8", "surrogatepass")})


def with_array(name: str, content: bytes | np.ndarray, **more: bytes) -> bytes:
    if isinstance(content, np.ndarray):
        out = io.BytesIO()
        np.save(out, content, allow_pickle=True)
        content = out.getvalue()
    return packed(unsigned() | {f"arrays/{name}.npy": content} | more)


def npy(header: str, body: bytes = b"", *, version: bytes = b"\x01\x00") -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + body


def with_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in unsigned().items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (0o120777 if name.endswith("middle.npy") else 0o100600) << 16
            archive.writestr(info, b"/etc/passwd" if name.endswith("middle.npy") else content)
    return out.getvalue()


def twice() -> bytes:
    import warnings

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in [*unsigned().items(), ("model.json", b"{}")]:
            archive.writestr(name, content)
    return out.getvalue()


def lying_about_its_size() -> bytes:
    """The directory says that ``model.json`` has ten bytes; what is packed has a hundred million."""
    content = zlib.compress(b" " * 100_000_000)[2:-4]
    out = io.BytesIO(packed({"model.json": b"x" * 10}, method=zipfile.ZIP_STORED))
    with zipfile.ZipFile(out) as archive:
        info = archive.getinfo("model.json")
    head = struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", 20, 0, 8, 0, 33, info.CRC, len(content), 10, 10, 0) + b"model.json"
    entry = struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, info.CRC, len(content), 10, 10, 0, 0, 0, 0, 0, 0)
    entry += b"model.json"
    start = len(head) + len(content)
    return head + content + entry + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), start, 0)


def overlapping() -> bytes:
    """Two members that are the same bytes."""
    content = bytearray(packed(unsigned()))
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


def flipped(at: float) -> bytes:
    """One byte of what is packed is another one."""
    content = bytearray(packed(unsigned()))
    content[int(at * len(content))] ^= 0xFF
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(packed(unsigned()))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def deep(depth: int = 200_000) -> str:
    return '{"format": "segment-atlas-model", "version": 1, "name": ' + "[" * depth + "]" * depth + "}"


def put(*path: str | int, value: object) -> Callable[[dict], None]:
    """Puts ``value`` at a place of the specification."""

    def change(body: dict) -> None:
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = value

    return change


def skops_like(canary: Path) -> bytes:
    schema = {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode", "content": f"touch {canary}"}
    return packed({"schema.json": json.dumps(schema).encode()})


def mlflow_like(canary: Path) -> bytes:
    text = f"flavors:\n  python_function:\n    loader_module: os\n    code: 'touch {canary}'\n"
    return packed({"MLmodel": text.encode(), "python_model.pkl": pickle.dumps(Opens(canary))})


def joblib_like(canary: Path) -> bytes:
    return zlib.compress(pickle.dumps({"estimator": Opens(canary)}))


def nested() -> bytes:
    return packed(unsigned() | {"arrays/middle.npy": packed(unsigned())})


def _formats(canary: Path) -> Iterator[tuple[str, bytes]]:
    """What is no such zip at all."""
    yield "nothing", b""
    yield "a pickle", pickle.dumps(Opens(canary))
    yield "a joblib file", joblib_like(canary)
    yield "a skops file", skops_like(canary)
    yield "an MLflow model", mlflow_like(canary)
    yield "a pickle within a zip", packed({"model.pkl": pickle.dumps(Opens(canary))})
    yield "a pickle named like a specification", packed(unsigned() | {"model.json": pickle.dumps(Opens(canary))})
    yield "a pickle named like an array", with_array("centres", pickle.dumps(Opens(canary)))
    yield "an array of objects", with_array("centres", np.array([[Opens(canary)] * 4] * 3, dtype=object))
    yield "a zip within a zip", nested()
    yield "truncated", packed(unsigned())[:-200]
    yield "the first half", packed(unsigned())[:2_000]
    yield "appended data", packed(unsigned()) + b"#!/bin/sh\n"
    yield "a comment behind", packed(unsigned())[:-2] + struct.pack("<H", 5) + b"touch"
    yield "a program before", b"#!/bin/sh\n" + packed(unsigned())
    yield "another zip before", packed({"model.json": b"{}"}) + packed(unsigned())


def _archives() -> Iterator[tuple[str, bytes]]:
    """Zips that do what no model does."""
    yield "zip slip", packed(unsigned() | {"../canary": b"x"})
    yield "zip slip within arrays", packed(unsigned() | {"arrays/../../canary.npy": b"x"})
    yield "an absolute name", packed(unsigned() | {"/tmp/canary": b"x"})
    yield "a Windows name", packed(unsigned() | {"arrays\\..\\canary.npy": b"x"})
    yield "a link", with_link()
    yield "a member twice", twice()
    yield "members that overlap", overlapping()
    yield "a member more", packed(unsigned() | {"setup.py": b"import os"})
    yield "no specification", packed({name: content for name, content in unsigned().items() if name != "model.json"})
    yield "an array fewer", packed({name: content for name, content in unsigned().items() if "middle" not in name})
    yield "an array more", with_array("place_extra", np.zeros(3))
    yield "a bomb", packed(unsigned() | {"arrays/bomb.npy": bytes(100_000_000)})
    yield "a bomb that lies", lying_about_its_size()
    yield "ten thousand members", packed({f"arrays/a{'abcdefghij'[i % 10]}{i}.npy": b"" for i in range(10_000)})
    yield "a password", encrypted()
    yield "bzip2", packed(unsigned(), method=zipfile.ZIP_BZIP2)
    yield "a byte changed", flipped(0.3)
    yield "a signed one changed", packed(good() | {"model.json": good()["model.json"].replace(b"Spring", b"Summer")})
    yield "a signature that is none", packed(good() | {"signature.json": b'["HMAC-SHA256"]'})


def _arrays() -> Iterator[tuple[str, bytes]]:
    """Arrays that are none, or none of this model."""
    shape = "{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}"
    yield "a header of 1e9 numbers", with_array("centres", npy(shape.format("<f8", "(250000000, 4)"), bytes(96)))
    yield "a header that overflows", with_array("centres", npy(shape.format("<f8", "(4294967296, 4294967296)"), bytes(96)))
    yield "a header that is a program", with_array("centres", npy("__import__('os').system('touch canary')", bytes(96)))
    yield "a header deep in brackets", with_array("centres", npy("(" * 5_000 + ")" * 5_000, bytes(96)))
    yield "a structured type", with_array("centres", npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }", bytes(24)))
    yield "an object type", with_array("centres", npy(shape.format("|O", "(3, 4)"), bytes(96)))
    yield "too few bytes", with_array("centres", npy(shape.format("<f8", "(3, 4)"), bytes(95)))
    yield "big-endian", with_array("centres", np.zeros((3, 4), dtype=">f8"))
    yield "column by column", with_array("place_centres", np.asfortranarray(np.ones((3, 4))))
    yield "not a number", with_array("place_centres", np.full((3, 4), np.nan))
    yield "infinite", with_array("references", np.full((120, 4), np.inf))
    yield "another shape", with_array("place_centres", np.ones((3, 5)))
    yield "more groups than segments", with_array("place_centres", np.arange(40.0).reshape(10, 4))
    yield "a million references", with_array("references", np.zeros((1_000_000, 1)))
    yield "no references", with_array("references", np.zeros((0, 4)))
    yield "a segment that is not there", with_array("reference_segments", np.full(120, 9, dtype=np.int16))
    yield "another type", with_array("segment_of", np.array([1, 2, 3], dtype=np.int64))


def _specifications() -> Iterator[tuple[str, bytes]]:
    """Specifications that say what cannot be."""
    yield "no JSON", with_text("import os")
    yield "JSON of another thing", with_text('{"hello": "world"}')
    yield "a list", with_text("[]")
    yield "deep", with_text(deep())
    yield "a huge whole number", with_text(packed_number("1" + "0" * 5_000))
    yield "a huge number", with_text(packed_number("1e999"))
    yield "NaN", with_text(packed_number("NaN"))
    yield "a key twice", with_text('{"format": "segment-atlas-model", "format": "segment-atlas-model", "version": 1}')
    yield "half a character", with_body(put("name", value="\ud800"))
    yield "a later version", with_body(put("version", value=2))
    yield "true for a version", with_body(put("version", value=True))
    yield "a prototype", with_body(put("__proto__", value={"polluted": True}))
    yield "a prototype among versions", with_body(put("versions", "__proto__", value="1"))
    yield "a class to make", with_body(put("__class__", value="os.system"))
    yield "an unknown algorithm", with_body(put("algorithm", value="os"))
    yield "a setting out of range", with_body(put("params", "n_segments", value=10**9))
    yield "an unknown setting", with_body(put("params", "callback", value="os.system"))
    yield "a name of a million", with_body(put("name", value="x" * 1_000_000))
    yield "a plan of another kind", with_body(put("plan", value={"version": 2, "recipe": 1}))
    yield "an unknown kind", with_body(put("preparation", "columns", 0, "kind", value="code"))
    yield "divided by nothing", with_body(put("preparation", "columns", 0, "scaler", value=[1.0, 0.0, 0.0]))
    yield "filled with a word", with_body(put("preparation", "columns", 0, "filler", value="much"))
    yield "a column twice", with_body(put("preparation", "columns", 1, "name", value="spend"))
    yield "features of no column", with_body(put("preparation", "features", 0, "column", value="income"))
    yield "segments of one number", with_body(put("segments", 1, "number", value=1))
    yield "a part that is nowhere", with_body(put("parts", value=[[1, 7]]))
    yield "an agreement above 1", with_body(put("agreement", value=1.5))
    yield "usual of a strange column", with_body(put("usual", value=[[1, "income", "much"]]))
    yield "edges that fall", with_body(put("drift", value=[["spend", ["9", "1"], [0.3, 0.3, 0.4]]]))


def packed_number(text: str) -> str:
    """The good specification with this in the place of ``rows``."""
    body = json.loads(unsigned()["model.json"])
    return json.dumps(body | {"rows": "HERE"}).replace('"HERE"', text)


def evil(canary: Path) -> dict[str, bytes]:
    """All of them by name."""
    return dict([*_formats(canary), *_archives(), *_arrays(), *_specifications()])
