"""Where a redirect may lead that a request asks for: a page of this portal, and never anywhere else."""

from __future__ import annotations

import re

#: One slash and then plain path characters; no backslash, control character, second slash or dot segment.
_SEGMENT = r"[A-Za-z0-9_-][A-Za-z0-9._~-]*"
_LOCAL = re.compile(rf"/(?:{_SEGMENT}/)*(?:{_SEGMENT})?(?:\?[A-Za-z0-9._~=&%+:,-]*)?")
_LONGEST = 1000


def local_path(asked: str | None, *, below: str = "/") -> str | None:
    """The path if it lies on this portal and below the given one, else None."""
    if not asked or len(asked) > _LONGEST or not _LOCAL.fullmatch(asked):
        return None
    return asked if asked.startswith(below) else None


def company_path(asked: str | None, slug: str) -> str | None:
    """The path if it is a page of this company, else None."""
    return local_path(asked, below=f"/c/{slug}/")
