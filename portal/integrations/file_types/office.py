"""Word, Excel and OpenDocument files: archives of XML, refused when they hold programs or reach outside."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from portal.integrations.file_types import office_parts
from portal.integrations.file_types.refused import active, mismatch, too_large, unreadable

_MOST_ENTRIES = 3000
_MOST_UNPACKED = 150 * 1024 * 1024
_MOST_RATIO = 200
# Small parts may shrink to almost nothing; a ratio says something only beyond this size.
_RATIO_FROM = 1024 * 1024
_ODF = "application/vnd.oasis.opendocument"
_XML = (".xml", ".rels", ".vml", ".rdf")
_PROGRAMS = re.compile(
    r"(^|/)(vbaproject|vbadata|vbaprojectsignature)|(^|/)(activex|ctrlprops|macrosheets|basic|scripts)/"
    r"|oleobject|\.(bin|exe|dll|js|vbs|bat|cmd|ps1|scr|hta|jar|docm|xlsm|html?|svgz?)$"
)
_HARMLESS_BIN = re.compile(r"(^|/)printersettings/printersettings[0-9]*\.bin$")


def check(data: bytes, content_type: str) -> None:
    """Refuses what is not a plain document of exactly that type."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except zipfile.BadZipFile:
        raise unreadable() from None
    with archive:
        _refuse_hidden_bytes(archive, data)
        _refuse_odd_entries(archive.infolist())
        office_parts.refuse_other_type(archive, content_type)
        for entry in archive.infolist():
            _refuse_part(archive, entry, is_odf=content_type.startswith(_ODF))


def _refuse_hidden_bytes(archive: zipfile.ZipFile, data: bytes) -> None:
    """The archive is the whole file: nothing before its first entry, nothing after its directory."""
    entries = archive.infolist()
    if not entries or min(entry.header_offset for entry in entries) != 0 or archive.comment:
        raise mismatch()
    if data.rfind(b"PK\x05\x06") != len(data) - 22:
        raise mismatch()


def _refuse_odd_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > _MOST_ENTRIES or len(set(names)) != len(names):
        raise unreadable()
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise too_large(_MOST_UNPACKED)
    for entry in entries:
        name = entry.filename.lower()
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or entry.flag_bits & 1:
            raise unreadable()
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise unreadable()
        if entry.file_size > _RATIO_FROM and entry.file_size > _MOST_RATIO * entry.compress_size:
            raise too_large(_MOST_UNPACKED)
        if _PROGRAMS.search(name) and not _HARMLESS_BIN.search(name):
            raise active(entry.filename.rpartition("/")[2][:80])


def _refuse_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, is_odf: bool) -> None:
    """Unpacked whole, so that a damaged part or a false size is noticed; XML is also read."""
    chunks = _unpacked(archive, entry)
    if entry.filename.lower().endswith(_XML):
        office_parts.refuse_xml(chunks, name=entry.filename.lower(), is_odf=is_odf)
    for _ in chunks:
        pass


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        while chunk := part.read(256 * 1024):
            yield chunk
