"""Turns the name that a browser sent into one that is safe to show, to put in a header and to save anywhere."""

import re
import unicodedata

from portal.domain.refusals import Reason, Refusal

LONGEST = 120
# File systems count bytes: 255 on ext4 and NTFS; room is left for a browser's " (1)".
_LONGEST_BYTES = 240
# Controls, and what changes the reading direction or is not seen: "gpj.exe" must not read as "exe.jpg".
_UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Reserved on Windows, or with a meaning in a header, a shell or an address.
_RESERVED_SIGNS = re.compile(r'[<>:"|?*;%`$\\/]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")


def safe_name(filename: str) -> tuple[str, str]:
    """The name to keep, and its ending in lower case; Refusal when nothing usable is left."""
    visible = "".join(
        c for c in unicodedata.normalize("NFC", filename) if unicodedata.category(c) not in _UNSEEN_CATEGORIES
    )
    last = re.split(r"[/\\]", visible)[-1]
    stem, dot, ending = _trimmed(_RESERVED_SIGNS.sub("_", last)).rpartition(".")
    extension = ending.lower()
    stem = _trimmed(stem)
    if not dot or not stem.strip("_-. ") or not _EXTENSION.fullmatch(extension):
        raise Refusal(Reason.FILE_NAME_INVALID, field="file")
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return f"{_shortened(stem, len(extension) + 1)}.{extension}", extension


def _trimmed(name: str) -> str:
    """Single spaces, and no dot or space at either end: Windows drops them, and a leading dot hides the file."""
    return " ".join(name.split()).strip(". ")


def _shortened(stem: str, taken: int) -> str:
    cut = stem[: LONGEST - taken]
    while len(cut.encode()) > _LONGEST_BYTES - taken:
        cut = cut[:-1]
    return cut.rstrip(". ")
