"""Licences in the reader's language: what a company has, where it stands, what a letter was about."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.domain.archives import ArchiveStatus
from portal.domain.licence_files import Verdict
from portal.domain.licences import LicenceKind, LicenceState, NoticeKind

KINDS = {
    LicenceKind.UNLIMITED: _l("Without an end"),
    LicenceKind.TRIAL: _l("Trial"),
    LicenceKind.PAID: _l("Paid plan"),
    LicenceKind.FILE: _l("Licence file"),
}
STATES = {
    LicenceState.TRIAL: _l("Trial"),
    LicenceState.ACTIVE: _l("Active"),
    LicenceState.EXPIRED: _l("Over: read only"),
    LicenceState.CLOSING: _l("Closing"),
    LicenceState.ERASING: _l("Being erased"),
}
NOTICES = {
    NoticeKind.ENDS.value: _l("The licence is about to end"),
    NoticeKind.EXPIRED.value: _l("The licence is over"),
    NoticeKind.CLOSING.value: _l("The company is closing"),
    NoticeKind.ERASURE.value: _l("The erasure is near"),
    NoticeKind.ACTIVE.value: _l("The licence goes on"),
}
VERDICTS = {
    Verdict.VALID: _l("In force"),
    Verdict.UNREADABLE: _l("Unreadable"),
    Verdict.UNKNOWN_ISSUER: _l("Unknown issuer"),
    Verdict.FORGED: _l("Changed after it was issued"),
    Verdict.OTHER_DEPLOYMENT: _l("For another portal"),
    Verdict.OTHER_COMPANY: _l("For another company"),
    Verdict.CLOCK_BACK: _l("The clock was set back"),
    Verdict.NOT_YET: _l("Not yet"),
    Verdict.ENDED: _l("Over"),
}
FILE_COLUMNS = {
    "content": _l("Text of the file"),
    "failing_since": _l("Does not count since"),
    "installed_at": _l("Installed at"),
    "installed_by_id": _l("Installed by"),
    "issued_at": _l("Issued at"),
    "persons": _l("For how many people"),
    "plan": _l("Plan"),
    "replaced_at": _l("Replaced at"),
    "seen_at": _l("Last looked at"),
    "valid_until": _l("Valid until"),
    "verdict": _l("Standing"),
}
ARCHIVE_STATES = {
    ArchiveStatus.WAITING: _l("Waits for its turn"),
    ArchiveStatus.MAKING: _l("Being made"),
    ArchiveStatus.READY: _l("Ready"),
    ArchiveStatus.FETCHED: _l("Fetched"),
    ArchiveStatus.FAILED: _l("Failed"),
    ArchiveStatus.GONE: _l("Removed"),
}
