"""The refusals of this package in short form."""

from portal.domain.refusals import Reason, Refusal


def mismatch() -> Refusal:
    return Refusal(Reason.FILE_CONTENT_MISMATCH, field="file")


def active(found: str) -> Refusal:
    return Refusal(Reason.FILE_HAS_ACTIVE_CONTENT, field="file", found=found)


def unreadable() -> Refusal:
    return Refusal(Reason.FILE_UNREADABLE, field="file")


def too_large(limit_bytes: int) -> Refusal:
    return Refusal(Reason.FILE_TOO_LARGE, field="file", limit_bytes=limit_bytes)
