"""Text and CSV: UTF-8 that no browser, however old, would take for a page or a picture."""

import re

from portal.integrations.file_types.refused import mismatch, unreadable

_OTHER_KINDS = (
    b"GIF8",
    b"%PDF",
    b"%!PS",
    b"{\\rtf",
    b"PK\x03\x04",
    b"\x7fELF",
    b"#!",
    b"\x89PNG",
    b"\xff\xd8\xff",
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Sniffers look at the start for a tag, and so does this; tags further on are talk about tags.
_SNIFFED = 1024
_PAGE = re.compile(r"\s*<([!?a-z/])", re.IGNORECASE)
_PAGE_INSIDE = re.compile(r"<(script|svg|html|iframe|object|embed)[\s>/]", re.IGNORECASE)


def check(data: bytes) -> None:
    """Refuses what is no plain text."""
    if data.startswith(_OTHER_KINDS):
        raise mismatch()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable() from None
    start = text[:_SNIFFED]
    if _CONTROLS.search(text) or _PAGE.match(start) or _PAGE_INSIDE.search(start):
        raise mismatch()
