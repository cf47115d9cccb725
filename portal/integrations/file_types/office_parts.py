"""The XML parts of an office archive: which document it is, and whether a part points outside or runs something."""

import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from portal.integrations.file_types.refused import active, mismatch, unreadable

_ODF = "application/vnd.oasis.opendocument"
_MAIN_PART = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word/document.xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xl/workbook.xml",
}
_HYPERLINK = "/relationships/hyperlink"
_SCRIPT_ADDRESS = re.compile(r"\s*(javascript|vbscript|data):", re.IGNORECASE)
_OUTSIDE = re.compile(r"\s*([a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
_LONGEST_PROLOG = 64 * 1024
_SMALL_PART = 1024 * 1024
# OpenDocument elements that are links to click; everywhere else an outside address is fetched on opening.
_CLICKED = {"a", "user-defined", "meta"}
_ODF_ACTIVE = {
    "event-listener",
    "script",
    "dde-source",
    "dde-connection-decl",
    "applet",
    "plugin",
    "encryption-data",
}


def refuse_other_type(archive: zipfile.ZipFile, content_type: str) -> None:
    """Each format says in one fixed place what it is."""
    names = set(archive.namelist())
    if content_type.startswith(_ODF):
        first = archive.infolist()[0]
        if first.filename != "mimetype" or first.file_size > len(content_type):
            raise mismatch()
        if archive.read(first) != content_type.encode() or "content.xml" not in names:
            raise mismatch()
        return
    if not {"[Content_Types].xml", _MAIN_PART[content_type]} <= names:
        raise mismatch()
    if archive.getinfo("[Content_Types].xml").file_size > _SMALL_PART:
        raise unreadable()
    declared = archive.read("[Content_Types].xml").lower()
    if b"macroenabled" in declared or b"vbaproject" in declared:
        raise active("macros")
    if f"{content_type}.main+xml".lower().encode() not in declared:
        raise mismatch()


def refuse_xml(chunks: Iterator[bytes], *, name: str, is_odf: bool) -> None:
    """Reads as much of the part as its rules need: all of what may point outside, else only its beginning."""
    parser = expat.ParserCreate(namespace_separator=" ")
    reads_all = is_odf or name.endswith(".rels")
    rule = _odf_rule if is_odf else _relationship_rule if reads_all else None
    began = False

    def refuse_doctype(*_: object) -> None:
        raise active("DTD")

    def on_element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal began
        began = True
        if rule is not None:
            rule(tag.rpartition(" ")[2], attributes)

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = on_element
    read = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            read += len(chunk)
            if not began and read > _LONGEST_PROLOG:
                raise unreadable()
            if began and not reads_all:
                return
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise unreadable() from None


def _relationship_rule(tag: str, attributes: dict[str, str]) -> None:
    """OOXML: what a part refers to. Outside itself it may only have links to click (no template, picture, object)."""
    if tag != "Relationship" or attributes.get("TargetMode", "").lower() != "external":
        return
    if not attributes.get("Type", "").endswith(_HYPERLINK):
        raise active("outside content")
    if _SCRIPT_ADDRESS.match(attributes.get("Target", "")):
        raise active("script address")


def _odf_rule(tag: str, attributes: dict[str, str]) -> None:
    if tag in _ODF_ACTIVE:
        raise active(tag)
    for name, value in attributes.items():
        if name.endswith(" href") and (
            _SCRIPT_ADDRESS.match(value) or (tag not in _CLICKED and _OUTSIDE.match(value))
        ):
            raise active("outside content")
