"""The order of the questions: size, name, kind, content. Each kind's own checks live in its module."""

from dataclasses import dataclass

from portal.domain.refusals import Reason, Refusal
from portal.integrations.file_types import plain_text
from portal.integrations.file_types.apart import ROWS, SQUARES, check_apart
from portal.integrations.file_types.names import safe_name
from portal.integrations.file_types.refused import active, mismatch, too_large

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

#: What is allowed: the file's ending, and the content type under which it is served.
ALLOWED = {
    "csv": "text/csv",
    "docx": f"{_OOXML}.wordprocessingml.document",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "ods": f"{_ODF}.spreadsheet",
    "odt": f"{_ODF}.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
    "xlsx": f"{_OOXML}.spreadsheetml.sheet",
}

# How each begins, from its very first byte: the parsers would also search further on.
_ARCHIVE = b"PK\x03\x04"
_BEGINS = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "jpg": b"\xff\xd8\xff"}
_BEGINS |= dict.fromkeys(("docx", "ods", "odt", "xlsx"), _ARCHIVE)


@dataclass(frozen=True)
class Accepted:
    """An accepted file. Keep `content`, not what was uploaded: pictures come back without their metadata."""

    content_type: str
    safe_name: str
    extension: str
    content: bytes


def inspect(filename: str, data: bytes, *, max_bytes: int) -> Accepted:
    """The file with its true type and a safe name, or a Refusal that says why not. About two seconds at most."""
    if not data:
        raise Refusal(Reason.FILE_EMPTY, field="file")
    if len(data) > max_bytes:
        raise too_large(max_bytes)
    name, extension = safe_name(filename)
    content_type = ALLOWED.get(extension)
    if content_type is None:
        raise Refusal(Reason.FILE_TYPE_NOT_ALLOWED, field="file", extension=extension)
    if _is_antivirus_test(data):
        raise active("antivirus test file")
    if not data.startswith(_BEGINS.get(extension, b"")):
        raise mismatch()
    content = _checked(content_type, data)
    return Accepted(content_type=content_type, safe_name=name, extension=extension, content=content)


def workbook_rows(filename: str, data: bytes, *, max_bytes: int) -> bytes:
    """The first sheet of an Excel workbook as CSV, once the workbook has passed as any other upload."""
    accepted = inspect(filename, data, max_bytes=max_bytes)
    if accepted.extension != "xlsx":
        raise Refusal(Reason.IMPORT_UNREADABLE, field="file")
    return check_apart(ROWS, accepted.content)


def photo_squares(filename: str, data: bytes, *, max_bytes: int) -> tuple[bytes, bytes]:
    """A picture as two squares, large and small, in JPEG, once it has passed as any other upload."""
    accepted = inspect(filename, data, max_bytes=max_bytes)
    if not accepted.content_type.startswith("image/"):
        raise Refusal(Reason.PHOTO_TYPE_NOT_ALLOWED, field="file")
    both = check_apart(SQUARES, accepted.content)
    end = 4 + int.from_bytes(both[:4])
    return both[4:end], both[end:]


def _checked(content_type: str, data: bytes) -> bytes:
    if content_type.startswith("text/"):
        plain_text.check(data)
        return data
    return check_apart(content_type, data)


def _is_antivirus_test(data: bytes) -> bool:
    """Whether the harmless EICAR test string is in it. It is put together here, or scanners would flag this file."""
    return b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE" in data
