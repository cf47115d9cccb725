"""Licences in the reader's language: what a company has, where it stands, what a letter was about."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.domain.licences import LicenceKind, LicenceState, NoticeKind

KINDS = {
    LicenceKind.UNLIMITED: _l("Without an end"),
    LicenceKind.TRIAL: _l("Trial"),
    LicenceKind.PAID: _l("Paid plan"),
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
