"""Requests about personal data in plain words: how far they have come, and where they came from."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.data_exports import ExportStatus
from portal.domain.erasures import ErasureOrigin, ErasureStatus

ERASURES: dict[ErasureStatus, LazyString] = {
    ErasureStatus.OPEN: _l("Received"),
    ErasureStatus.PLANNED: _l("Waits for a second look"),
    ErasureStatus.ERASING: _l("Being erased"),
    ErasureStatus.PARTLY: _l("Partly erased"),
    ErasureStatus.ERASED: _l("Erased"),
    ErasureStatus.DECLINED: _l("Declined"),
    ErasureStatus.WITHDRAWN: _l("Withdrawn"),
}
ORIGINS: dict[ErasureOrigin, LazyString] = {
    ErasureOrigin.PERSON: _l("Asked by the person in the portal"),
    ErasureOrigin.HR: _l("Entered by HR"),
    ErasureOrigin.RETENTION: _l("The time of keeping is over"),
    ErasureOrigin.RESTORE: _l("Erased again after a restore"),
}
EXPORTS: dict[ExportStatus, LazyString] = {
    ExportStatus.WAITING: _l("Being made"),
    ExportStatus.READY: _l("Ready"),
    ExportStatus.FETCHED: _l("Fetched"),
    ExportStatus.EXPIRED: _l("Expired"),
    ExportStatus.FAILED: _l("Failed"),
}
#: How the badges are coloured; see components/badges.html.
TONES: dict[str, str] = {
    ErasureStatus.OPEN: "pending",
    ErasureStatus.PLANNED: "pending",
    ErasureStatus.ERASING: "running",
    ErasureStatus.PARTLY: "running",
    ErasureStatus.ERASED: "done",
    ErasureStatus.DECLINED: "rejected",
    ErasureStatus.WITHDRAWN: "withdrawn",
    ExportStatus.WAITING: "running",
    ExportStatus.READY: "done",
    ExportStatus.FETCHED: "ended",
    ExportStatus.EXPIRED: "expired",
    ExportStatus.FAILED: "failed",
}
