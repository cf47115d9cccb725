"""Builds small documents, good and hostile, for the upload tests; nothing hostile is stored in the repository."""

import io
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter

from portal.domain.refusals import Reason, Refusal
from portal.integrations.file_types import inspect

LIMIT = 25 * 1024 * 1024
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def assert_refused(name: str, data: bytes, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        inspect(name, data, max_bytes=LIMIT)
    assert refused.value.reason == reason
    assert refused.value.field == "file"


def eicar() -> bytes:
    """The antivirus test string, put together at run time so that no scanner stops at this file."""
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!" + b"$H+H*"


def archive(parts: dict[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as package:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else compression
            package.writestr(name, content, compress_type=stored)
    return written.getvalue()


def ooxml_parts(
    content_type: str = WORD, *, relationships: str = "", macro: bool = False
) -> dict[str, bytes | str]:
    main = "word/document.xml" if content_type == WORD else "xl/workbook.xml"
    declared = f"{content_type}.main+xml"
    if macro:
        declared = "application/vnd.ms-word.document.macroEnabled.main+xml"
    folder, name = main.split("/")
    return {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/{main}" ContentType="{declared}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        f'Target="{main}"/></Relationships>',
        main: "<document><body>House rules</body></document>",
        f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{_RELS}">{relationships}</Relationships>',
    }


def relationship(kind: str, target: str, mode: str = "External") -> str:
    return f'<Relationship Id="r9" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'


def odf_parts(
    content_type: str = ODT, *, body: str = "<text:p>House rules</text:p>"
) -> dict[str, bytes | str]:
    return {
        "mimetype": content_type,
        "content.xml": f"<office:document-content {_ODF_SPACES}><office:body>{body}</office:body>"
        "</office:document-content>",
        "META-INF/manifest.xml": '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }


def docx(more: dict[str, bytes | str] | None = None, **options: Any) -> bytes:
    """A small document, with more parts or other ones in their place."""
    return archive(ooxml_parts(WORD, **options) | (more or {}))


def xlsx(more: dict[str, bytes | str] | None = None) -> bytes:
    return archive(ooxml_parts(EXCEL) | (more or {}))


def odt(body: str = "<text:p>House rules</text:p>") -> bytes:
    return archive(odf_parts(body=body))


def pdf(
    *, pages: int = 1, attachment: bytes | None = None, password: str = "", owner_password: str = ""
) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    if attachment is not None:
        writer.add_attachment("inside.txt", attachment)
    if password or owner_password:
        writer.encrypt(password, owner_password or password, algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def raw_pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R", tail: bytes = b"") -> bytes:
    """A PDF with exactly these objects, numbered from 1, and a table that is right."""
    parts, offsets = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"], []
    start = len(parts[0])
    for number, body in enumerate(objects, start=1):
        offsets.append(start)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start += len(parts[-1])
    content = b"".join(parts)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return (
        content
        + b"trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
        + tail
    )


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"


def pdf_with(*, catalog: bytes = b"", page: bytes = b"", more: tuple[bytes, ...] = ()) -> bytes:
    """One empty page, with something added to the catalogue or the page, and further objects from number 4 on."""
    return raw_pdf(CATALOG[:-2] + catalog + b">>", PAGES, PAGE[:-2] + page + b">>", *more)


def packed_pdf(hidden: bytes) -> bytes:
    """A PDF whose object 4 lies compressed in an object stream, as most programs write them today."""
    inside = zlib.compress(b"4 0 " + hidden)
    packed = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
        len(inside),
        inside,
    )
    bodies = [CATALOG[:-2] + b"/OpenAction 4 0 R>>", PAGES, PAGE, b"", packed]
    content, offsets = b"%PDF-1.7\n", {}
    for number, body in enumerate(bodies, start=1):
        offsets[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body) if body else b""
    offsets[6] = len(content)
    rows = [(0, 0, 255), *((1, offsets[number], 0) for number in range(1, 7))]
    rows[4] = (2, 5, 0)
    table = zlib.compress(
        b"".join(bytes([kind]) + at.to_bytes(4, "big") + bytes([last]) for kind, at, last in rows)
    )
    entry = b"<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(table)
    return content + b"6 0 obj\n%sstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        entry,
        table,
        offsets[6],
    )


def picture(form: str, *, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, 127 if mode in {"L", "P", "1"} else None).save(written, form, **options)
    return written.getvalue()
