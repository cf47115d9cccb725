"""PDF: opened with a parser, walked object by object, refused when anything in it acts by itself."""

import re
import zipfile
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from portal.integrations.file_types.refused import active, mismatch, unreadable

_HEADER = re.compile(rb"%PDF-[12]\.[0-9][\s%]")
_END = b"%%EOF"
_SNIFFED = 1024
_PAGE = re.compile(rb"<(script|html|svg|body|iframe|img|!doctype)[\s>/]", re.IGNORECASE)
# Keys that hold a program, a file or an XML form; and the kinds of action that run, send or open something.
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToE",
    "/GoToR",
    "/Rendition",
    "/RichMediaExecute",
}
_ACTIVE_WORD = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|XFA|RichMediaContent)(?![A-Za-z0-9_])")
_SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")
_DEEPEST = 60


def check(data: bytes, _content_type: str) -> None:
    """Refuses what is not a plain document. A broken one raises whatever the parser raises."""
    _refuse_two_kinds_in_one(data)
    _refuse_active_words(data)
    reader = PdfReader(BytesIO(data), strict=False, root_object_recovery_limit=100)
    if reader.is_encrypted or len(reader.pages) == 0:
        raise unreadable()
    _look_at(reader.trailer, 0)
    for generation, table in reader.xref.items():
        for number in list(table):
            _look_at(reader.get_object(IndirectObject(number, generation, reader)), 0)
    for number in list(reader.xref_objStm):
        _look_at(reader.get_object(IndirectObject(number, 0, reader)), 0)


def _refuse_two_kinds_in_one(data: bytes) -> None:
    """The format allows junk before and after; that is where a web page or an archive would hide."""
    if not _HEADER.match(data) or _PAGE.search(data[:_SNIFFED]):
        raise mismatch()
    end = data.rfind(_END)
    if end < 0:
        raise unreadable()
    if data[end + len(_END) :].strip(b"\r\n\t \x00") or zipfile.is_zipfile(BytesIO(data)):
        raise mismatch()


def _refuse_active_words(data: bytes) -> None:
    """Also in objects that no table names: a reader that repairs the file would find them."""
    spelled_out = _SPELLED.sub(lambda sign: bytes([int(sign[1], 16)]), _without_streams(data))
    found = _ACTIVE_WORD.search(spelled_out)
    if found:
        raise active(found[1].decode())


def _without_streams(data: bytes) -> bytes:
    """Compressed bytes left out: by chance they spell anything. An unfinished stream counts as text."""
    kept, at = [], 0
    while (begins := data.find(b"stream", at)) >= 0 and (ends := data.find(b"endstream", begins)) >= 0:
        kept.append(data[at:begins])
        at = ends + len(b"endstream")
    return b" ".join([*kept, data[at:]])


def _look_at(thing: Any, depth: int) -> None:
    """This object and what is written inside it; what it only refers to has its own number and turn."""
    if depth > _DEEPEST:
        raise unreadable()
    if isinstance(thing, DictionaryObject):
        for key, value in dict.items(thing):
            if key in _ACTIVE_KEYS:
                raise active(str(key).lstrip("/"))
            # The name of the action may itself stand elsewhere in the file.
            if key == "/S" and value.get_object() in _ACTIONS:
                raise active(str(value.get_object()).lstrip("/"))
            _look_at(value, depth + 1)
    elif isinstance(thing, ArrayObject):
        for value in list.__iter__(thing):
            _look_at(value, depth + 1)
