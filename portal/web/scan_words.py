"""What is known of a kept file, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.scans import ScanState

SCAN_STATES: dict[ScanState, LazyString] = {
    ScanState.NOT_SCANNED: _l("Not scanned"),
    ScanState.QUARANTINED: _l("In quarantine"),
    ScanState.CLEAN: _l("Clean"),
    ScanState.INFECTED: _l("Harmful"),
}
