"""Files made to harm, or to be read wrongly: generators, so that no such file lies in the repository."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
GOOD_ROWS = ('<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>spend</t></is></c></row>'
             '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>10</v></c></row>'
             '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>20</v></c></row>')


def zipped(members: Mapping[str, str | bytes], *, packed: bool = True) -> bytes:
    """A zip archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return buffer.getvalue()


def xlsx(rows: str = GOOD_ROWS, *, before: str = "", after: str = "", prolog: str = "",
         more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A minimal workbook with the given XML inside ``sheetData``, around it, and before the root of the sheet."""
    sheet = f'<?xml version="1.0"?>{prolog}<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return zipped({
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_LINKS}/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
                           '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_LINKS}/worksheet" '
                                      'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet, **(more or {}),
    })


def ods(rows: str, *, prolog: str = "") -> bytes:
    """A minimal OpenDocument spreadsheet with this XML inside its only table."""
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{value}:1.0"' for key, value in names.items())
    content = (f'<?xml version="1.0"?>{prolog}<office:document-content {spaces} office:version="1.2"><office:body>'
               f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
               "</office:document-content>")
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content,
                   "META-INF/manifest.xml": "<manifest/>"})


def ods_cell(value: str, repeated: int = 1) -> str:
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    return f'<table:table-cell office:value-type="string"{times}><text:p>{value}</text:p></table:table-cell>'


def shared_text_bomb(cells: int, length: int) -> bytes:
    """One long shared text, and many cells that point to it."""
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, cells + 1))
    strings = f'<sst xmlns="{_MAIN}" count="{cells}" uniqueCount="1"><si><t>{"x" * length}</t></si></sst>'
    return xlsx(rows, more={"xl/sharedStrings.xml": strings})


def laughs() -> str:
    """A document type whose last entity stands for 3 * 10^9 characters."""
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    return f"<!DOCTYPE worksheet [{entities}]>"


def outside(target: Path) -> str:
    """A document type whose entity is another file."""
    return f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file://{target}">]>'


def lying_zip(name: str, content: bytes, declared: int) -> bytes:
    """A zip archive whose directory declares another size than its member has."""
    data = bytearray(zipped({name: content}))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(signature)
        data[at + place:at + place + 4] = struct.pack("<I", declared)
    return bytes(data)


def overlapping_zip(copies: int, size: int) -> bytes:
    """An archive whose directory lists one member again and again (Fifield 2019)."""
    data = zipped({"a.csv": b"a,b\n" + b"1,2\n" * (size // 4)})
    at = data.find(b"PK\x01\x02")
    entry = data[at:data.find(b"PK\x05\x06")]
    names = [entry.replace(b"a.csv", b"%05d" % i) for i in range(copies)]
    directory = b"".join(names)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, copies, copies, len(directory), at, 0)
    return data[:at] + directory + end


def linked_zip() -> bytes:
    """An archive with a symbolic link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        info = zipfile.ZipInfo("a.csv")
        info.external_attr = 0o120777 << 16
        out.writestr(info, "/etc/hostname")
    return buffer.getvalue()


def encrypted_zip() -> bytes:
    """An archive whose only member says that it needs a password."""
    data = bytearray(zipped({"a.csv": b"a,b\n1,2\n"}))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def gzip_of_zeros(megabytes: int) -> bytes:
    """So many megabytes of the digit 0, about a thousandth of that packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    chunk = b"0" * 1_000_000
    return b"".join(packer.compress(chunk) for _ in range(megabytes)) + packer.flush()


def twice_gzipped(content: bytes) -> bytes:
    return gzip.compress(gzip.compress(content))


def dictionary_bomb(rows: int, length: int) -> bytes:
    """Parquet: one long text in the dictionary, and many rows that point to it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array(["x" * length]))
    buffer = io.BytesIO()
    pq.write_table(pa.table({"s": column}), buffer, compression="zstd")
    return buffer.getvalue()


def prefix_bomb(rows: int, length: int) -> bytes:
    """Parquet: each text says that it is like the one before."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    part = pa.table({"s": pa.array(["x" * length]).take(pa.array([0] * (rows // 5)))})
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, part.schema, use_dictionary=False, column_encoding={"s": "DELTA_BYTE_ARRAY"},
                          compression="zstd") as writer:
        for _ in range(5):
            writer.write_table(part)
    return buffer.getvalue()


def rows_bomb(rows: int) -> bytes:
    """Parquet: a column of nothing but gaps costs some bytes, whatever its length."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table({"n": pa.nulls(rows, pa.int64())}), buffer, compression="zstd")
    return buffer.getvalue()
